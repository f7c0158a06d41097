/** What the guards by field stop, and what is no news to them. */
import { people, person, type Situation } from '../../support/situations.ts';

export const guards: readonly Situation[] = [
  {
    situation: 'three people with addresses in a domain that nobody had',
    reason: 'a rebrand is released by its plan; a slip or an attack is not',
    nights: [
      { rows: people(1, 30) },
      { rows: [...people(1, 27), ...people(28, 30, (id) => ({ emailAddress: `p${id}@elsewhere.example` }))] },
    ],
    expect: { code: 3, sent: [], state: false, stderr: /new domain: elsewhere\.example/ },
  },
  {
    situation: 'one person with such an address, whose row the source sends three times',
    reason: 'a row seen again is the same person',
    nights: [
      { rows: people(1, 30) },
      { rows: [...people(1, 29), ...[1, 2, 3].map(() => person('30', { emailAddress: 'p30@elsewhere.example' }))] },
    ],
    expect: { code: 0, sent: ['30'] },
  },
  {
    situation: 'three leavers who get the address of leaver_email, in a domain of its own',
    reason: 'what the settings make of an address is no news of the source',
    settings: { leaver_email: '{employeeId}@left.example.com' },
    nights: [
      { rows: people(1, 30) },
      { rows: [...people(1, 27), ...people(28, 30, () => ({ employeeStatusCode: 'T' }))] },
    ],
    expect: { code: 0, sent: ['28', '29', '30'], status: { 28: 'T' } },
  },
  {
    situation: 'two of three people leave',
    reason: 'half of a handful is no handful, whatever the counts',
    nights: [{ rows: people(1, 3) }, { rows: [person('1'), ...people(2, 3, () => ({ employeeStatusCode: 'T' }))] }],
    expect: { code: 3, sent: [], status: { 2: 'A' }, state: false, stderr: /more than half of all people/ },
  },
  {
    situation: 'one of two people leaves',
    reason: 'below three people half is one',
    nights: [{ rows: people(1, 2) }, { rows: [person('1'), person('2', { employeeStatusCode: 'T' })] }],
    expect: { code: 0, sent: ['2'], status: { 2: 'T' } },
  },
  {
    situation: 'eleven people are missing for the second night, and were released once',
    reason: 'guards count what is new, never a standing stock',
    nights: [
      { rows: people(1, 60) },
      { rows: people(1, 49), settings: { guards: { max_vanished: null } } },
      { rows: people(1, 49), settings: { guards: {} } },
    ],
    expect: { code: 0, sent: [], state: true },
  },
  {
    situation: 'eleven people are missing for the first time',
    reason: 'more than 10, and more than 5 %',
    nights: [{ rows: people(1, 60) }, { rows: people(1, 49) }],
    expect: { code: 3, sent: [], state: false, stderr: /max_vanished/ },
  },
  {
    situation: 'six people leave, and an hour later six more',
    reason: 'the same few every hour add up over guard_window_hours',
    nights: [
      { rows: people(1, 60) },
      { rows: people(1, 6, () => ({ employeeStatusCode: 'T' })), ends: 'part' },
      { rows: people(7, 12, () => ({ employeeStatusCode: 'T' })), ends: 'part' },
    ],
    expect: { code: 3, sent: [], status: { 1: 'T', 7: 'A' }, state: false, stderr: /6 of them in earlier runs/ },
  },
  {
    situation: 'the same, with guard_window_hours: 0',
    reason: 'each run alone',
    settings: { guard_window_hours: 0 },
    nights: [
      { rows: people(1, 60) },
      { rows: people(1, 6, () => ({ employeeStatusCode: 'T' })), ends: 'part' },
      { rows: people(7, 12, () => ({ employeeStatusCode: 'T' })), ends: 'part' },
    ],
    expect: { code: 0, status: { 7: 'T' } },
  },
  {
    situation: 'the last days of all leavers are empty tonight, and the further addresses of all',
    reason: 'their absence is good news: min_filled_percent does not look at them',
    settings: { mapping: { preset: 'ukg-pro', fields: { alternateEmails: 'others' } }, guards: { max_changed: null } },
    nights: [
      {
        rows: people(1, 20, (id) => ({
          others: [`q${id}@example.com`],
          dateOfTermination: id > 15 ? '2020-01-01' : null,
          employeeStatusCode: id > 15 ? 'T' : 'A',
        })),
      },
      {
        rows: people(1, 20, (id) => ({ others: [], dateOfTermination: null, employeeStatusCode: id > 15 ? 'T' : 'A' })),
      },
    ],
    expect: { code: 0 },
  },
  {
    situation: 'the addresses of eleven people change in one night',
    reason: 'an address is how Together finds a person: max_changed alone would let 30 % move',
    nights: [
      { rows: people(1, 60) },
      { rows: people(1, 60, (id) => (id < 12 ? { emailAddress: `new${id}@example.com` } : {})) },
    ],
    expect: { code: 3, sent: [], state: false, stderr: /max_email_changed/ },
  },
  {
    situation: 'eleven leavers come back in one night',
    reason: 'a status column that was reset looks like that',
    settings: { guards: { max_terminated: null } },
    nights: [
      { rows: people(1, 60) },
      { rows: people(1, 60, (id) => (id < 12 ? { employeeStatusCode: 'T' } : {})) },
      { rows: people(1, 60) },
    ],
    expect: { code: 3, sent: [], state: false, stderr: /max_rehired/ },
  },
  {
    situation: 'a quarter of everybody gets one supervisor',
    reason: 'a default value of the HRIS, or a shifted column',
    nights: [
      { rows: people(1, 60, (id) => ({ supervisorId: String(1 + Math.floor((id - 1) / 6)) })) },
      { rows: people(1, 60, (id) => ({ supervisorId: id > 45 ? '2' : String(1 + Math.floor((id - 1) / 6)) })) },
    ],
    expect: { code: 3, sent: [], state: false, stderr: /max_reports_percent/ },
  },
  {
    situation: 'the head of a third of everybody comes under a new id',
    reason: 'the same person has the same reports: nobody got them today',
    settings: { on_new_id: 'relink' },
    nights: [
      { rows: people(1, 60, (id) => (id > 40 ? { supervisorId: '1' } : {})) },
      {
        rows: [
          person('901', { emailAddress: 'p1@example.com' }),
          ...people(2, 60, (id) => (id > 40 ? { supervisorId: '901' } : {})),
        ],
      },
    ],
    expect: { code: 0, status: { 901: 'A' }, supervisors: { 60: '901' } },
  },
];
