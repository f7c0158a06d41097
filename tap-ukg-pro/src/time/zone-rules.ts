const hourMs = 3_600_000;

export function offsetMs(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

// No one's calendar begins before the year 1: Python's does not, and .NET's empty date is its first day.
export const earliest = Date.parse('0001-01-01T00:00:00Z');

export const latest = Date.parse('9999-12-31T23:59:59Z');

/**
 * Local milliseconds → epoch milliseconds. In the hour that is skipped in spring, the moment that a clock not put
 * forward would show; in the hour that comes twice in autumn, the first: always the same answer (Temporal's "compatible").
 */
export async function zoneRules(zone: string): Promise<(localMs: number) => number> {
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
  /** The offset in all of the span of this length that holds the moment; NaN: it changes within. */
  const offsetsBy = (spanMs: number) => {
    const cache = new Map<number, number>();
    return (localMs: number): number => {
      const span = Math.floor(localMs / spanMs);
      let offset = cache.get(span);
      if (offset === undefined) {
        const from = span * spanMs;
        const first = exact(from) - from;
        offset = exact(from + spanMs - 1) - (from + spanMs - 1) === first ? first : Number.NaN;
        if (cache.size > 50_000) cache.clear();
        cache.set(span, offset);
      }
      return offset;
    };
  };
  // Stamps of a company crowd into few thousand days, and within a day the offset rarely changes.
  const ofDay = offsetsBy(24 * hourMs);
  const ofHour = offsetsBy(hourMs);
  return (localMs) => {
    let offset = ofDay(localMs);
    if (Number.isNaN(offset)) offset = ofHour(localMs);
    return Number.isNaN(offset) ? exact(localMs) : localMs + offset;
  };
}
