/** The time limit of one attempt: a slow reader downstream must not be mistaken for a slow server. */
import type { Clock } from '@ukg-together/kit/clock';

export interface Deadline {
  readonly signal: AbortSignal;
  /** Whether the caller aborted, as opposed to the time limit. */
  abortedByCaller(): boolean;
  /** Counts the time of `wait` against the limit. */
  during<T>(wait: Promise<T>): Promise<T>;
  end(): void;
}

class AttemptTimeout extends Error {
  readonly code = 'TIMEOUT';
}

/** The deadline of one attempt, `totalMs` milliseconds: its stopwatch runs only during waits for the network. */
export function startDeadline(totalMs: number, outer: AbortSignal | undefined, clock: Clock): Deadline {
  const controller = new AbortController();
  const onOuter = () => controller.abort(outer?.reason);
  if (outer?.aborted) onOuter();
  else outer?.addEventListener('abort', onOuter, { once: true });
  let leftMs = totalMs;
  return {
    signal: controller.signal,
    abortedByCaller: () => controller.signal.aborted && !(controller.signal.reason instanceof AttemptTimeout),
    async during<T>(wait: Promise<T>): Promise<T> {
      const from = clock.monotonic();
      const timer = setTimeout(() => controller.abort(new AttemptTimeout()), Math.max(1, leftMs));
      try {
        return await wait;
      } finally {
        clearTimeout(timer);
        leftMs -= clock.monotonic() - from;
      }
    },
    end() {
      outer?.removeEventListener('abort', onOuter);
    },
  };
}
