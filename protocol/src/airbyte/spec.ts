/** The settings' JSON Schema → Airbyte's SPEC message, from generated JSON: `spec` is asked for before every command. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import type { AirbyteMessage } from './message.ts';

export interface SpecOptions {
  /** schema.ts's plain JSON Schema. */
  readonly settings: JsonSchema;
  readonly documentationUrl: string;
  readonly changelogUrl?: string;
  /** Destinations only. */
  readonly destinationSyncModes?: readonly ('append' | 'append_dedup')[];
  /** Settings that only make sense outside Airbyte. */
  readonly without?: readonly string[];
}

export function specMessage(options: SpecOptions): AirbyteMessage {
  const { settings, documentationUrl, changelogUrl, destinationSyncModes, without = [] } = options;
  const properties = Object.entries(settings.properties ?? {}).filter(([name]) => !without.includes(name));
  const required = Array.isArray(settings['required'])
    ? (settings['required'] as string[]).filter((name) => !without.includes(name))
    : [];
  return {
    type: 'SPEC',
    spec: {
      // The version that the platform assumes, and supports, today.
      protocol_version: '0.2.0',
      documentationUrl,
      ...(changelogUrl !== undefined && { changelogUrl }),
      connectionSpecification: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: settings['title'] ?? 'Settings',
        type: 'object',
        required,
        // Runners add keys of their own.
        additionalProperties: true,
        properties: Object.fromEntries(
          properties.map(([name, property], order) => [name, { ...specProperty(property), order }]),
        ),
      },
      ...(destinationSyncModes !== undefined
        ? { supportsIncremental: true, supported_destination_sync_modes: destinationSyncModes }
        : { supportsIncremental: true }),
    },
  };
}

/**
 * Airbyte's form knows no null and no `anyOf` (a secret under it would not even be masked): an optional setting is one
 * that may be left out, a choice is `oneOf`.
 */
function specProperty(schema: JsonSchema): JsonSchema {
  const { secret, writeOnly: _, anyOf, oneOf, ...rest } = schema;
  const alternatives = [anyOf, oneOf]
    .flatMap((list) => (Array.isArray(list) ? (list as JsonSchema[]) : []))
    .filter(({ type }) => type !== 'null');
  const out: JsonSchema = { ...rest, ...(secret === true && { airbyte_secret: true }) };
  if (Array.isArray(out.type)) {
    const types = out.type.filter((type) => type !== 'null');
    if (types.length === 1) out.type = types[0] as NonNullable<JsonSchema['type']>;
    else out.type = types;
  }
  if (out['default'] === null) delete out['default'];
  if (schema.properties !== undefined) {
    out.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, inner]) => [name, specProperty(inner)]),
    );
  }
  if (typeof schema.additionalProperties === 'object')
    out.additionalProperties = specProperty(schema.additionalProperties);
  if (schema.items !== undefined) out.items = specProperty(schema.items);
  const [only] = alternatives;
  if (alternatives.length === 1 && only !== undefined) return { ...specProperty(only), ...out };
  if (alternatives.length > 1) {
    const objects = alternatives.every(({ type }) => type === 'object');
    return {
      ...out,
      ...(objects && { type: 'object' }),
      oneOf: alternatives.map((inner) => ({ title: choiceTitle(inner), ...specProperty(inner) })),
    };
  }
  return out;
}

/** A choice is called by its discriminating constant. */
function choiceTitle(schema: JsonSchema): string {
  const constants = Object.values(schema.properties ?? {}).map(({ const: constant }) => constant);
  return String(constants.find((constant) => typeof constant === 'string') ?? schema.type ?? 'other');
}
