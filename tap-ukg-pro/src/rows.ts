/** The way from pages to records, for raw streams and for the sources of `employees` alike. */

import type { Logger } from '@ukg-together/protocol/log';
import { show } from '@ukg-together/protocol/show';
import { readPages, type StreamRequest } from './paging.ts';
import { createRecentKeys } from './recent-keys.ts';
import { compileRecord, fieldReader, noOddities, type Oddities, type UkgRecord } from './record.ts';
import type { Settings } from './settings.ts';
import type { Row } from './splitter.ts';
import type { Field, UkgStream } from './streams/define.ts';
import type { Times } from './time.ts';
import type { UkgClient } from './ukg-client.ts';

export interface ReadDeps {
  readonly client: UkgClient;
  readonly log: Logger;
  readonly times: Times;
  readonly settings: Pick<Settings, 'keep_unknown_fields' | 'company_ids' | 'page_size'>;
}

export interface PlannedRequest extends StreamRequest {
  /** What the request knows and the rows don't say, by record name. */
  readonly extra?: Readonly<Record<string, string>>;
}

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
}

/**
 * Reads requests one after the other and hands over their records, each once. Ends with one line in the log for each
 * oddity. Returns how many rows the filter by company left out.
 */
export async function readRecords(deps: ReadDeps, read: RecordRead): Promise<{ otherCompanies: number }> {
  const { stream, take } = read;
  const oddities = noOddities();
  // A source of a joined stream gives what the join asks for; its other fields are known, but nobody's.
  const keepUnknown = read.fields === undefined && (stream.open || deps.settings.keep_unknown_fields);
  const toRecord = compileRecord({
    fields: read.fields
      ? [...stream.fields.filter(({ name }) => !read.selected.has(name)), ...read.fields]
      : stream.fields,
    selected: read.selected,
    key: stream.key,
    times: deps.times,
    keepUnknown,
    oddities,
    ...(read.room ? { room: read.room } : {}),
  });
  const seen = stream.key.length > 0 ? createRecentKeys(stream.pageSize > 1000 ? undefined : 16_384) : undefined;
  const inScope = read.byCompany ? companyFilter(stream, deps.settings.company_ids) : undefined;
  let otherCompanies = 0;
  let taken = 0;

  const partsOf = (record: UkgRecord): readonly unknown[] =>
    stream.uniqueKey ? stream.key.map((name) => record[name]) : [JSON.stringify(record)];

  for (const request of read.requests) {
    if (read.limit !== undefined && taken >= read.limit) break;
    const { extra } = request;
    await readPages(
      deps,
      { ...request, isRow: rowTest(stream, extra) },
      async (rows: Row[]) => {
        let fresh = 0;
        read.beforeRows?.();
        for (const row of rows) {
          if (extra) Object.assign(row, extra);
          const record = toRecord(row);
          if (record === undefined) continue;
          if (seen && !seen.isNew(partsOf(record))) continue;
          fresh++;
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
  }
  tellOddities(deps.log, stream, oddities, keepUnknown);
  return { otherCompanies };
}

/** One object instead of a list is a row when it carries the whole key, so that nothing else passes for one. */
export function rowTest(stream: UkgStream, extra: Readonly<Record<string, string>> = {}): (row: Row) => boolean {
  const readers = stream.fields.filter(({ name }) => stream.key.includes(name) && !(name in extra)).map(fieldReader);
  const isFilled = (value: unknown) => typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  return (row) => readers.length > 0 && readers.every((reader) => isFilled(reader(row)));
}

/** Undefined when rows of this stream say nothing of a company, or when all companies are wanted. */
export function companyFilter(stream: UkgStream, companies: readonly string[] | undefined) {
  if (companies === undefined || companies.length === 0) return undefined;
  const readers = stream.fields.filter(({ name }) => name === 'companyId' || name === 'companyCode').map(fieldReader);
  if (readers.length === 0) return undefined;
  const wanted = new Set(companies.map((company) => company.trim().toUpperCase()));
  return (row: Row): boolean =>
    readers.some((reader) => {
      const value = reader(row);
      return typeof value === 'string' && wanted.has(value.trim().toUpperCase());
    });
}

function tellOddities(log: Logger, stream: UkgStream, oddities: Oddities, kept: boolean): void {
  const { unknownKeys, unreadable, rowsWithoutKey } = oddities;
  if (unknownKeys.size > 0 && !stream.open) {
    const names = [...unknownKeys].slice(0, 20).map(show).join(', ');
    log.warn(
      `${stream.name}: UKG sent fields that this version does not know: ${names}. ${
        kept ? 'They were kept as they came.' : 'They were dropped; keep_unknown_fields keeps them.'
      }`,
    );
  }
  for (const [name, count] of unreadable) {
    log.warn(
      `${stream.name}: ${count} ${count === 1 ? 'value' : 'values'} of ${show(name)} could not be read and became null.`,
    );
  }
  if (rowsWithoutKey > 0) {
    log.warn(
      `${stream.name}: ${rowsWithoutKey} ${rowsWithoutKey === 1 ? 'row' : 'rows'} without ${stream.key.join(', ')} left out: nothing tells whose they are.`,
    );
  }
}
