/**
 * The lane: one request at a time, and a pause after each answer. The pause is counted from the answer, because only an
 * answer proves that the request before it has arrived; counted between starts, half of all requests would arrive early
 * (the connection's set-up delays one arrival and not the next). That is also why the wait stands inside the job and
 * Bottleneck's own `minTime` is not used.
 */
import type { Clock } from '@ukg-together/protocol/clock';
import Bottleneck from 'bottleneck';

/** Throws AttemptError `TURN_EXPIRED` when the turn may be another's by now. Asked right before a request's first byte. */
export type Turn = () => void;

export interface Lane {
  /** Runs `job` alone, at least one interval after the answer to the job before (and after the lane was opened). */
  run<T>(job: (turn: Turn) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

export interface LaneOptions {
  readonly clock: Clock;
  /** Milliseconds between the answer to one request and the start of the next. */
  readonly intervalMs: number;
}

/** A turn that the kernel's own lock keeps can't pass to another process. */
const forGood: Turn = () => {};

/** For one process; a lock on the machine keeps other processes out (see target-together/src/lock.ts). */
export function localLane({ clock, intervalMs }: LaneOptions): Lane {
  const queue = new Bottleneck({ maxConcurrent: 1 });
  // The first request waits as well: the run before this one may have ended a moment ago.
  let answeredAt = clock.monotonic();
  return {
    run: (job, signal) =>
      queue.schedule(async () => {
        const waitMs = answeredAt + intervalMs - clock.monotonic();
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        signal?.throwIfAborted();
        try {
          return await job(forGood);
        } finally {
          answeredAt = clock.monotonic();
        }
      }),
    async close() {
      await queue.stop({ dropWaitingJobs: true });
    },
  };
}
