/**
 * Days, as the rules of people over time have them: which day it is somewhere, and what a status with its dates means on that day.
 * Written apart from the product and from no line of it: its test and the oracle stand on this.
 */

/** A calendar day, YYYY-MM-DD. Days compare as text. */
export type Day = string;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that a wall calendar shows in a zone at an instant (milliseconds since 1970). */
export function dayIn(zone: string, instant: number): Day {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format.format(instant);
}

/**
 * The first instant of a day in a zone, found by asking for the day again and again: midnight, or what follows it where a clock
 * skips midnight. undefined where the day does not exist there (Apia left 2011-12-30 out).
 */
export function startOf(day: Day, zone: string): number | undefined {
  const utc = Date.parse(`${day}T00:00:00Z`);
  // No zone is further than 15 hours from UTC: the day begins between these two.
  let [before, after] = [utc - 16 * 3_600_000, utc + 16 * 3_600_000];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dayIn(zone, middle) >= day) after = middle;
    else before = middle;
  }
  return dayIn(zone, after) === day ? after : undefined;
}

export function plusDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export type EndRule = 'day_after' | 'day_of' | 'status';
export interface DayRules {
  readonly zone: string;
  /** Days before the first one on which a person may be sent; null: as soon as seen. */
  readonly lead: number | null;
  readonly end: EndRule;
}

export interface Dated {
  readonly status: 'A' | 'L' | 'T';
  readonly start?: string | null | undefined;
  readonly end?: string | null | undefined;
}

/** What a status with its dates means: send it, send what was before (the end is ahead), or nothing yet. */
export type Meaning =
  | { readonly is: 'status'; readonly status: 'A' | 'L' | 'T' }
  | { readonly is: 'leaving'; readonly on: Day }
  | { readonly is: 'starts later'; readonly on: Day };

/** Dates that stand for "none". A hire in 1901 does; so does any day from the last one of 2099. */
const placeholders = new Set(['1753-01-01', '1899-12-30', '1899-12-31', '1900-01-01', '1901-01-01', '0000-00-00']);
export function realDay(text: string | null | undefined): Day | undefined {
  const day = text?.slice(0, 10) ?? '';
  if (day === '' || placeholders.has(day) || day.startsWith('0001-') || day >= '2099-12-31') return undefined;
  return day;
}

export function meaningOf({ status, start, end }: Dated, rules: DayRules, now: number): Meaning {
  const today = dayIn(rules.zone, now);
  const [first, last] = [realDay(start), realDay(end)];
  if (status === 'T') {
    if (last === undefined || rules.end === 'status') return { is: 'status', status };
    const isOver = rules.end === 'day_of' ? last <= today : last < today;
    return isOver ? { is: 'status', status } : { is: 'leaving', on: last };
  }
  if (first !== undefined && rules.lead !== null && first > plusDays(today, rules.lead))
    return { is: 'starts later', on: first };
  return { is: 'status', status };
}
