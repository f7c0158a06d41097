import { calendarDay } from '@ukg-together/kit/days/calendar-day';
import { american, digits, parseLocal, validDay } from './parse-time.ts';
import { earliest, latest, offsetMs, zoneRules } from './zone-rules.ts';
/**
 * UKG's dates. Days are never turned into moments: the day that UKG wrote is the day that leaves, whatever zone the
 * machine has. Instants come without a zone and get the tenant's.
 * UNVERIFIED: no public text says which zone UKG's zone-less stamps mean; the setting `time_zone` names it.
 */

export interface Times {
  /** A calendar day as YYYY-MM-DD; undefined when `text` is no date. A time of day and a zone after it are ignored. */
  day(text: string): string | undefined;
  /** An instant as RFC 3339 in UTC with at least milliseconds; undefined when `text` is none. */
  instant(text: string): string | undefined;
  /** The local day, in the tenant's zone, of an instant in milliseconds. */
  localDay(epochMs: number): string;
}
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
    localDay: (epochMs) => (inUtc ? isoDay(epochMs) : calendarDay(epochMs, zone)),
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
