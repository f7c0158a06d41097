/**
 * UKG's dates. Days are never turned into moments: the day that UKG wrote is the day that leaves, whatever zone the
 * machine has. Instants come without a zone and get the tenant's.
 * UNVERIFIED: no public text says which zone UKG's zone-less stamps mean; the setting `timezone` names it.
 */

export interface Times {
  /** A calendar day as YYYY-MM-DD; undefined when `text` is no date. A time of day and a zone after it are ignored. */
  day(text: string): string | undefined;
  /** An instant as RFC 3339 in UTC with at least milliseconds; undefined when `text` is none. */
  instant(text: string): string | undefined;
  /** The local day, in the tenant's zone, of an instant in milliseconds. */
  localDay(epochMs: number): string;
}

const hourMs = 3_600_000;
/** `1/31/1996 12:00:00 AM`, as employee-changes writes. */
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP])M)?)?$/i;
const zoned = /^(.*?)(Z|[+-]\d{2}:?\d{2})$/i;

/** Loads the zone's rules only when they are needed (UTC needs none). */
export async function createTimes(zone: string): Promise<Times> {
  const inUtc = isUtc(zone);
  const toEpoch = inUtc ? (localMs: number) => localMs : await zoneRules(zone);

  function instant(text: string): string | undefined {
    let local = parseLocal(text);
    // Most stamps by far; a Date that only gives back what it was given costs more than all the checks.
    if (inUtc && local && text.length >= 19 && text.charCodeAt(10) === 0x54 && text.charCodeAt(17) < 0x36)
      return `${text.slice(0, 19)}.${local.fraction.padEnd(3, '0')}Z`;
    if (local) return format(toEpoch(local.ms), local.fraction);
    const match = zoned.exec(text);
    if (!match) return undefined;
    local = parseLocal(match[1] as string);
    const offset = offsetMs(match[2] as string);
    return local && offset !== undefined ? format(local.ms - offset, local.fraction) : undefined;
  }

  return {
    day,
    instant,
    localDay(epochMs) {
      // The offset at a local time that is at most a day away is right except within a day of a change of offset;
      // asked again with the first answer it is right there too.
      let local = epochMs;
      for (let i = 0; i < 2; i++) local = epochMs - (toEpoch(local) - local);
      return isoDay(local);
    },
  };
}

export function isUtc(zone: string): boolean {
  return /^(UTC|Etc\/UTC|GMT|Etc\/GMT|Z)$/i.test(zone);
}

/** The day itself, without any arithmetic; UKG writes `2021-09-20T00:00:00`. */
function day(text: string): string | undefined {
  if (
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    (text.length === 10 || isTimeMark(text.charCodeAt(10)))
  ) {
    return validDay(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)) ? text.slice(0, 10) : undefined;
  }
  const match = american.exec(text);
  if (!match) return undefined;
  const [year, month, date] = [Number(match[3]), Number(match[1]), Number(match[2])];
  return validDay(year, month, date) ? `${pad(year, 4)}-${pad(month, 2)}-${pad(date, 2)}` : undefined;
}

const isTimeMark = (code: number) => code === 0x54 || code === 0x20 || code === 0x74 || code === 0x5a || code === 0x2b;

/** A zone-less stamp as if it were UTC, and its fraction as written. */
function parseLocal(text: string): { ms: number; fraction: string } | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return parseAmerican(text);
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const date = digits(text, 8, 2);
  if (!validDay(year, month, date)) return undefined;
  if (text.length === 10) return { ms: utc(year, month, date, 0, 0, 0), fraction: '' };
  const mark = text.charCodeAt(10);
  if ((mark !== 0x54 && mark !== 0x20 && mark !== 0x74) || text.charCodeAt(13) !== 58) return undefined;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = text.length === 16 ? 0 : text.charCodeAt(16) === 58 ? digits(text, 17, 2) : -1;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61)) return undefined;
  let fraction = '';
  if (text.length > 19) {
    fraction = text.slice(20);
    if (text.charCodeAt(19) !== 46 || fraction.length > 9 || digits(text, 20, fraction.length) < 0) return undefined;
  }
  return { ms: utc(year, month, date, hour, minute, Math.min(second, 59)), fraction };
}

function parseAmerican(text: string): { ms: number; fraction: string } | undefined {
  const match = american.exec(text);
  if (!match) return undefined;
  const [, month, date, year, hours, minutes, seconds, half] = match;
  if (!validDay(Number(year), Number(month), Number(date))) return undefined;
  let hour = Number(hours ?? 0);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  }
  const minute = Number(minutes ?? 0);
  const second = Number(seconds ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return { ms: utc(Number(year), Number(month), Number(date), hour, minute, second), fraction: '' };
}

/** The digits of `text` from `from` as a number; negative or NaN when there is anything else. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function validDay(year: number, month: number, date: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && date >= 1 && date <= (monthDays[month - 1] as number))) return false;
  return month !== 2 || date < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

function utc(year: number, month: number, date: number, hour: number, minute: number, second: number): number {
  const ms = Date.UTC(year, month - 1, date, hour, minute, second);
  // Date.UTC takes 0–99 for 1900–1999.
  return year > 99 ? ms : new Date(ms).setUTCFullYear(year);
}

function offsetMs(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

// Nobody's calendar begins before the year 1: Python's does not, and .NET's empty date is its first day.
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59Z');

/** Sentinels such as 0001-01-01T00:00:00 and 9999-12-31T23:59:59 stay within what RFC 3339 can say. */
function format(epochMs: number, fraction: string): string {
  const clamped = Math.min(Math.max(epochMs, earliest), latest);
  return `${new Date(clamped).toISOString().slice(0, 19)}.${fraction.padEnd(3, '0')}Z`;
}

export function isoDay(epochMs: number): string {
  return new Date(Math.min(Math.max(epochMs, earliest), latest)).toISOString().slice(0, 10);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/**
 * Local milliseconds → epoch milliseconds. In the hour that is skipped in spring, the moment that a clock not put
 * forward would show; in the hour that comes twice in autumn, the first: always the same answer (Temporal's "compatible").
 */
async function zoneRules(zone: string): Promise<(localMs: number) => number> {
  const { Temporal } = await import('temporal-polyfill');
  const exact = (localMs: number): number => {
    const local = new Date(localMs);
    return Temporal.PlainDateTime.from({
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      second: local.getUTCSeconds(),
      millisecond: local.getUTCMilliseconds(),
    }).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
  };
  // Stamps crowd into few hours, and within an hour the offset rarely changes.
  const cache = new Map<number, number>();
  return (localMs) => {
    const hour = Math.floor(localMs / hourMs);
    let offset = cache.get(hour);
    if (offset === undefined) {
      const from = hour * hourMs;
      const first = exact(from) - from;
      offset = exact(from + hourMs - 1) - (from + hourMs - 1) === first ? first : Number.NaN;
      if (cache.size > 50_000) cache.clear();
      cache.set(hour, offset);
    }
    return Number.isNaN(offset) ? exact(localMs) : localMs + offset;
  };
}

/** Whether this machine knows the zone. */
export function isKnownZone(zone: string): boolean {
  if (isUtc(zone)) return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
