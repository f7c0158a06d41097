/** Stream maps and flattening beside the SDK's own mapper: the same maps over the same records, the same records out. */
import { join } from 'node:path';
import { flattenRecord } from '../../../target-together/src/mapping/stream-maps/flatten.ts';
import { streamMapFor } from '../../../target-together/src/mapping/stream-maps/stream-maps.ts';
import type { Check } from '../check.ts';
import { program } from '../environments.ts';
import { assert, here, run, tail } from '../tools.ts';

type Json = Record<string, unknown>;

const records: Json[] = [
  {
    id: 7,
    email: 'Ada.Byron@Example.com',
    first: ' Ada ',
    last: 'Byron',
    status: 'Active',
    dept: null,
    work: { title: 'engineer', site: { id: 3, name: 'London' } },
    tags: ['a', 'b'],
    hours: 37.5,
    remote: true,
  },
  {
    id: 8,
    email: 'bo@example.com',
    first: 'Bo',
    last: 'Gone',
    status: 'Inactive',
    dept: 'R&D',
    work: { title: 'clerk', site: { id: 4, name: 'Paris' } },
    tags: [],
    hours: 0,
    remote: false,
  },
];
const text = { type: ['string', 'null'] };
const schema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    email: text,
    first: text,
    last: text,
    status: text,
    dept: text,
    work: {
      type: ['object', 'null'],
      properties: {
        title: text,
        site: { type: ['object', 'null'], properties: { id: { type: ['integer', 'null'] }, name: text } },
      },
    },
    tags: { type: ['array', 'null'], items: { type: 'string' } },
    hours: { type: ['number', 'null'] },
    remote: { type: ['boolean', 'null'] },
  },
};
const config = { domain: 'example.org', deep: { x: 'y' } };

/** What a computed field may say. */
const expressions = [
  'email.lower()',
  'self.upper()',
  "first.strip() + ' ' + last",
  "f'{first.strip()} {last}'",
  "email.split('@')[0]",
  "email.split('@')[-1].lower()",
  'email[:3]',
  'email[-3:]',
  "email.replace('.', '_')",
  "'A' if status == 'Active' else 'T'",
  "status in ['Active', 'Leave']",
  "status in ('Active', 'Leave')",
  "(status  # as HR says it\n  or 'none')",
  "f'''{first.strip()}'s'''",
  "status not in ('Active')",
  "record['work']['title'].title()",
  "_['last'].capitalize()",
  "record.get('nothing', 'none')",
  "work.get('title')",
  "work['site']['name'].startswith('L')",
  "dept or 'none'",
  'dept is None',
  'not remote',
  'remote and hours',
  'str(id)',
  'str(remote)',
  'str(dept)',
  "int('12') + id",
  'float(id)',
  'bool(tags)',
  'id * 2 - 1',
  'id // 2',
  '-id % 5',
  'hours / 2',
  '1 < id < 8',
  "config['domain']",
  "config['deep']['x']",
  '__stream_name__ + __original_stream_name__',
  "', '.join(['x', last])",
  "'7'.zfill(3)",
  'id == 7 and remote == 1',
  "tags == ['a', 'b']",
  "'a' in tags",
  "'x'.endswith('x')",
  "'%'.strip('%')",
];

const maps: Json[] = [
  ...expressions.map((expression) => ({ people: { email: expression } })),
  { people: { new: 'last', dept: null, status: '__NULL__' } },
  { people: { id: 'id', mail: 'email', __else__: null } },
  { people: { id: 'id', mail: 'email', __else__: '__NULL__' } },
  { people: { __filter__: "status == 'Active'" } },
  { people: { __filter__: "id > 7 and 'e' in email", email: 'self' } },
  { people: { __alias__: 'employees', who: '__stream_name__' } },
  { people: { __alias__: "'hr_' + __stream_name__" } },
  { 'peo*': { last: 'last.upper()' } },
  { 'p?ople': { last: 'last.upper()' } },
  { other: { last: 'last.upper()' } },
  { '*': null, people: { last: 'last.upper()' } },
  { people: { last: 'last.upper()' }, '*': null },
  { people: null },
  { people: '__NULL__' },
  { other: { a: 'a' }, __else__: null },
  { people: { last: 'last.upper()' }, __else__: null },
  { people: { key: 'id', __key_properties__: ['key'] } },
];

const flattenings: Json[] = [
  ...[0, 1, 2, 5].map((depth) => ({ flattening_enabled: true, flattening_max_depth: depth })),
  { flattening_enabled: true, flattening_max_depth: 5, flattening_separator: '.' },
  ...[8, 10, 12, 14, 16].map((length) => ({
    flattening_enabled: true,
    flattening_max_depth: 5,
    flattening_max_key_length: length,
  })),
];

interface Case {
  readonly stream: string;
  readonly keys: readonly string[];
  readonly maps: Json;
  readonly config: Json;
  readonly flatten: Json;
  readonly schema: object;
  readonly records: readonly Json[];
}

const cases: readonly Case[] = [
  ...maps.map((one) => ({ maps: one, flatten: {} })),
  ...flattenings.map((flatten) => ({ maps: {}, flatten })),
  { maps: { people: { title: "work['title']" } }, flatten: flattenings[3] as Json },
].map((one) => ({ stream: 'people', keys: ['id'], config, schema, records, ...one }));

function ours(one: Case): Json {
  const faults: { path: string; message: string }[] = [];
  const map = streamMapFor(one.maps, one.config, one.stream, one.schema as never, faults);
  if (faults.length > 0) return { error: faults.map(({ path, message }) => `${path} ${message}`).join('; ') };
  if (map === null) return { stream: one.stream, records: one.records.map(() => null) };
  const flatten = one.flatten['flattening_enabled'] === true;
  const options = {
    maxDepth: (one.flatten['flattening_max_depth'] as number | undefined) ?? null,
    separator: (one.flatten['flattening_separator'] as string | undefined) ?? '__',
    maxKeyLength: (one.flatten['flattening_max_key_length'] as number | undefined) ?? null,
  };
  const made = one.records.map((record) => {
    const kept = map ? map.apply(record) : record;
    return kept === undefined ? null : flatten ? flattenRecord(kept, options) : kept;
  });
  return { stream: map?.stream ?? one.stream, records: made };
}

/** Lists at the top stay lists here and become text of JSON there; every path of a mapping reads both. */
const asRead = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [
        key,
        typeof inner === 'string' && /^[[{]/.test(inner) ? JSON.parse(inner) : inner,
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};
const comparable = ({ stream, records: made }: Json): string =>
  JSON.stringify([stream, (made as unknown[] | undefined)?.map(asRead)]);

export const checks: readonly Check[] = [
  {
    name: "singer: stream maps and flattening give what the SDK's own mapper gives",
    needs: ['singer'],
    run: async () => {
      const ran = await run(program('singer', 'python'), [join(here, 'python', 'stream_maps.py')], {
        input: JSON.stringify({ cases }),
      });
      assert(ran.code === 0, tail(ran));
      const theirs = JSON.parse(ran.stdout) as Json[];
      const different = cases.flatMap((one, at) => {
        const [sdk, own] = [theirs[at] as Json, ours(one)];
        if (sdk['error'] === undefined && own['error'] === undefined && comparable(sdk) === comparable(own)) return [];
        return [
          `${JSON.stringify(one.maps)} ${JSON.stringify(one.flatten)}\n  SDK  ${JSON.stringify(sdk)}\n  ours ${JSON.stringify(own)}`,
        ];
      });
      assert(different.length === 0, different.join('\n'));
      return `${cases.length} maps`;
    },
  },
];
