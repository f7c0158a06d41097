/** What a person's absence from a read means, and being left out of one. */
import { bookmarkOf, people, person, type Situation } from '../../support/situations.ts';

const filters = [{ name: 'contractors', field: 'jobTitle', not_in: ['Contractor'] }];
const contractor = person('2', { jobTitle: 'Contractor' });
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const leaves = (offset: number) => ({ ...contractor, employeeStatusCode: 'T', dateOfTermination: day(offset) });

export const absence: readonly Situation[] = [
  {
    situation: 'a filter leaves out a person that Together has as active',
    reason: 'the person keeps access, and nothing else in the run would say so',
    settings: { filters },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 1), contractor, ...people(3, 20)] }],
    expect: { code: 0, status: { 2: 'A' }, stderr: /1 × in Together and out of scope now \(2\)/ },
  },
  {
    situation: 'the same, with out_of_scope: terminate',
    reason: 'who is out of scope has no place in Together, if the settings say so',
    settings: { filters, out_of_scope: 'terminate' },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 1), contractor, ...people(3, 20)] }],
    expect: { code: 0, sent: ['2'], status: { 1: 'A', 2: 'T' }, stderr: /out of scope now \(2\): sent as terminated/ },
  },
  {
    situation: 'a filter leaves out a person whose last day lies ahead',
    reason: 'access never ends before the day after the last one, left out or not',
    settings: { filters },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 1), leaves(20), ...people(3, 20)] }],
    expect: { code: 0, sent: [], status: { 2: 'A' }, stderr: /1 × in Together and out of scope now \(2\)/ },
  },
  {
    situation: 'the same after the last day',
    reason: 'a leaver that Together has is sent, left out or not',
    settings: { filters },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 1), leaves(-2), ...people(3, 20)] }],
    expect: { code: 0, sent: ['2'], status: { 2: 'T' } },
  },
  {
    situation: 'the last day lies ahead, with out_of_scope: terminate',
    reason: 'this one is ended for being out of scope, and named for it',
    settings: { filters, out_of_scope: 'terminate' },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 1), leaves(20), ...people(3, 20)] }],
    expect: { code: 0, sent: ['2'], status: { 2: 'T' }, stderr: /out of scope now \(2\): sent as terminated/ },
  },
  {
    situation: 'a filter that suddenly leaves out everybody, with out_of_scope: terminate',
    reason: 'a wrong filter is as dangerous as a broken source, so the same guard stops it',
    settings: { out_of_scope: 'terminate' },
    nights: [
      { rows: people(1, 30) },
      { rows: people(1, 30), settings: { filters: [{ name: 'wrong', field: 'jobTitle', in: ['Nobody'] }] } },
    ],
    expect: { code: 3, sent: [], status: { 1: 'A' }, state: false, stderr: /max_terminated|terminated 30/ },
  },
  {
    situation: 'the source marks a person as out of scope (mark_left_out of company_ids), with out_of_scope: terminate',
    reason: 'it is the same decision, taken one step earlier',
    settings: { out_of_scope: 'terminate' },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 19), { employeeId: '20', keepReason: 'out_of_scope' }] }],
    expect: { code: 0, sent: ['20'], status: { 20: 'T' } },
  },
  {
    situation: 'a person in transfer, with out_of_scope: terminate',
    reason: 'the source says that the person is there: kept as before is not out of scope',
    settings: { out_of_scope: 'terminate' },
    nights: [{ rows: people(1, 20) }, { rows: [...people(1, 19), { employeeId: '20', keepReason: 'in_transfer' }] }],
    expect: { code: 0, sent: [], status: { 20: 'A' } },
  },
  {
    situation: 'the state folder is lost, and the tap goes on from its bookmark',
    reason:
      'of a part of the people nobody can tell who is new, and the bookmark would leave the others behind for ever',
    nights: [
      { rows: people(1, 20) },
      { rows: people(3, 4), ends: 'part', bookmark: bookmarkOf('employees'), loses: 'state_dir' },
    ],
    expect: { code: 2, sent: [], state: false, stderr: /went on from a bookmark.*delete the state file/s },
  },
  {
    situation: 'the state folder is lost, and tap-ukg-pro says in its bookmark that this was an increment',
    reason: 'the same, told by another sign',
    nights: [
      { rows: people(1, 20) },
      {
        rows: people(3, 4),
        ends: 'part',
        loses: 'state_dir',
        state: { bookmarks: { employees: { replication_key_value: '2026-01-02', last_read: 'increment' } } },
      },
    ],
    expect: { code: 2, sent: [], state: false },
  },
  {
    situation: 'the state folder is lost, and the source tells nothing of its bookmark',
    reason: 'Together lists active people that this read does not bring, and nobody says that they are gone',
    nights: [{ rows: people(1, 20) }, { rows: people(3, 4), ends: 'part', loses: 'state_dir' }],
    expect: { code: 2, sent: [], state: false, stderr: /18 active people that this read does not bring/ },
  },
  {
    situation: 'the state folder is lost, and Airbyte goes on with an incremental sync',
    reason: 'its platform keeps the bookmark, and says by the sync mode that this is a part',
    nights: [
      { airbyte: [{ rows: people(1, 20) }] },
      { airbyte: [{ rows: people(3, 4), part: true }], loses: 'state_dir' },
    ],
    expect: { code: 2, sent: [], state: false, stderr: /18 active people that this read does not bring/ },
  },
  {
    situation: 'the first incremental sync of a connection in Airbyte',
    reason: 'it brings everybody, and Together has nobody yet',
    nights: [{ airbyte: [{ rows: people(1, 20), part: true }] }],
    expect: { code: 0, state: true, status: { 20: 'A' } },
  },
  {
    situation: 'a first run of such a source finds a few users in Together whom an admin has made',
    reason: 'they are the smaller part of the active ones: no increment brings the larger part',
    nights: [{ rows: people(1, 20) }, { rows: people(1, 15), ends: 'part', loses: 'state_dir' }],
    expect: { code: 0, sent: Array.from({ length: 15 }, (_, at) => String(at + 1)) },
  },
  {
    situation: 'the same source, with complete_reads: always',
    reason: 'the operator knows that it reads everybody',
    settings: { complete_reads: 'always' },
    nights: [{ rows: people(1, 20) }, { rows: people(1, 18), ends: 'part', loses: 'state_dir' }],
    expect: { code: 0, state: true },
  },
  {
    situation: 'the state folder is lost, and a row comes that its source has marked as deleted',
    reason:
      'Together lists the person as active, which is evidence as the ledger is: they end, and others are not made',
    nights: [
      { rows: people(1, 20) },
      {
        rows: [
          ...people(1, 18),
          person('19', { _sdc_deleted_at: '2026-01-05T00:00:00Z' }),
          { employeeId: '20', _sdc_deleted_at: '2026-01-05T00:00:00Z' },
          person('21', { _sdc_deleted_at: '2026-01-05T00:00:00Z' }),
        ],
        loses: 'state_dir',
      },
    ],
    expect: { code: 0, status: { 18: 'A', 19: 'T', 20: 'T' }, gone: ['21'] },
  },
  {
    situation: 'the ledger alone is lost, before an increment',
    reason: 'what an earlier run noted says that there was one',
    nights: [{ rows: people(1, 20) }, { rows: people(3, 4), ends: 'part', loses: 'ledger.log' }],
    expect: { code: 2, sent: [], state: false, stderr: /The ledger of 20 people is gone/ },
  },
  {
    situation: 'the state folder is lost, before a complete read',
    reason: 'everybody comes, so nothing is missing but the memory',
    nights: [{ rows: people(1, 20) }, { rows: people(1, 20), bookmark: bookmarkOf('employees'), loses: 'state_dir' }],
    expect: { code: 0, state: true, status: { 1: 'A' } },
  },
  {
    situation: 'a first run of a source that never says that it has read everybody',
    reason: 'nothing tells of a bookmark: this is how every first run of such a source looks',
    nights: [{ rows: people(1, 5), ends: 'part' }],
    expect: { code: 0, sent: ['1', '2', '3', '4', '5'], state: true },
  },
];
