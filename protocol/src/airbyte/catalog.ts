/** Airbyte's catalogs: what `discover` prints, and what a configured catalog asks of a source or states for a destination. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { automaticFields, pruneSchema } from '../selection.ts';
import type { SelectedStream, StreamDefinition } from '../stream.ts';
import type { AirbyteMessage } from './message.ts';

/**
 * The CATALOG message. Airbyte has no "selected by default" for fields, so sensitive ones are offered only when `offered`
 * says that the user asked for them.
 */
export function discoverAirbyte(
  streams: readonly StreamDefinition[],
  offered: (stream: StreamDefinition, path: string) => boolean = () => false,
): AirbyteMessage {
  return {
    type: 'CATALOG',
    catalog: {
      streams: streams.map((stream) => {
        const incremental = stream.replicationKey !== undefined && stream.replicationMethods.includes('INCREMENTAL');
        return {
          name: stream.name,
          json_schema: {
            $schema: 'http://json-schema.org/draft-07/schema#',
            ...airbyteSchema(visibleSchema(stream, offered)),
          },
          supported_sync_modes: incremental ? ['full_refresh', 'incremental'] : ['full_refresh'],
          source_defined_primary_key: stream.keyProperties.map((key) => [key]),
          ...(incremental && { source_defined_cursor: true, default_cursor_field: [stream.replicationKey] }),
        };
      }),
    },
  };
}

function visibleSchema(
  stream: StreamDefinition,
  offered: (stream: StreamDefinition, path: string) => boolean,
): JsonSchema {
  const automatic = automaticFields(stream);
  return pruneSchema(stream.schema, (path) => {
    const dotted = path.join('.');
    return automatic.has(dotted) || !stream.sensitive.has(dotted) || offered(stream, dotted);
  });
}

/** In Airbyte's dialect: date-times say whether they carry a zone, and destinations refuse `additionalProperties: false`. */
function airbyteSchema(schema: JsonSchema): JsonSchema {
  const { additionalProperties, ...rest } = schema;
  return {
    ...rest,
    ...(schema.format === 'date-time' && { airbyte_type: 'timestamp_with_timezone' }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, inner]) => [name, airbyteSchema(inner)]),
      ),
    }),
    ...(schema.items && { items: airbyteSchema(schema.items) }),
    ...(additionalProperties !== undefined && additionalProperties !== false && { additionalProperties }),
  };
}

/** A configured stream, as far as either half looks at it. */
export interface ConfiguredStream {
  readonly name: string;
  /** '' where the stream has none. */
  readonly namespace: string;
  readonly schema: JsonSchema;
  readonly syncMode: 'full_refresh' | 'incremental';
  /** Top-level names; empty when the stream has none. */
  readonly primaryKey: readonly string[];
  /** Whether only what is new is asked for. PyAirbyte calls every stream incremental: what the stream supports counts, too. */
  readonly increment: boolean;
  /** Whether a full refresh may be resumed midway: then its COMPLETE does not mean that everything came in this run. */
  readonly resumable: boolean;
  /** append, append_dedup, overwrite …; undefined where the catalog has none. */
  readonly destinationSyncMode: string | undefined;
}

/** Reads a configured catalog. Throws ConnectorError 'settings' for what is none. Null counts as absent: PyAirbyte writes both. */
export function readConfiguredCatalog(value: unknown): ConfiguredStream[] {
  if (!isObject(value) || !Array.isArray(value['streams'])) {
    throw new ConnectorError('settings', said`The configured catalog has no list "streams".`);
  }
  const streams = (value['streams'] as unknown[]).map((entry, index): ConfiguredStream => {
    const stream = isObject(entry) && isObject(entry['stream']) ? entry['stream'] : undefined;
    const name = stream?.['name'];
    if (!isObject(entry) || stream === undefined || typeof name !== 'string' || name === '') {
      throw new ConnectorError('settings', said`The configured catalog's entry streams[${index}] has no stream name.`);
    }
    const chosen = keyNames(entry['primary_key']);
    return {
      name,
      namespace: typeof stream['namespace'] === 'string' ? stream['namespace'] : '',
      schema: isObject(stream['json_schema']) ? (stream['json_schema'] as JsonSchema) : {},
      syncMode: entry['sync_mode'] === 'incremental' ? 'incremental' : 'full_refresh',
      primaryKey: chosen.length > 0 ? chosen : keyNames(stream['source_defined_primary_key']),
      increment: entry['sync_mode'] === 'incremental' && !onlyFull(stream['supported_sync_modes']),
      resumable: stream['is_resumable'] === true,
      destinationSyncMode:
        typeof entry['destination_sync_mode'] === 'string' ? entry['destination_sync_mode'] : undefined,
    };
  });
  const seen = new Set<string>();
  for (const { name, namespace } of streams) {
    const key = JSON.stringify([namespace, name]);
    if (seen.has(key))
      throw new ConnectorError('settings', said`The configured catalog has stream ${show(name)} twice.`);
    seen.add(key);
  }
  return streams;
}

function onlyFull(modes: unknown): boolean {
  return Array.isArray(modes) && modes.length > 0 && !modes.includes('incremental');
}

function keyNames(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((path: unknown) =>
    Array.isArray(path) && path.length === 1 && typeof path[0] === 'string' ? [path[0]] : [],
  );
}

/**
 * What a source reads. The fields are those of the configured `json_schema` (the platform takes deselected columns out of
 * it); without properties there: all but the sensitive ones. A stream that this source lacks fails the sync: leaving it out
 * would look like success.
 */
export function selectConfigured(
  streams: readonly StreamDefinition[],
  configured: readonly ConfiguredStream[],
  note: (message: string) => void = () => {},
): SelectedStream[] {
  const names = streams.map(({ name }) => name);
  const unknown = configured.find(({ name }) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ConnectorError(
      'settings',
      said`The configured catalog asks for stream ${show(unknown.name)}, which this source does not have${didYouMean(unknown.name, names)}.`,
      {
        hint: "Refresh the connection's schema.",
      },
    );
  }
  return streams.flatMap((definition) => {
    const wanted = configured.find(({ name }) => name === definition.name);
    if (wanted === undefined) return [];
    const asked = wanted.syncMode === 'incremental';
    const incremental = asked && definition.replicationMethods.includes('INCREMENTAL');
    // PyAirbyte asks for everything so, whatever the stream supports; Airbyte's own sources read all of it then.
    if (asked && !incremental) {
      note(`Stream ${show(definition.name)} can't be read incrementally: reading all of it, as with full_refresh.`);
    }
    return [
      {
        definition,
        schema: configuredSchema(definition, wanted.schema),
        replicationMethod: incremental ? ('INCREMENTAL' as const) : ('FULL_TABLE' as const),
        replicationKey: definition.replicationKey,
        keyProperties: definition.keyProperties,
      },
    ];
  });
}

function configuredSchema(definition: StreamDefinition, wanted: JsonSchema): JsonSchema {
  if (Object.keys(wanted.properties ?? {}).length === 0) return visibleSchema(definition, () => false);
  const automatic = automaticFields(definition);
  return pruneSchema(definition.schema, (path) => {
    if (path.length === 1 && automatic.has(path[0] as string)) return true;
    let at: JsonSchema | undefined = wanted;
    for (const [i, name] of path.entries()) {
      while (at?.items !== undefined && at.properties === undefined) at = at.items;
      // A configured parent without properties of its own means all of it, but for what is sensitive.
      if (i > 0 && at !== undefined && at.properties === undefined) return !definition.sensitive.has(path.join('.'));
      at = at?.properties?.[name];
    }
    return at !== undefined;
  });
}
