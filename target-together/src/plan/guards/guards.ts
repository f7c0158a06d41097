/**
 * The brake: compares the plan with the last successful run, before the first write. All or nothing: one guard that trips means
 * that no person is sent. What a run does about it: run/guard-step.ts.
 */

import { type GuardCounts, peopleLimits, sumOf } from '../../model/guard-counts.ts';
import type { Guard, GuardVerdict } from '../../model/run-summary.ts';
import type { Guards } from '../../settings/settings.ts';
import type { GuardBaseline } from './baseline.ts';
import { passes } from './passes.ts';

export interface GuardInput {
  readonly settings: Guards;
  /** `vanished`: who was not missing before. */
  readonly counts: GuardCounts;
  /** By guard name: what the runs of the window before this one did. */
  readonly lately: Readonly<Record<string, number>>;
  readonly complete: boolean;
  readonly rows: number;
  /** By Together field: for how many of the `users` mapped people it is filled. */
  readonly filled: Readonly<Record<string, number>>;
  readonly users: number;
  /** Mail domains, with the people read who have an address there; `key`: as successful runs keep it. */
  readonly domains: readonly { readonly domain: string; readonly key: string; readonly people: number }[];
  /** Supervisors with the most reports: employeeId and reports. */
  readonly supervisors: readonly { readonly id: string; readonly reports: number }[];
  readonly baseline: GuardBaseline | undefined;
  /** People to be sent that Together lists: by their employeeId, and by another one that has their address. Absent: its list was not read. */
  readonly matches?: { readonly byId: number; readonly byAddress: number } | undefined;
  /** Why there is no baseline. */
  readonly note: string | undefined;
}

/** A field that only two people have may lose both without any fault of the source. */
const fewestMissing = 2;

export function checkGuards(input: GuardInput): Guard[] {
  return [
    ...peopleLimits.map((rule) => checkLimit(rule, input)),
    ...checkRelinked(input),
    checkDomains(input),
    checkSupervisors(input),
    checkRows(input),
    ...checkFilled(input),
  ];
}

function checkLimit(rule: (typeof peopleLimits)[number], input: GuardInput): Guard {
  const { baseline } = input;
  const limit = input.settings[rule.name];
  const own = sumOf(input.counts, rule.counts);
  const lately = own === 0 ? 0 : (input.lately[rule.name] ?? 0);
  const count = own + lately;
  const whole = baseline && baseline[rule.of] + (rule.addsEarlier ? lately : 0);
  const percent = whole === undefined ? null : count === 0 ? 0 : whole === 0 ? 100 : (count / whole) * 100;
  const guard = {
    name: rule.name,
    field: null,
    count,
    percent: rounded(percent),
    limit: { count: limit?.count ?? null, percent: limit?.percent ?? null },
    baseline: whole ?? null,
    cause: null,
  };
  if (limit === null) return { ...guard, verdict: 'off', reason: 'switched off in the settings' };
  if (percent === null) return { ...guard, verdict: 'no_baseline', reason: input.note ?? null };
  if (rule.of === 'known' && !baseline?.whole) {
    return { ...guard, verdict: 'no_baseline', reason: 'no run has read its source to the end yet' };
  }
  const passed = passes(limit, { count, half: rule.halfOfDay ? count : own, of: whole ?? 0 });
  const vetted = baseline?.vetted && sumOf(baseline.vetted, rule.counts);
  if (passed && vetted !== undefined && own <= vetted) {
    return { ...guard, verdict: 'ok', reason: 'what is left of an interrupted run that had passed' };
  }
  const reason = !passed
    ? null
    : passed === 'half'
      ? 'more than half of all people'
      : lately > 0
        ? `${lately} of them in earlier runs of the guard window`
        : null;
  return { ...guard, verdict: passed ? 'tripped' : 'ok', reason };
}

/** A list of Together's under other ids, as on a first run: who is found by address alone would get another id. */
function checkRelinked({ settings, matches }: GuardInput): Guard[] {
  if (!matches) return [];
  const limit = settings.max_relinked;
  const { byId, byAddress } = matches;
  const of = byId + byAddress;
  const tripped = limit !== null && passes(limit, { count: byAddress, half: byAddress, of }) !== undefined;
  return [
    {
      name: 'max_relinked',
      field: null,
      count: byAddress,
      percent: of === 0 ? 0 : rounded((byAddress / of) * 100),
      limit: { count: limit?.count ?? null, percent: limit?.percent ?? null },
      baseline: of,
      cause: null,
      verdict: limit === null ? 'off' : tripped ? 'tripped' : 'ok',
      reason: limit === null ? 'switched off in the settings' : null,
    },
  ];
}

/** People whose address lies in a domain that no successful run has met. */
function checkDomains(input: GuardInput): Guard {
  const most = input.settings.new_email_domain;
  const known = input.baseline?.domains && new Set(input.baseline.domains);
  const [worst] = input.domains.filter(({ key }) => !known?.has(key)).sort((a, b) => b.people - a.people);
  const count = worst?.people ?? 0;
  const guard = {
    name: 'new_email_domain',
    field: null,
    count: known ? count : null,
    percent: null,
    limit: { count: most === null ? null : most - 1, percent: null },
    baseline: known?.size ?? null,
    cause: null,
  };
  if (most === null) return { ...guard, verdict: 'off', reason: 'switched off in the settings' };
  if (!known)
    return { ...guard, verdict: 'no_baseline', reason: input.note ?? 'no successful run has noted the domains yet' };
  const tripped = count >= most;
  return {
    ...guard,
    verdict: tripped ? 'tripped' : 'ok',
    reason: tripped && worst ? `new domain: ${worst.domain}` : null,
  };
}

/** Fewer people than this have one supervisor who has them all. */
const fewestForShare = 10;

/** A supervisor who has suddenly a large part of everybody: a default value of the HRIS, or a shifted column. */
function checkSupervisors(input: GuardInput): Guard {
  const most = input.settings.max_reports_percent;
  const known = input.baseline?.supervisors;
  const over = input.supervisors.filter(
    ({ id, reports }) =>
      !known?.includes(id) && reports > fewestForShare && reports * 100 > (most ?? 100) * input.users,
  );
  const [worst] = over.sort((a, b) => b.reports - a.reports);
  const guard = {
    name: 'max_reports_percent',
    field: null,
    count: worst?.reports ?? 0,
    percent: rounded(input.users === 0 ? 0 : ((worst?.reports ?? 0) / input.users) * 100),
    limit: { count: null, percent: most },
    baseline: input.users,
    cause: null,
  };
  if (most === null) return { ...guard, verdict: 'off', reason: 'switched off in the settings' };
  if (!known)
    return {
      ...guard,
      verdict: 'no_baseline',
      reason: input.note ?? 'no successful run has noted the supervisors yet',
    };
  if (!input.complete) return { ...guard, verdict: 'not_checked', reason: 'the source did not read everybody' };
  return { ...guard, verdict: worst ? 'tripped' : 'ok', reason: worst ? `supervisor ${worst.id}` : null };
}

function checkRows(input: GuardInput): Guard {
  const least = input.settings.min_rows_percent;
  const before = input.baseline?.rows;
  const percent = before ? (input.rows / before) * 100 : null;
  return {
    name: 'min_rows_percent',
    field: null,
    count: input.rows,
    percent: rounded(percent),
    limit: { count: null, percent: least },
    baseline: before ?? null,
    cause: null,
    ...shareVerdict(input, least, percent, percent !== null && percent < (least ?? 0)),
  };
}

/** A part of so many people has some with a field that so many of them should have, or the source has lost it. */
const enoughRead = 50;
const surelyExpected = 10;

/** Fields whose absence is good news. */
const mayEmpty: ReadonlySet<string> = new Set(['dateOfTermination', 'alternateEmails']);

function checkFilled(input: GuardInput): Guard[] {
  const least = input.settings.min_filled_percent;
  const before = input.baseline?.filled;
  const fields = Object.keys({ ...before, ...input.filled })
    .filter((field) => !mayEmpty.has(field))
    .sort();
  return fields.map((field) => {
    const share = input.users === 0 ? 0 : (input.filled[field] ?? 0) / input.users;
    const was = before?.[field];
    const percent = was ? (share / was) * 100 : null;
    const expected = (was ?? 0) * input.users;
    const filled = input.filled[field] ?? 0;
    const missing = expected - filled;
    // In people, not in shares: 90 % of 9 in 10 must not fail by a rounded digit.
    const low =
      percent !== null &&
      Math.round(percent * 1000) < Math.round((least ?? 0) * 1000) &&
      missing > Math.max(fewestMissing, Math.min(3, expected - 0.5));
    // People of a part differ from people of the whole: there only a field that is gone counts.
    const passed = low && (input.complete || (filled === 0 && expected >= surelyExpected));
    return {
      name: 'min_filled_percent',
      field,
      count: input.filled[field] ?? 0,
      percent: rounded(percent),
      limit: { count: null, percent: least },
      baseline: was === undefined ? null : rounded(was * 100),
      cause: null,
      ...shareVerdict(
        input,
        least,
        before && !was ? 100 : percent,
        passed,
        input.complete || input.users >= enoughRead,
      ),
    };
  });
}

function shareVerdict(
  input: GuardInput,
  least: number | null,
  percent: number | null,
  tripped: boolean,
  judged = input.complete,
): { verdict: GuardVerdict; reason: string | null } {
  if (least === null) return { verdict: 'off', reason: 'switched off in the settings' };
  if (!judged) return { verdict: 'not_checked', reason: 'the source did not read everybody' };
  if (percent === null) {
    return { verdict: 'no_baseline', reason: input.note ?? 'no run that ended well has read everybody yet' };
  }
  return { verdict: tripped ? 'tripped' : 'ok', reason: null };
}

function rounded(percent: number | null): number | null {
  return percent === null ? null : Math.round(percent * 100) / 100;
}
