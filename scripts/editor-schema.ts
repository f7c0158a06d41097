/** `catalog/settings.schema.json`: what an editor checks and completes in a settings file that holds one half or both. */
import type { ListForm } from '@ukg-together/kit/settings/schema';
import { settingsSchemaUrl } from '@ukg-together/kit/wizard/settings-file';
import type { SettingsSchema } from './settings-docs.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects whose keys are declared take no others, so that an editor underlines a misspelt one. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (isObject(schema['properties']) && schema['additionalProperties'] === undefined)
    copy['additionalProperties'] = false;
  return isObject(schema['list']) ? withList(copy, schema['list'] as unknown as ListForm) : copy;
}

/** Parts of a rule that forms write in one of several ways. */
const written: Readonly<Record<string, Json>> = {
  from: { type: ['string', 'array'] },
  format: { type: ['string', 'array'] },
  const: {},
  default: {},
  if_empty: {},
};

/** The object, or the list of small objects that says the same; a rule there may have more keywords than forms draw. */
function withList({ title, description, default: preset, ...object }: Json, { key, entry }: ListForm): Json {
  const properties = Object.entries(entry.properties ?? {}).map(([name, part]) => [name, written[name] ?? part]);
  const items = { type: 'object', required: [key], properties: Object.fromEntries(properties) };
  Reflect.deleteProperty(object, 'list');
  return { title, description, default: preset, anyOf: [object, { type: 'array', items }] };
}

interface MappingSchema {
  readonly properties: { readonly fields: { readonly anyOf: readonly [Json, Json] } };
  readonly $defs: Json;
}

/** Each rule, field and preset by name, as the schema of a mapping alone has them; nested custom fields as well. */
function withRules(properties: Json, { properties: known }: MappingSchema): Json {
  const [object, list] = known.fields.anyOf;
  const customs = { type: 'object', additionalProperties: { $ref: '#/$defs/rule' } };
  const fields = { ...(object['properties'] as Json), hrisFields: customs };
  const { mapping, hris_fields: hris } = properties as { mapping: Json; hris_fields: Json };
  return {
    ...properties,
    mapping: { ...mapping, properties: { ...known, fields: { anyOf: [{ ...object, properties: fields }, list] } } },
    hris_fields: { ...hris, anyOf: [customs, ...(hris['anyOf'] as Json[]).slice(1)] },
  };
}

/** `required` is left out: settings may come from the environment too. */
export function editorSchema(halves: Readonly<Record<string, SettingsSchema>>, mapping: MappingSchema): Json {
  const sections = Object.entries(halves).map(([name, { properties }]) => {
    const section = { title: name, type: 'object', properties: { $schema: { type: 'string' }, ...properties } };
    const { properties: own, ...rest } = closed(section) as { properties: Json };
    return [name, { ...rest, properties: own['mapping'] ? withRules(own, mapping) : own }] as const;
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: settingsSchemaUrl,
    title: 'Settings of tap-ukg-pro and target-together',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(sections) },
    additionalProperties: false,
    $defs: mapping.$defs,
  };
}
