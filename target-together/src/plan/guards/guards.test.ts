import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardCounts } from '../../model/guard-counts.ts';
import { type Action, actions } from '../../model/outcome.ts';
import { Settings } from '../../settings/settings.ts';
import { checkGuards, type GuardInput } from './guards.ts';

const { guards: settings } = Settings.parse({ region: 'us', organization_id: 'o', client_id: 'c', api_key: 'k' });
const none = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;

const input = (over: Partial<Omit<GuardInput, 'counts'>> & { counts?: GuardCounts } = {}): GuardInput => ({
  settings,
  complete: true,
  rows: 1000,
  users: 1000,
  filled: { officeId: 970 },
  note: undefined,
  lately: {},
  domains: [],
  supervisors: [],
  baseline: { known: 1000, active: 1000, whole: true, rows: 1000, filled: { officeId: 0.97 } },
  ...over,
  counts: { ...none, ...over.counts },
});
const tripped = (given: GuardInput) =>
  checkGuards(given)
    .filter((guard) => guard.verdict === 'tripped')
    .map((guard) => guard.name);

describe('guards', () => {
  it('trip only when both the count and the percent are passed', () => {
    const leave = (count: number, active: number) =>
      input({ counts: { leave: count }, baseline: { known: active, active, whole: true } });
    expect(tripped(leave(10, 100))).toEqual([]);
    expect(tripped(leave(11, 100))).toEqual(['max_terminated']);
    expect(tripped(leave(50, 1000))).toEqual([]);
    expect(tripped(leave(51, 1000))).toEqual(['max_terminated']);
  });

  it.each([
    ['max_vanished', { vanished: 60 }],
    ['max_changed', { change: 301 }],
    ['max_created', { join: 201 }],
  ] as const)('%s counts its own actions', (name, counts) => {
    expect(tripped(input({ counts }))).toEqual([name]);
  });

  it('stop a complete read of half the people, and do not judge a partial one by its rows', () => {
    expect(tripped(input({ rows: 500 }))).toEqual(['min_rows_percent']);
    expect(tripped(input({ rows: 800 }))).toEqual([]);
    expect(tripped(input({ rows: 5, users: 5, complete: false, filled: {} }))).toEqual([]);
  });

  it('name the field that lost its values', () => {
    const [guard] = checkGuards(input({ filled: { officeId: 410 } })).filter((one) => one.verdict === 'tripped');
    expect(guard).toMatchObject({ name: 'min_filled_percent', field: 'officeId', baseline: 97 });
  });

  it('do not stop a run because two people lost what only they had, and do when a whole small field is gone', () => {
    const rare = (was: number, is: number) =>
      tripped(
        input({
          filled: { gender: is },
          baseline: { known: 1000, active: 1000, whole: true, rows: 1000, filled: { gender: was / 1000 } },
        }),
      );
    expect(rare(2, 0)).toEqual([]);
    expect(rare(3, 1)).toEqual([]);
    expect(rare(3, 0)).toEqual(['min_filled_percent']);
  });

  it('say that they have no baseline, never that all is well', () => {
    const found = checkGuards(input({ baseline: undefined, note: 'first run', counts: { leave: 900, join: 900 } }));
    expect(new Set(found.map((guard) => guard.verdict))).toEqual(new Set(['no_baseline']));
    expect(found[0]?.reason).toBe('first run');
  });

  it('let the rest of an interrupted run pass, and stop what goes beyond it', () => {
    const baseline = { known: 1000, active: 1000, whole: true, vetted: { leave: 300 } };
    expect(tripped(input({ baseline, counts: { leave: 300 } }))).toEqual([]);
    expect(tripped(input({ baseline, counts: { leave: 301 } }))).toEqual(['max_terminated']);
  });

  it('are off only where the settings say null', () => {
    const off = input({
      settings: { ...settings, max_terminated: null, min_rows_percent: null },
      counts: { leave: 999 },
      rows: 1,
    });
    expect(tripped(off)).toEqual([]);
    expect(checkGuards(off)[0]?.verdict).toBe('off');
  });

  const found = (given: GuardInput, name: string, field: string | null = null) =>
    checkGuards(given).find((guard) => guard.name === name && guard.field === field);

  it('tell of each what was counted, of how many, and what would have been allowed', () => {
    const given = input({
      settings: {
        ...settings,
        max_terminated: { count: 10, percent: 5 },
        min_rows_percent: 80,
        min_filled_percent: 50,
      },
      counts: { leave: 33 },
      rows: 901,
      filled: { officeId: 940 },
      baseline: { known: 1000, active: 900, whole: true, rows: 1000, filled: { officeId: 0.97 } },
    });
    expect([
      found(given, 'max_terminated'),
      found(given, 'min_rows_percent'),
      found(given, 'min_filled_percent', 'officeId'),
    ]).toEqual([
      {
        name: 'max_terminated',
        field: null,
        count: 33,
        percent: 3.67,
        limit: { count: 10, percent: 5 },
        baseline: 900,
        cause: null,
        verdict: 'ok',
        reason: null,
      },
      {
        name: 'min_rows_percent',
        field: null,
        count: 901,
        percent: 90.1,
        limit: { count: null, percent: 80 },
        baseline: 1000,
        cause: null,
        verdict: 'ok',
        reason: null,
      },
      {
        name: 'min_filled_percent',
        field: 'officeId',
        count: 940,
        percent: 96.91,
        limit: { count: null, percent: 50 },
        baseline: 97,
        cause: null,
        verdict: 'ok',
        reason: null,
      },
    ]);
  });

  it('measure actions against the people of the ledger: any is all of none, and none is none of none', () => {
    const empty = { known: 0, active: 0, whole: true };
    expect(found(input({ counts: { leave: 1 }, baseline: empty }), 'max_terminated')?.percent).toBe(100);
    expect(found(input({ baseline: empty }), 'max_terminated')?.percent).toBe(0);
    const nothing = input({ baseline: undefined, note: undefined });
    expect(found(nothing, 'max_terminated')).toMatchObject({ percent: null, baseline: null, reason: null });
  });

  it('trip on actions only above the count and above the percent', () => {
    const limit = { count: 10, percent: 5 };
    const leave = (count: number, active: number) =>
      tripped(
        input({
          settings: { ...settings, max_terminated: limit },
          counts: { leave: count },
          baseline: { known: active, active, whole: true },
        }),
      );
    const results = { atCount: leave(10, 20), atPercent: leave(11, 220), above: leave(11, 219) };
    expect(results).toEqual({ atCount: [], atPercent: [], above: ['max_terminated'] });
  });

  it('do not judge creations and changes before a run has read its source to the end', () => {
    const baseline = { known: 1000, active: 1000, whole: false };
    const given = input({ baseline, counts: { join: 999, change: 999, leave: 999 } });
    const verdicts = ['max_created', 'max_changed', 'max_terminated'].map((name) => {
      const { verdict, reason } = found(given, name) ?? {};
      return { name, verdict, reason };
    });
    const reason = 'no run has read its source to the end yet';
    expect(verdicts).toEqual([
      { name: 'max_created', verdict: 'no_baseline', reason },
      { name: 'max_changed', verdict: 'no_baseline', reason },
      { name: 'max_terminated', verdict: 'tripped', reason: null },
    ]);
  });

  it('say why what is left of an interrupted run may go', () => {
    const baseline = { known: 1000, active: 1000, whole: true, vetted: { change: 200, rehire: 150 } };
    const rest = (change: number) => {
      const { verdict, reason } = found(input({ baseline, counts: { change, rehire: 150 } }), 'max_changed') ?? {};
      return { verdict, reason };
    };
    expect([rest(200), rest(201)]).toEqual([
      { verdict: 'ok', reason: 'what is left of an interrupted run that had passed' },
      { verdict: 'tripped', reason: null },
    ]);
    const quiet = found(input({ baseline, counts: { change: 1 } }), 'max_changed');
    expect(quiet?.reason).toBeNull();
  });

  it.each([
    { what: 'at the least share', rows: 800, over: {}, verdict: 'ok', reason: null },
    { what: 'below it', rows: 799, over: {}, verdict: 'tripped', reason: null },
    {
      what: 'of a part of the people',
      rows: 1,
      over: { complete: false },
      verdict: 'not_checked',
      reason: 'the source did not read everybody',
    },
    {
      what: 'with nothing to compare with',
      rows: 1,
      over: { baseline: undefined, note: 'first run' },
      verdict: 'no_baseline',
      reason: 'first run',
    },
    {
      what: 'without a complete read before',
      rows: 1,
      over: { baseline: { known: 9, active: 9, whole: true } },
      verdict: 'no_baseline',
      reason: 'no run that ended well has read everybody yet',
    },
    {
      what: 'switched off',
      rows: 1,
      over: { settings: { ...settings, min_rows_percent: null } },
      verdict: 'off',
      reason: 'switched off in the settings',
    },
  ] as const)('rows $what: $verdict', ({ rows, over, verdict, reason }) => {
    const base = input({ settings: { ...settings, min_rows_percent: 80 }, rows });
    expect(found({ ...base, ...over }, 'min_rows_percent')).toMatchObject({ verdict, reason });
  });

  it('know a field only from the last complete read, and judge no field that nobody had', () => {
    const given = input({
      filled: { newField: 3 },
      baseline: { known: 9, active: 9, whole: true, rows: 9, filled: { empty: 0, title: 0.5 } },
      users: 0,
    });
    const fields = checkGuards(given)
      .filter(({ name }) => name === 'min_filled_percent')
      .map(({ field, count, percent, baseline, verdict }) => ({ field, count, percent, baseline, verdict }));
    expect(fields).toEqual([
      { field: 'empty', count: 0, percent: null, baseline: 0, verdict: 'ok' },
      { field: 'newField', count: 3, percent: null, baseline: null, verdict: 'ok' },
      { field: 'title', count: 0, percent: 0, baseline: 50, verdict: 'ok' },
    ]);
  });

  it.each([
    { was: 0.5, is: 250, verdict: 'ok' },
    { was: 0.5, is: 249, verdict: 'tripped' },
    { was: 0.003, is: 0, verdict: 'tripped' },
    { was: 0.003, is: 1, verdict: 'ok' },
    { was: 0.002, is: 0, verdict: 'ok' },
    { was: 0.01, is: 4, verdict: 'tripped' },
    { was: 0.007, is: 3, verdict: 'tripped' },
    { was: 0.006, is: 3, verdict: 'ok' },
    { was: 0.006, is: 2, verdict: 'tripped' },
  ])('a field that $was of a thousand had, and $is have: $verdict', ({ was, is, verdict }) => {
    const given = input({
      settings: { ...settings, min_filled_percent: 50 },
      filled: { gender: is },
      baseline: { known: 1000, active: 1000, whole: true, rows: 1000, filled: { gender: was } },
    });
    expect(found(given, 'min_filled_percent', 'gender')?.verdict).toBe(verdict);
  });

  it('say of the shares of fields, too, when they are off', () => {
    const off = input({ settings: { ...settings, min_filled_percent: null }, filled: { officeId: 0 } });
    expect(found(off, 'min_filled_percent', 'officeId')).toMatchObject({
      verdict: 'off',
      reason: 'switched off in the settings',
      limit: { count: null, percent: null },
    });
  });

  it('never trip on a quiet day, whatever the size of the company', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100), (known, active) => {
        const base = { known, active: Math.min(known, active), whole: true, rows: known, filled: { a: known ? 1 : 0 } };
        expect(tripped(input({ rows: known, users: known, filled: { a: known }, baseline: base }))).toEqual([]);
      }),
    );
  });
});

interface Row {
  readonly reason: string;
  readonly given: Parameters<typeof input>[0];
  readonly stops: readonly string[];
}

const base = { known: 1000, active: 1000, whole: true };
const small = { known: 8, active: 8, whole: true };

const rows: readonly Row[] = [
  {
    reason: 'half of a company of eight may change',
    given: { counts: { change: 4 }, baseline: small },
    stops: [],
  },
  {
    reason: 'more than half of a company of eight may not, though ten may elsewhere',
    given: { counts: { leave: 5 }, baseline: small },
    stops: ['max_terminated'],
  },
  {
    reason: 'two of two are no company',
    given: { counts: { leave: 2 }, baseline: { known: 2, active: 2, whole: true } },
    stops: [],
  },
  {
    reason: 'five an hour add up within the window',
    given: { counts: { leave: 5 }, lately: { max_terminated: 50 } },
    stops: ['max_terminated'],
  },
  {
    reason: 'two of four have left in the morning: a third is more than half of the company',
    given: { counts: { leave: 1 }, lately: { max_terminated: 2 }, baseline: { known: 4, active: 2, whole: true } },
    stops: ['max_terminated'],
  },
  {
    reason: 'of 1,000 people 49 have left within the window: one more is 5 % and not above',
    given: { counts: { leave: 1 }, lately: { max_terminated: 49 }, baseline: { ...base, active: 951 } },
    stops: [],
  },
  {
    reason: 'two founders take on three people one after the other',
    given: { counts: { join: 1 }, lately: { max_created: 2 }, baseline: { known: 5, active: 5, whole: true } },
    stops: [],
  },
  {
    reason: 'one of eight people who changes every hour is not half of the company',
    given: { counts: { change: 1 }, lately: { max_changed: 20 }, baseline: small },
    stops: [],
  },
  {
    reason: 'a quiet hour after a busy one stops nothing',
    given: { counts: { leave: 0 }, lately: { max_terminated: 500 } },
    stops: [],
  },
  {
    reason: '290 of 1,000 addresses may not move in a night',
    given: { counts: { change: 290, email: 290 } },
    stops: ['max_email_changed'],
  },
  {
    reason: 'a wave of rehires brings a backup back',
    given: { counts: { rehire: 60 } },
    stops: ['max_rehired'],
  },
  {
    reason: 'two people of a bought company are no rebrand',
    given: {
      domains: [{ domain: 'new.example', key: 'new.example', people: 2 }],
      baseline: { ...base, domains: ['old.example'] },
    },
    stops: [],
  },
  {
    reason: 'three people in a domain that no successful run has met',
    given: {
      domains: [{ domain: 'new.example', key: 'new.example', people: 3 }],
      baseline: { ...base, domains: ['old.example'] },
    },
    stops: ['new_email_domain'],
  },
  {
    reason: 'a domain that is known',
    given: {
      domains: [{ domain: 'old.example', key: 'old.example', people: 900 }],
      baseline: { ...base, domains: ['old.example'] },
    },
    stops: [],
  },
  {
    reason: 'one supervisor suddenly has a fifth of everybody',
    given: { supervisors: [{ id: '1', reports: 201 }], baseline: { ...base, supervisors: [] } },
    stops: ['max_reports_percent'],
  },
  {
    reason: 'a supervisor who had them before',
    given: { supervisors: [{ id: '1', reports: 900 }], baseline: { ...base, supervisors: ['1'] } },
    stops: [],
  },
  {
    reason: 'a part of 60 people in which a field of nearly everybody is gone',
    given: { complete: false, users: 60, filled: {}, baseline: { ...base, rows: 1000, filled: { officeId: 0.9 } } },
    stops: ['min_filled_percent'],
  },
  {
    reason: 'a part of 60 people that has less of it than everybody',
    given: {
      complete: false,
      users: 60,
      filled: { officeId: 20 },
      baseline: { ...base, rows: 1000, filled: { officeId: 0.9 } },
    },
    stops: [],
  },
  {
    reason: 'an end date that fewer people have is good news',
    given: { filled: { dateOfTermination: 0 }, baseline: { ...base, rows: 1000, filled: { dateOfTermination: 0.5 } } },
    stops: [],
  },
  {
    reason: 'nine in ten of nine in ten is not less than 90 %',
    given: { users: 10, filled: { officeId: 9 }, baseline: { ...base, rows: 10, filled: { officeId: 1 } } },
    stops: [],
  },
];

const known = { ...base, domains: ['old.example'], supervisors: ['1'] };
const domain = (people: number, name = 'new.example') => ({ domain: name, key: name, people });
const reports = (count: number, id = '2') => ({ id, reports: count });
const many = { ...base, rows: 1000 };
const off = 'switched off in the settings';

/** What a guard says in all, where it is no limit on an action. */
const findings: readonly {
  readonly reason: string;
  readonly name: string;
  readonly given: Parameters<typeof input>[0];
  readonly says: object | undefined;
}[] = [
  { reason: "Together's list was not read", name: 'max_relinked', given: {}, says: undefined },
  {
    reason: 'as many are found by address as may be',
    name: 'max_relinked',
    given: { settings: { ...settings, max_relinked: { count: 10, percent: 5 } }, matches: { byId: 89, byAddress: 10 } },
    says: { count: 10, percent: 10.1, limit: { count: 10, percent: 5 }, baseline: 99, verdict: 'ok', reason: null },
  },
  {
    reason: 'more people are found by address than may be',
    name: 'max_relinked',
    given: { settings: { ...settings, max_relinked: { count: 10, percent: 5 } }, matches: { byId: 89, byAddress: 11 } },
    says: { count: 11, percent: 11, baseline: 100, verdict: 'tripped', reason: null },
  },
  {
    reason: 'nobody is found at all',
    name: 'max_relinked',
    given: { matches: { byId: 0, byAddress: 0 } },
    says: { count: 0, percent: 0, baseline: 0, verdict: 'ok', reason: null },
  },
  {
    reason: 'null switches it off',
    name: 'max_relinked',
    given: { settings: { ...settings, max_relinked: null }, matches: { byId: 0, byAddress: 900 } },
    says: { count: 900, limit: { count: null, percent: null }, verdict: 'off', reason: off },
  },
  {
    reason: 'the new domain with the most people is named',
    name: 'new_email_domain',
    given: { baseline: known, domains: [domain(3, 'small.example'), domain(4), domain(900, 'old.example')] },
    says: {
      count: 4,
      limit: { count: 2, percent: null },
      baseline: 1,
      verdict: 'tripped',
      reason: 'new domain: new.example',
    },
  },
  {
    reason: 'all domains are known',
    name: 'new_email_domain',
    given: { baseline: known, domains: [domain(900, 'old.example')] },
    says: { count: 0, baseline: 1, verdict: 'ok', reason: null },
  },
  {
    reason: 'no run has noted domains',
    name: 'new_email_domain',
    given: { domains: [domain(9)] },
    says: {
      count: null,
      baseline: null,
      verdict: 'no_baseline',
      reason: 'no successful run has noted the domains yet',
    },
  },
  {
    reason: 'a first run has no domains to compare with',
    name: 'new_email_domain',
    given: { baseline: undefined, note: 'first run', domains: [domain(9)] },
    says: { verdict: 'no_baseline', reason: 'first run' },
  },
  {
    reason: 'null switches it off',
    name: 'new_email_domain',
    given: { settings: { ...settings, new_email_domain: null }, baseline: known, domains: [domain(9)] },
    says: { limit: { count: null, percent: null }, verdict: 'off', reason: off },
  },
  {
    reason: 'the new supervisor with the most reports is named',
    name: 'max_reports_percent',
    given: { baseline: known, supervisors: [reports(900, '1'), reports(201, '3'), reports(202)] },
    says: {
      count: 202,
      percent: 20.2,
      limit: { count: null, percent: 20 },
      baseline: 1000,
      verdict: 'tripped',
      reason: 'supervisor 2',
    },
  },
  {
    reason: 'a fifth is not more than a fifth',
    name: 'max_reports_percent',
    given: { baseline: known, supervisors: [reports(200)] },
    says: { count: 0, percent: 0, verdict: 'ok', reason: null },
  },
  {
    reason: 'ten reports may be all of a small company',
    name: 'max_reports_percent',
    given: { baseline: known, users: 11, supervisors: [reports(10)] },
    says: { count: 0, verdict: 'ok' },
  },
  {
    reason: 'eleven reports of twelve people',
    name: 'max_reports_percent',
    given: { baseline: known, users: 12, supervisors: [reports(11)] },
    says: { count: 11, percent: 91.67, verdict: 'tripped' },
  },
  {
    reason: 'nobody was read',
    name: 'max_reports_percent',
    given: { baseline: known, users: 0 },
    says: { count: 0, percent: 0, verdict: 'ok' },
  },
  {
    reason: 'a part of the people has other shares',
    name: 'max_reports_percent',
    given: { baseline: known, complete: false, supervisors: [reports(900)] },
    says: { verdict: 'not_checked', reason: 'the source did not read everybody' },
  },
  {
    reason: 'no run has noted supervisors',
    name: 'max_reports_percent',
    given: { supervisors: [reports(900)] },
    says: { verdict: 'no_baseline', reason: 'no successful run has noted the supervisors yet' },
  },
  {
    reason: 'a first run has no supervisors to compare with',
    name: 'max_reports_percent',
    given: { baseline: undefined, note: 'first run', supervisors: [reports(900)] },
    says: { verdict: 'no_baseline', reason: 'first run' },
  },
  {
    reason: 'null switches it off',
    name: 'max_reports_percent',
    given: { settings: { ...settings, max_reports_percent: null }, baseline: known, supervisors: [reports(900)] },
    says: { limit: { count: null, percent: null }, verdict: 'off', reason: off },
  },
  {
    reason: 'of a part of 50 people ten should have the field, and none has',
    name: 'min_filled_percent',
    given: { complete: false, users: 50, filled: {}, baseline: { ...many, filled: { officeId: 0.2 } } },
    says: { field: 'officeId', count: 0, percent: 0, baseline: 20, verdict: 'tripped' },
  },
  {
    reason: 'of a part of 50 people nine should have the field, and none has',
    name: 'min_filled_percent',
    given: { complete: false, users: 50, filled: {}, baseline: { ...many, filled: { officeId: 0.18 } } },
    says: { field: 'officeId', count: 0, verdict: 'ok' },
  },
  {
    reason: 'a part of 49 people is too small to judge',
    name: 'min_filled_percent',
    given: { complete: false, users: 49, filled: {}, baseline: { ...many, filled: { officeId: 0.9 } } },
    says: { field: 'officeId', verdict: 'not_checked', reason: 'the source did not read everybody' },
  },
  {
    reason: 'a second address that fewer people have is good news',
    name: 'min_filled_percent',
    given: { filled: { alternateEmails: 0 }, baseline: { ...many, filled: { alternateEmails: 0.5 } } },
    says: undefined,
  },
];

it.each(findings)('$name: $reason', ({ name, given, says }) => {
  const found = checkGuards(input(given)).find((guard) => guard.name === name);
  expect(found).toEqual(says && { ...found, field: null, cause: null, ...says });
});

describe('a guard stops', () => {
  it.each(rows)('$reason', ({ given, stops }) => {
    expect(tripped(input(given))).toEqual(stops);
  });
});
