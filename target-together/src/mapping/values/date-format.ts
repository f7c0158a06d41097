const formatTokens = /YYYY|YY|MMMM|MMM|MM|DD|M|D|HH|H|hh|h|mm|ss|S+|A|[^YMDHhmsSA]+/g;
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** Text of a date or an instant → ISO text for `toDay` or `toInstant`; undefined: it is written another way. */
type DateReader = (text: string) => string | undefined;

const isoOf = (milliseconds: number): string | undefined => {
  const at = new Date(milliseconds);
  return Number.isNaN(at.getTime()) || at.getTime() < minimum ? undefined : at.toISOString();
};
/** Year 1: earlier ones have another form in ISO. */
const minimum = -62_135_596_800_000;

const number = /^-?\d+(\.\d+)?$/;
const counted =
  (toMilliseconds: (value: number) => number): DateReader =>
  (text) =>
    number.test(text) ? isoOf(toMilliseconds(Number(text))) : undefined;

const dayMs = 86_400_000;
const daysSince = (start: number) => counted((days) => start + Math.round(days * dayMs));

/** The day that was written is the one at its offset, where it has one: midnight of a local day is the evening before in UTC. */
const odata: DateReader = (text) => {
  const [, milliseconds, sign, hours, minutes] =
    /^\\?\/Date\((-?\d+)(?:([+-])(\d\d)([0-5]\d))?\)\\?\/$/.exec(text) ?? [];
  if (milliseconds === undefined) return undefined;
  if (sign === undefined) return isoOf(Number(milliseconds));
  const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  return isoOf(Number(milliseconds) + offset)?.replace('Z', `${sign}${hours}:${minutes}`);
};

/** Formats with a name: in UTC, unless an offset is written. */
const named: Readonly<Record<string, DateReader>> = {
  // Beside others, for what is written as without a format.
  iso: (text) => (/^\d{4}-\d{2}-\d{2}/.test(text) ? text : undefined),
  epoch_s: counted((seconds) => seconds * 1000),
  epoch_ms: counted((milliseconds) => milliseconds),
  // From day 0 on, as spreadsheets count; those from old Macs begin in 1904.
  excel: daysSince(Date.UTC(1899, 11, 30)),
  excel_1904: daysSince(Date.UTC(1904, 0, 1)),
  odata,
};

export const namedDateFormats: readonly string[] = Object.keys(named);

/**
 * A reader for dates written another way, e.g. `DD/MM/YYYY`, `D-MMM-YY`, `M/D/YYYY h:mm:ss A` or `YYYYMMDD`, or one of the named
 * formats. Of several the first that fits counts. Undefined when a format itself is wrong.
 */
export function dateFormat(formats: string | readonly string[]): DateReader | undefined {
  const readers = [formats]
    .flat()
    .map((format) => (Object.hasOwn(named, format) ? named[format] : patternReader(format)));
  if (readers.includes(undefined)) return undefined;
  return (text) => {
    for (const read of readers as DateReader[]) {
      const iso = read(text);
      if (iso !== undefined) return iso;
    }
    return undefined;
  };
}

const digits: Readonly<Record<string, string>> = {
  YYYY: '(?<y>\\d{4})',
  YY: '(?<y>\\d{2})',
  MMMM: `(?<m>${monthNames.join('|')})`,
  MMM: `(?<m>${monthNames.map((name) => name.slice(0, 3)).join('|')}|sept)\\.?`,
  MM: '(?<m>\\d{2})',
  M: '(?<m>\\d{1,2})',
  DD: '(?<d>\\d{2})',
  D: '(?<d>\\d{1,2})',
  HH: '(?<h>\\d{2})',
  H: '(?<h>\\d{1,2})',
  hh: '(?<h>0[1-9]|1[0-2])',
  h: '(?<h>0?[1-9]|1[0-2])',
  mm: '(?<min>\\d{2})',
  ss: '(?<s>\\d{2})',
  A: '(?<half>[ap])\\.?m\\.?',
};

/** What a format may say once at most; the first three it must say. */
const parts = [/^Y/, /^M/, /^D/, /^[Hh]/, /^m/, /^s/, /^S/, /^A/];

function patternReader(format: string): DateReader | undefined {
  const tokens = format.match(formatTokens) ?? [];
  const counts = parts.map((part) => tokens.filter((token) => part.test(token)).length);
  const [hour = 0, minute = 0, second = 0, fraction = 0, half = 0] = counts.slice(3);
  const isClock = hour >= minute && minute >= second && second >= fraction;
  // An hour from 1 to 12 says no hour without its half of the day.
  const isHalf = half === Number(tokens.some((token) => token.startsWith('h')));
  if (tokens.join('') !== format || counts.slice(0, 3).some((count) => count !== 1)) return undefined;
  if (counts.some((count) => count > 1) || !isClock || hour !== minute || !isHalf) return undefined;
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const pieces = tokens.map((token) => digits[token] ?? (token.startsWith('S') ? '(?<f>\\d{1,9})' : literal(token)));
  const pattern = new RegExp(`^${pieces.join('')}$`, 'iu');
  return (text) => {
    const found = pattern.exec(text)?.groups;
    if (found === undefined) return undefined;
    const { y = '', m = '', d = '' } = found;
    const month = /^\d/.test(m)
      ? m
      : String(monthNames.findIndex((name) => name.startsWith(m.slice(0, 3).toLowerCase())) + 1);
    return `${wholeYear(y)}-${month.padStart(2, '0')}-${d.padStart(2, '0')}${clockOf(found)}`;
  };
}

/** The century of a year in two digits, as POSIX has it: 1969 to 2068. */
const wholeYear = (digits: string): string =>
  digits.length === 4 ? digits : `${Number(digits) < 69 ? '20' : '19'}${digits}`;

function clockOf({ h, min = '', s, f, half }: Record<string, string | undefined>): string {
  if (h === undefined) return '';
  const isLate = half?.toLowerCase() === 'p';
  const hour = half === undefined ? h : String((Number(h) % 12) + (isLate ? 12 : 0));
  return `T${hour.padStart(2, '0')}:${min}:${s ?? '00'}${f === undefined ? '' : `.${f}`}`;
}

/** Whether a format gives two digits for the year: no birth year follows from them. */
export const isShortYear = (format: string): boolean =>
  !Object.hasOwn(named, format) && (format.match(formatTokens)?.some((token) => token === 'YY') ?? false);
