/**
 * The Singer catalog: what `--discover` prints, and what a catalog that came back asks for. Selection follows the Singer
 * SDK's rules (https://sdk.meltano.com/en/latest/implementation/catalog_metadata.html); a sensitive field needs an
 * explicit `selected: true` on top of them.
 */
import { ConnectorError, said } from '@ukg-together/kit/error';
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { automaticFields, type FieldPath, nestedProperties, pruneSchema } from '../selection.ts';
import type { ReplicationMethod, SelectedStream, StreamDefinition } from '../stream.ts';
import { streamMask } from './mask.ts';

interface MetadataEntry {
  readonly breadcrumb: readonly string[];
  readonly metadata: Record<string, unknown>;
}

export interface CatalogEntry {
  readonly tap_stream_id: string;
  readonly stream: string;
  readonly schema: JsonSchema;
  readonly key_properties: readonly string[];
  readonly replication_key: string | null;
  readonly replication_method: ReplicationMethod;
  readonly metadata: readonly MetadataEntry[];
}

export interface SingerCatalog {
  readonly streams: readonly CatalogEntry[];
}

/** What `--discover` prints. Handed back unchanged as `--catalog`, it selects what a run without a catalog selects. */
export function discover(streams: readonly StreamDefinition[]): SingerCatalog {
  return { streams: streams.map(catalogEntry) };
}

function catalogEntry(stream: StreamDefinition): CatalogEntry {
  const method = stream.replicationMethods[0] ?? 'FULL_TABLE';
  const automatic = automaticFields(stream);
  const root: MetadataEntry = {
    breadcrumb: [],
    metadata: {
      inclusion: 'available',
      selected: stream.selectedByDefault,
      'selected-by-default': stream.selectedByDefault,
      'table-key-properties': stream.keyProperties,
      ...(stream.replicationKey !== undefined && {
        'valid-replication-keys': [stream.replicationKey],
        'replication-key': stream.replicationKey,
      }),
      'replication-method': method,
      ...(stream.replicationMethods.length === 1 && { 'forced-replication-method': method }),
    },
  };
  return {
    tap_stream_id: stream.name,
    stream: stream.name,
    schema: stream.schema,
    key_properties: stream.keyProperties,
    replication_key: stream.replicationKey ?? null,
    replication_method: method,
    metadata: [root, ...fieldEntries(stream, stream.schema, automatic, [], [])],
  };
}

function fieldEntries(
  stream: StreamDefinition,
  schema: JsonSchema,
  automatic: ReadonlySet<string>,
  breadcrumb: readonly string[],
  path: FieldPath,
): MetadataEntry[] {
  if (schema.properties === undefined) {
    return schema.items === undefined
      ? []
      : fieldEntries(stream, schema.items, automatic, [...breadcrumb, 'items'], path);
  }
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    const here = [...path, name];
    const crumb = [...breadcrumb, 'properties', name];
    const always = path.length === 0 && automatic.has(name);
    const sensitive = !always && stream.sensitive.has(here.join('.'));
    const metadata: Record<string, unknown> = always
      ? { inclusion: 'automatic', 'selected-by-default': true }
      : { inclusion: 'available', 'selected-by-default': !sensitive, ...(sensitive && { selected: false }) };
    return [{ breadcrumb: crumb, metadata }, ...fieldEntries(stream, property, automatic, crumb, here)];
  });
}

/**
 * The streams that a run reads, in the tap's own order. Without a catalog: the defaults. A stream missing from the
 * catalog is not read; one that this tap does not know is reported through `warn` and left out.
 * Throws ConnectorError 'settings' for what is no catalog and for a choice that can't be met.
 */
export function selectStreams(
  streams: readonly StreamDefinition[],
  catalog: unknown,
  warn: (message: string) => void = () => {},
): SelectedStream[] {
  if (catalog === undefined) return streams.filter(({ selectedByDefault }) => selectedByDefault).map(defaultSelection);
  const entries = readEntries(catalog);
  const names = streams.map(({ name }) => name);
  const unknown = [...entries].filter(([name, entry]) => !names.includes(name) && streamMask(entry).root);
  if (unknown.length > 0) {
    const guess = didYouMean(unknown[0]?.[0] ?? '', names);
    warn(
      `The catalog selects streams that this tap does not have, and they are left out: ${list(unknown.map(([name]) => name))}${guess}.`,
    );
  }
  return streams.flatMap((stream) => {
    const entry = entries.get(stream.name);
    return entry === undefined ? [] : selectedStream(stream, entry, warn);
  });
}

/** A stream as it is read without any choice: its first method, and every field that is not sensitive. */
export function defaultSelection(definition: StreamDefinition): SelectedStream {
  const automatic = automaticFields(definition);
  const schema = pruneSchema(
    definition.schema,
    (path) => (path.length === 1 && automatic.has(path[0] as string)) || !definition.sensitive.has(path.join('.')),
  );
  return {
    definition,
    schema,
    replicationMethod: definition.replicationMethods[0] ?? 'FULL_TABLE',
    replicationKey: definition.replicationKey,
    keyProperties: definition.keyProperties,
  };
}

function selectedStream(
  definition: StreamDefinition,
  entry: Record<string, unknown>,
  warn: (message: string) => void,
): SelectedStream[] {
  const { root, fieldSelected, rootMetadata } = streamMask(entry);
  if (!root) return [];
  const keyProperties = keysOf(definition, entry, rootMetadata);
  const automatic = automaticFields({ ...definition, keyProperties: [...definition.keyProperties, ...keyProperties] });
  // The resolver goes from parent to child, so the parent's answer is always known.
  const answers = new Map<string, boolean>([['', true]]);
  const schema = pruneSchema(definition.schema, (path) => {
    const parent = answers.get(path.slice(0, -1).join('\0')) ?? true;
    const always = path.length === 1 && automatic.has(path[0] as string);
    const answer = always || (parent && fieldSelected(path, definition.sensitive.has(path.join('.'))));
    answers.set(path.join('\0'), answer);
    return answer;
  });
  warnOfOverrides(definition, entry, warn);
  return [{ definition, schema, keyProperties, ...replicationOf(definition, entry, rootMetadata) }];
}

function readEntries(catalog: unknown): Map<string, Record<string, unknown>> {
  if (!isObject(catalog) || !Array.isArray(catalog['streams'])) {
    throw new ConnectorError('settings', said`The catalog has no list "streams".`, {
      hint: 'Make one with --discover.',
    });
  }
  const entries = new Map<string, Record<string, unknown>>();
  for (const [index, entry] of (catalog['streams'] as unknown[]).entries()) {
    const name = isObject(entry) ? (entry['tap_stream_id'] ?? entry['stream']) : undefined;
    if (!isObject(entry) || typeof name !== 'string') {
      throw new ConnectorError('settings', said`The catalog's entry streams[${index}] has no "tap_stream_id".`);
    }
    entries.set(name, entry);
  }
  return entries;
}

function keysOf(
  definition: StreamDefinition,
  entry: Record<string, unknown>,
  metadata: Record<string, unknown>,
): readonly string[] {
  const own = definition.keyProperties;
  for (const value of [
    metadata['key_properties'],
    metadata['table-key-properties'],
    metadata['view-key-properties'],
    entry['key_properties'],
  ]) {
    if (!Array.isArray(value) || value.length === 0) continue;
    if (value.length === own.length && own.every((key, at) => key === value[at])) continue;
    const known = Object.keys(definition.schema.properties ?? {});
    for (const key of value as unknown[]) {
      if (typeof key === 'string' && known.includes(key)) continue;
      throw new ConnectorError(
        'settings',
        said`The catalog gives stream ${show(definition.name)} the key property ${show(key)}, which it does not have${typeof key === 'string' ? didYouMean(key, known) : ''}.`,
      );
    }
    return value as string[];
  }
  return own;
}

/**
 * A choice wins over what discovery wrote, wherever they wrote it: Meltano's `metadata` extra changes the
 * metadata only, people with an editor mostly change the entry.
 */
function replicationOf(
  definition: StreamDefinition,
  entry: Record<string, unknown>,
  metadata: Record<string, unknown>,
): Pick<SelectedStream, 'replicationMethod' | 'replicationKey'> {
  const standard = definition.replicationMethods[0] ?? 'FULL_TABLE';
  const asked = [metadata['replication-method'], entry['replication_method']].filter(
    (method): method is string => typeof method === 'string' && method !== '',
  );
  const method = asked.find((choice) => choice !== standard) ?? standard;
  const name = show(definition.name);
  if (!definition.replicationMethods.includes(method as ReplicationMethod)) {
    throw new ConnectorError(
      'settings',
      said`The catalog asks for replication method ${show(method)} of stream ${name}; it can be read by ${definition.replicationMethods.join(' or ')}.`,
    );
  }
  if (method === 'INCREMENTAL') {
    for (const key of [metadata['replication-key'], entry['replication_key']]) {
      if (typeof key !== 'string' || key === '' || key === definition.replicationKey) continue;
      throw new ConnectorError(
        'settings',
        said`The catalog asks for replication key ${show(key)} of stream ${name}; the only one is ${show(definition.replicationKey ?? 'none')}.`,
      );
    }
  }
  return { replicationMethod: method as ReplicationMethod, replicationKey: definition.replicationKey };
}

function warnOfOverrides(
  definition: StreamDefinition,
  entry: Record<string, unknown>,
  warn: (message: string) => void,
): void {
  const theirs = isObject(entry['schema']) ? (nestedProperties(entry['schema'] as JsonSchema) ?? {}) : {};
  const own = definition.schema.properties ?? {};
  const differing = Object.keys(theirs).filter(
    (key) => Object.hasOwn(own, key) && JSON.stringify(theirs[key]) !== JSON.stringify(own[key]),
  );
  const unknown = Object.keys(theirs).filter((key) => !Object.hasOwn(own, key));
  if (differing.length > 0) {
    warn(
      `The catalog describes ${list(differing)} of stream ${show(definition.name)} otherwise than this tap does; the tap's own schema is used.`,
    );
  }
  if (unknown.length > 0)
    warn(`The catalog lists fields of stream ${show(definition.name)} that it does not have: ${list(unknown)}.`);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(show).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
