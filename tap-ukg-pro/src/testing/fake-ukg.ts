/**
 * A UKG Pro in memory, for tests of the core: routes to rows, paging, the `employeeId` filter and the day-grained date
 * filter with its unknowns as options. It is no likeness of the whole service; the sandbox is.
 */
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { HttpRequest, HttpResponse, Send } from '@ukg-together/transport/http/request';
import type { Row } from '../ukg/row.ts';

export interface FakeUkgOptions {
  /** Rows by path, at the time of asking. */
  readonly rows: Readonly<Record<string, () => readonly Row[]>>;
  /** Whether `>day` includes rows of that day. */
  readonly inclusive?: boolean;
  /** Hours between the zone of the stamps and the one in which the filter means its day. */
  readonly filterZoneHours?: number;
  readonly maxPageSize?: number;
  /** Status for a path, in place of rows; `undefined` lets it through. */
  readonly refuse?: (path: string, url: URL) => number | undefined;
  /** Called for each request; throw to break it. */
  readonly onRequest?: (request: HttpRequest) => void;
  /** Bytes after which the body of a request breaks. */
  readonly cutAfter?: (url: URL) => number | undefined;
  readonly link?: boolean;
  /** Date filters are taken for unknown parameters. */
  readonly ignoresFilters?: boolean;
}

export interface FakeUkg {
  readonly send: Send;
  /** Paths with their query, in order. */
  readonly asked: string[];
}

export function fakeUkg(options: FakeUkgOptions): FakeUkg {
  const asked: string[] = [];
  const send: Send = async (request) => {
    const { url } = request;
    asked.push(url.pathname + url.search);
    options.onRequest?.(request);
    const status = options.refuse?.(url.pathname, url);
    if (status !== undefined) return respond(status, '');
    const all = options.rows[url.pathname];
    if (!all) return respond(404, '');
    const { rows, next } = pageOf(filtered(all(), url), url);
    const body = JSON.stringify(rows);
    const cut = options.cutAfter?.(url);
    const headers: Record<string, string> =
      options.link && next
        ? { link: `<${next}>; rel="next"` }
        : options.link
          ? { link: `<${url.href}>; rel="first"` }
          : {};
    return respond(200, body, headers, cut);
  };

  function filtered(rows: readonly Row[], url: URL): readonly Row[] {
    let left = rows;
    const id = url.searchParams.get('employeeId') ?? url.searchParams.get('employeeID');
    if (id !== null) left = left.filter((row) => (row['employeeId'] ?? row['employeeID']) === id);
    for (const name of ['dateTimeChanged', 'dateTimeCreated']) {
      const since = url.searchParams.get(name);
      if (since === null || options.ignoresFilters) continue;
      const match = /^>(\d\d)-(\d\d)-(\d{4})$/.exec(since);
      if (!match) throw new Error(`Not a filter: ${since}`);
      const day = Date.UTC(Number(match[3]), Number(match[1]) - 1, Number(match[2]));
      const zone = (options.filterZoneHours ?? 0) * 3_600_000;
      const from = (options.inclusive ? day : day + 86_400_000) + zone;
      left = left.filter((row) => {
        const timestamp = (row[name] ?? row[name.replace('T', 't')]) as string | null;
        return timestamp !== null && Date.parse(`${timestamp}Z`) >= from;
      });
    }
    return left;
  }

  function pageOf(rows: readonly Row[], url: URL): { rows: readonly Row[]; next?: string } {
    const asksFor = url.searchParams.get('per_Page') ?? url.searchParams.get('per_page');
    const page = Number(url.searchParams.get('page') ?? 1);
    const size = Math.min(Number(asksFor ?? 10_000), options.maxPageSize ?? 10_000);
    if (!url.searchParams.has('page') && asksFor === null) return { rows };
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const more = page * size < rows.length;
    return { rows: rows.slice((page - 1) * size, page * size), ...(more ? { next: next.href } : {}) };
  }

  return { send, asked };
}

function respond(status: number, text: string, headers: Record<string, string> = {}, cut?: number): HttpResponse {
  const bytes = Buffer.from(text);
  async function* body(): AsyncGenerator<Buffer> {
    const end = cut === undefined ? bytes.length : Math.min(cut, bytes.length);
    for (let at = 0; at < end; at += 4096) yield bytes.subarray(at, Math.min(at + 4096, end));
    if (cut !== undefined && cut < bytes.length) throw new AttemptError({ phase: 'body', code: 'ECONNRESET' });
  }
  return {
    status,
    headers,
    body: body(),
    text: async () => text,
    discard: async () => {},
  };
}
