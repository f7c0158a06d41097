/** A clock that tests turn by hand: `sleep` returns at once and moves the time, so that no test really waits. */
import type { Clock } from '../clock.ts';

export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** Every sleep asked for, milliseconds, in order. */
  readonly slept: number[];
}

export function fakeClock(startMs = Date.UTC(2026, 0, 5, 2, 0, 0)): FakeClock {
  let elapsed = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    advance: (ms) => {
      elapsed += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      elapsed += ms;
    },
  };
}
