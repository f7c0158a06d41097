/** How dates and numbers are written elsewhere: what a fault proposes as `format`. By the shape alone; the value is never repeated. */

interface Writing {
  readonly text: RegExp;
  readonly format: string | ((match: RegExpExecArray) => string | undefined);
}

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)';
const months = '(?:january|february|march|april|june|july|august|september|october|november|december)';

const year = '\\d{4}|\\d{2}';
const yearToken = (digits = ''): string => (digits.length === 2 ? 'YY' : 'YYYY');

const dates: readonly Writing[] = [
  { text: /^\\?\/Date\(-?\d+([+-]\d{4})?\)\\?\/$/, format: 'odata' },
  { text: /^(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])$/, format: 'YYYYMMDD' },
  // Days since 1899-12-30: 1954 to 2119. A time of day stands behind the point.
  { text: /^[2-7]\d{4}(\.\d+)?$/, format: 'excel' },
  { text: /^-?\d{9,10}(\.\d+)?$/, format: 'epoch_s' },
  { text: /^-?\d{12,13}$/, format: 'epoch_ms' },
  {
    text: new RegExp(`^\\d{1,2}([-/. ]?)${month}([-/. ]?)(${year})$`, 'i'),
    format: ([, a, b, y]) => `D${a}MMM${b}${yearToken(y)}`,
  },
  {
    text: new RegExp(`^\\d{1,2}([-/. ])${months}([-/. ])(${year})$`, 'i'),
    format: ([, a, b, y]) => `D${a}MMMM${b}${yearToken(y)}`,
  },
  {
    text: new RegExp(`^(?:${month}|(${months}))([-/. ])\\d{1,2}(, |[-/. ])(${year})$`, 'i'),
    format: ([, whole, a, b, y]) => `${whole === undefined ? 'MMM' : 'MMMM'}${a}D${b}${yearToken(y)}`,
  },
  { text: /^\d{4}([/.])\d{1,2}\1\d{1,2}$/, format: ([, a]) => `YYYY${a}M${a}D` },
  {
    text: new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(${year})$`),
    format: ([, first, a, second, y = '']) => {
      const orders = [
        { tokens: ['D', 'M', yearToken(y)], day: first, month: second },
        { tokens: ['M', 'D', yearToken(y)], day: second, month: first },
        // Of two digits the first may be the year, where it can be no day.
        { tokens: ['YY', 'M', 'D'], day: y, month: Number(first) > 31 ? second : '13' },
      ];
      const fitting = orders.filter(({ day, month }) => Number(day) <= 31 && Number(month) <= 12);
      return fitting.length === 0 ? undefined : fitting.map(({ tokens }) => tokens.join(a)).join(' or ');
    },
  },
];

const numbers: readonly Writing[] = [
  { text: /^[+-]?\d{1,3}([. '\u00a0\u202f]\d{3})*,\d+$/, format: 'decimal_comma' },
  { text: /^[+-]?\d{1,3}([. \u00a0\u202f]\d{3})+$/, format: 'decimal_comma' },
  { text: /^[+-]?\d{1,3}([,']\d{3})+(\.\d+)?$/, format: 'decimal_point' },
];

function formatOf(writings: readonly Writing[], text: string): string | undefined {
  for (const { text: pattern, format } of writings) {
    const match = pattern.exec(text);
    if (match) return typeof format === 'string' ? format : format(match);
  }
  return undefined;
}

/** The `format` by which this date could be read; undefined: it looks like none that is known. */
export function dateFormatOf(text: string): string | undefined {
  const [, day = text, gap = '', clock] = withClock.exec(text) ?? [];
  if (clock === undefined) return formatOf(dates, text);
  // What is written as without a format is another way of writing beside a clock of twelve hours.
  const isIso = /^\d{4}-\d\d-\d\d$/.test(day);
  const found = isIso ? 'YYYY-MM-DD' : formatOf(dates, day);
  if (found === undefined || !/Y/.test(found)) return undefined;
  const half = /[ap]\.?m\.?$/i.test(clock);
  const written = clock
    .replace(/[ap]\.?m\.?$/i, 'A')
    .replace(/^\d{1,2}/, half ? 'h' : 'H')
    .replace(/\d\d/, 'mm')
    .replace(/\d\d/, 'ss')
    .replace(/\d+/, 'SSS');
  return found
    .split(' or ')
    .map((one) => `${one}${gap}${written}`)
    .join(' or ');
}

/** A day, and a time of day behind it. */
const withClock =
  /^(.*?\d)([T ]| at |, )(\d{1,2}(?:(?::\d\d){1,2}(?:[.,]\d{1,9})?|(?:\.\d\d){2}(?:[.,]\d{1,9})?)(?: ?[ap]\.?m\.?)?)$/i;

export const numberFormatOf = (text: string): string | undefined => formatOf(numbers, text);
