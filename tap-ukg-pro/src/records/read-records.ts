/** The way from pages to records, for raw streams and for the sources of `employees` alike. */

import { counted } from '@ukg-together/kit/text/show';
import { AttemptError } from '@ukg-together/transport/http/failure';
import { createShorten } from '@ukg-together/transport/rows/shorten';
import type { PlannedRequest, ReadDeps } from '../requests/planned-request.ts';
import type { Field, UkgStream } from '../streams/define.ts';
import { readPages } from '../ukg/paging.ts';
import type { Row } from '../ukg/row.ts';
import { newQualityCounts, reportQuality } from './data-quality.ts';
import { createRecentKeys } from './recent-keys.ts';
import { compileRecord, type UkgRecord, unread } from './record.ts';
import { companyFields, companyFilter, rowTest } from './row-filters.ts';

export interface RecordRead {
  readonly stream: UkgStream;
  readonly requests: readonly PlannedRequest[];
  /** Record names that are wanted. */
  readonly selected: ReadonlySet<string>;
  /** In place of the stream's own fields of these names, for a source of a joined stream. */
  readonly fields?: readonly Field[];
  /** See RecordOptions. */
  readonly room?: readonly string[];
  /** Apply `company_ids` to the rows. */
  readonly byCompany?: boolean;
  /** The most records wanted, of all requests together. */
  readonly limit?: number;
  readonly take: (record: UkgRecord) => void | Promise<void>;
  /** Before the records of some rows that came together. */
  readonly beforeRows?: () => void;
  /** Hand over rows whose key came before, too. */
  readonly repeated?: boolean;
}

/**
 * Reads requests one after the other and hands over their records, each once unless `repeated` says otherwise. Ends with one line in the log for each
 * data-quality warning. Returns how many rows the filter by company left out.
 */
export async function readRecords(deps: ReadDeps, read: RecordRead): Promise<{ otherCompanies: number }> {
  const { stream, take } = read;
  const quality = newQualityCounts();
  // A source of a joined stream gives what the join asks for; its other fields are known, and not used.
  const keepUnknown = read.fields === undefined && (stream.open || deps.settings.keep_unknown_fields);
  const fields = read.fields
    ? [...stream.fields.filter(({ name }) => !read.selected.has(name)), ...read.fields]
    : stream.fields;
  const toRecord = compileRecord({
    fields,
    selected: read.selected,
    key: stream.key,
    times: deps.times,
    keepUnknown,
    quality,
    ...(read.room ? { room: read.room } : {}),
  });
  const seen = stream.key.length > 0 ? createRecentKeys(stream.pageSize > 1000 ? undefined : 16_384) : undefined;
  const inScope = read.byCompany ? companyFilter(stream, deps.settings.company_ids) : undefined;
  // Without a key two pages are compared by all that their rows hold.
  const looked = new Set([...read.selected, ...stream.key, ...(inScope ? companyFields : [])]);
  const shorten = seen ? { shorten: createShorten(unread(fields, looked)) } : {};
  let otherCompanies = 0;
  let taken = 0;
  let notThere = 0;

  const partsOf = (record: UkgRecord): readonly unknown[] =>
    stream.uniqueKey ? stream.key.map((name) => record[name]) : [JSON.stringify(record)];

  for (const request of read.requests) {
    if (read.limit !== undefined && taken >= read.limit) break;
    const { extra } = request;
    const reading = readPages(
      deps,
      { ...request, ...shorten, isRow: rowTest(stream, extra) },
      async (rows: Row[]) => {
        let fresh = 0;
        read.beforeRows?.();
        for (const row of rows) {
          if (extra) Object.assign(row, extra);
          const record = toRecord(row);
          if (record === undefined) continue;
          const isNew = !seen || seen.isNew(partsOf(record));
          if (!isNew && !read.repeated) continue;
          if (isNew) fresh++;
          if (inScope && !inScope(row)) {
            otherCompanies++;
            continue;
          }
          taken++;
          const wait = take(record);
          if (wait) await wait;
        }
        return fresh;
      },
      { wholePages: seen === undefined, ...(read.limit === undefined ? {} : { limit: read.limit }) },
    );
    if (request.onePerson) notThere += await reading.then(() => 0, asNotThere);
    else await reading;
  }
  if (notThere > 0) {
    deps.log.info(
      `${stream.name}: UKG answered 404 for ${counted(notThere, 'person', 'people')} asked for by id: not there.`,
    );
  }
  reportQuality(deps.log, stream, quality, keepUnknown);
  return { otherCompanies };
}

/** 1 for UKG's answer that there is no such person; every other failure is thrown on. */
function asNotThere(thrown: unknown): number {
  if (thrown instanceof AttemptError && thrown.failure.status === 404) return 1;
  throw thrown;
}
