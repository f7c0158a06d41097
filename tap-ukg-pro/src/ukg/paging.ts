/**
 * All pages of a web service. `Link` is followed where it comes; else pages are asked for by number until an empty one:
 * a short page proves nothing, since a server may cap the page size below what was asked for.
 */

import type { Logger } from '@ukg-together/kit/log/log';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { Shorten } from '@ukg-together/transport/rows/shorten';
import type { Paging } from '../streams/define.ts';
import { keptFailing, type UkgClient } from './client.ts';
import { createPageOrder } from './next-page.ts';
import { pageSizeRefused } from './page-errors.ts';
import { fingerprint } from './page-fingerprint.ts';
import type { Row } from './row.ts';

export interface StreamRequest {
  readonly stream: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** POST body; paging goes into it. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly paging: Paging;
  readonly pageSize: number;
  /** See PageRequest. */
  readonly isRow?: (row: Row) => boolean;
  readonly shorten?: Shorten;
}

/** Takes rows in order; returns how many of them had not been seen before in this read. */
export type TakeNew = (rows: Row[]) => number | Promise<number>;

export interface ReadOptions {
  /** Stop after this many rows. */
  readonly limit?: number;
  /**
   * Rows can't be distinguished by a key: a page is handed over only when it is whole, so that one that is read
   * twice is not given twice.
   */
  readonly wholePages?: boolean;
}

/** Rounds of tries that new rows may earn one page. */
const mostTries = 10;

/** Reads all pages, in order. Throws what `UkgClient.page` throws, and ConnectorError 'unreachable' for pages that run in circles. */
export async function readPages(
  deps: { client: UkgClient; log: Logger },
  request: StreamRequest,
  take: TakeNew,
  options: ReadOptions = {},
): Promise<void> {
  const { client, log } = deps;
  let withPageSize = request.paging !== 'none';
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  const order = createPageOrder(request, pageUrl, log);

  function pageUrl(number: number): URL {
    const address = new URL(request.path, client.origin);
    for (const [name, value] of Object.entries(request.params)) address.searchParams.set(name, value);
    if (request.paging !== 'none' && !request.body) {
      address.searchParams.set('page', String(number));
      if (withPageSize) address.searchParams.set(request.paging, String(request.pageSize));
    }
    return address;
  }

  const askedFor = () => (withPageSize ? { asked: request.pageSize } : {});

  function pageBody(number: number): { body?: Record<string, unknown> } {
    if (!request.body) return {};
    const size = withPageSize && request.paging !== 'none' ? { [request.paging]: request.pageSize } : {};
    return { body: { ...request.body, page: number, ...size } };
  }

  async function readOne(): Promise<{ rows: number; fresh: number; print: string; link: string | undefined }> {
    let fresh = 0;
    // A consumer so slow that UKG hangs up still gets on, page for page: new rows earn new tries.
    for (let tries = 1; ; tries++) {
      const before = fresh;
      let first: Row | undefined;
      let last: Row | undefined;
      const kept: Row[] = [];
      const { url, page } = order;
      try {
        const result = await client.page(
          {
            stream: request.stream,
            url,
            ...askedFor(),
            ...pageBody(page),
            ...(request.isRow ? { isRow: request.isRow } : {}),
            ...(request.shorten ? { shorten: request.shorten } : {}),
          },
          async (rows) => {
            first ??= rows[0];
            last = rows.at(-1);
            if (options.wholePages) kept.push(...rows);
            else fresh += await take(rows);
          },
          left,
        );
        const print = fingerprint(`${result.rows} ${JSON.stringify(first)} ${JSON.stringify(last)}`);
        if (options.wholePages && result.rows > 0 && !order.hasSeen(print)) fresh += await take(kept);
        return { rows: result.rows, fresh, print, link: result.link };
      } catch (thrown) {
        if (tries < mostTries && keptFailing(thrown) && fresh > before) continue;
        if (withPageSize && thrown instanceof AttemptError && thrown.failure.code === pageSizeRefused) {
          log.warn(`${request.stream}: UKG refused ${request.paging}=${request.pageSize}; going on without it.`);
          withPageSize = false;
          order.askAgain();
          continue;
        }
        throw thrown;
      }
    }
  }

  for (;;) {
    const result = await readOne();
    left -= result.rows;
    if (left <= 0 || !order.next(result)) return;
  }
}
