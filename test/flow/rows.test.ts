/** Rows and people: which rows are one person, and who a manager's address or number names. What Together holds, and what is told. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 20 });
});
afterEach(() => house.close());

type Row = Readonly<Record<string, string | null>>;

interface Night {
  readonly rows: readonly Row[];
  readonly partial?: true;
  readonly tells?: readonly RegExp[];
}

interface Case {
  readonly why: string;
  readonly settings?: object;
  readonly fields?: object;
  readonly nights: readonly Night[];
  /** Fields of Together's users by id; absent ids are not there. */
  readonly holds: Readonly<Record<string, object>>;
  readonly never?: RegExp;
}

const row = (key: string, id: string, more: Row = {}): Row => ({
  key,
  id,
  status: 'A',
  mail: `p${id}@example.com`,
  first: 'Pat',
  last: `Nr${id}`,
  job: 'Clerk',
  manager: null,
  ...more,
});

async function night({ rows, partial }: Night) {
  const properties = Object.fromEntries(
    [...new Set(rows.flatMap((one) => Object.keys(one)))].map((name) => [name, { type: ['null', 'string'] }]),
  );
  const lines = [
    { type: 'SCHEMA', stream: 'people', key_properties: ['key'], schema: { properties } },
    ...rows.map((record) => ({ type: 'RECORD', stream: 'people', record, version: 1 })),
    ...(partial ? [] : [{ type: 'ACTIVATE_VERSION', stream: 'people', version: 1 }]),
    { type: 'STATE', value: {} },
  ];
  const summary = join(house.folder, 'summary.json');
  return await start('target-together', ['--config', house.config, '--summary', summary], {
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  });
}

const fields = {
  employeeId: 'id',
  employeeStatusCode: 'status',
  email: 'mail',
  firstName: 'first',
  lastName: 'last',
  title: 'job',
};

const cases: readonly Case[] = [
  {
    why: 'equal rows of one person (a row for each cost center) are one person, and end as one',
    nights: [
      { rows: [row('a', '1', { center: 'CC1' }), row('b', '1', { center: 'CC2' }), row('c', '2')] },
      { rows: [row('a', '1', { status: 'T' }), row('b', '1', { status: 'T' }), row('c', '2')] },
    ],
    holds: { 1: { employeeStatusCode: 'T' }, 2: { employeeStatusCode: 'A' } },
  },
  {
    why: 'rows of one person that differ are sent by nobody, and the fields in which they differ are told',
    nights: [
      { rows: [row('a', '1'), row('b', '1', { job: 'Chief' }), row('c', '2')], tells: [/1 in title/, /filters/] },
    ],
    holds: { 2: {} },
    never: /Chief/,
  },
  {
    why: 'a leaver on two rows that differ leaves all the same',
    nights: [
      { rows: [row('a', '1'), row('c', '2')] },
      {
        rows: [row('a', '1', { status: 'T' }), row('b', '1', { status: 'T', job: 'Chief' }), row('c', '2')],
        tells: [/1 in title/],
      },
    ],
    holds: { 1: { employeeStatusCode: 'T' }, 2: {} },
  },
  {
    why: 'of a history of rows a filter picks one',
    settings: { filters: [{ field: 'current', in: ['yes'] }] },
    nights: [
      { rows: [row('a', '1', { current: 'no' }), row('b', '1', { job: 'Chief', current: 'yes' })] },
      { rows: [row('a', '1', { current: 'no', status: 'T' }), row('b', '1', { job: 'Boss', current: 'yes' })] },
    ],
    holds: { 1: { title: 'Boss', employeeStatusCode: 'A' } },
  },
];

it.each(cases)('$why', async ({ settings, fields: more, nights, holds, never }) => {
  house.configure(
    {},
    { mapping: { preset: 'none', stream: 'people', fields: { ...fields, ...more } }, guards: {}, ...settings },
  );
  for (const one of nights) {
    const ran = await night(one);
    for (const words of one.tells ?? []) expect(ran.stderr).toMatch(words);
    if (never) expect(ran.stderr).not.toMatch(never);
  }
  const ids = [...house.together.users.keys()].sort();
  expect(Object.fromEntries(ids.map((id) => [id, house.together.users.get(id)]))).toMatchObject(holds);
  expect(ids).toEqual(Object.keys(holds).sort());
});
