/** What one read of the tap shows, in numbers: nothing of a person is kept. */
import { isObject, parseJsonLine } from '@ukg-together/kit/lines/json';
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';

export interface FieldCount {
  readonly filled: number;
  /** How often each value came; undefined: there are too many different ones. */
  readonly values: ReadonlyMap<string, number> | undefined;
}

export interface StreamCount {
  readonly schema: JsonSchema;
  readonly records: number;
  readonly fields: ReadonlyMap<string, FieldCount>;
  /** By field and value: how many of them lack each other field that was asked about. */
  lacking(field: string, value: string, other: string): number;
}

export interface PeopleRead {
  line(text: string): void;
  /** `{ streams }` as a catalog has them. */
  catalog(): { readonly streams: readonly { tap_stream_id: string; stream: string; schema: JsonSchema }[] };
  of(stream: string): StreamCount | undefined;
}

/** Beyond this a field's values are no groups. */
const mostValues = 200;

interface Tally {
  schema: JsonSchema;
  records: number;
  fields: Map<string, { filled: number; values: Map<string, number> | undefined }>;
  /** `field\0value\0other` → how many. */
  lacks: Map<string, number>;
}

/** A path of the mapping: labels may hold blanks, dots and slashes. */
const innerPath = (field: string, label: string): string =>
  `/${field}/${label.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The label in such a path; undefined for a plain field. */
export function labelIn(path: string, fields: readonly string[]): string | undefined {
  const field = fields.find((name) => path.startsWith(`/${name}/`));
  return field === undefined
    ? undefined
    : path
        .slice(field.length + 2)
        .replaceAll('~1', '/')
        .replaceAll('~0', '~');
}

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** `asked`: the fields whose absence is counted by group (an address). */
export function peopleRead(asked: (field: string) => boolean): PeopleRead {
  const streams = new Map<string, Tally>();
  const count = (tally: Tally, { ...record }: Record<string, unknown>) => {
    tally.records++;
    const names = Object.keys(tally.schema.properties ?? record);
    const lacked = names.filter((name) => asked(name) && isBlank(record[name]));
    // What a company has set up itself comes by label in one field.
    for (const [name, value] of Object.entries(record))
      if (isObject(value)) for (const [label, inner] of Object.entries(value)) record[innerPath(name, label)] = inner;
    for (const name of new Set([...names, ...Object.keys(record)])) {
      const value = record[name];
      if (isBlank(value)) continue;
      const field = tally.fields.get(name) ?? { filled: 0, values: new Map<string, number>() };
      tally.fields.set(name, field);
      field.filled++;
      if (!field.values || typeof value === 'object') continue;
      const text = String(value);
      field.values.set(text, (field.values.get(text) ?? 0) + 1);
      if (field.values.size > mostValues) field.values = undefined;
      else
        for (const other of lacked) {
          const key = `${name}\0${text}\0${other}`;
          tally.lacks.set(key, (tally.lacks.get(key) ?? 0) + 1);
        }
    }
  };
  return {
    line(text) {
      let message: unknown;
      try {
        message = parseJsonLine(text).value;
      } catch {
        return;
      }
      if (!isObject(message) || typeof message['stream'] !== 'string') return;
      const { type, stream, schema, record } = message;
      if (type === 'SCHEMA' && !streams.has(stream) && isObject(schema))
        streams.set(stream, { schema, records: 0, fields: new Map(), lacks: new Map() });
      const tally = streams.get(stream);
      if (type === 'RECORD' && tally && isObject(record)) count(tally, record);
    },
    catalog: () => ({
      streams: [...streams].map(([stream, { schema }]) => ({ tap_stream_id: stream, stream, schema })),
    }),
    of(stream) {
      const tally = streams.get(stream);
      return (
        tally && { ...tally, lacking: (field, value, other) => tally.lacks.get(`${field}\0${value}\0${other}`) ?? 0 }
      );
    },
  };
}
