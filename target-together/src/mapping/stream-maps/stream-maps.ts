/**
 * The SDK's stream maps, before the mapping: aliases, removed streams and fields, renamed and computed fields, filters. Expressions
 * are the Python subset of `python.ts`; what it doesn't have is refused before anything is read, with the place. Loaded only where
 * stream maps are set.
 */
import { isObject } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { didYouMean } from '@ukg-together/kit/text/suggest';
import { propertiesOf } from '../paths/schema-path.ts';
import type { MappingFault } from '../values/faults.ts';
import { type PythonExpression, type PythonNames, parsePython } from './python.ts';
import { truthy } from './python-values.ts';

export interface StreamMap {
  /** The name the mapping sees. */
  readonly stream: string;
  readonly schema: JsonSchema;
  /** Of fields that an expression makes: what it reads of the record as it came. */
  readonly origins: ReadonlyMap<string, readonly string[]>;
  /** Undefined: the filter keeps the record out. */
  apply(record: Record<string, unknown>): Record<string, unknown> | undefined;
  /** The record as the maps make it, filter or not. */
  shape(record: Record<string, unknown>): Record<string, unknown>;
}

const unknownOperation = 'is no operation that this target knows';
const secondStream =
  "makes a second stream of one: a person would be sent twice; write the map under the source stream's own name, with __alias__ for another";
const removes = (value: unknown): boolean => value === null || value === '__NULL__';

/** `null`: the stream is removed; undefined: no map speaks of it. */
export function streamMapFor(
  maps: unknown,
  config: Readonly<Record<string, unknown>>,
  stream: string,
  schema: JsonSchema,
  faults: MappingFault[],
): StreamMap | null | undefined {
  if (maps === undefined || maps === null) return undefined;
  if (!isObject(maps)) {
    faults.push({ path: 'stream_maps', message: 'must be an object of streams and their maps' });
    return undefined;
  }
  for (const [key, value] of Object.entries(maps)) {
    if (isObject(value) && '__source__' in value)
      faults.push({ path: `stream_maps.${key}.__source__`, message: secondStream });
    if (!key.startsWith('__') || (key === '__else__' && removes(value))) continue;
    const message = key === '__else__' ? 'can only be null, which removes the other streams' : unknownOperation;
    faults.push({ path: `stream_maps.${key}`, message });
  }
  // As in the SDK: of several that fit, the last one counts.
  const name = Object.keys(maps).findLast((key) => !key.startsWith('__') && matches(key, stream));
  if (name === undefined) return removes(maps.__else__) && '__else__' in maps ? null : undefined;
  const map = maps[name];
  if (removes(map)) return null;
  const at = `stream_maps.${name}`;
  if (!isObject(map)) {
    faults.push({ path: at, message: 'must be an object, or null to remove the stream' });
    return undefined;
  }
  return compile(map, config, stream, schema, at, faults);
}

/** `*` stands for anything in a stream's name and `?` for one sign, as in the SDK. In time that the two lengths bound, whatever is written. */
function matches(pattern: string, stream: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (place < stream.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = place;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === stream[place])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

/** A name as it stands, or an expression over `__stream_name__`. */
function aliasOf(given: unknown, stream: string): string {
  if (typeof given !== 'string') return stream;
  const parsed = parsePython(given, { config: {}, stream, originalStream: stream });
  if (typeof parsed === 'string' || parsed.reads.length > 0) return given;
  const alias = parsed.evaluate({ record: {} });
  return typeof alias === 'string' && alias !== '' ? alias : given;
}

function compile(
  map: Record<string, unknown>,
  config: Readonly<Record<string, unknown>>,
  stream: string,
  schema: JsonSchema,
  at: string,
  faults: MappingFault[],
): StreamMap {
  const known = propertiesOf(schema) ?? {};
  const alias = aliasOf(map.__alias__, stream);
  const names: PythonNames = { config, stream: alias, originalStream: stream };
  const expression = (text: unknown, path: string, own?: string): PythonExpression | undefined => {
    if (typeof text !== 'string') {
      faults.push({ path, message: 'must be an expression in quotes, or null to remove the field' });
      return undefined;
    }
    const parsed = parsePython(text, names);
    if (typeof parsed === 'string') {
      faults.push({ path, message: `can't be used: ${parsed}` });
      return undefined;
    }
    for (const named of parsed.reads) {
      const read = named === 'self' ? (own ?? named) : named;
      if (Object.keys(known).length > 0 && !Object.hasOwn(known, read) && !(read in known)) {
        faults.push({
          path,
          message: `names "${read}", which the stream does not have${didYouMean(read, Object.keys(known))}`,
        });
      }
    }
    return parsed;
  };

  const only = '__else__' in map && removes(map.__else__);
  const dropped = new Set<string>();
  const computed: [string, PythonExpression][] = [];
  let filter: PythonExpression | undefined;
  for (const [key, value] of Object.entries(map)) {
    const path = `${at}.${key}`;
    if (key === '__else__' && !removes(value))
      faults.push({ path, message: 'can only be null, which removes the other fields' });
    else if (key === '__filter__') filter = removes(value) ? undefined : expression(value, path);
    else if (['__alias__', '__else__', '__key_properties__', '__source__'].includes(key)) continue;
    else if (key.startsWith('__')) faults.push({ path, message: unknownOperation });
    else if (removes(value)) dropped.add(key);
    else {
      const parsed = expression(value, path, key);
      if (parsed) computed.push([key, parsed]);
    }
  }

  const shape = (record: Record<string, unknown>): Record<string, unknown> => {
    const shaped: Record<string, unknown> = only ? {} : { ...record };
    for (const key of dropped) delete shaped[key];
    for (const [key, { evaluate }] of computed) shaped[key] = evaluate({ record, self: record[key] });
    return shaped;
  };
  return {
    stream: alias,
    schema: shapedSchema(schema, known, { only, dropped, computed }),
    origins: new Map(
      computed.map(([key, { mayRead }]) => [key, mayRead.map((name) => (name === 'self' ? key : name))]),
    ),
    shape,
    apply: (record) => (filter && !truthy(filter.evaluate({ record })) ? undefined : shape(record)),
  };
}

function shapedSchema(
  schema: JsonSchema,
  known: Record<string, JsonSchema>,
  {
    only,
    dropped,
    computed,
  }: { only: boolean; dropped: ReadonlySet<string>; computed: readonly [string, PythonExpression][] },
): JsonSchema {
  const properties: Record<string, JsonSchema> = only ? {} : { ...known };
  for (const key of dropped) delete properties[key];
  for (const [key, { plainName }] of computed)
    properties[key] = (plainName === undefined ? undefined : known[plainName]) ?? {};
  return { ...schema, properties };
}
