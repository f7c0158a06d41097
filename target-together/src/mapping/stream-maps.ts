/**
 * The SDK's stream maps, before the mapping: aliases, removed streams and fields, renamed and computed fields, filters. Expressions
 * are the Python subset of `python.ts`; what it doesn't have is refused before anything is read, with the place.
 */
import { isObject } from '@ukg-together/protocol/json';
import type { JsonSchema } from '@ukg-together/protocol/stream';
import { didYouMean } from '@ukg-together/protocol/suggest';
import type { MappingFault } from './faults.ts';
import { type PythonExpression, parsePython, truthy } from './python.ts';
import { propertiesOf } from './schema-path.ts';

export interface StreamMap {
  /** The name the mapping sees. */
  readonly stream: string;
  readonly schema: JsonSchema;
  /** Undefined: the filter keeps the record out. */
  apply(record: Record<string, unknown>): Record<string, unknown> | undefined;
  /** The record as the maps make it, filter or not. */
  shape(record: Record<string, unknown>): Record<string, unknown>;
}

const refusedWords: Record<string, string> = {
  fake: 'invents data: it has no place in a sync of real people',
  md5: 'hashes values: Together needs them as they are',
  sha256: 'hashes values: Together needs them as they are',
};
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
  const name = Object.keys(maps).find((key) => key === stream) ?? Object.keys(maps).find((key) => matches(key, stream));
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

/** `*` stands for anything in a stream's name, as in the SDK. */
function matches(pattern: string, stream: string): boolean {
  if (!pattern.includes('*') || pattern.length > 200) return false;
  const parts = pattern.split('*');
  let rest = stream;
  for (const [index, part] of parts.entries()) {
    const place =
      index === 0
        ? rest.startsWith(part)
          ? 0
          : -1
        : index === parts.length - 1
          ? rest.endsWith(part)
            ? rest.length - part.length
            : -1
          : rest.indexOf(part);
    if (place < 0) return false;
    rest = rest.slice(place + part.length);
  }
  return true;
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
  const expression = (text: unknown, path: string): PythonExpression | undefined => {
    if (typeof text !== 'string') {
      faults.push({ path, message: 'must be an expression in quotes, or null to remove the field' });
      return undefined;
    }
    const word = Object.keys(refusedWords).find((name) => new RegExp(`\\b${name}\\b`).test(text));
    const parsed = word === undefined ? parsePython(text, config) : `${word} ${refusedWords[word]}`;
    if (typeof parsed === 'string') {
      faults.push({ path, message: `can't be used: ${parsed}` });
      return undefined;
    }
    for (const read of parsed.reads) {
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
    if (key === '__filter__') filter = removes(value) ? undefined : expression(value, path);
    else if (key === '__alias__' || key === '__else__' || key === '__key_properties__') continue;
    else if (key === '__source__')
      faults.push({
        path,
        message:
          "makes a second stream of one: a person would be sent twice; write the map under the source stream's own name",
      });
    else if (key.startsWith('__')) faults.push({ path, message: 'is no operation that this target knows' });
    else if (removes(value)) dropped.add(key);
    else {
      const parsed = expression(value, path);
      if (parsed) computed.push([key, parsed]);
    }
  }
  const alias = typeof map.__alias__ === 'string' ? map.__alias__ : stream;

  const shape = (record: Record<string, unknown>): Record<string, unknown> => {
    const shaped: Record<string, unknown> = only ? {} : { ...record };
    for (const key of dropped) delete shaped[key];
    for (const [key, { evaluate }] of computed) shaped[key] = evaluate(record);
    return shaped;
  };
  return {
    stream: alias,
    schema: shapedSchema(schema, known, { only, dropped, computed }),
    shape,
    apply: (record) => (filter && !truthy(filter.evaluate(record)) ? undefined : shape(record)),
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
