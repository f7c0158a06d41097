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

/** `required` is left out: settings may come from the environment too. */
export function editorSchema(halves: Readonly<Record<string, SettingsSchema>>): Json {
  const sections = Object.entries(halves).map(([name, { properties }]) => {
    const section = { title: name, type: 'object', properties: { $schema: { type: 'string' }, ...properties } };
    return [name, closed(section)] as const;
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: settingsSchemaUrl,
    title: 'Settings of tap-ukg-pro and target-together',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(sections) },
    additionalProperties: false,
  };
}
