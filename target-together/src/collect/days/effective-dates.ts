/**
 * Which status holds today. An HRIS stores what is to come beside what is: a leaver's row says T weeks before the last day, a new
 * hire's row says A weeks before the first one. docs/people-over-time.md has these rules as a table.
 */
import { addDays } from '@ukg-together/kit/days/calendar-day';
import type { TogetherUser } from '../../model/person.ts';
import type { Upcoming } from '../../model/upcoming.ts';

export const endRules = ['day_after', 'day_of', 'status'] as const;

export interface DateRules {
  /** The calendar day in `time_zone` when the run started, YYYY-MM-DD. */
  readonly today: string;
  /** When a T with an end date takes effect: the day after it, on it, or as soon as the source says T. */
  readonly end: (typeof endRules)[number];
  /** How many days before the first day a person is sent; null: as soon as the source has them. */
  readonly hireLeadDays: number | null;
  /** First letter of the status that Together last accepted; undefined: never accepted. */
  readonly acceptedStatus: (employeeId: string) => string | undefined;
}

export interface Dated {
  readonly user: TogetherUser;
  readonly upcoming?: Upcoming;
  /** Not to be sent before the first day. */
  readonly early?: true;
}

const endField = 'dateOfTermination';

/** The user as of today. `user` itself stays as it is. */
export function asOfToday(user: TogetherUser, rules: DateRules): Dated {
  return user.employeeStatusCode === 'T' ? leaverToday(user, rules) : presentToday(user, rules);
}

function leaverToday(user: TogetherUser, rules: DateRules): Dated {
  const end = dayOf(user[endField]);
  if (end === undefined || hasEnded(end, rules)) return { user };
  const accepted = rules.acceptedStatus(user.employeeId);
  const { [endField]: _, ...rest } = user;
  const held = { ...rest, employeeStatusCode: accepted ?? 'A' };
  if (accepted === 'T') return { user: held };
  const start = firstDay(user);
  // A leave that is known before the first day: until then there is nothing to hold.
  const early = accepted === undefined && start !== undefined && isAhead(start, rules);
  return early
    ? { user: held, upcoming: { kind: 'starts', day: start }, early }
    : { user: held, upcoming: { kind: 'leaves', day: end } };
}

function presentToday(user: TogetherUser, rules: DateRules): Dated {
  let sent = user;
  if (dayOf(user[endField]) !== undefined) {
    const { [endField]: _, ...rest } = user;
    sent = rest as TogetherUser;
  }
  const start = firstDay(user);
  if (start === undefined || !isAhead(start, rules)) return { user: sent };
  const kind = rules.acceptedStatus(user.employeeId) === 'T' ? 'returns' : 'starts';
  return { user: sent, upcoming: { kind, day: start }, early: true };
}

const hasEnded = (end: string, { today, end: rule }: DateRules): boolean =>
  rule === 'status' || (rule === 'day_of' ? end <= today : end < today);

/** First days reach years back; only text that sorts after today needs the calendar. */
const isAhead = (start: string, { today, hireLeadDays }: DateRules): boolean =>
  hireLeadDays !== null && start > today && start > addDays(today, hireLeadDays);

const firstDay = (user: TogetherUser): string | undefined =>
  dayOf(user['lastHireDate']) ?? dayOf(user['originalHireDate']);

/** Dates on the wire are `2026-03-31T00:00:00.000Z`. */
const dayOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 10) : undefined;
