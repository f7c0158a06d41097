import { expect, it } from 'vitest';
import { peopleRead } from './people-read.ts';
import { chosen, findings, proposalsFor, type UsedStream } from './proposals.ts';
import { selectMapped } from './select.ts';

const names = ['id', 'mail', 'type', 'status', 'unit', 'workPhone', 'gender', 'companyCode'];
const used: UsedStream = {
  stream: 'people',
  used: true,
  reason: 'so',
  faults: [],
  warnings: [],
  fields: [
    ['employeeId', 'id'],
    ['email', 'mail'],
    ['employeeTypeCode', 'type'],
    ['employeeStatusCode', 'status'],
  ].map(([field = '', source = '']) => ({ field, rule: '', sources: [source], types: [] })),
  notSent: [{ field: 'gender', reason: 'sensitive: list it' }],
  unread: ['unit', 'workPhone', 'gender', 'companyCode'],
  notes: [],
};

function read() {
  const people = peopleRead((name) => name === 'mail');
  const line = (message: object) => people.line(JSON.stringify({ stream: 'people', ...message }));
  line({ type: 'SCHEMA', schema: { properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) } });
  for (let n = 0; n < 40; n++) {
    const type = n < 5 ? 'TMP' : 'REG';
    const record = {
      id: `${n}`,
      type,
      status: 'A',
      unit: `U${n % 4}`,
      workPhone: `${n % 6}`,
      gender: `${n % 3}`,
      companyCode: 'C',
    };
    line({ type: 'RECORD', record: { ...record, mail: n < 5 ? null : `p${n}@example.com` } });
  }
  people.line('no JSON');
  return people.of('people');
}

it('proposes to leave out a group without addresses, and custom fields that say something of a group', () => {
  const count = read();
  if (!count) throw new Error('nothing was read');
  expect(proposalsFor(used, count)).toEqual([
    {
      text: expect.stringContaining('5 of 5 people have no address'),
      filter: { name: 'type TMP', field: 'type', not_in: ['TMP'] },
    },
    { text: expect.stringContaining('filled for 100 %, 4 different values'), custom: ['unit', 'unit'] },
  ]);
  expect(findings(used, count)).toEqual(
    expect.arrayContaining(['By companyCode: C 40.', 'By type: REG 35, TMP 5.', 'With an address (mail): 87 %.']),
  );
});

it('names mapped fields whose columns no record fills', () => {
  const count = read();
  if (!count) throw new Error('nothing was read');
  const field = (name: string, ...sources: string[]) => ({ field: name, rule: '', sources, types: [] });
  // A path of its own, and a field whose second source is filled, are not empty.
  const fields = [
    ...used.fields,
    field('title', 'unit', 'gone'),
    field('officeId', 'a.b'),
    field('departmentId', 'dept'),
  ];
  const { properties } = count.schema;
  const shown = findings({ ...used, fields }, { ...count, schema: { properties: { ...properties, dept: {} } } });
  expect(shown.filter((line) => line.startsWith('Empty'))).toEqual([
    'Empty in every record, so that nothing is sent: departmentId (dept).',
  ]);
});

it('finds fields that a company has set up itself, says how filled they are, and proposes those of a group', () => {
  const people = peopleRead((name) => name === 'mail');
  const line = (message: object) => people.line(JSON.stringify({ stream: 'people', ...message }));
  line({ type: 'SCHEMA', schema: { properties: { id: {}, mail: {}, companyCode: {}, own: { type: 'object' } } } });
  for (let n = 0; n < 40; n++) {
    const own = {
      'Cohort / year': n < 20 ? `C${n % 4}` : null,
      'Badge no': `${n}`,
      Gender: n % 2,
      Rare: n === 0 ? 'x' : null,
    };
    line({
      type: 'RECORD',
      record: { id: `${n}`, mail: `p${n}@example.com`, companyCode: n < 2 ? 'ZTEST' : 'C', own },
    });
  }
  const count = people.of('people');
  if (!count) throw new Error('nothing was read');
  const fields = { ...used, unread: ['own', 'companyCode'] };
  expect(proposalsFor(fields, count)).toEqual([
    {
      text: expect.stringContaining('2 people are there for tests'),
      filter: { name: 'companyCode ZTEST', field: 'companyCode', not_in: ['ZTEST'] },
    },
    {
      text: expect.stringContaining(
        'Send Cohort / year as the custom field cohortYear: filled for 50 %, 4 different values',
      ),
      custom: ['cohortYear', '/own/Cohort ~1 year'],
    },
  ]);
  expect(findings(fields, count).find((text) => text.startsWith('Custom fields'))).toBe(
    'Custom fields of the company, and how filled they are: Badge no 100 %, Gender 100 %, Cohort / year 50 %, Rare 2 %.',
  );
});

it('of plain fields it proposes three that part people, one for each subject, by name sooner than by code', () => {
  const people = peopleRead((name) => name === 'mail');
  const line = (message: object) => people.line(JSON.stringify({ stream: 'people', ...message }));
  // Said already: each person has there what the mapped type says.
  const unread = [
    'unitAgain',
    'orgLevel1Code',
    'orgLevel1Description',
    'siteId',
    'siteCode',
    'gradeCode',
    'teamName',
    'employmentReason',
  ];
  line({
    type: 'SCHEMA',
    schema: { properties: Object.fromEntries(['id', 'mail', 'type', ...unread].map((name) => [name, {}])) },
  });
  for (let n = 0; n < 40; n++) {
    const groups = Object.fromEntries(unread.map((name) => [name, `${name} ${n % 4}`]));
    const same = { type: `t${n % 3}`, unitAgain: `t${n % 3}` };
    line({ type: 'RECORD', record: { id: `${n}`, mail: `p${n}@example.com`, ...groups, ...same } });
  }
  const count = people.of('people');
  if (!count) throw new Error('nothing was read');
  expect(proposalsFor({ ...used, unread }, count).map(({ custom }) => custom?.[1])).toEqual([
    'orgLevel1Description',
    'siteCode',
    'gradeCode',
  ]);
});

it('an answer chooses proposals by number', () => {
  const proposals = [{ text: 'a' }, { text: 'b' }];
  expect(chosen('all', proposals)).toEqual(proposals);
  expect(chosen('none', proposals)).toEqual([]);
  expect(chosen('2, 1', proposals)).toEqual([{ text: 'b' }, { text: 'a' }]);
  for (const wrong of ['3', '0', 'some', '1.5']) expect(chosen(wrong, proposals)).toBeUndefined();
});

it('the catalog selects what is mapped and what the tap always sends', () => {
  const field = (name: string, inclusion: string) => ({ breadcrumb: ['properties', name], metadata: { inclusion } });
  const catalog = {
    streams: [
      {
        tap_stream_id: 'people',
        metadata: [
          { breadcrumb: [], metadata: {} },
          field('id', 'automatic'),
          field('mail', 'available'),
          field('unit', 'available'),
        ],
      },
      { tap_stream_id: 'pay', metadata: [] },
    ],
  };
  const { streams } = selectMapped(catalog, 'people', ['id', 'unit']) as {
    streams: { metadata: { metadata: { selected: boolean } }[] }[];
  };
  expect(streams).toHaveLength(1);
  expect(streams[0]?.metadata.map(({ metadata }) => metadata.selected)).toEqual([true, true, true, false]);
});
