/** Which page comes after a page: by `Link`, else by number, until the end is certain. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { type Links, parseLink } from '@ukg-together/transport/http/link-header';

/** What the order of pages depends on. */
export interface PagedRequest {
  readonly stream: string;
  readonly body?: unknown;
  readonly paging: string;
}

/** A page that was read. */
export interface PageRead {
  readonly rows: number;
  /** Rows that had not been seen before in this read. */
  readonly fresh: number;
  /** See `fingerprint`. */
  readonly print: string;
  readonly link: string | undefined;
}

export interface PageOrder {
  /** The page to read now. */
  readonly page: number;
  readonly url: URL;
  /** Moves on; false at the end. Throws ConnectorError 'unreachable' for pages that run in circles. */
  next(read: PageRead): boolean;
  /** Whether a page with this fingerprint was read before. */
  hasSeen(print: string): boolean;
  /** The same page by its number, where its address is made in another way now. */
  askAgain(): void;
}

/** Empty pages in a row that still name a next one, e.g. rows that the account may not see; a server that always does has an end too. */
const maxEmptyPages = 5;

/** No tenant is that large; a server that never ends is. */
const maxPages = 100_000;
/** Years of payroll of the largest companies fit; people are far fewer. */
const maxRows = 50_000_000;

/** Pages in a row whose rows were all there before. Rows that shift while they are read repeat a page or two. */
const maxStalePages = 20;

/** `pageUrl`: the address of a page by its number. */
export function createPageOrder(
  request: PagedRequest,
  pageUrl: (page: number) => URL,
  log: Pick<Logger, 'warn'>,
): PageOrder {
  const seen = new Set<string>();
  const visited = new Set<string>();
  let page = 1;
  let url = pageUrl(1);
  let pages = 0;
  let rows = 0;
  let stalePages = 0;
  let emptyPages = 0;
  // A page that was there before: asked for once more, then the one after it, before it is taken for the end.
  let doubt: 'none' | 'again' | 'next' = 'none';

  function next(read: PageRead): boolean {
    pages++;
    rows += read.rows;
    stalePages = read.rows > 0 && read.fresh === 0 ? stalePages + 1 : 0;
    const goesOn = moveOn(read);
    if (goesOn && pages >= maxPages) throw circles(request.stream, `more than ${maxPages} pages came`);
    if (goesOn && rows >= maxRows) throw circles(request.stream, `more than ${maxRows} rows came`);
    if (goesOn && stalePages >= maxStalePages)
      throw circles(request.stream, `${stalePages} pages in a row held nothing new`);
    return goesOn;
  }

  function moveOn(read: PageRead): boolean {
    const links = parseLink(read.link);
    if (request.paging === 'none' && !links?.next) return false;
    const target = links?.next === undefined ? undefined : sameOrigin(links.next, url);
    const last = numberOf(links?.last, url);
    const beforeLast = last !== undefined && page < last;
    if (read.rows > 0) emptyPages = 0;
    else if (target === undefined && !beforeLast) return false;
    else if (++emptyPages > maxEmptyPages || (last !== undefined && !beforeLast)) return false;

    const repeated = read.rows > 0 && seen.has(read.print);
    seen.add(read.print);
    const stale = repeated && read.fresh === 0;
    if (links?.next !== undefined) {
      if (follow(target, stale)) return true;
    } else if (isLast(links, beforeLast)) {
      if (stale) throw circles(request.stream, 'the last page was there before');
      return false;
    }
    return byNumber(repeated, read.fresh);
  }

  /** Goes where `Link` leads; false when that is another host. */
  function follow(target: URL | undefined, stale: boolean): boolean {
    if (target === undefined) {
      log.warn(`${request.stream}: Link leads to another host and is not followed; going on by page number.`);
      return false;
    }
    if (visited.has(target.href)) throw circles(request.stream, 'Link leads back to a page that was read');
    if (stale) throw circles(request.stream, `page ${page} was there before`);
    visited.add(url.href).add(target.href);
    url = target;
    page = Number(target.searchParams.get('page') ?? page + 1) || page + 1;
    doubt = 'none';
    return true;
  }

  /** Links without a next one: the last page, unless they name a later one as the last. No relations at all would say nothing. */
  function isLast(links: Links | undefined, beforeLast: boolean): boolean {
    return links !== undefined && !request.body && !beforeLast;
  }

  function byNumber(repeated: boolean, fresh: number): boolean {
    if (!repeated) {
      if (doubt === 'next' && fresh > 0) throw circles(request.stream, `page ${page - 1} repeated an earlier page`);
      doubt = 'none';
      page++;
    } else if (doubt === 'none') doubt = 'again';
    else if (doubt === 'again') {
      doubt = 'next';
      page++;
    } else return false;
    url = pageUrl(page);
    return true;
  }

  return {
    get page() {
      return page;
    },
    get url() {
      return url;
    },
    next,
    hasSeen: (print) => seen.has(print),
    askAgain() {
      url = pageUrl(page);
    },
  };
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
  return new ConnectorError('unreachable', said`${stream}: UKG's pages run in circles: ${what}.`, {
    stream,
    hint: 'Rows may be missing, so the stream counts as failed and its bookmark stays. Run it again later.',
  });
}
