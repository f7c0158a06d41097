/** First and last days that lie ahead, in words: for the summary, the report, `calendar` and `explain`. */

import type { RunSummary } from '../model/run-summary.ts';
import { number } from '../model/text/number-text.ts';
import type { Upcoming, UpcomingDay } from '../model/upcoming.ts';

const dayMs = 86_400_000;

const verbs: Readonly<Record<Upcoming['kind'], { readonly one: string; readonly many: string; readonly on: string }>> =
  {
    leaves: { one: 'leaves', many: 'leave', on: 'last day' },
    starts: { one: 'starts later', many: 'start later', on: 'first day' },
    returns: { one: 'comes back', many: 'come back', on: 'first day' },
  };

/** "last day 2026-03-31 (in 17 days)". `today`, YYYY-MM-DD or an instant in UTC. */
export function upcomingText({ kind, day }: Upcoming, today: string): string {
  const days = Math.round((Date.parse(day) - Date.parse(today.slice(0, 10))) / dayMs);
  const distance =
    days === 0
      ? 'today'
      : days === 1
        ? 'tomorrow'
        : days === -1
          ? 'yesterday'
          : days > 0
            ? `in ${days} days`
            : `${-days} days ago`;
  return `${verbs[kind].one}, ${verbs[kind].on} ${day} (${distance})`;
}

/** "2 leave · 1 starts later"; undefined: none. */
export function upcomingCounts(upcoming: RunSummary['upcoming']): string | undefined {
  const parts = (['leaves', 'starts', 'returns'] as const)
    .filter((kind) => upcoming[kind] > 0)
    .map((kind) => `${number(upcoming[kind])} ${upcoming[kind] === 1 ? verbs[kind].one : verbs[kind].many}`);
  return parts.length === 0 ? undefined : parts.join(' · ');
}

/** Counts, and the next days by id: `calendar` lists them all. */
export function upcomingLines({ upcoming, started_at }: Pick<RunSummary, 'upcoming' | 'started_at'>): string[] {
  const counts = upcomingCounts(upcoming);
  const next = upcoming.days.slice(0, 3).map((day) => `${day.id} ${upcomingText(day, started_at)}`);
  const rest = upcoming.days.length > 3 ? '; all of them: target-together calendar' : '';
  const { withdrawn } = upcoming;
  const ids = `${withdrawn.slice(0, 5).join(', ')}${withdrawn.length > 5 ? ` and ${withdrawn.length - 5} more` : ''}`;
  return [
    ...(counts === undefined ? [] : [`${counts}: ${next.join(', ')}${rest}`]),
    ...(withdrawn.length === 0
      ? []
      : [`withdrawn: ${ids} ${withdrawn.length === 1 ? 'was' : 'were'} to leave, and not any more`]),
  ];
}

/** A line a day, for `calendar`. */
export const calendarLine = (day: UpcomingDay, today: string): string =>
  `${day.day}  ${day.id}  ${upcomingText(day, today)}`;
