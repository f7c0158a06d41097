/** The settings' JSON Schema → Airbyte's SPEC message, from generated JSON: `spec` is asked for before every command. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { listForm } from '@ukg-together/kit/settings/schema';
import type { AirbyteMessage } from './message.ts';

/** A part of the form, with its settings in their order. */
export interface FormGroup {
  readonly id: string;
  readonly title: string;
  readonly settings: readonly string[];
}

/** How Airbyte draws the settings. */
export interface AirbyteForm {
  /** In the order of the form; the last one ends with all settings that no group names. */
  readonly groups: readonly FormGroup[];
  /** Settings that only make sense outside Airbyte. */
  readonly without: readonly string[];
  /** Optional settings that no one should have to look for. */
  readonly alwaysShown?: readonly string[];
}

export interface SpecOptions {
  /** schema.ts's plain JSON Schema. */
  readonly settings: JsonSchema;
  readonly form: AirbyteForm;
  readonly documentationUrl: string;
  /** Destinations only. */
  readonly destinationSyncModes?: readonly ('append' | 'append_dedup')[];
}

export function specMessage({ settings, form, documentationUrl, destinationSyncModes }: SpecOptions): AirbyteMessage {
  const { groups, without, alwaysShown = [] } = form;
  const declared = settings.properties ?? {};
  const named = groups.flatMap(({ id, settings: names }) => names.map((name) => ({ name, group: id })));
  const rest = Object.keys(declared).filter(
    (name) => !without.includes(name) && !named.some((one) => one.name === name),
  );
  const placed = [...named, ...rest.map((name) => ({ name, group: groups.at(-1)?.id }))];
  const required = requiredOf(settings);
  return {
    type: 'SPEC',
    spec: {
      // The version that the platform assumes, and supports, today.
      protocol_version: '0.2.0',
      documentationUrl,
      connectionSpecification: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: settings['title'] ?? 'Settings',
        type: 'object',
        groups: groups.map(({ id, title }) => ({ id, title })),
        required,
        // Runners add keys of their own.
        additionalProperties: true,
        properties: Object.fromEntries(
          placed.map(({ name, group }, order) => [
            name,
            {
              ...specProperty(declared[name] as JsonSchema, required.includes(name)),
              ...(alwaysShown.includes(name) && { always_show: true }),
              group,
              order,
            },
          ]),
        ),
      },
      ...(destinationSyncModes !== undefined
        ? { supportsIncremental: true, supported_destination_sync_modes: destinationSyncModes }
        : { supportsIncremental: true }),
    },
  };
}

const requiredOf = (schema: JsonSchema): string[] => (schema['required'] as string[] | undefined) ?? [];

const listOf = (...lists: unknown[]): JsonSchema[] =>
  lists.flatMap((list) => (Array.isArray(list) ? (list as JsonSchema[]) : []));

/** What Airbyte's form knows of a setting; all else of it is left out. */
const kept = [
  'title',
  'description',
  'default',
  'examples',
  'enum',
  'const',
  'format',
  'pattern',
  'pattern_descriptor',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
] as const;

/**
 * Airbyte's form knows no null, no `anyOf` and one type for each field. An optional setting is one that may be left out; a choice
 * of objects is `oneOf`; of other alternatives the first is offered. An object of any names is a list of small objects, or a text.
 */
function specProperty(schema: JsonSchema, needed: boolean): JsonSchema {
  const alternatives = listOf(schema['anyOf'], schema['oneOf']).filter(({ type }) => type !== 'null');
  const [first] = alternatives;
  const told = Object.fromEntries(kept.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])));
  if (!isShown(told['default'])) delete told['default'];
  const out: JsonSchema = {
    ...told,
    ...(typeof schema['secret'] === 'boolean' && { airbyte_secret: schema['secret'] }),
  };
  const list = listForm(schema);
  if (list) return { ...out, type: 'array', items: specProperty(list.entry, true) };
  if (schema['multiline'] === true) return asText(out);
  if (alternatives.length > 1 && alternatives.every(({ type }) => type === 'object')) {
    return { ...out, type: 'object', oneOf: alternatives.map(choice) };
  }
  if (first !== undefined) return { ...specProperty(first, needed), ...out };
  const type = Array.isArray(schema.type) ? schema.type.find((each) => each !== 'null') : schema.type;
  if (type !== undefined) out.type = type;
  if (schema.properties !== undefined) Object.assign(out, fieldsOf(schema, needed));
  if (schema.items !== undefined) out.items = specProperty(schema.items, true);
  return out;
}

/** A group's defaults are those of its fields. */
const isShown = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : typeof value !== 'object' && value !== undefined;

/** Objects too are shown as the text that is typed. */
function asText({ examples, ...rest }: JsonSchema): JsonSchema {
  const texts = Array.isArray(examples) && {
    examples: examples.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))),
  };
  return { ...rest, ...texts, type: 'string', multiline: true };
}

/** Airbyte sends an optional group as `{}` when no one filled it in: then nothing within it can be required. */
function fieldsOf(schema: JsonSchema, needed: boolean): JsonSchema {
  const required = requiredOf(schema);
  return {
    ...(needed && required.length > 0 && { required }),
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([name]) => !name.startsWith('$'))
        .map(([name, inner], order) => [name, { ...specProperty(inner, required.includes(name)), order }]),
    ),
  };
}

/** A choice is called by its title, or by its discriminating constant. */
function choice(schema: JsonSchema): JsonSchema {
  const constants = Object.values(schema.properties ?? {}).map(({ const: constant }) => constant);
  return { title: String(constants.find((constant) => typeof constant === 'string')), ...specProperty(schema, true) };
}
