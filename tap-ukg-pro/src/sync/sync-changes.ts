/**
 * employee-changes: whole rows of people who changed in a window, without saying when. UKG asks for at most eight reads a
 * day, at least three hours apart, and answers in steps of three hours; the state remembers the last reads.
 *
 *        last window ──┤                 this run's start
 *   ───────────────────┼──────────────────────┼──▶
 *          ├── 3 h ────┤                       │
 *   startDate = last endDate − 3 h         endDate
 *
 * UNVERIFIED: whether the newest three hours are in the answer yet, so each window begins one step before the last one's
 * end; and whether future-dated hires count as changes.
 */

import { readRecords } from '../records/read-records.ts';
import { planRequests } from '../requests/plan-requests.ts';
import type { UkgStream } from '../streams/define.ts';
import { asInstant } from '../time/window.ts';
import type { StreamContext, StreamEnd } from './stream-context.ts';

const stepMs = 3 * 3_600_000;
const dayMs = 24 * 3_600_000;
const maxReadsADay = 8;
/** Before everybody: what live clients send to get all rows. */
const everything = '1900-12-31T00:00:00Z';

export async function syncChanges(context: StreamContext, source: UkgStream): Promise<StreamEnd> {
  const { stream, startMs, bookmark, settings } = context;
  const reads = recentReads(bookmark['reads'], startMs);
  const last = reads.at(-1);
  const waitMs = Math.max(
    last === undefined ? 0 : last + stepMs - startMs,
    reads.length < maxReadsADay ? 0 : (reads.at(-maxReadsADay) as number) + dayMs - startMs,
  );
  if (waitMs > 0 && !context.test) {
    context.log.info(
      `${source.name}: not read, since UKG asks for ${stepMs / 3_600_000} hours between reads and at most ${maxReadsADay} a day; the next one may start in ${Math.ceil(waitMs / 60_000)} min.`,
    );
    return { bookmark };
  }
  const old = stream.replicationMethod === 'INCREMENTAL' ? asInstant(bookmark.replication_key_value) : undefined;
  const start = old ?? asInstant(settings.start_date);
  const from =
    start === undefined ? everything : seconds(Math.min(Date.parse(start), startMs) - (old === undefined ? 0 : stepMs));
  const until = new Date(startMs).toISOString();
  const version = start === undefined ? startMs : undefined;
  const requests = await planRequests(context, source, { startDate: from, endDate: seconds(startMs) });
  await readRecords(context, {
    stream: source,
    requests: requests.map((request) => ({ ...request, extra: { changesUntil: until } })),
    selected: context.selectedFields,
    byCompany: true,
    beforeRows: context.beforeRows,
    ...(context.test ? { limit: 1 } : {}),
    take: (record) => context.emitRecord(record, version),
  });
  return {
    bookmark: {
      replication_key: 'changesUntil',
      replication_key_value: until,
      reads: [...reads, startMs].map(seconds),
    },
    ...(version === undefined ? {} : { complete: { version } }),
  };
}

/** Reads of the last day, oldest first. What lies in the future was written by a clock that has been put right since. */
function recentReads(value: unknown, nowMs: number): number[] {
  if (!Array.isArray(value)) return [];
  return value.map((text) => Date.parse(String(text))).filter((at) => at > nowMs - dayMs && at <= nowMs);
}

const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
