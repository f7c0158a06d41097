/**
 * Bookmarks and the windows asked for. UKG's filters know days only; whether `>` includes its day, and in which zone the
 * day is meant, is not documented. So every window starts earlier than the bookmark by `lookback_days` (rows stored late)
 * and by two more days (one for each of the two unknowns), and rows may come twice.
 *
 *      lookback_days + 2            the rows that came            this run
 *   ├───────────────────────┼───────────────────────────────────┼──────────▶
 *   │ asked for: > this day  bookmark ───────────────────▶ next  start of run
 *                             never moves back    = newest timestamp seen, never past ─┘
 *
 * The bookmark never passes the start of the run: a row changed while the run reads belongs to the next one.
 */
import type { Times } from './time.ts';

/** UNVERIFIED: inclusiveness and zone of date filters; a day is given up for each. */
const uncertainDays = 2;
const dayMs = 86_400_000;

/** What changed after a day that surely lies before a bookmark. */
export interface ChangedSince {
  /** The value of a date parameter: `>MM-DD-YYYY`. */
  readonly value: string;
  /**
   * Whether a row with this timestamp may belong to the answer, for servers that do not know the parameter and send everything.
   * A row without a timestamp may.
   */
  mayHold(timestamp: unknown): boolean;
}

export function changedSince(bookmark: string, lookbackDays: number, times: Times): ChangedSince {
  const day = Date.parse(times.localDay(Date.parse(bookmark))) - (lookbackDays + uncertainDays) * dayMs;
  const [year, month, date] = new Date(day).toISOString().slice(0, 10).split('-');
  // The filter's day may begin up to a day earlier than ours, in whatever zone it is meant.
  const earliest = new Date(day - dayMs).toISOString();
  return {
    value: `>${month}-${date}-${year}`,
    mayHold: (timestamp) => typeof timestamp !== 'string' || timestamp >= earliest,
  };
}

/** The later of the bookmark and the newest row, at most the start of the run; undefined when there is neither. */
export function advance(
  bookmark: string | undefined,
  newest: string | undefined,
  runStartMs: number,
): string | undefined {
  if (newest === undefined) return bookmark;
  const capped = Date.parse(newest) > runStartMs ? new Date(runStartMs).toISOString() : newest;
  return bookmark !== undefined && Date.parse(bookmark) >= Date.parse(capped) ? bookmark : capped;
}

/** The later of two instants in RFC 3339 UTC; undefined and null count as "none". */
export function later(a: unknown, b: unknown): string | undefined {
  if (typeof a !== 'string') return typeof b === 'string' ? b : undefined;
  if (typeof b !== 'string') return a;
  // Both were written by `Times.instant`: the same width up to milliseconds, so text order is time order.
  return a >= b ? a : b;
}

/** A stored bookmark, or a date from the settings, as an instant; undefined when it is none. */
export function asInstant(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
