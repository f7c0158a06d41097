/**
 * How fast this machine is just now. The timeouts of the settings follow it: on a busy machine an honest answer would otherwise
 * be taken for silence.
 */
const recent: number[] = [];

/** Told how long an undisturbed run took, start-up included. */
export function undisturbed(ms: number): void {
  recent.push(ms);
  if (recent.length > 12) recent.shift();
}

/** `request_timeout_secs` for the next cell: no less than 2, and longer than a whole undisturbed run takes. */
export function timeoutSecs(): number {
  return Math.min(30, Math.max(2, Math.ceil((1.5 * Math.max(0, ...recent)) / 1000)));
}

/** Longer than any run needs with all its tries, waits and timeouts, and ten minutes at most; what takes longer hangs. */
export function hangMs(): number {
  return Math.min(600_000, 40_000 + timeoutSecs() * 20_000);
}
