import { ConnectorError, said } from '../error.ts';

/** The programs are younger than this. */
const earliest = Date.UTC(2026, 0, 1);

/**
 * A machine without a battery or network time begins in 1970: all people would start later, and bookmarks would be older than UKG.
 * `now`: milliseconds since 1970. Throws ConnectorError `settings`.
 */
export function checkMachineClock(now: number): void {
  if (now >= earliest) return;
  const day = new Date(now).toISOString().slice(0, 10);
  throw new ConnectorError(
    'settings',
    said`The clock of this machine says ${day}, which is before this version was made: first and last days can't be judged.`,
    { hint: 'Set the clock (timedatectl, NTP), and run it again. Nothing was read or sent.' },
  );
}
