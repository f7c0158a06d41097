/** Pages: which rows one holds, and the Link header that leads on. */
import { unit } from '../company/rng.ts';
import type { Request } from '../server/http.ts';
import { BadRequest } from './filters.ts';
import type { UkgOptions } from './options.ts';

export interface PageAsked {
  readonly page: number;
  readonly size: number;
}
export interface PagingRules {
  readonly cap: number;
  readonly defaultSize: number;
  readonly overCap: 'clamp' | 'error';
}

const positive = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined || text === '') return otherwise;
  const n = Number(text);
  if (!/^\d+$/.test(text) || n < 1 || n > 2_147_483_647)
    throw new BadRequest(`The value '${text}' is not valid for ${name}.`);
  return n;
};

/** Reads page and page size (parameters by lower-case name). */
export function pageAsked(parameters: ReadonlyMap<string, string>, rules: PagingRules): PageAsked {
  const asked = positive('per_Page', parameters.get('per_page'), rules.defaultSize);
  if (asked > rules.cap && rules.overCap === 'error') throw new BadRequest(`per_Page must not exceed ${rules.cap}.`);
  return { page: positive('page', parameters.get('page'), 1), size: Math.min(asked, rules.cap) };
}

export interface PageRange {
  readonly start: number;
  readonly end: number;
  readonly last: number;
}

/**
 * The rows of a page. `drift`: each page begins that many rows early, as when rows are inserted meanwhile, so rows come twice.
 * `short`: pages hold between half and all of what was asked for, and more follows.
 */
export function pageRange(
  { page, size }: PageAsked,
  total: number,
  mode: { drift?: number; short?: boolean },
): PageRange {
  if (mode.short) {
    let [start, at, mine] = [0, 1, { start: total, end: total }];
    for (; start < total; at++) {
      const end = Math.min(total, start + Math.ceil(size * (0.5 + 0.5 * unit(size, at, 1))));
      if (at === page) mine = { start, end };
      start = end;
    }
    return { ...mine, last: Math.max(1, at - 1) };
  }
  const step = Math.max(1, size - (mode.drift ?? 0));
  const last = total <= size ? 1 : Math.ceil((total - size) / step) + 1;
  const start = Math.min(total, (page - 1) * step);
  return { start: page > last ? total : start, end: page > last ? total : Math.min(total, start + size), last };
}

/** `Link` as RFC 5988 has it. The other parameters stay as they were sent. */
export function linkHeader(base: string, query: string, page: number, last: number): string {
  const others = query.split('&').filter((part) => part !== '' && !/^page=/i.test(part));
  const to = (rel: string, n: number): string => `<${base}?${[`page=${n}`, ...others].join('&')}>; rel="${rel}"`;
  return [
    ...(page < last ? [to('next', page + 1)] : []),
    ...(page > 1 ? [to('previous', page - 1)] : []),
    to('first', 1),
    to('last', last),
  ].join(', ');
}

export interface Page {
  readonly start: number;
  readonly end: number;
  readonly headers: Record<string, string>;
}

/** Cuts the page out of `total` rows and heads it. */
export function paged(
  request: Request,
  asked: PageAsked,
  total: number,
  { options, url }: { options: UkgOptions; url: string },
): Page {
  const kind = request.fault?.kind;
  const page = kind === 'repeat-pages' ? 1 : asked.page;
  let range = pageRange({ page, size: asked.size }, total, {
    ...(options.drift ? { drift: options.drift } : {}),
    ...(options.shortPages ? { short: true } : {}),
  });
  if (kind === 'endless-pages' && asked.page >= range.last) {
    range = { ...pageRange({ page: range.last, size: asked.size }, total, {}), last: asked.page + 1 };
  }
  if (request.fault?.kind === 'shift-rows' && asked.page > 1) {
    const { by } = request.fault;
    const start = Math.min(total, Math.max(0, range.start - by));
    range = { ...range, start, end: by > 0 ? range.end : Math.min(total, range.end - by) };
  }
  const link =
    options.link === false ? {} : { link: linkHeader(`${url}${request.path}`, request.query, asked.page, range.last) };
  return {
    start: range.start,
    end: range.end,
    headers: { 'content-type': 'application/json; charset=utf-8', ...link },
  };
}
