/** Rows and their values: which rows are one person, ids and addresses as sheets write them, days and stamps that are no change. */
import { people, person, type Situation } from '../../support/situations.ts';

const fields = {
  employeeId: 'no',
  employeeStatusCode: { from: 'state', lookup: { in: 'A', away: 'L', out: 'T' } },
  email: 'mail',
  firstName: 'first',
  lastName: 'last',
  title: 'post',
  departmentId: 'unit',
  departmentName: 'unitName',
  lastHireDate: 'since',
  lastUpdated: 'touched',
};
const mapping = { preset: 'none', stream: 'staff', fields };
const staff = (no: string, more: object = {}) => ({
  row: no,
  no,
  state: 'in',
  mail: `s${no}@example.com`,
  first: 'Kim',
  last: `Nr${no}`,
  post: 'Clerk',
  unit: null,
  unitName: null,
  since: '2020-02-03',
  touched: '2026-01-01T00:00:00Z',
  ...more,
});
const all = (count: number, more: (at: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, at) => staff(`${at + 1}`, more(at + 1)));
const own = { settings: { mapping } } as const;
const night = { stream: 'staff', key: 'row' } as const;
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

export const rows: readonly Situation[] = [
  {
    situation: 'two rows of one person differ in the time of their last change alone',
    reason: 'a row for each cost center has a stamp of its own: they map to the same user',
    ...own,
    nights: [
      { ...night, rows: all(20) },
      {
        ...night,
        rows: [
          staff('1', { row: 'b', touched: '2026-03-01T00:00:00Z', state: 'out' }),
          ...all(20, () => ({ state: 'out' })).slice(0, 1),
          ...all(20).slice(1),
        ],
      },
    ],
    expect: { code: 0, sent: ['1'], status: { 1: 'T', 2: 'A' }, never: /several rows/ },
  },
  {
    situation: 'the stamps of all rows have moved, and nothing else',
    reason: 'payday touches every row: no change, no guard, nothing sent',
    ...own,
    nights: [
      { ...night, rows: all(60) },
      { ...night, rows: all(60, () => ({ touched: '2026-04-30T00:00:00Z' })) },
    ],
    expect: { code: 0, sent: [], stderr: /= 60 same/ },
  },
  {
    situation: 'two who had swapped addresses for a night have their own again',
    reason: 'the swap never reached Together, so nothing is in the way any more',
    nights: [
      { rows: people(1, 20) },
      {
        rows: [
          person('1', { emailAddress: 'p2@example.com' }),
          person('2', { emailAddress: 'p1@example.com' }),
          ...people(3, 20),
        ],
      },
      { rows: people(1, 20) },
      { rows: people(1, 20) },
    ],
    expect: { code: 0, sent: [], never: /same e-mail address/, holds: { 1: { email: 'p1@example.com' } } },
  },
  {
    situation: 'the id of a department is empty beside a new name',
    reason: 'what the run empties does not stay in Together: it is not counted as stale',
    ...own,
    nights: [
      { ...night, rows: all(20, (at) => (at === 1 ? { unit: 'D1', unitName: 'Sales' } : {})) },
      { ...night, rows: all(20, (at) => (at === 1 ? { unitName: 'Trade' } : {})) },
    ],
    expect: { code: 0, sent: ['1'], never: /stale in Together/ },
  },
  {
    situation: 'the source has no status, only the day on which a person leaves (end_date)',
    reason:
      'T from the day after, and only if the end is not before the last hire; a day that stands for none is no end',
    settings: {
      mapping: { ...mapping, fields: { ...fields, employeeStatusCode: { end_date: 'until' } } },
    },
    nights: [
      {
        ...night,
        rows: [
          staff('1', { until: day(-2) }),
          staff('2', { until: day(1) }),
          staff('3', { until: '2019-12-31' }),
          staff('4', { until: '9999-12-31' }),
          staff('5', { until: '1899-12-30' }),
          staff('6', { until: null }),
        ],
      },
    ],
    expect: { code: 0, status: { 1: 'T', 2: 'A', 3: 'A', 4: 'A', 5: 'A', 6: 'A' } },
  },
  {
    situation: 'ids as a spreadsheet writes them',
    reason: 'a number in another form is another person, and an error of a formula is nobody, in whatever language',
    settings: { max_rejected_percent: 100 },
    nights: [
      {
        rows: [
          ...people(1, 20),
          ...['1.0000000000', '1E+05', '#REF!', 'N/A', '#¡REF!', '#BEZUG!', '#N/D', '#VALEUR!', '####'].map((id, at) =>
            person(id, { emailAddress: `x${at}@example.com` }),
          ),
        ],
        key: 'emailAddress',
      },
    ],
    expect: {
      code: 0,
      sent: people(1, 20).map(({ employeeId }) => employeeId),
      stderr:
        /6 × employeeId is the error of a formula.*2 × employeeId is a number as a spreadsheet.*1 × employeeId is a word/s,
    },
  },
  {
    situation: 'invisible characters in addresses and in an id',
    reason:
      'out of an address they are taken and counted; an id is not repaired: it could become that of another person',
    nights: [
      { rows: people(1, 40) },
      {
        rows: [
          person('1', { emailAddress: 'p\u200b1@example.com' }),
          person('2', { emailAddress: 'p2@exam\u00adple.com\ufeff' }),
          ...people(3, 39),
          person('4\u200d0', { emailAddress: 'p40@example.com' }),
        ],
        key: 'emailAddress',
      },
    ],
    expect: {
      code: 0,
      sent: [],
      status: { 40: 'A' },
      stderr:
        /employeeId holds control characters, invisible characters.*2 × Invisible characters were taken out of the work e-mail address/s,
    },
  },
  {
    situation: 'one id in two Airbyte namespaces, on rows that differ',
    reason: 'the same key in two companies is never one row for the other',
    nights: [
      {
        airbyte: [
          { namespace: 'de', key: 'employeeId', rows: [person('1')] },
          {
            namespace: 'us',
            key: 'employeeId',
            rows: [person('1', { firstName: 'Other', emailAddress: 'o@example.com' }), person('2')],
          },
        ],
      },
    ],
    expect: {
      code: 0,
      sent: ['2'],
      gone: ['1'],
      stderr: /One employee id on several rows that differ \(1 in emailAddress|1 in /s,
    },
  },
  {
    situation: 'two Airbyte namespaces with people of their own, one of them without its end',
    reason: 'rows of both are people; who is missing is gone only where both were read',
    settings: { vanished: 'terminate', vanished_after_reads: 1 },
    nights: [
      {
        airbyte: [
          { namespace: 'de', key: 'employeeId', rows: people(1, 10) },
          { namespace: 'us', key: 'employeeId', rows: people(11, 20) },
        ],
      },
      {
        airbyte: [
          { namespace: 'de', key: 'employeeId', rows: people(1, 9) },
          { namespace: 'us', key: 'employeeId', rows: people(11, 19), part: true },
        ],
      },
    ],
    expect: { code: 0, sent: [], status: { 10: 'A', 20: 'A' } },
  },
  {
    situation: 'a plan of the first run, and Together has everybody under other ids',
    reason: 'the plan shows what the run would do: it asks for the list too, and the guard stops it',
    held: people(1, 20).map(({ emailAddress, employeeId, ...row }) => ({
      ...row,
      email: emailAddress,
      employeeId: `old${employeeId}`,
    })),
    nights: [{ rows: people(1, 20), plans: true }],
    expect: {
      code: 3,
      sent: [],
      stderr: /20 × Together has the e-mail address under another id[\s\S]*1\s+under\s+employeeId\s+old1, 2 under/,
    },
  },
];
