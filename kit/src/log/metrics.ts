/** Counters and timers as the Singer SDK logs them: a counter once a minute and at its end, a timer when it stops. */
import type { Clock } from '../clock.ts';
import type { Metric, Tags } from './entry.ts';
import type { Logger } from './log.ts';

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

/** Runs a job and logs how long it took, in seconds, and whether it succeeded; a span of its own where telemetry is on. */
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
  const { logger } = deps;
  try {
    const result = await (logger.span ? logger.span(spanName(metric, tags), { attributes: tags }, job) : job());
    log('succeeded');
    return result;
  } catch (error) {
    log('failed');
    throw error;
  }
}

/** When a run ended well, seconds since 1970: what an alert on missing runs goes by. `at`: milliseconds. */
export function successAt(at: number): Metric {
  return { type: 'gauge', metric: 'last_success', value: at / 1000 };
}

/** `sync_duration` → `sync`; with `{ phase: 'plan' }` → `plan`. */
function spanName(metric: string, tags: Tags): string {
  return typeof tags['phase'] === 'string' ? tags['phase'] : metric.replace(/_duration$/, '');
}
