/** A web service as a stream: row by row, no more than a page's rows at a time. */

import { planRequests } from './requests.ts';
import { readRecords } from './rows.ts';
import type { UkgStream } from './streams/define.ts';
import type { StreamContext, StreamEnd } from './tap.ts';
import { advance, asInstant, changedSince, later } from './window.ts';

export async function syncStream(context: StreamContext, source: UkgStream): Promise<StreamEnd> {
  const { settings, stream, startMs } = context;
  const incremental = stream.replicationMethod === 'INCREMENTAL' && source.cursor !== undefined;
  const old = incremental ? asInstant(context.bookmark.replication_key_value) : undefined;
  const since = old ?? (incremental ? asInstant(settings.start_date) : undefined);
  const window =
    incremental && since !== undefined && source.cursor
      ? { [source.cursor.parameter]: changedSince(since, settings.lookback_days, context.times) }
      : {};
  const version = since === undefined ? startMs : undefined;
  let newest: string | undefined;
  const cursor = source.cursor?.field;
  const { otherCompanies } = await readRecords(context, {
    stream: source,
    requests: await planRequests(context, source, window),
    selected: context.selectedFields,
    byCompany: true,
    beforeRows: context.beforeRows,
    ...(context.test ? { limit: 1 } : {}),
    take(record) {
      if (cursor !== undefined) newest = later(newest, record[cursor]);
      return context.emitRecord(record, version);
    },
  });
  if (otherCompanies > 0) context.log.info(`${source.name}: ${otherCompanies} rows left out by company_ids.`);
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
