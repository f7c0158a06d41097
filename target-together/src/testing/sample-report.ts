/** An invented run, for tests and for looking at the report: seeded, so that the same numbers give the same people. */
import type { RunSummary } from '../model/run-summary.ts';
import { type OrgTree, type PersonRow, type PersonTable, type ReportData, treeStates } from '../report/model.ts';

const emptyTable: PersonTable = { total: 0, rows: [] };

/** mulberry32: small, seeded, good enough for invented people. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function sampleSummary(over: Partial<RunSummary> = {}): RunSummary {
  return {
    version: 1,
    run_id: '20260331-0400-41ab',
    mode: 'run',
    started_at: '2026-03-31T04:00:00.000Z',
    finished_at: '2026-03-31T04:00:58.200Z',
    exit_code: 0,
    error: null,
    tool: { name: 'target-together', version: '0.1.0', node: '22.12.0' },
    hashes: {
      settings: '9f3c1b22a7d04e5f',
      mapping: '77e05d1c93ab2f40',
      package: '5be1903377aa10c2',
      plan: '41ab77c0de5512f9',
    },
    destination: { host: 'api.us.togetherplatform.com', region: 'us', organization_id: 'acme' },
    source: {
      cut_off: false,
      complete: true,
      why: 'the read ended with ACTIVATE_VERSION',
      streams: [{ stream: 'employees', preset: 'ukg-pro', records: 4987, mapped: true }],
    },
    people_read: 4987,
    outcomes: {
      created: 12,
      updated: 92,
      unchanged: 0,
      skipped: 4501,
      excluded: 371,
      invalid: 9,
      rejected: 2,
      undelivered: 0,
    },
    excluded_by: { 'employee type: contractor': 301, 'company: ZZ': 70 },
    upcoming: { starts: 0, leaves: 0, returns: 0, days: [], withdrawn: [] },
    actions: { join: 12, change: 85, leave: 7, rehire: 2, move: 0, same: 4501, vanished: 1, excluded: 371, invalid: 9 },
    joins_left: 0,
    vanished: ['99001'],
    together_only: null,
    verify: null,
    moved: [],
    vanished_ended: { planned: 0, accepted: 0 },
    mapping: { changed: [], complete_read_due: [] },
    out_of_scope: { people: 0, ids: [], planned: 0, accepted: 0 },
    changes_by_field: { departmentName: 73, title: 9, supervisorId: 4, email: 2, lastName: 2 },
    guards: [
      guard('max_terminated', 7, 0.2, 10, 5, 4612),
      guard('max_vanished', 1, 0.02, 10, 5, 4612),
      guard('max_changed', 85, 1.8, 50, 30, 4612),
      guard('max_created', 12, 0.3, 50, 20, 4612),
      { ...guard('min_rows_percent', 4987, 100.3, null, 80, 4971) },
      { ...guard('min_filled_percent', 4837, 99.79, null, 90, 97.2), field: 'officeId' },
      { ...guard('min_filled_percent', 4977, 100, null, 90, 99.8), field: 'departmentName' },
    ],
    accepted: null,
    causes: [
      {
        action: 'change',
        field: 'departmentName',
        from: 'Fin Ops',
        to: 'Finance Operations',
        same: true,
        people: 71,
        of: 85,
      },
      { action: 'change', field: 'supervisorId', from: '20001', to: '20002', same: true, people: 4, of: 85 },
    ],
    requests: {
      count: 3,
      retries: 1,
      by_status: { '200': 2, '503': 1 },
      waited_ms: 3200,
      min_gap_ms: 1001,
      interval_ms: 1000,
      bytes_sent: 88_213,
    },
    problems: [
      ...['10311', '10387', '11020', '12001'].map((id) => ({
        id,
        kind: 'invalid' as const,
        since: '2026-03-19T04:00:00.000Z',
        faults: [
          {
            field: 'email',
            code: 'missing',
            source: 'emailAddress',
            message: 'There is no work e-mail address.',
            fix: 'In UKG: Personal › Name, Address, and Telephone › Primary e-mail.',
          },
        ],
      })),
      ...['13001', '13002', '13003', '13004'].map((id) => ({
        id,
        kind: 'invalid' as const,
        faults: [
          {
            field: 'email',
            code: 'duplicate_email',
            message: 'Two people share one e-mail address; neither was sent.',
            fix: 'In UKG: give each person an address of their own.',
          },
        ],
      })),
      {
        id: '14001',
        kind: 'invalid' as const,
        faults: [
          {
            field: 'employeeStatusCode',
            code: 'unknown_code',
            value: 'X',
            message: 'The status code is not known: it is never guessed.',
            fix: 'Correct the status in UKG, or add the code to mapping.fields.employeeStatusCode.lookup.',
          },
        ],
      },
      {
        id: '10455',
        kind: 'rejected' as const,
        status: 409,
        faults: [
          {
            field: 'employeeId',
            code: 'http_409',
            message: 'Together says that this user was modified permanently and can’t be updated.',
            fix: 'Ask Together’s support to release the user; it is tried again when its record changes.',
          },
        ],
      },
      {
        id: '10456',
        kind: 'rejected' as const,
        status: 400,
        faults: [
          {
            field: 'officeId',
            code: 'http_400',
            message: 'Together refused the record.',
            fix: 'Check the field officeId in UKG; it is tried again tomorrow.',
          },
        ],
      },
    ],
    problems_omitted: 0,
    problem_groups: [
      {
        kind: 'invalid',
        field: 'email',
        code: 'missing',
        people: 4,
        message: 'There is no work e-mail address.',
        fix: 'In UKG: Personal › Name, Address, and Telephone › Primary e-mail.',
      },
      {
        kind: 'invalid',
        field: 'email',
        code: 'duplicate_email',
        people: 4,
        message: 'Two people share one e-mail address; neither was sent.',
        fix: 'In UKG: give each person an address of their own.',
      },
      {
        kind: 'invalid',
        field: 'employeeStatusCode',
        code: 'unknown_code',
        people: 1,
        message: 'The status code is not known: it is never guessed.',
        fix: 'Correct the status in UKG, or add the code to mapping.fields.employeeStatusCode.lookup.',
      },
      {
        kind: 'rejected',
        field: 'employeeId',
        code: 'http_409',
        people: 1,
        message: 'Together says that this user was modified permanently and can’t be updated.',
        fix: 'Ask Together’s support to release the user; it is tried again when its record changes.',
      },
      {
        kind: 'rejected',
        field: 'officeId',
        code: 'http_400',
        people: 1,
        message: 'Together refused the record.',
        fix: 'Check the field officeId in UKG; it is tried again tomorrow.',
      },
    ],
    supervisors: {
      dropped: [
        { id: '10021', supervisor_id: '10387', reason: 'loop' },
        { id: '10999', supervisor_id: '20001', reason: 'unknown' },
      ],
      dropped_total: 2,
      loops: [['10021', '10387']],
      relinked: 1,
    },
    unmapped_codes: [{ field: 'addressCountry', value: 'XX', people: 3 }],
    stale: [{ field: 'preferredName', people: 12 }],
    data_quality: [],
    code_spellings: [
      {
        field: 'departmentId',
        spellings: [
          { value: 'FIN', people: 212 },
          { value: 'fin', people: 2 },
        ],
      },
    ],
    privacy: {
      sent: true,
      people: 104,
      fields: [
        { field: 'employeeId', people: 104, sensitive: false },
        { field: 'email', people: 104, sensitive: false },
        { field: 'firstName', people: 104, sensitive: false },
        { field: 'lastName', people: 104, sensitive: false },
        { field: 'dateOfBirth', people: 61, sensitive: true },
      ],
    },
    baseline: { run_id: '20260330-0400-9c11', finished_at: '2026-03-30T04:00:41.000Z', people_read: 4971 },
    baseline_note: null,
    audit_head: `12:${'5e'.repeat(32)}`,
    files: {
      rejects: '/var/lib/together/rejects.singer',
      plan: null,
      report: null,
      audit: '/var/lib/together/audit-2026-03.jsonl',
      config: ['config.json'],
    },
    ...over,
  };
}

function guard(
  name: string,
  count: number | null,
  percent: number,
  limitCount: number | null,
  limitPercent: number,
  baseline: number,
): RunSummary['guards'][number] {
  return {
    name,
    field: null,
    count,
    percent,
    limit: { count: limitCount, percent: limitPercent },
    baseline,
    verdict: 'ok',
    cause: null,
    reason: null,
  };
}

const firstNames = [
  'Ada',
  'Björn',
  'Chidi',
  'Dolores',
  'Eun-ji',
  'Fátima',
  'Grace',
  'Hamza',
  'Inês',
  'Jürgen',
  '李',
  'Nour',
];
const lastNames = ['Example', 'Sample', 'Invented', 'Ọlá', 'Placeholder', 'Fictum', 'Nemo', 'Testov', 'Doe-Smith'];
const departments = ['Finance Operations', 'Engineering', 'People', 'Sales EMEA', 'Customer Care', 'Legal'];

const table = (rows: PersonRow[]): PersonTable => ({ total: rows.length, rows });

/** A run with `size` people; `changed` of them changed; the tree is balanced with seven reports each, and has an odd corner or two. */
export function sampleReport(options: {
  size: number;
  changed: number;
  level?: ReportData['level'];
  seed?: number;
  summary?: Partial<RunSummary>;
}): ReportData {
  const { size, changed, level = 'ids', seed = 1 } = options;
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const id = (position: number) => String(10_000 + position);
  const numberOf = (position: number) => String(400_000 + position);
  const names = Array.from({ length: size }, () => `${pick(firstNames)} ${pick(lastNames)}`);

  const parent = new Int32Array(size);
  const before = new Int32Array(size);
  const state = new Uint8Array(size);
  for (let i = 0; i < size; i++)
    parent[i] = before[i] = i === 0 ? -1 : Math.floor(((i - 1) / 7) * (0.6 + 0.4 * next()));
  const chosen = new Set<number>();
  while (chosen.size < Math.min(changed, size - 1)) chosen.add(1 + Math.floor(next() * (size - 1)));

  const leavers: PersonRow[] = [];
  const joiners: PersonRow[] = [];
  const rehires: PersonRow[] = [];
  const changes: PersonRow[] = [];
  const person = (i: number): PersonRow => ({
    id: id(i),
    number: numberOf(i),
    name: names[i],
    title: i < 57 ? 'Manager' : 'Specialist',
    department: pick(departments),
  });
  for (const i of chosen) {
    const dice = next();
    const row = person(i);
    if (dice < 0.07) {
      state[i] = treeStates.indexOf('leave');
      leavers.push({ ...row, date: '2026-03-30' });
    } else if (dice < 0.16) {
      state[i] = treeStates.indexOf('join');
      joiners.push({ ...row, date: '2026-04-01' });
    } else if (dice < 0.18) {
      state[i] = treeStates.indexOf('rehire');
      rehires.push({ ...row, date: '2026-04-01' });
    } else if (dice < 0.3 && size > 60) {
      state[i] = treeStates.indexOf('move');
      before[i] = Math.floor(next() * 50);
      changes.push({
        ...row,
        changes: [{ field: 'supervisorId', from: id(before[i] as number), to: id(parent[i] as number) }],
      });
    } else {
      state[i] = treeStates.indexOf('change');
      const to = pick(departments);
      changes.push({
        ...row,
        changes: [
          { field: 'departmentName', from: 'Fin Ops', to },
          ...(dice > 0.85 ? [{ field: 'lastName', from: 'Example', to: 'Sample' }] : []),
          ...(dice > 0.95 ? [{ field: 'dateOfBirth', from: '1990-01-01', to: '1990-01-02', sensitive: true }] : []),
        ],
      });
    }
  }
  if (size > 400) {
    parent[size - 1] = size - 2;
    parent[size - 2] = size - 1;
  }
  const rejected = size > 100 ? 2 : 0;
  /** Together refused the first of those who change; everybody else was accepted. */
  const ended = (rows: PersonRow[], refused = 0): PersonRow[] =>
    rows.map((row, i) => ({ ...row, outcome: i < refused ? 'rejected' : rows === joiners ? 'created' : 'updated' }));
  const tree: OrgTree = { size, id, number: numberOf, name: (position) => names[position], parent, before, state };
  const requests = Array.from({ length: Math.max(1, Math.ceil(changed / 400)) }, (_, i) => ({
    atMs: 1200 + i * 1450,
    tookMs: 300 + Math.floor(next() * 200),
    status: i % 9 === 4 ? 503 : 200,
    people: 400,
    bytes: 311_000,
  }));
  const history = Array.from({ length: 30 }, (_, i) => ({
    runId: `2026-03-${String(i + 1).padStart(2, '0')}`,
    finishedAt: `2026-03-${String(i + 1).padStart(2, '0')}T04:00:40.000Z`,
    peopleRead: 4900 + i * 3,
    exitCode: i === 17 ? 3 : 0,
    guards: {
      max_terminated: Math.round(30 * next()) / 100,
      max_vanished: Math.round(4 * next()) / 100,
      max_changed: i === 17 ? 34 : Math.round(200 * next()) / 100,
      max_created: Math.round(50 * next()) / 100,
      min_rows_percent: 99.6 + next(),
      'min_filled_percent:officeId': 99.5 + next(),
      'min_filled_percent:departmentName': 100,
    },
  }));
  const byField: Record<string, number> = {};
  const moves = new Map<string, number>();
  for (const row of changes)
    for (const change of row.changes ?? []) {
      byField[change.field] = (byField[change.field] ?? 0) + 1;
      if (change.field === 'departmentName') moves.set(String(change.to), (moves.get(String(change.to)) ?? 0) + 1);
    }
  const share = (count: number) => Math.round((count / size) * 10_000) / 100;
  const base = sampleSummary();
  const invalid = size > 100 ? 9 : 0;
  return {
    summary: {
      ...base,
      people_read: size,
      source: { ...base.source, streams: [{ stream: 'employees', preset: 'ukg-pro', records: size, mapped: true }] },
      outcomes: {
        created: joiners.length,
        updated: Math.max(0, changes.length + leavers.length + rehires.length - rejected),
        unchanged: 0,
        skipped: size - chosen.size - invalid - 1,
        excluded: 1,
        invalid,
        rejected,
        undelivered: 0,
      },
      excluded_by: { 'employee type: contractor': 1 },
      upcoming: {
        starts: 1,
        leaves: 2,
        returns: 1,
        days: [
          { id: id(1), kind: 'leaves', day: '2026-03-31' },
          { id: id(2), kind: 'starts', day: '2026-04-01' },
          { id: id(3), kind: 'returns', day: '2026-04-12' },
          { id: id(4), kind: 'leaves', day: '2026-04-30' },
        ],
        withdrawn: [id(5)],
      },
      actions: {
        join: joiners.length,
        change: changes.length,
        leave: leavers.length,
        rehire: rehires.length,
        move: 0,
        same: size - chosen.size - invalid - 1,
        vanished: 1,
        excluded: 1,
        invalid,
      },
      vanished: ['99001'],
      changes_by_field: byField,
      causes: [...moves]
        .sort((a, b) => b[1] - a[1])
        .map(([to, count]) => ({
          action: 'change' as const,
          field: 'departmentName',
          from: 'Fin Ops',
          to,
          same: true,
          people: count,
          of: changes.length,
        })),
      guards: [
        guard('max_terminated', leavers.length, share(leavers.length), 10, 5, size),
        guard('max_vanished', 1, share(1), 10, 5, size),
        guard('max_changed', changes.length, share(changes.length), 50, 30, size),
        guard('max_created', joiners.length, share(joiners.length), 50, 20, size),
        guard('min_rows_percent', size, 100.3, null, 80, Math.round(size / 1.003)),
        ...base.guards.filter((g) => g.field !== null),
      ],
      requests: {
        ...base.requests,
        count: requests.length,
        retries: requests.filter((r) => r.status !== 200).length,
        by_status: Object.fromEntries(
          [200, 503]
            .map((code) => [String(code), requests.filter((r) => r.status === code).length])
            .filter(([, n]) => n),
        ),
        bytes_sent: requests.length * 311_000,
      },
      privacy: {
        sent: true,
        people: chosen.size,
        fields: base.privacy.fields.map((f) => ({
          ...f,
          people: f.sensitive ? Math.floor(chosen.size / 2) : chosen.size,
        })),
      },
      ...options.summary,
    },
    level,
    leavers: table(ended(leavers)),
    joiners: table(ended(joiners)),
    rehires: table(ended(rehires)),
    moves: emptyTable,
    only: emptyTable,
    changes: table(ended(changes, rejected)),
    vanished: table([{ id: '99001', name: 'Gone Example' }]),
    excluded:
      size < 5 ? emptyTable : table([{ id: '88001', name: 'Kim Contractor', reason: 'employee type: contractor' }]),
    who: (wanted) => {
      const position = Number(wanted) - 10_000;
      return position >= 0 && position < size ? { number: numberOf(position), name: names[position] } : {};
    },
    tree,
    requests,
    history,
  };
}
