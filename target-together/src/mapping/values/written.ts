/** How dates and numbers are written elsewhere: what a fault proposes as `format`. By the shape alone; the value is never repeated. */

interface Writing {
  readonly text: RegExp;
  readonly format: string | ((match: RegExpExecArray) => string);
}

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)';
const months = '(?:january|february|march|april|june|july|august|september|october|november|december)';

const dates: readonly Writing[] = [
  { text: /^\\?\/Date\(-?\d+([+-]\d{4})?\)\\?\/$/, format: 'odata' },
  { text: /^(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])$/, format: 'YYYYMMDD' },
  // Days since 1899-12-30: 1954 to 2119. A time of day stands behind the point.
  { text: /^[2-7]\d{4}(\.\d+)?$/, format: 'excel' },
  { text: /^-?\d{9,10}(\.\d+)?$/, format: 'epoch_s' },
  { text: /^-?\d{12,13}$/, format: 'epoch_ms' },
  {
    text: new RegExp(`^\\d{1,2}([-/. ])${month}([-/. ])\\d{4}$`, 'i'),
    format: ([, a, b]) => `D${a}MMM${b}YYYY`,
  },
  {
    text: new RegExp(`^\\d{1,2}([-/. ])${months}([-/. ])\\d{4}$`, 'i'),
    format: ([, a, b]) => `D${a}MMMM${b}YYYY`,
  },
  {
    text: new RegExp(`^(?:${month}|(${months}))([-/. ])\\d{1,2}(, |[-/. ])\\d{4}$`, 'i'),
    format: ([, whole, a, b]) => `${whole === undefined ? 'MMM' : 'MMMM'}${a}D${b}YYYY`,
  },
  { text: /^\d{4}([/.])\d{1,2}\1\d{1,2}$/, format: ([, a]) => `YYYY${a}M${a}D` },
  {
    text: /^(\d{1,2})([-/.])(\d{1,2})\2\d{4}$/,
    format: ([, first, a, second]) => {
      const [dayFirst, monthFirst] = [`D${a}M${a}YYYY`, `M${a}D${a}YYYY`];
      if (Number(first) > 12) return dayFirst;
      return Number(second) > 12 ? monthFirst : `${dayFirst} or ${monthFirst}`;
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
export const dateFormatOf = (text: string): string | undefined => formatOf(dates, text);

export const numberFormatOf = (text: string): string | undefined => formatOf(numbers, text);
