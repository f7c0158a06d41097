/**
 * Numbers, times and the labels of outcomes and actions, spelled the same in the terminal and in HTML. Numbers keep their unit by a
 * no-break space; the terminal makes it a plain one after breaking its lines.
 */

import type { Action, OutcomeName } from '../model/outcome.ts';
import type { Cause, Guard, RunMode, RunSummary } from '../model/run-summary.ts';
import { number, people, percent, plural, tenths } from '../model/text/number-text.ts';

export function bytes(value: number): string {
  if (value < 1000) return `${value}\u00A0B`;
  if (value < 1_000_000) return `${tenths(value / 1000)}\u00A0kB`;
  return `${tenths(value / 1_000_000)}\u00A0MB`;
}

/** Milliseconds in the units that people use: 850 ms, 1.5 s, 12 min 5 s, 3 h 20 min. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}\u00A0ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${tenths(seconds)}\u00A0s`;
  const whole = Math.round(seconds);
  const parts = (big: number, one: string, small: number, other: string) =>
    small === 0 ? `${big}\u00A0${one}` : `${big}\u00A0${one}\u00A0${small}\u00A0${other}`;
  if (whole < 3600) return parts(Math.floor(whole / 60), 'min', whole % 60, 's');
  return parts(Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min');
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 3339 in UTC → 31 Mar 2026, 04:00 UTC. The same text on every machine. */
export function moment(instant: string): string {
  const at = new Date(instant);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getUTCDate()}\u00A0${months[at.getUTCMonth()]}\u00A0${at.getUTCFullYear()}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}\u00A0UTC`;
}

export const days = (since: string, until: string): number =>
  Math.max(0, Math.floor((Date.parse(until) - Date.parse(since)) / 86_400_000));

/** Long hashes by their beginning, enough to compare by eye. */
export const short = (hash: string): string => (hash.length > 16 ? hash.slice(0, 12) : hash);

const outcomeLabels: Record<OutcomeName, string> = {
  created: 'created',
  updated: 'updated',
  unchanged: 'unchanged, says Together',
  skipped: 'nothing new, not sent',
  excluded: 'excluded by a filter',
  invalid: 'invalid, not sent',
  rejected: 'refused by Together',
  undelivered: 'not delivered',
};

/** An outcome's label; a plan has not failed to deliver the people it only planned. */
export const outcomeLabel = (outcome: OutcomeName, mode: RunMode): string =>
  outcome === 'undelivered' && (mode === 'plan' || mode === 'dry-run') ? 'planned, not sent' : outcomeLabels[outcome];

export const actionLabels: Record<Action, { sign: string; word: string }> = {
  join: { sign: '+', word: 'join' },
  change: { sign: '~', word: 'change' },
  rehire: { sign: '↺', word: 'rehire' },
  move: { sign: '⇢', word: 'move' },
  leave: { sign: '−', word: 'leave' },
  same: { sign: '=', word: 'same' },
  vanished: { sign: '?', word: 'vanished' },
  excluded: { sign: '·', word: 'excluded' },
  invalid: { sign: '!', word: 'invalid' },
};

/** People who are new to Together; a first read brings many who have left already, and each is sent as terminated. */
export const joinWords = ({ joins_left: left }: Pick<RunSummary, 'joins_left'>): string =>
  left === 0 ? actionLabels.join.word : `join (${number(left)} ${left === 1 ? 'has' : 'have'} left already)`;

const actionNouns: Record<Action, readonly [string, string]> = {
  join: ['joiner', 'joiners'],
  change: ['change', 'changes'],
  rehire: ['rehire', 'rehires'],
  move: ['new id', 'new ids'],
  leave: ['leaver', 'leavers'],
  same: ['person', 'people'],
  vanished: ['vanished person', 'vanished people'],
  excluded: ['excluded person', 'excluded people'],
  invalid: ['invalid person', 'invalid people'],
};

/** `71 of 85 changes`. */
export const causeCount = (cause: Cause): string =>
  `${number(cause.people)} of ${plural(cause.of, ...actionNouns[cause.action])}`;

/** Causes that state what is shared; that a field changed in different ways is shown by its count. */
export const sharedCauses = (causes: readonly Cause[]): Cause[] => causes.filter(({ same }) => same);

/** Whether a cause's values are old and new; else `to` is what the people share. */
export const causeIsChange = (cause: Cause): boolean => cause.action === 'change' || cause.action === 'rehire';

const guardNouns: Record<string, string> = {
  max_terminated: 'terminated',
  max_vanished: 'vanished',
  max_changed: 'changed',
  max_created: 'created',
  max_rehired: 'rehired',
  max_moved: 'under new ids',
  max_relinked: 'found by address alone',
  max_email_changed: 'e-mail changed',
  new_email_domain: 'new mail domain',
  max_reports_percent: 'reports of one supervisor',
  min_rows_percent: 'people read',
  min_filled_percent: 'filled',
};

export const guardTitle = (guard: Guard): string =>
  guard.field === null ? (guardNouns[guard.name] ?? guard.name) : `${guard.field} filled`;

/** What a guard found: `7 people (0.15 %)`, `97.2 % → 41 %`. */
export function guardFound(guard: Guard): string {
  if (guard.field !== null) {
    if (guard.baseline === null) return guard.count === null ? '' : people(guard.count);
    return guard.percent === null
      ? `was ${percent(guard.baseline)}`
      : `${percent(guard.baseline)} → ${percent((guard.baseline * guard.percent) / 100)}`;
  }
  const count = guard.count === null ? '' : number(guard.count);
  if (guard.percent === null) return count;
  if (guard.name.startsWith('min_') && guard.baseline !== null)
    return `${count} of ${number(guard.baseline)} (${percent(guard.percent)})`;
  return count === '' ? percent(guard.percent) : `${count} (${percent(guard.percent)})`;
}

/** What stops a run: `more than 10 and more than 5 %`, `at least 80 % of the last successful run` (where less stops it). */
export function guardLimit(guard: Guard): string {
  const { count, percent: share } = guard.limit;
  if (guard.name.startsWith('min_')) return share === null ? '' : `at least ${percent(share)} of before`;
  return [count === null ? '' : number(count), share === null ? '' : percent(share)]
    .filter(Boolean)
    .map((text) => `more than ${text}`)
    .join(' and ');
}

export const verdictLabels: Record<Guard['verdict'], { sign: string; word: string }> = {
  ok: { sign: '✓', word: 'within' },
  tripped: { sign: '✗', word: 'stopped the run' },
  accepted: { sign: '✓', word: 'released once' },
  no_baseline: { sign: '–', word: 'no baseline yet' },
  not_checked: { sign: '–', word: 'not checked' },
  off: { sign: '–', word: 'switched off' },
};
