/**
 * Airbyte's form is built from `spec`: what it can't draw or can't submit is found here. The rules are those of its webapp
 * (schemaToFormBlock, schemaToYup) and of its standard tests of a connector's specification.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { loadSettings } from '@ukg-together/kit/settings/load-settings';
import { typesOf } from '@ukg-together/kit/settings/schema';
import { describe, expect, it } from 'vitest';
import sourceSettings from '../../tap-ukg-pro/src/generated/settings.json' with { type: 'json' };
import { spec as sourceSpec } from '../../tap-ukg-pro/src/generated/spec.ts';
import { settingsSchema } from '../../tap-ukg-pro/src/settings/settings.ts';
import destinationSettings from '../../target-together/src/generated/settings.json' with { type: 'json' };
import { spec as destinationSpec } from '../../target-together/src/generated/spec.ts';
import { presets } from '../../target-together/src/mapping/rules/presets.ts';
import { userFields } from '../../target-together/src/model/user-fields.ts';
import { Settings } from '../../target-together/src/settings/settings.ts';

interface Field extends JsonSchema {
  readonly title?: string;
  readonly oneOf?: readonly Field[];
  readonly required?: readonly string[];
}
interface Place {
  readonly path: string;
  readonly field: Field;
  /** Whether the form sends it in any case. */
  readonly needed: boolean;
}

const fieldsOf = (field: Field): [string, Field][] => Object.entries((field.properties ?? {}) as Record<string, Field>);

/** A field and all within it. */
function places(path: string, field: Field, needed: boolean): Place[] {
  const inner = fieldsOf(field).flatMap(([name, each]) =>
    places(`${path}.${name}`, each, field.required?.includes(name) ?? false),
  );
  const choices = (field.oneOf ?? []).flatMap((choice, at) => places(`${path}<${at}>`, choice, true));
  const items = field.items === undefined ? [] : places(`${path}[]`, field.items as Field, true);
  return [{ path, field, needed }, ...inner, ...choices, ...items];
}

/** Each rule: what is wrong with a field; undefined: nothing. */
const rules: Record<string, (place: Place) => string | undefined> = {
  'one type': ({ field: { type } }) =>
    typeof type === 'string' && type !== 'null' ? undefined : `type ${String(type)}`,
  'no keyword that the form does not know': ({ field }) =>
    Object.keys(field).find((key) =>
      ['anyOf', 'allOf', 'not', '$ref', 'additionalProperties', 'patternProperties', 'if', 'list', 'secret'].includes(
        key,
      ),
    ),
  'oneOf over objects with one constant in common': ({ field }) => {
    if (field.oneOf === undefined) return undefined;
    if (field.type !== 'object' || field.oneOf.some(({ type }) => type !== 'object')) return 'no objects';
    const constants = field.oneOf.map((choice) => fieldsOf(choice).filter(([, { const: one }]) => Boolean(one)));
    const names = constants.map((each) => each.map(([name]) => name).join());
    if (names.some((name) => name === '' || name !== names[0])) return `constants ${names.join(' / ')}`;
    const values = constants.map(([first]) => first?.[1]['const']);
    return new Set(values).size === values.length && field.oneOf.every(({ title }) => title) ? undefined : 'look alike';
  },
  'no object of any names': ({ field }) =>
    field.type === 'object' && field.oneOf === undefined && fieldsOf(field).length === 0 ? 'draws nothing' : undefined,
  'nothing required inside an optional group': ({ field, needed }) =>
    !needed && (field.required ?? []).length > 0 ? String(field.required) : undefined,
  'a list says of what': ({ field }) => (field.type === 'array' && field.items === undefined ? 'no items' : undefined),
  'a pattern says what it wants': ({ field }) =>
    field['pattern'] !== undefined && field['pattern_descriptor'] === undefined ? String(field['pattern']) : undefined,
  'a default that the form can show': ({ field }) =>
    field['default'] !== undefined && typeof field['default'] === 'object' && field.type !== 'array'
      ? JSON.stringify(field['default'])
      : undefined,
  'a title, but for what a list holds': ({ path, field }) =>
    field.title === undefined && !path.endsWith('[]') && field['const'] === undefined ? 'no title' : undefined,
  'examples as they are typed': ({ field }) =>
    ((field['examples'] ?? []) as unknown[]).some((each) => typeof each === 'object' && !Array.isArray(each))
      ? 'an object'
      : undefined,
  'different labels in one group, in different places': ({ field }) => {
    for (const key of ['title', 'order']) {
      const all = fieldsOf(field).map(([, each]) => each[key]);
      if (new Set(all).size < all.length) return key;
    }
    return undefined;
  },
};

/** What the form sends where nobody filled in more than it demands: groups as `{}` or with their defaults, texts as "" or null. */
function untouched(field: Field, style: 'empty' | 'null' | 'defaults'): unknown {
  if (field['default'] !== undefined) return field['default'];
  if (field.oneOf !== undefined) return {};
  if (field.type === 'array') return [];
  if (field.type !== 'object') return style === 'null' ? null : field.type === 'string' ? '' : undefined;
  if (style === 'empty') return {};
  return Object.fromEntries(fieldsOf(field).map(([name, each]) => [name, untouched(each, style)]));
}

const demanded = {
  source: { base_url: 'https://service5.ultipro.com', username: 'u', password: 'p', customer_api_key: 'k' },
  destination: { region: 'eu', organization_id: 'o', client_id: 'c', api_key: 'a' },
};

describe.each([
  ['source', sourceSpec, settingsSchema, sourceSettings],
  ['destination', destinationSpec, Settings, destinationSettings],
] as const)('the %s', (half, message, schema, json) => {
  const form = message.spec.connectionSpecification as unknown as Field & { groups: { id: string }[] };
  const name = half === 'source' ? 'tap-ukg-pro' : 'target-together';

  async function load(config: unknown): Promise<unknown> {
    const path = join(await mkdtemp(join(tmpdir(), 'form-')), 'config.json');
    await writeFile(path, JSON.stringify(config), { mode: 0o600 });
    return loadSettings<unknown>({ files: [path], env: {}, name, schema: schema as never, json: json as never });
  }

  it.each(Object.entries(rules))('%s', (_rule, wrong) => {
    const all = fieldsOf(form).flatMap(([key, field]) => places(key, field, form.required?.includes(key) ?? false));
    expect(all.length).toBeGreaterThan(60);
    const found = all.flatMap((place) => {
      const fault = wrong(place);
      return fault === undefined ? [] : [`${place.path}: ${fault}`];
    });
    expect(found).toEqual([]);
  });

  it('has every field in a group and in one order', () => {
    const fields = fieldsOf(form);
    expect(fields.map(([, { order }]) => order)).toEqual(fields.map((_, at) => at));
    expect(new Set(fields.map(([, { group }]) => group))).toEqual(new Set(form.groups.map(({ id }) => id)));
    expect(new Set(fields.map(([, { title }]) => title)).size).toBe(fields.length);
  });

  it.each(['empty', 'null', 'defaults'] as const)('can be submitted with what it demands alone (%s)', async (style) => {
    const meansSomething = (key: string) =>
      typesOf((json.properties as Record<string, JsonSchema>)[key] ?? {}).has('null');
    const rest = Object.fromEntries(
      fieldsOf(form)
        .map(([key, field]) => [key, untouched(field, style)] as const)
        .filter(([key, value]) => value !== null || !meansSomething(key)),
    );
    expect(await load({ ...rest, ...demanded[half] })).toEqual(await load(demanded[half]));
  });
});

describe('the mapping', () => {
  const fields = destinationSpec.spec.connectionSpecification.properties as unknown as Record<string, Field>;

  it('offers presets, fields of Together and types', () => {
    const mapping = fields['mapping']?.properties as Record<string, Field>;
    expect(mapping['preset']?.['enum']).toEqual(['none', ...presets.map(({ name }) => name)]);
    const rule = mapping['fields']?.items?.properties as Record<string, Field>;
    expect(rule['field']?.['enum']).toEqual(userFields.map(({ name }) => name));
  });

  it('comes after the region, the first of all', () => {
    expect(Object.keys(fields)[0]).toBe('region');
    expect(fields['region']).toMatchObject({ always_show: true, order: 0 });
  });
});
