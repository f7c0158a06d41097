/** Counters and timers as the Singer SDK logs them: a counter once a minute and at its end, a timer when it stops. */
import type { Clock } from './clock.ts';
import type { Logger, Metric } from './log.ts';

type Tags = NonNullable<Metric['tags']>;

const flushMs = 60_000;

export interface Counter {
  add(count?: number): void;
  /** Logs what has not been logged yet. */
  close(): void;
}

/** Each logged value counts since the one before, as the SDK's do. */
export function counter(deps: { logger: Logger; clock: Clock }, metric: string, tags: Tags = {}): Counter {
  let value = 0;
  let calls = 0;
  let since = deps.clock.monotonic();
  const flush = () => {
    deps.logger.metric({ type: 'counter', metric, value, tags });
    value = 0;
    since = deps.clock.monotonic();
  };
  return {
    add(count = 1) {
      value += count;
      // The clock is asked now and then only: a counter stands in the path of every record.
      if ((++calls & 255) === 0 && deps.clock.monotonic() - since >= flushMs) flush();
    },
    close() {
      if (value > 0) flush();
    },
  };
}

/** Runs a job and logs how long it took, in seconds, and whether it succeeded. */
export async function timed<T>(
  deps: { logger: Logger; clock: Clock },
  metric: string,
  tags: Tags,
  job: () => Promise<T>,
): Promise<T> {
  const start = deps.clock.monotonic();
  const log = (status: string) =>
    deps.logger.metric({
      type: 'timer',
      metric,
      value: (deps.clock.monotonic() - start) / 1000,
      tags: { ...tags, status },
    });
  try {
    const result = await job();
    log('succeeded');
    return result;
  } catch (error) {
    log('failed');
    throw error;
  }
}
