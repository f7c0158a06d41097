/** What is due once in a window of time (a day, mostly), for runs that start a little earlier or later each night. */

/** A nightly run that starts some minutes earlier than yesterday's must not wait for the night after. */
export const slackMs = (windowMs: number): number => Math.min(28 * 60_000, windowMs / 48);

/**
 * Whether a window has passed at `now` since `at` (both milliseconds since 1970), within `slackMs`. A time ahead of the clock comes
 * from a clock that was wrong: it is not known, thus due.
 */
export function isDue(at: number, now: number, windowMs: number): boolean {
  const age = now - at;
  return !(age >= 0) || age >= windowMs - slackMs(windowMs);
}
