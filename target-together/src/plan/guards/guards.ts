/**
 * The brake: compares the plan with the last successful run, before the first write. All or nothing: one guard that trips means
 * that no person is sent. What a run does about it: run/guard-step.ts.
 */

import type { Action } from '../../model/outcome.ts';
import type { Guard, GuardVerdict } from '../../model/run-summary.ts';
import type { Guards } from '../../settings/settings.ts';
import type { GuardBaseline } from './baseline.ts';
import { limits } from './limits.ts';

export interface GuardInput {
  readonly settings: Guards;
  readonly counts: Readonly<Record<Action, number>>;
  readonly complete: boolean;
  readonly rows: number;
  /** By Together field: for how many of the `users` mapped people it is filled. */
  readonly filled: Readonly<Record<string, number>>;
  readonly users: number;
  readonly baseline: GuardBaseline | undefined;
  /** Why there is no baseline. */
  readonly note: string | undefined;
}

/** A field that only two people have may lose both without any fault of the source. */
const fewestMissing = 2;

export function checkGuards(input: GuardInput): Guard[] {
  return [...limits.map((rule) => checkLimit(rule, input)), checkRows(input), ...checkFilled(input)];
}

function checkLimit(rule: (typeof limits)[number], input: GuardInput): Guard {
  const { baseline } = input;
  const limit = input.settings[rule.name];
  const sum = (of: Readonly<Partial<Record<Action, number>>>) =>
    rule.counts.reduce((total, action) => total + (of[action] ?? 0), 0);
  const count = sum(input.counts);
  const whole = baseline?.[rule.of];
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
  const passed = count > limit.count && percent > limit.percent;
  const vetted = baseline?.vetted && sum(baseline.vetted);
  if (passed && vetted !== undefined && count <= vetted) {
    return { ...guard, verdict: 'ok', reason: 'what is left of an interrupted run that had passed' };
  }
  return { ...guard, verdict: passed ? 'tripped' : 'ok', reason: null };
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

function checkFilled(input: GuardInput): Guard[] {
  const least = input.settings.min_filled_percent;
  const before = input.baseline?.filled;
  const fields = Object.keys({ ...before, ...input.filled }).sort();
  return fields.map((field) => {
    const share = input.users === 0 ? 0 : (input.filled[field] ?? 0) / input.users;
    const was = before?.[field];
    const percent = was ? (share / was) * 100 : null;
    const missing = (was ?? 0) * input.users - (input.filled[field] ?? 0);
    const passed =
      percent !== null &&
      percent < (least ?? 0) &&
      missing > Math.max(fewestMissing, Math.min(3, (was ?? 0) * input.users - 0.5));
    return {
      name: 'min_filled_percent',
      field,
      count: input.filled[field] ?? 0,
      percent: rounded(percent),
      limit: { count: null, percent: least },
      baseline: was === undefined ? null : rounded(was * 100),
      cause: null,
      ...shareVerdict(input, least, before && !was ? 100 : percent, passed),
    };
  });
}

function shareVerdict(
  input: GuardInput,
  least: number | null,
  percent: number | null,
  tripped: boolean,
): { verdict: GuardVerdict; reason: string | null } {
  if (least === null) return { verdict: 'off', reason: 'switched off in the settings' };
  if (!input.complete) return { verdict: 'not_checked', reason: 'the source did not read everybody' };
  if (percent === null) {
    return { verdict: 'no_baseline', reason: input.note ?? 'no run that ended well has read everybody yet' };
  }
  return { verdict: tripped ? 'tripped' : 'ok', reason: null };
}

function rounded(percent: number | null): number | null {
  return percent === null ? null : Math.round(percent * 100) / 100;
}
