/**
 * Dates without `Date`: a calendar day is the digits that were written, whatever zone the machine or the source is in.
 */
import type { Temporal } from 'temporal-polyfill';

const midnight = 'T00:00:00.000Z';
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Gregorian, leap years included; years 0001 to 9999. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (daysInMonth[month - 1] as number) + (leap ? 1 : 0);
}

const two = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
};

/** Whether the first ten characters are a real day, `YYYY-MM-DD`. */
function startsWithDay(text: string): boolean {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  return isCalendarDay(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
}

// A day with a zone and no time is XML's: Workday writes `2020-02-03-08:00`.
const zoneTail = /^(?:Z|[+-]\d{2}:\d{2})$/;
// Date, then perhaps a time, a fraction, a zone: RFC 3339 and what databases and UKG make of it.
const isoTail = /^[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;

interface Clocked {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Minutes east of UTC; undefined when none was written. */
  readonly offset: number | undefined;
}

function readTime(tail: string): Clocked | undefined {
  const match = isoTail.exec(tail);
  if (!match) return undefined;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = match[5];
  let offset: number | undefined;
  if (zone !== undefined) {
    const digits = zone.replace(':', '');
    offset = /^[+-]/.test(digits)
      ? Number(`${digits[0]}1`) * (Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3) || 0))
      : 0;
    if (Math.abs(offset) > 18 * 60) return undefined;
  }
  return { hour, minute, second, millisecond: Number((match[4] ?? '').padEnd(3, '0').slice(0, 3)), offset };
}

/** Days as they were written → on the wire: the people of a company share a few thousand of them. */
const knownDays = new Map<string, string>();
const maxKnownDays = 10_000;

/**
 * A calendar day on the wire: `2019-01-01`, `2019-01-01T00:00:00`, `…Z`, `…+10:00`, `2019-01-01-08:00` all give `2019-01-01T00:00:00.000Z`.
 * The day is the one written; `undefined` when it is none (30 February too).
 */
export function toDay(text: string): string | undefined {
  if (text.length !== 10) return readDay(text);
  const known = knownDays.get(text);
  if (known !== undefined) return known;
  const day = readDay(text);
  if (day !== undefined && knownDays.size < maxKnownDays) knownDays.set(text, day);
  return day;
}

function readDay(text: string): string | undefined {
  if (text.length < 10 || !startsWithDay(text)) return undefined;
  if (text.length > 10) {
    const tail = text.slice(10);
    if (!zoneTail.test(tail) && readTime(tail) === undefined) return undefined;
  }
  return text.slice(0, 10) + midnight;
}

/** Turns a local date-time of the source into the instant; picks the earlier of two in a DST overlap. */
export type ZoneRule = (local: { year: number; month: number; day: number } & Clocked) => number;

const utc: ZoneRule = (local) =>
  Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second, local.millisecond);

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999; no one's record changed then. */
const earliest = 100;

/**
 * An instant on the wire, in UTC with milliseconds. A text without a zone is read by `zone`; a bare day is its midnight there.
 * `undefined` when it is no date-time.
 */
export function toInstant(text: string, zone: ZoneRule = utc): string | undefined {
  if (text.length < 10 || !startsWithDay(text)) return undefined;
  if (isWireForm(text)) return text;
  const clock =
    text.length === 10
      ? { hour: 0, minute: 0, second: 0, millisecond: 0, offset: undefined }
      : readTime(text.slice(10));
  if (clock === undefined) return undefined;
  const day = { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), day: Number(text.slice(8, 10)) };
  if (day.year < earliest) return undefined;
  const local = { ...day, ...clock };
  return new Date(clock.offset === undefined ? zone(local) : utc(local) - clock.offset * 60_000).toISOString();
}

/** `2019-01-01T08:30:00.000Z` already: the day is checked, here the rest. */
function isWireForm(text: string): boolean {
  if (text.length !== 24 || text.charCodeAt(23) !== 90 || text.charCodeAt(10) !== 84 || text.charCodeAt(19) !== 46)
    return false;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return false;
  const thousandth = text.charCodeAt(22) - 48;
  return (
    two(text, 11) < 24 &&
    two(text, 14) < 60 &&
    two(text, 17) < 60 &&
    two(text, 20) < 100 &&
    thousandth >= 0 &&
    thousandth <= 9
  );
}

/** The zone's rule; the time zone library is loaded only when a zone other than UTC is asked for. */
export async function loadZone(name: string): Promise<ZoneRule> {
  if (name === 'UTC') return utc;
  const { Temporal } = await import('temporal-polyfill');
  const cache = new Map<number, number>();
  return (local) => {
    // Offsets change on the quarter hour at the finest: one look-up for each written quarter.
    const wall = utc(local);
    const quarter = Math.floor(wall / 900_000);
    let offset = cache.get(quarter);
    if (offset === undefined) {
      offset = wall - zoned(Temporal.PlainDateTime, local, name);
      if (cache.size > 10_000) cache.clear();
      cache.set(quarter, offset);
    }
    return wall - offset;
  };
}

function zoned(plain: typeof Temporal.PlainDateTime, local: Parameters<ZoneRule>[0], name: string): number {
  const { offset: _, ...fields } = local;
  return plain.from(fields).toZonedDateTime(name, { disambiguation: 'compatible' }).epochMilliseconds;
}
