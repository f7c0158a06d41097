/** The only place that touches time. Injected everywhere else, so that tests never wait. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 (may jump). */
  now(): number;
  /** Monotonic, milliseconds from an arbitrary start (never jumps back). */
  monotonic(): number;
  /** Resolves after at least `ms` of monotonic time; rejects with `signal.reason` when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const due = performance.now() + ms;
      let timer: NodeJS.Timeout;
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      // A timer may fire up to a millisecond early: a rate limit must not end before its time.
      const arm = () => {
        const left = due - performance.now();
        if (left > 0) {
          timer = setTimeout(arm, Math.min(Math.ceil(left), 2 ** 31 - 1));
          return;
        }
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      arm();
    }),
};
