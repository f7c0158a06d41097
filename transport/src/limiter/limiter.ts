/**
 * The limiter: one request at a time, and a pause after each answer. The pause is counted from the answer, because only an
 * answer proves that the request before it has arrived; counted between starts, half of all requests would arrive early
 * (the connection's set-up delays one arrival and not the next). Time is the monotonic clock's: a queue that counts by the wall
 * clock stands still for an hour where that is set back by one.
 */
import type { Clock } from '@ukg-together/kit/clock';

/** Throws AttemptError `PERMIT_EXPIRED` when the permit may be another's by now. Asked right before a request's first byte. */
export type Permit = () => void;

export interface RateLimiter {
  /** Runs `job` alone, at least one interval after the answer to the job before (and after the limiter was opened). */
  run<T>(job: (permit: Permit) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

export interface LimiterOptions {
  readonly clock: Clock;
  /** Milliseconds between the answer to one request and the start of the next. */
  readonly intervalMs: number;
}

/** A permit that the kernel's own lock keeps can't pass to another process. */
const forGood: Permit = () => {};

/** For one process; a lock on the machine keeps other processes out (see target-together/src/lock.ts). */
export function localLimiter({ clock, intervalMs }: LimiterOptions): RateLimiter {
  // The first request waits as well: the run before this one may have ended a moment ago.
  let answeredAt = clock.monotonic();
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function permit<T>(job: (permit: Permit) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const waitMs = answeredAt + intervalMs - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    signal?.throwIfAborted();
    if (closed) throw new Error('the limiter is closed');
    try {
      return await job(forGood);
    } finally {
      answeredAt = clock.monotonic();
    }
  }

  return {
    run(job, signal) {
      const mine = last.then(() => permit(job, signal));
      last = mine.catch(() => {});
      return mine;
    },
    async close() {
      closed = true;
    },
  };
}
