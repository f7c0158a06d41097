/**
 * Whether a list is all there is, as far as an answer shows. Nothing published says that Together's list has pages; where it has some, an
 * answer names the next one in one of these ways, or counts what it does not show.
 */
import { parseLink } from '@ukg-together/transport/http/link-header';

export interface Paging {
  /** `unknown`: a list in an object that says nothing of pages. */
  readonly whole: 'yes' | 'no' | 'unknown';
  /** What asks for the next page: a URL, or a query beside the first one's. */
  readonly next: string | Readonly<Record<string, string>> | undefined;
  /** What the next page has to say of itself, where the query is only concluded: else it was not understood. */
  readonly expects?: { readonly name: string; readonly value: number };
}

interface Hint {
  /** As it is spelled, and without marks and capitals. */
  readonly name: string;
  readonly plain: string;
  readonly value: unknown;
}

const plainOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `users`: of this page; `before`: of the pages before it. */
export function pagingOf(
  { users, before }: { readonly users: number; readonly before: number },
  around: Readonly<Record<string, unknown>> | undefined,
  headers: Readonly<Record<string, string>>,
): Paging {
  const link = parseLink(headers['link']);
  if (link?.next !== undefined) return { whole: 'no', next: link.next };
  const hints = [...hintsIn(around ?? {}), ...hintsIn(headers).filter(({ plain }) => plain.startsWith('x'))];
  const named = nextOf(hints);
  if (named && users > 0) return { whole: 'no', next: named };
  const counted = concluded(hints, users, before);
  if (counted) return counted;
  const isLast = link !== undefined || hints.some(({ plain, value }) => nextNames.test(plain) && isNothing(value));
  if (isLast) return { whole: 'yes', next: undefined };
  return { whole: around ? 'unknown' : 'yes', next: undefined };
}

const nextNames =
  /^(x?next(page|link|url|uri|href|cursor|token|pagetoken|pageurl)?|odatanextlink|hasmore|hasnext(page)?)$/;
const totalNames = /^x?(total|totalcount|totalitems|totalelements|totalresults|totalrecords|totalusers|recordcount)$/;
const pagesNames = /^x?(totalpages|pagecount|pages|lastpage)$/;

const isNothing = (value: unknown) => value === null || value === false || value === '' || value === 0;

function nextOf(hints: readonly Hint[]): Paging['next'] {
  for (const { name, plain, value } of hints) {
    if (!nextNames.test(plain) || typeof value !== 'string' || value === '') continue;
    if (/^(https?:|\/|\?)/.test(value)) return value;
    const parameter = name.replace(/^(x-)?next[-_]?/i, '');
    if (/cursor|token/i.test(parameter)) return { [parameter.charAt(0).toLowerCase() + parameter.slice(1)]: value };
  }
  return undefined;
}

/** From numbers: how many there are in all, and where this page stands. */
function concluded(hints: readonly Hint[], users: number, before: number): Paging | undefined {
  const find = (names: RegExp) => hints.find(({ plain, value }) => names.test(plain) && isCount(value));
  const total = find(totalNames);
  const pages = find(pagesNames);
  const page = find(/^(page|pagenumber|currentpage)$/);
  const offset = find(/^(offset|skip)$/);
  const goesOn = total
    ? Number(total.value) > before + users
    : (pages && Number(pages.value) > Number(page?.value ?? 1)) ||
      hints.some(({ plain, value }) => /^has(more|next)/.test(plain) && value === true) ||
      hints.some(({ plain, value }) => /^x?nextpage$/.test(plain) && isCount(value) && Number(value) > 0);
  if (!goesOn) return total || pages ? { whole: 'yes', next: undefined } : undefined;
  if (users === 0) return { whole: 'no', next: undefined };
  const at = page ?? offset;
  if (!at) return { whole: 'no', next: undefined };
  const value = Number(at.value) + (page ? 1 : users);
  return { whole: 'no', next: { [at.name]: String(value) }, expects: { name: at.name, value } };
}

const isCount = (value: unknown) =>
  (typeof value === 'number' && Number.isSafeInteger(value)) || (typeof value === 'string' && /^\d{1,9}$/.test(value));

/** Whether the page is the one that was asked for. */
export const isExpected = (
  around: Readonly<Record<string, unknown>> | undefined,
  expects: Paging['expects'],
): boolean =>
  !expects || hintsIn(around ?? {}).some(({ name, value }) => name === expects.name && Number(value) === expects.value);

/** Single values by their names; one under `next` counts as it. */
function hintsIn(object: object, depth = 0, parent = ''): Hint[] {
  return Object.entries(object).flatMap(([key, value]): Hint[] => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return depth < 3 ? hintsIn(value as object, depth + 1, key) : [];
    const name = /^(href|url)$/i.test(key) ? parent : key;
    return [{ name, plain: plainOf(name), value }];
  });
}
