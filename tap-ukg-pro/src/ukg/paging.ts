/**
 * All pages of a web service. `Link` is followed where it comes; else pages are asked for by number until an empty one:
 * a short page proves nothing, since a server may cap the page size below what was asked for.
 */

import { ConnectorError } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { Paging } from '../streams/define.ts';
import { isUnreachable, type UkgClient } from './client.ts';
import { parseLink } from './link-header.ts';
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
}

/** Takes rows in order; returns how many of them had not been seen before in this read. */
export type TakeNew = (rows: Row[]) => number | Promise<number>;

export interface ReadOptions {
  /** Stop after this many rows. */
  readonly limit?: number;
  /**
   * Rows can't be told from one another by a key: a page is handed over only when it is whole, so that one that is read
   * twice is not given twice.
   */
  readonly wholePages?: boolean;
}

/** Empty pages in a row that still name a next one, e.g. rows that the account may not see; a server that always does has an end too. */
const maxEmptyPages = 5;

/** No tenant is that large; a server that never ends is. */
const maxPages = 100_000;

/** Reads all pages, in order. Throws what `UkgClient.page` throws, and ConnectorError 'unreachable' for pages that run in circles. */
export async function readPages(
  deps: { client: UkgClient; log: Logger },
  request: StreamRequest,
  take: TakeNew,
  options: ReadOptions = {},
): Promise<void> {
  const { client, log } = deps;
  const seen = new Set<string>();
  const visited = new Set<string>();
  let withPageSize = request.paging !== 'none';
  let page = 1;
  let url = pageUrl(1);
  let emptyPages = 0;
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  // A page that was there before: asked for once more, then the one after it, before it is taken for the end.
  let doubt: 'none' | 'again' | 'next' = 'none';

  function pageUrl(number: number): URL {
    const address = new URL(request.path, client.origin);
    for (const [name, value] of Object.entries(request.params)) address.searchParams.set(name, value);
    if (request.paging !== 'none' && !request.body) {
      address.searchParams.set('page', String(number));
      if (withPageSize) address.searchParams.set(request.paging, String(request.pageSize));
    }
    return address;
  }

  function pageBody(number: number): { body?: Record<string, unknown> } {
    if (!request.body) return {};
    const size = withPageSize && request.paging !== 'none' ? { [request.paging]: request.pageSize } : {};
    return { body: { ...request.body, page: number, ...size } };
  }

  async function readOne(): Promise<{ rows: number; fresh: number; print: string; link: string | undefined }> {
    let fresh = 0;
    // A consumer so slow that UKG hangs up still gets on, page for page: new rows earn new tries.
    for (;;) {
      const before = fresh;
      let first: Row | undefined;
      let last: Row | undefined;
      const kept: Row[] = [];
      try {
        const result = await client.page(
          { stream: request.stream, url, ...pageBody(page), ...(request.isRow ? { isRow: request.isRow } : {}) },
          async (rows) => {
            first ??= rows[0];
            last = rows.at(-1);
            if (options.wholePages) kept.push(...rows);
            else fresh += await take(rows);
          },
          left,
        );
        const print = fingerprint(`${result.rows} ${JSON.stringify(first)} ${JSON.stringify(last)}`);
        if (options.wholePages && result.rows > 0 && !seen.has(print)) fresh += await take(kept);
        return { rows: result.rows, fresh, print, link: result.link };
      } catch (thrown) {
        if (isUnreachable(thrown) && fresh > before) continue;
        if (withPageSize && thrown instanceof AttemptError && thrown.failure.code === pageSizeRefused) {
          log.warn(`${request.stream}: UKG refused ${request.paging}=${request.pageSize}; going on without it.`);
          withPageSize = false;
          url = pageUrl(page);
          continue;
        }
        throw thrown;
      }
    }
  }

  for (let count = 1; ; count++) {
    if (count > maxPages) throw circles(request.stream, `more than ${maxPages} pages came`);
    const result = await readOne();
    left -= result.rows;
    if (left <= 0) return;
    const links = parseLink(result.link);

    if (request.paging === 'none' && !links?.next) return;
    const next = links?.next === undefined ? undefined : sameOrigin(links.next, url);
    const last = numberOf(links?.last, url);
    const before = last !== undefined && page < last;
    if (result.rows > 0) emptyPages = 0;
    else if ((next === undefined && !before) || ++emptyPages > maxEmptyPages || (last !== undefined && !before)) return;

    const repeated = result.rows > 0 && seen.has(result.print);
    seen.add(result.print);
    if (links?.next !== undefined) {
      if (next && !visited.has(next.href)) {
        if (repeated && result.fresh === 0) throw circles(request.stream, `page ${page} was there before`);
        visited.add(url.href).add(next.href);
        url = next;
        page = Number(next.searchParams.get('page') ?? page + 1) || page + 1;
        doubt = 'none';
        continue;
      }
      if (next) throw circles(request.stream, 'Link leads back to a page that was read');
      log.warn(`${request.stream}: Link leads to another host and is not followed; going on by page number.`);
    } else if (links && !request.body && !before) {
      // Links without a next one: the last page, unless they name a later one as the last. No relations at all would say nothing.
      if (repeated && result.fresh === 0) throw circles(request.stream, 'the last page was there before');
      return;
    }

    if (!repeated) {
      if (doubt === 'next' && result.fresh > 0)
        throw circles(request.stream, `page ${page - 1} repeated an earlier page`);
      doubt = 'none';
      page++;
    } else if (doubt === 'none') doubt = 'again';
    else if (doubt === 'again') {
      doubt = 'next';
      page++;
    } else return;
    url = pageUrl(page);
  }
}

/** The page that a link names; undefined where it names none, or another host's. */
function numberOf(link: string | undefined, base: URL): number | undefined {
  const target = link === undefined ? undefined : sameOrigin(link, base);
  return Number(target?.searchParams.get('page')) || undefined;
}

function sameOrigin(target: string, base: URL): URL | undefined {
  let next: URL;
  try {
    next = new URL(target, base);
  } catch {
    return undefined;
  }
  return next.origin === base.origin && next.username === '' && next.password === '' ? next : undefined;
}

function circles(stream: string, what: string): ConnectorError {
  return new ConnectorError('unreachable', `${stream}: UKG's pages run in circles: ${what}.`, {
    stream,
    hint: 'Rows may be missing, so the stream counts as failed and its bookmark stays. Run it again later.',
  });
}
