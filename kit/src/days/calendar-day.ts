/** Calendar days as YYYY-MM-DD. */

const dayMs = 86_400_000;

/** `days` after a day. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

/** The calendar day in a zone. `now`: milliseconds since 1970; `timeZone`: an IANA name. */
export const calendarDay = (now: number, timeZone: string): string =>
  // Sweden writes days as ISO 8601 does.
  new Date(now).toLocaleDateString('sv-SE', { timeZone });
