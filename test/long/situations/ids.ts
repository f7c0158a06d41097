/** One person under a new id: found, held back, or relinked; and who else is touched by it. */
import { people, person, type Situation } from '../../support/situations.ts';

const relink = { on_new_id: 'relink' };
const leaverEmail = { leaver_email: '{employeeId}@left.example.com' };
const renumbered = (from: number, to: number) =>
  people(from, to).map((row) => ({ ...row, employeeId: `N${row.employeeId}` }));
const asLeavers = (from: number, to: number) => people(from, to, () => ({ employeeStatusCode: 'T' }));
const newIds = (from: number, to: number, status: string) =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, at) => [`N${from + at}`, status]));

/** As Together has a person of the source. */
const listed = ({ emailAddress, jobTitle, ...row }: ReturnType<typeof person> & Record<string, unknown>) => ({
  ...row,
  email: emailAddress,
  title: jobTitle,
});

export const ids: readonly Situation[] = [
  {
    situation: 'somebody comes under a new id on two rows that differ, and the old id is missing (vanished: terminate)',
    reason: 'neither row can be sent, and both say that the person is there: the old id is not ended',
    settings: { vanished: 'terminate', vanished_after_reads: 1 },
    nights: [
      { rows: people(1, 20) },
      {
        key: 'jobId',
        rows: [
          ...people(1, 19, (id) => ({ jobId: `${id}` })),
          ...renumbered(20, 20).flatMap((row) => [
            { ...row, jobId: 'a' },
            { ...row, jobId: 'b', jobTitle: 'Boss' },
          ]),
        ],
      },
    ],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'a second id of somebody has ended before Together had it, and others name it as their supervisor',
    reason: 'it is left out, so it is nobody in Together whom a link could name',
    nights: [
      {
        rows: [
          ...people(1, 5),
          person('6', { emailAddress: 'p1@example.com', employeeStatusCode: 'T' }),
          person('7', { supervisorId: '6' }),
          person('8', { supervisorId: '1' }),
        ],
      },
    ],
    expect: {
      code: 0,
      gone: ['6'],
      supervisors: { 8: '1', 7: undefined },
      stderr: /1 × sent without supervisor \(7\)/,
    },
  },
  {
    situation: 'a leaver that Together has with an end date comes back under a new id (on_new_id: relink)',
    reason: 'the record is that of a person who works here again: the end date of the old id is emptied with the move',
    settings: relink,
    nights: [
      { rows: people(1, 20) },
      { rows: [person('1', { employeeStatusCode: 'T', dateOfTermination: '2020-01-31' }), ...people(2, 20)] },
      {
        rows: [
          person('1', { employeeStatusCode: 'T', dateOfTermination: '2020-01-31' }),
          ...people(2, 20),
          person('N1', { emailAddress: 'p1@example.com', dateOfTermination: null }),
        ],
      },
    ],
    expect: { code: 0, sent: ['N1'], status: { N1: 'A' }, ended: { N1: undefined }, gone: ['1'] },
  },
  {
    situation: 'somebody comes under a new id (on_new_id: hold)',
    reason: 'whether it is one person only HR knows: the old id is not ended, the new one waits, both are named',
    settings: { vanished: 'terminate', vanished_after_reads: 1 },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 19), ...renumbered(20, 20)] }],
    expect: { code: 0, sent: [], status: { 20: 'A' }, stderr: /20 now comes as N20/ },
  },
  {
    situation: 'the same with on_new_id: relink',
    reason: 'Together matches by address and patches: the record gets the new id, and nobody is ended or made',
    settings: { vanished: 'terminate', vanished_after_reads: 1, ...relink },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 19), ...renumbered(20, 20)] }],
    expect: {
      code: 0,
      sent: ['N20'],
      status: { 19: 'A', N20: 'A' },
      gone: ['20'],
      stderr: /⇢ 1 move[\s\S]*20 now comes as N20/,
    },
  },
  {
    situation: 'the old id stays in the source as a leaver, and others go on naming it as their supervisor',
    reason: 'supervisors follow the new id, and nothing is sent again in the night after',
    settings: relink,
    nights: [
      { rows: [...people(1, 20), person('21', { supervisorId: '1' })] },
      {
        rows: [
          person('1', { employeeStatusCode: 'T' }),
          ...people(2, 20),
          person('21', { supervisorId: '1' }),
          person('N1', { emailAddress: 'P1@example.com' }),
        ],
      },
      {
        rows: [
          person('1', { employeeStatusCode: 'T', emailAddress: null }),
          ...people(2, 20),
          person('21', { supervisorId: '1', jobTitle: 'Chief' }),
          person('N1', { emailAddress: 'p1@example.com' }),
        ],
      },
    ],
    expect: { code: 0, sent: ['N1', '21'], status: { N1: 'A', 21: 'A' }, gone: ['1'], supervisors: { 21: 'N1' } },
  },
  {
    situation: 'a supervisor comes under a new id in a part of the people that does not bring the reports',
    reason: 'the run says that they follow; the next complete read links them, though no row of theirs has changed',
    settings: relink,
    nights: [
      { rows: [...people(1, 20), person('21', { supervisorId: '1' })] },
      {
        rows: [person('1', { employeeStatusCode: 'T' }), person('N1', { emailAddress: 'p1@example.com' })],
        columns: [...Object.keys(person('1')), 'supervisorId'],
        ends: 'part',
      },
      {
        rows: [
          person('1', { employeeStatusCode: 'T' }),
          person('N1', { emailAddress: 'p1@example.com' }),
          ...people(2, 20),
          person('21', { supervisorId: '1' }),
        ],
      },
    ],
    expect: { code: 0, sent: ['21'], supervisors: { 21: 'N1' }, gone: ['1'] },
  },
  {
    situation: 'a move in a part of the people',
    reason: 'their reports keep the old id until they are read, so the run says so',
    settings: relink,
    nights: [
      { rows: [...people(1, 20), person('21', { supervisorId: '1' })] },
      {
        rows: [person('1', { employeeStatusCode: 'T' }), person('N1', { emailAddress: 'p1@example.com' })],
        columns: [...Object.keys(person('1')), 'supervisorId'],
        ends: 'part',
      },
    ],
    expect: { code: 0, sent: ['N1'], stderr: /1 now comes as N1\)[\s\S]*follow\s+when\s+they\s+are\s+read/ },
  },
  {
    situation: 'two come under new ids and a third leaves, in one night',
    reason: 'the leaver goes first; the first move goes alone, the second after it',
    settings: relink,
    nights: [
      { rows: people(1, 200) },
      { rows: [person('3', { employeeStatusCode: 'T' }), ...people(4, 200), ...renumbered(1, 2)] },
    ],
    expect: { code: 0, sent: ['3', 'N1', 'N2'], status: { 3: 'T', ...newIds(1, 2, 'A') }, gone: ['1', '2'] },
  },
  {
    situation: 'everybody comes under a new id: a new tenant',
    reason: 'a guard stops the run and says so; nobody is ended',
    settings: { vanished: 'terminate', vanished_after_reads: 1 },
    nights: [{ rows: people(1, 40) }, { rows: renumbered(1, 40) }],
    expect: { code: 3, sent: [], status: { 1: 'A', 40: 'A' }, state: false, stderr: /40 people come under new ids/ },
  },
  {
    situation: 'the same, and the old ids all come as leavers; the plan is released',
    reason: 'a released plan relinks them, and never ends them, whatever on_new_id says',
    nights: [
      { rows: people(1, 40) },
      { rows: [...asLeavers(1, 40), ...renumbered(1, 40)] },
      { rows: [...asLeavers(1, 40), ...renumbered(1, 40)], accepts: 'the plan of the night before' },
      { rows: [...asLeavers(1, 40), ...renumbered(1, 40)] },
    ],
    expect: { code: 0, sent: [], status: newIds(1, 40, 'A'), gone: ['1', '40'] },
  },
  {
    situation: 'an account that Together calls gone (410), though it had accepted the person before',
    reason: 'it has no address and no reports any more: who gets its address is made, who reports to it goes without',
    settings: { resend_after_hours: 0, max_rejected_percent: 100 },
    nights: [
      { rows: [...people(1, 20), person('21', { supervisorId: '1' })] },
      { rows: [...people(1, 20), person('21', { supervisorId: '1' })], deletes: ['1'] },
      {
        rows: [...people(1, 20), person('21', { supervisorId: '1' }), person('22', { emailAddress: 'P1@example.com' })],
        settings: { resend_after_hours: null, max_rejected_percent: 1 },
      },
    ],
    expect: {
      code: 0,
      sent: ['21', '22'],
      status: { 21: 'A', 22: 'A' },
      gone: ['1'],
      stderr: /sent without supervisor \(21\)/,
    },
  },
  {
    situation: 'an account that can not be changed any more (409), night after night',
    reason: 'it is not sent again while its record stays as it is, not as the daily resend either',
    settings: { resend_after_hours: 0, max_rejected_percent: 100 },
    nights: [{ rows: people(1, 20) }, { rows: people(1, 20), locks: ['1'] }, { rows: people(1, 20) }],
    expect: { code: 0, sent: people(2, 20).map(({ employeeId }) => employeeId), stderr: /409/ },
  },
  {
    situation: 'the same, once the record has changed',
    reason: 'Together may have given the account back',
    settings: { resend_after_hours: 0, max_rejected_percent: 100 },
    nights: [
      { rows: people(1, 20) },
      { rows: people(1, 20), locks: ['1'] },
      { rows: [person('1', { jobTitle: 'Chief' })], ends: 'part' },
    ],
    expect: { code: 4, sent: ['1'] },
  },
  {
    situation: 'a first run, and Together has everybody under other ids',
    reason: 'all ids there would change: that is for somebody to decide',
    held: people(1, 20).map((row) => listed({ ...row, employeeId: `old${row.employeeId}` })),
    nights: [{ rows: people(1, 20) }],
    expect: {
      code: 3,
      sent: [],
      status: { old1: 'A' },
      state: false,
      stderr: /max_relinked|found by address alone 20/,
    },
  },
  {
    situation: 'a first run, and two of many are in Together under other ids; two are there alone',
    reason: 'exceptions go through, named; who is active in Together and in no record is named too',
    held: [
      ...people(1, 20).map(listed),
      ...people(21, 22).map((row) => listed({ ...row, employeeId: `old${row.employeeId}` })),
      ...people(30, 31).map(listed),
      listed(person('32', { employeeStatusCode: 'T' })),
    ],
    nights: [{ rows: people(1, 22) }],
    expect: {
      code: 0,
      status: { 21: 'A', 22: 'A', 30: 'A' },
      gone: ['old21', 'old22'],
      stderr: /2 in Together only[^(]*\(30, 31\)/,
    },
  },
  {
    situation:
      'a first run with a leaver without an address, whom Together lists as active; another one took that address',
    reason:
      "Together's list is evidence as the ledger is: this may be one person under a new id, so the old one is not ended and the new one waits",
    held: people(1, 20).map(listed),
    nights: [
      {
        rows: [
          person('1', { employeeStatusCode: 'T', emailAddress: null }),
          ...people(2, 20),
          person('21', { emailAddress: 'p1@example.com', employeeStatusCode: 'L' }),
        ],
        ends: 'part',
      },
    ],
    expect: { code: 0, status: { 1: 'A', 20: 'A' }, gone: ['21'], stderr: /1 now comes as 21/ },
  },
  {
    situation: 'the same where nobody comes with the address, after a lost state folder',
    reason: 'access ends although the ledger does not know the person any more',
    nights: [
      { rows: people(1, 20) },
      { rows: [person('1', { employeeStatusCode: 'T', emailAddress: null }), ...people(2, 20)], loses: 'state_dir' },
    ],
    expect: { code: 0, status: { 1: 'T', 20: 'A' } },
  },
  {
    situation: 'a first run in which one person hands an address over to another, both in Together',
    reason: 'who gives the address up goes first, or Together makes one record of the two',
    held: people(1, 20).map(listed),
    nights: [
      {
        rows: [
          person('1', { emailAddress: 'p2@example.com' }),
          person('2', { emailAddress: 'new2@example.com' }),
          ...people(3, 20),
        ],
      },
    ],
    expect: {
      code: 0,
      sent: ['2', '1', ...people(3, 20).map(({ employeeId }) => employeeId)],
      status: { 1: 'A', 2: 'A' },
      never: /two records/i,
    },
  },
  {
    situation: 'leaver_email, on_new_id: relink: an id leaves in the night in which its address comes under a new one',
    reason: 'one person: the record gets the new id, and keeps the address',
    settings: { ...leaverEmail, ...relink },
    nights: [
      { rows: [...people(1, 19), person('20', { supervisorId: '1' })] },
      { rows: [...asLeavers(1, 1), ...people(2, 19), person('20', { supervisorId: '1' }), ...renumbered(1, 1)] },
    ],
    expect: { code: 0, gone: ['1'], status: { N1: 'A' }, supervisors: { 20: 'N1' } },
  },
  {
    situation: 'leaver_email is set after somebody has left, and a new person comes with the address',
    reason: 'the end is no news: the leaver gets the other address, and then the new person comes',
    nights: [
      { rows: people(1, 20) },
      { rows: [...asLeavers(1, 1), ...people(2, 20)] },
      { rows: [...asLeavers(1, 1), ...people(2, 20), ...renumbered(1, 1)], settings: leaverEmail },
    ],
    expect: { code: 0, status: { 1: 'T', N1: 'A' } },
  },
  {
    situation:
      'leaver_email, vanished: terminate: the address of a person who was ended as vanished comes with a new one',
    reason: 'the address was freed with the end',
    settings: { ...leaverEmail, vanished: 'terminate', vanished_after_reads: 1 },
    nights: [{ rows: people(1, 20) }, { rows: people(2, 20) }, { rows: [...people(2, 20), ...renumbered(1, 1)] }],
    expect: { code: 0, status: { 1: 'T', N1: 'A' }, holds: { 1: { email: '1@left.example.com' } } },
  },
  {
    situation: 'leaver_email, out_of_scope: terminate',
    reason: 'an end frees the address, for whatever reason it comes',
    settings: {
      ...leaverEmail,
      out_of_scope: 'terminate',
      filters: [{ name: 'contractors', field: 'jobTitle', not_in: ['Contractor'] }],
    },
    nights: [{ rows: people(1, 20) }, { rows: [person('1', { jobTitle: 'Contractor' }), ...people(2, 20)] }],
    expect: { code: 0, sent: ['1'], status: { 1: 'T' }, holds: { 1: { email: '1@left.example.com' } } },
  },
  {
    situation: 'a person that only the list knew after a lost state folder is named as a supervisor in a later night',
    reason: 'what the list said is kept: the person is there, and is not ended as vanished, since no run has sent them',
    settings: { vanished: 'terminate', vanished_after_reads: 1, guards: { max_reports_percent: null } },
    nights: [
      { rows: people(1, 20) },
      { rows: people(2, 20), loses: 'state_dir' },
      { rows: people(2, 20, (id) => (id <= 6 ? { supervisorId: '1' } : {})) },
    ],
    expect: { code: 0, status: { 1: 'A' }, supervisors: { 2: '1', 6: '1' } },
  },
  {
    situation: 'after a lost state folder somebody is found by the address alone, and hands it over later',
    reason: 'who took the place of a listed record owns its address, the old id has none any more',
    nights: [
      { rows: people(1, 20) },
      { rows: [...people(2, 20), ...renumbered(1, 1)], loses: 'state_dir' },
      {
        rows: [
          ...people(2, 20),
          person('N1', { emailAddress: 'new1@example.com' }),
          person('21', { emailAddress: 'p1@example.com' }),
        ],
      },
    ],
    expect: { code: 0, gone: ['1'], status: { N1: 'A', 21: 'A' } },
  },
];
