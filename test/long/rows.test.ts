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
  /** Requests that wrote. */
  readonly posts?: number;
  readonly partial?: true;
  /** By a plan file that is applied. */
  readonly reviewed?: true;
  readonly tells?: readonly RegExp[];
  /** What `explain ID` says before the run. */
  readonly explains?: readonly [id: string, words: RegExp];
}

interface Case {
  readonly why: string;
  readonly settings?: object;
  readonly fields?: object;
  readonly nights: readonly Night[];
  /** Fields of Together's users by id; absent ids are not there. */
  readonly holds: Readonly<Record<string, object>>;
  readonly never?: RegExp;
  /** How Together takes an empty value. */
  readonly nullMeans?: 'reject';
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

async function night({ rows, partial, reviewed, explains }: Night) {
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
  const plan = join(house.folder, 'plan.json');
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (explains) {
    const told = await start('target-together', ['explain', explains[0], '--config', house.config], { input });
    expect(told.stdout).toMatch(explains[1]);
  }
  const ran = await start(
    'target-together',
    [...(reviewed ? ['plan', '--out', plan] : []), '--config', house.config, '--summary', summary],
    { input },
  );
  return reviewed ? await start('target-together', ['apply', plan, '--config', house.config]) : ran;
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
  {
    why: 'a manager named by address becomes the manager of that employeeId, also where only the report is read',
    fields: { supervisorId: { from: 'manager', match: 'email' } },
    nights: [
      { rows: [row('a', '1'), row('b', '2', { manager: 'P1@example.com' }), row('c', '3')] },
      {
        partial: true,
        rows: [row('c', '3', { manager: 'Pat Nr1 <p1@example.com>' })],
        explains: ['3', /supervisorId 1, found by address or number/],
      },
    ],
    holds: { 1: {}, 2: { supervisorId: '1' }, 3: { supervisorId: '1' } },
    never: /without supervisor/,
  },
  {
    why: 'an address that nobody has, or a name, is told by its kind and never as it is',
    fields: { supervisorId: { from: 'manager', match: 'email' } },
    nights: [
      {
        rows: [row('a', '1', { manager: 'gone.boss@example.com' }), row('b', '2', { manager: 'Pia Secret' })],
        tells: [/2 × sent without supervisor \(1, 2\); named by an e-mail address [\s\S]*named\s+by\s+a\s+name/],
      },
    ],
    holds: { 1: {}, 2: {} },
    never: /gone\.boss|Pia Secret/,
  },
  {
    why: 'without match nobody is linked by address, and the setting that does it is told',
    fields: { supervisorId: 'manager' },
    nights: [
      {
        rows: [row('a', '1'), row('b', '2', { manager: 'p1@example.com' })],
        tells: [/named by an e-mail address[\s\S]*needs\s+match: "email"/],
      },
      { rows: [row('a', '0003'), row('b', '2', { manager: '3' })], tells: [/another spelling: set match/] },
    ],
    holds: { 1: {}, 2: {}, '0003': {} },
    never: /p1@example/,
  },
  {
    why: 'numbers in another spelling find the manager, in a partial read too',
    fields: { supervisorId: { from: 'manager', match: 'employeeNumber' } },
    nights: [
      { rows: [row('a', '001001'), row('b', '2', { manager: '1001.0' }), row('c', '3')] },
      { partial: true, rows: [row('c', '3', { manager: '1001' })] },
    ],
    holds: { '001001': {}, 2: { supervisorId: '001001' }, 3: { supervisorId: '001001' } },
    never: /without supervisor/,
  },
  {
    why: 'where people have a number of their own, managers are found by it, and never by an id that looks the same',
    fields: { supervisorId: { from: 'manager', match: 'employeeNumber', number_from: 'no' } },
    nights: [
      {
        rows: [row('a', '1', { no: '0017' }), row('b', '17', { no: '2' }), row('c', '3', { no: '3', manager: '17' })],
      },
      { partial: true, rows: [row('d', '4', { no: '4', manager: '17' })], tells: [/a number that no person read has/] },
    ],
    holds: {
      1: {},
      17: {},
      3: { supervisorId: '1' },
      4: { supervisorId: undefined },
    },
  },
  {
    why: 'a last day that was sent is cleared once when the person is back',
    fields: { dateOfTermination: 'end' },
    nights: [
      { rows: [row('a', '1', { status: 'T', end: '2020-03-31' })] },
      {
        rows: [row('a', '1', { end: '2020-03-31' })],
        reviewed: true,
        posts: 1,
        tells: [/dateOfTermination 1/],
        explains: ['1', /dateOfTermination: .* → \(empty\)/],
      },
      { rows: [row('a', '1', { end: '2020-03-31' })], posts: 0 },
      { rows: [row('a', '1', { end: null, job: 'Chief' })], posts: 1 },
    ],
    holds: { 1: { title: 'Chief', dateOfTermination: undefined } },
    never: /Look at/,
  },
  {
    why: 'where Together refuses to empty it, the person is sent without it, and listed',
    fields: { dateOfTermination: 'end' },
    nullMeans: 'reject',
    nights: [
      { rows: [row('a', '1', { status: 'T', end: '2020-03-31' }), row('b', '2'), row('c', '3')] },
      {
        rows: [row('a', '1', { end: '2020-03-31' }), row('b', '2', { job: 'Chief' }), row('c', '3', { job: 'Boss' })],
        tells: [/3 people accepted/, /1 × Together refuses to empty dateOfTermination.*\(1\)/s],
      },
      { rows: [row('a', '1'), row('b', '2', { job: 'Chief' }), row('c', '3', { job: 'Boss' })], posts: 0 },
    ],
    holds: {
      1: { employeeStatusCode: 'A', dateOfTermination: '2020-03-31T00:00:00.000Z' },
      2: { title: 'Chief' },
      3: { title: 'Boss' },
    },
  },
  {
    why: 'fields that the HRIS has emptied and Together keeps are counted by field, with the setting that empties them; not those of leavers',
    settings: { guards: { max_changed: null, max_terminated: null, min_filled_percent: null } },
    fields: { preferredName: 'called', middleName: { from: 'middle', if_empty: 'clear' } },
    nights: [
      { rows: ['1', '2', '3', '4'].map((id) => row(id, id, { called: `P${id}`, middle: 'M' })) },
      {
        rows: ['1', '2', '3', '4'].map((id) =>
          row(id, id, { called: id === '3' ? 'P3' : null, middle: null, status: id === '4' ? 'T' : 'A' }),
        ),
        tells: [/stale in Together: 2 preferredName; the HRIS has emptied them, if_empty\s+"clear"/],
      },
      {
        rows: ['1', '2', '3'].map((id) =>
          row(id, id, { called: null, middle: null, job: id === '1' ? 'Chief' : 'Clerk' }),
        ),
        tells: [/stale in Together: 3 preferredName;/],
        explains: ['2', /Together keeps preferredName, which is empty here/],
      },
    ],
    holds: { 1: { preferredName: 'P1', middleName: undefined }, 2: {}, 3: {}, 4: {} },
  },
  {
    why: 'of a pair that is shown together the one that is empty now does not outlive the other',
    fields: { departmentId: 'dep', departmentName: 'depName', officeId: 'office', officeAddress: 'street' },
    nights: [
      {
        rows: [
          row('a', '1', { dep: 'D1', depName: 'Sales', office: 'O1', street: 'High Street 1' }),
          row('b', '2', { dep: 'D1', depName: null }),
        ],
      },
      {
        rows: [
          row('a', '1', { dep: 'D2', depName: null, office: 'O1', street: null }),
          row('b', '2', { dep: 'D2', depName: null }),
        ],
        posts: 1,
      },
    ],
    holds: {
      1: { departmentId: 'D2', departmentName: undefined, officeId: 'O1', officeAddress: 'High Street 1' },
      2: { departmentId: 'D2' },
    },
  },
];

it.each(cases)('$why', async ({ settings, fields: more, nights, holds, never, nullMeans }) => {
  if (nullMeans) {
    await house.close();
    house = await openHouse({ ukg: { people: 1 }, intervalMs: 20, together: { nullMeans } });
  }
  house.configure(
    {},
    {
      mapping: { preset: 'none', stream: 'people', fields: { ...fields, ...more } },
      guards: { max_changed: null },
      ...settings,
    },
  );
  for (const one of nights) {
    house.together.journal.clear();
    const ran = await night(one);
    const posts = house.together.journal.matching().filter(({ method }) => method === 'POST').length;
    if (one.posts !== undefined) expect(posts, ran.stderr).toBe(one.posts);
    for (const words of one.tells ?? []) expect(ran.stderr).toMatch(words);
    if (never) expect(ran.stderr).not.toMatch(never);
  }
  const ids = [...house.together.users.keys()].sort();
  for (const id of ids)
    for (const [field, value] of Object.entries(holds[id] ?? {}))
      expect((house.together.users.get(id) as Record<string, unknown>)[field], `${field} of ${id}`).toEqual(value);
  expect(ids).toEqual(Object.keys(holds).sort());
});
