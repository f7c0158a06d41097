/** A web service as a stream: row by row, no more than a page's rows at a time. */

import { counted } from '@ukg-together/kit/text/show';
import { readRecords } from '../records/read-records.ts';
import { planChanged, planRequests } from '../requests/plan-requests.ts';
import type { UkgStream } from '../streams/define.ts';
import { advance, asInstant, changedSince, later } from '../time/window.ts';
import type { StreamContext, StreamEnd } from './stream-context.ts';

export async function syncStream(context: StreamContext, source: UkgStream): Promise<StreamEnd> {
  const { settings, stream, startMs } = context;
  const incremental = stream.replicationMethod === 'INCREMENTAL' && source.cursor !== undefined;
  const old = incremental ? asInstant(context.bookmark.replication_key_value) : undefined;
  const since = old ?? (incremental ? asInstant(settings.start_date) : undefined);
  const version = since === undefined ? startMs : undefined;
  const window = since === undefined ? undefined : changedSince(since, settings.lookback_days, context.times);
  const cursor = source.cursor?.field;
  let newest: string | undefined;
  const { otherCompanies } = await readRecords(context, {
    stream: source,
    requests: await (window === undefined
      ? planRequests(context, source)
      : planChanged(context, source, window.value, true)),
    selected: context.selectedFields,
    byCompany: true,
    beforeRows: context.beforeRows,
    ...(context.test ? { limit: 1 } : {}),
    take(record) {
      const timestamp = cursor === undefined ? undefined : record[cursor];
      if (window && source.right !== 'own' && !window.mayHold(timestamp ?? record['dateTimeCreated'])) return undefined;
      newest = later(newest, timestamp);
      return context.emitRecord(record, version);
    },
  });
  if (otherCompanies > 0)
    context.log.info(`${source.name}: ${counted(otherCompanies, 'row')} left out by company_ids.`);
  if (!incremental) return { bookmark: {}, complete: { version: startMs } };
  const value = advance(old, newest, startMs);
  return {
    bookmark: {
      ...(stream.replicationKey === undefined ? {} : { replication_key: stream.replicationKey }),
      ...(value === undefined ? {} : { replication_key_value: value }),
    },
    ...(version === undefined ? {} : { complete: { version } }),
  };
}
