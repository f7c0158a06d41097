/** What was asked of Together, for the summary and the report's timeline. */
import type { RequestPoint, RunSummary } from '../model/run-summary.ts';
import type { RequestRecord } from './client.ts';

export interface RequestLog {
  request(record: RequestRecord): void;
  wait(waitMs: number): void;
  summary(intervalMs: number): RunSummary['requests'];
  /** At most a few thousand, the first ones. */
  readonly points: readonly RequestPoint[];
}

const mostPoints = 5000;

/** `startedAt`: of the run, milliseconds since 1970. */
export function createRequestLog(startedAt: number): RequestLog {
  const points: RequestPoint[] = [];
  const byStatus: Record<string, number> = {};
  let count = 0;
  let retries = 0;
  let waitedMs = 0;
  let bytes = 0;
  let minGapMs: number | null = null;
  let answeredAt: number | undefined;
  return {
    points,
    request(record) {
      count++;
      bytes += record.bytes;
      const status = record.status === undefined ? 'none' : String(record.status);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      if (answeredAt !== undefined) {
        const gap = record.startedAt - answeredAt;
        minGapMs = minGapMs === null ? gap : Math.min(minGapMs, gap);
        waitedMs += Math.max(0, gap);
      }
      answeredAt = record.startedAt + record.ms;
      if (points.length < mostPoints) {
        points.push({
          atMs: record.startedAt - startedAt,
          tookMs: record.ms,
          status: record.status,
          people: record.users,
          bytes: record.bytes,
        });
      }
    },
    wait() {
      retries++;
    },
    summary: (intervalMs) => ({
      count,
      retries,
      by_status: byStatus,
      waited_ms: Math.round(waitedMs),
      min_gap_ms: minGapMs === null ? null : Math.max(0, Math.round(minGapMs)),
      interval_ms: intervalMs,
      bytes_sent: bytes,
    }),
  };
}
