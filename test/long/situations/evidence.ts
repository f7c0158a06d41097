/** Which input proves that who is missing is gone, and what follows. */
import { bookmarkOf, people, person, type Situation } from '../../support/situations.ts';

const properties = Object.fromEntries(Object.keys(person('1')).map((name) => [name, {}]));
const schema = { type: 'SCHEMA', stream: 'employees', key_properties: ['employeeId'], schema: { properties } };
const records = (from: number, to: number, version = 1) =>
  people(from, to).map((record) => ({ type: 'RECORD', stream: 'employees', record, version }));
const activate = (version = 1) => ({ type: 'ACTIVATE_VERSION', stream: 'employees', version });
const state = { type: 'STATE', value: bookmarkOf('employees') };
const announced = [schema, activate(), ...records(1, 19), state];
const ended = { vanished: 'terminate', vanished_after_reads: 1 };
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const leaves = { employeeStatusCode: 'T', dateOfTermination: day(20) };
const gone = { rows: people(1, 19) };

export const evidence: readonly Situation[] = [
  {
    situation: 'a person is missing from a complete read',
    reason: 'by default HR decides',
    nights: [{ rows: people(1, 20) }, gone],
    expect: {
      code: 0,
      sent: [],
      status: { 20: 'A' },
      stderr: /1 × in Together and missing from this complete read \(20\)/,
    },
  },
  {
    situation: 'a person is missing from one complete read, with vanished: terminate',
    reason: 'a row may be hidden for a night',
    settings: { vanished: 'terminate' },
    nights: [{ rows: people(1, 20) }, gone],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'the same person is missing from two of them in a row',
    reason: 'twice is no accident',
    settings: { vanished: 'terminate' },
    nights: [{ rows: people(1, 20) }, gone, gone],
    expect: { code: 0, sent: ['20'], status: { 20: 'T' } },
  },
  {
    situation: 'the person came back in between',
    reason: 'the reads without the person must follow each other',
    settings: { vanished: 'terminate' },
    nights: [{ rows: people(1, 20) }, gone, { rows: people(1, 20) }, gone],
    expect: { code: 0, status: { 20: 'A' } },
  },
  {
    situation: 'an increment came in between',
    reason: 'a part of the people says nothing of who is missing from it',
    settings: { vanished: 'terminate' },
    nights: [
      { rows: people(1, 20) },
      gone,
      { rows: people(1, 1), ends: 'part', bookmark: bookmarkOf('employees') },
      gone,
    ],
    expect: { code: 0, sent: ['20'], status: { 20: 'T' } },
  },
  {
    situation: 'ACTIVATE_VERSION before the first record',
    reason: 'the SDK announces a version there, which proves no end',
    settings: ended,
    nights: [{ rows: people(1, 20) }, { messages: announced }],
    expect: { code: 0, sent: [], status: { 20: 'A' }, stderr: /partial/ },
  },
  {
    situation: 'the same, with complete_reads: always',
    reason: 'the operator knows the source, and a STATE ends the input',
    settings: { ...ended, complete_reads: 'always' },
    nights: [{ rows: people(1, 20) }, { messages: announced }],
    expect: { code: 0, sent: ['20'], status: { 20: 'T' } },
  },
  {
    situation: 'the same, and the tap died before its STATE',
    reason: 'half of a company must not be ended by a broken pipe',
    settings: { ...ended, complete_reads: 'always' },
    nights: [{ rows: people(1, 20) }, { messages: announced.slice(0, -1) }],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'ACTIVATE_VERSION again before each part of a child stream',
    reason: 'the last one covers only the last part',
    settings: ended,
    nights: [
      { rows: people(1, 20) },
      { messages: [schema, ...records(1, 10), activate(), ...records(11, 19), activate(), state] },
    ],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'a log based source ends a part with ACTIVATE_VERSION, with complete_reads: never',
    reason: 'it always says so, whatever it has read',
    settings: { ...ended, complete_reads: 'never' },
    nights: [{ rows: people(1, 20) }, { rows: people(1, 2) }],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'a row has lost its id in the night in which a person is missing',
    reason: 'it may be that person',
    settings: ended,
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 19), person('20', { employeeId: null })] }],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'the row without an id has the address of a person that Together has',
    reason: 'the address names whose row it probably is; still nobody is ended by it',
    settings: ended,
    nights: [
      { rows: people(1, 20) },
      { rows: [...people(1, 18), person('x', { employeeId: '#REF!', emailAddress: 'P19@example.com' })] },
    ],
    expect: { code: 0, sent: [], status: { 19: 'A', 20: 'A' }, stderr: /without a usable id.*probably\s+19/s },
  },
  {
    situation: 'rows of blanks stand below the people',
    reason: 'a sheet has them: they are nobody, and nobody is missing for them',
    settings: ended,
    nights: [
      { rows: people(1, 20) },
      {
        rows: [
          ...people(1, 19),
          person('', { employeeStatusCode: '', emailAddress: ' ', firstName: '', lastName: null, jobTitle: '' }),
        ],
      },
    ],
    expect: { code: 0, sent: ['20'], status: { 20: 'T' } },
  },
  {
    situation: 'the source has only half of a person tonight (keepReason)',
    reason: 'the person is there: neither missing nor changed',
    settings: ended,
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 19), { employeeId: '20', keepReason: 'no_employment' }] }],
    expect: { code: 0, sent: [], status: { 20: 'A' }, stderr: /kept as before: no employment in this read 1/ },
  },
  {
    situation: 'a row is marked as deleted, and holds only its key',
    reason: 'CDC taps and loaders say so when the person is gone from the source',
    nights: [
      { rows: people(1, 20) },
      {
        rows: [{ employeeId: '20', _sdc_deleted_at: '2026-01-02T00:00:00Z' }],
        columns: [...Object.keys(properties), '_sdc_deleted_at'],
        ends: 'part',
      },
    ],
    expect: { code: 0, sent: ['20'], status: { 20: 'T' } },
  },
  {
    situation: 'three of twenty are marked as deleted in a complete read, and their rows hold only the key',
    reason: 'such rows say nothing of how filled a field is: min_filled_percent looks at the others',
    nights: [
      { rows: people(1, 20) },
      {
        rows: [...people(1, 17), ...['18', '19', '20'].map((employeeId) => ({ employeeId, _fivetran_deleted: true }))],
      },
    ],
    expect: { code: 0, sent: ['18', '19', '20'], status: { 17: 'A', 18: 'T', 19: 'T', 20: 'T' } },
  },
  {
    situation: 'a person that Together never had is marked as deleted',
    reason: 'nobody is created to be ended',
    nights: [
      { rows: people(1, 20) },
      { rows: [person('21', { __deleted: 'true' })], columns: [...Object.keys(properties), '__deleted'], ends: 'part' },
    ],
    expect: { code: 0, sent: [] },
  },
  {
    situation: 'deletion marks, with deleted_when: null',
    reason: 'a column of that name may mean something else',
    settings: { deleted_when: null },
    nights: [{ rows: people(1, 20) }, { rows: people(1, 20, () => ({ __deleted: 'true' })) }],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'a sheet was cleared: every row holds nothing',
    reason: 'that is no company: nobody is missing from it',
    settings: ended,
    nights: [
      { rows: people(1, 2) },
      { rows: [1, 2].map(() => ({ employeeId: '', emailAddress: '' })), columns: Object.keys(properties) },
    ],
    expect: { code: 3, sent: [], status: { 1: 'A', 2: 'A' }, state: false, stderr: /gave no person/ },
  },
  {
    situation:
      'the state folder is lost, and the last day of a person on leave lies ahead, and of one who had left before',
    reason: "Together's list is evidence as the ledger is: until that day both stay as it has them",
    nights: [
      { rows: [...people(1, 18), person('19', { employeeStatusCode: 'L' }), person('20')] },
      {
        rows: [...people(1, 18), person('19', { employeeStatusCode: 'L' }), person('20', { employeeStatusCode: 'T' })],
      },
      { rows: [...people(1, 18), person('19', leaves), person('20', leaves)], loses: 'state_dir' },
    ],
    expect: { code: 0, status: { 18: 'A', 19: 'L', 20: 'T' } },
  },
];
