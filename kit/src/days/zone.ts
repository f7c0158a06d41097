/** Time zones by their IANA names. */

/** Whether this machine knows the zone. */
export function isKnownZone(zone: string): boolean {
  // The default needs no table of zones, which takes longer to load than all settings to check.
  if (zone === 'UTC') return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a zone that was typed in. */
export const problemOfZone = (answer: string): string | undefined =>
  isKnownZone(answer) ? undefined : 'This machine knows no such zone; an example is America/New_York.';
