/** `1/31/1996 12:00:00 AM`, as employee-changes writes. */
export const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AP])M)?)?$/i;

/** A zone-less timestamp as if it were UTC, and its fraction as written. */
export function parseLocal(text: string): { ms: number; fraction: string } | undefined {
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
export function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function validDay(year: number, month: number, date: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && date >= 1 && date <= (monthDays[month - 1] as number))) return false;
  return month !== 2 || date < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

function utc(year: number, month: number, date: number, hour: number, minute: number, second: number): number {
  const ms = Date.UTC(year, month - 1, date, hour, minute, second);
  // Date.UTC takes 0–99 for 1900–1999.
  return year > 99 ? ms : new Date(ms).setUTCFullYear(year);
}
