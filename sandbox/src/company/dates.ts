/**
 * Dates as UKG Pro sends them: local wall time without a zone, the fraction's trailing zeros dropped (`2010-05-27T21:26:53.05`).
 */

const pad = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** `YYYY-MM-DD` for a count of days since 1970-01-01 (proleptic Gregorian, years 1 to 9999). */
export function dayString(days: number): string {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return `${`${year}`.padStart(4, '0')}-${pad(month)}-${pad(doy - Math.floor((153 * mp + 2) / 5) + 1)}`;
}

/** Days since 1970-01-01 of a `YYYY-MM-DD…` string. */
export function dayNumber(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / 86_400_000;
}

/** A day as the details endpoints send it: midnight, no zone. */
export function dayAsDateTime(days: number): string {
  return `${dayString(days)}T00:00:00`;
}

/** Wall time of a day and milliseconds into it, 0–3 digits of fraction. */
export function wallString(days: number, ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  const rest = ms % 1000;
  return `${dayString(days)}T${clock}${rest === 0 ? '' : `.${`${rest}`.padStart(3, '0').replace(/0+$/, '')}`}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

const days = new Map<string, number | undefined>();

/** The zone's offset from UTC at an instant, in milliseconds. Asked once for a day that begins and ends with the same one. */
function offset(instant: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const day = Math.floor(instant / 86_400_000);
  const key = `${zone} ${day}`;
  if (!days.has(key)) {
    const first = exactOffset(day * 86_400_000, zone);
    days.set(key, first === exactOffset((day + 1) * 86_400_000 - 1000, zone) ? first : undefined);
  }
  return days.get(key) ?? exactOffset(instant, zone);
}

function exactOffset(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

/** The wall time that a server in `zone` writes at an instant (milliseconds since 1970). */
export function toWall(instant: number, zone: string): string {
  const local = instant + offset(instant, zone);
  const days = Math.floor(local / 86_400_000);
  return wallString(days, local - days * 86_400_000);
}

/**
 * The instant that a wall time in `zone` means. Twice-told hours mean the first, skipped hours move forward by the gap, which
 * is what calendars agree on.
 */
export function fromWall(wall: string, zone: string): number {
  const local = Date.parse(`${wall}Z`);
  const before = local - offset(local - 86_400_000, zone);
  const after = local - offset(local + 86_400_000, zone);
  const fits = (instant: number): boolean => instant + offset(instant, zone) === local;
  if (fits(before)) return before;
  return fits(after) ? after : before;
}

/** `M/d/yyyy h:mm:ss AM`, as employee-changes sends dates; `""` for none. */
export function usDateTime(wall: string | null): string {
  if (wall === null) return '';
  const [year, month, day] = wall.slice(0, 10).split('-').map(Number);
  const hour = Number(wall.slice(11, 13));
  return `${month}/${day}/${year} ${hour % 12 || 12}:${wall.slice(14, 19)} ${hour < 12 ? 'AM' : 'PM'}`;
}
