/** What earlier runs did that guards still count: several runs a day must not do together what one run may not. */
import { isDue } from '@ukg-together/kit/days/due';
import { countsOf, peopleLimits, sumOf } from '../model/guard-counts.ts';
import type { RunSummary } from '../model/run-summary.ts';

export interface PastRun {
  /** RFC 3339 in UTC. */
  readonly at: string;
  /** By guard name. */
  readonly counts: Readonly<Record<string, number>>;
}

const hourMs = 3_600_000;
const mostRuns = 500;

/** By guard name: what the runs of the window before `now` (milliseconds since 1970) did. A time that lies ahead is not known. */
export function doneWithin(past: readonly PastRun[], hours: number, now: number): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { at, counts } of past) {
    // A nightly run that starts some minutes earlier than yesterday's is not two runs of one day.
    if (isDue(Date.parse(at), now, hours * hourMs)) continue;
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

/**
 * The window after a run that sent. A guard that was released, or had no baseline, has had its look: what it let pass counts no more.
 * `newlyVanished`: not missing before.
 */
export function windowAfter(
  past: readonly PastRun[],
  summary: Pick<RunSummary, 'started_at' | 'guards' | 'actions' | 'changes_by_field'>,
  newlyVanished: number,
): readonly PastRun[] {
  const own = countsOf(summary.actions, newlyVanished, summary.changes_by_field);
  const verdictOf = (name: string) => summary.guards.find((guard) => guard.name === name)?.verdict;
  const counts: Record<string, number> = {};
  const released = new Set<string>();
  for (const { name, counts: counted } of peopleLimits) {
    const verdict = verdictOf(name);
    if (verdict === 'ok') counts[name] = sumOf(own, counted);
    else released.add(name);
  }
  const kept = past
    .map(({ at, counts: before }) => ({
      at,
      counts: Object.fromEntries(Object.entries(before).filter(([name]) => !released.has(name))),
    }))
    .filter(({ counts: left }) => Object.values(left).some((count) => count > 0));
  const now = Object.values(counts).some((count) => count > 0) ? [{ at: summary.started_at, counts }] : [];
  return [...kept, ...now].slice(-mostRuns);
}
