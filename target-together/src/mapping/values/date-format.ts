const formatTokens = /YYYY|MM|DD|M|D|[^YMD]+/g;

/**
 * A reader for dates written another way, e.g. `DD/MM/YYYY` or `YYYYMMDD`; `epoch_s` and `epoch_ms` count from 1970 in UTC.
 * Gives ISO text for `toDay` or `toInstant`; `undefined` when the format itself is wrong.
 */
export function dateFormat(format: string): ((value: string) => string | undefined) | undefined {
  if (format === 'epoch_s' || format === 'epoch_ms') {
    const unit = format === 'epoch_s' ? 1000 : 1;
    return (value) => {
      const at = new Date(Number(value) * unit);
      return /^-?\d+(\.\d+)?$/.test(value) && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
    };
  }
  const tokens = format.match(formatTokens) ?? [];
  const count = (letter: string) => tokens.filter((token) => token.startsWith(letter)).length;
  if (tokens.join('') !== format || count('Y') !== 1 || count('M') !== 1 || count('D') !== 1) return undefined;
  const digits: Record<string, string> = {
    YYYY: '(?<y>\\d{4})',
    MM: '(?<m>\\d{2})',
    M: '(?<m>\\d{1,2})',
    DD: '(?<d>\\d{2})',
    D: '(?<d>\\d{1,2})',
  };
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const pattern = new RegExp(`^${tokens.map((token) => digits[token] ?? literal(token)).join('')}$`, 'u');
  return (value) => {
    const found = pattern.exec(value)?.groups;
    return found && `${found.y}-${found.m?.padStart(2, '0')}-${found.d?.padStart(2, '0')}`;
  };
}
