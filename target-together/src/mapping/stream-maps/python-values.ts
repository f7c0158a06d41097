/** Python's values and operators, as far as stream maps use them. Where Python would stop the run, the result is nothing (None). */

import { isDeepStrictEqual } from 'node:util';

export type Json = Readonly<Record<string, unknown>>;

/** Nothing that Together takes is longer. */
const maxText = 10_000;

const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const hasItem = (of: unknown, key: unknown): boolean =>
  isMap(of) && typeof key !== 'object' && Object.hasOwn(of, String(key));

/** What Python counts and slices by. */
const points = (text: string): string[] => Array.from(text);

/** `of[key]`: own keys of objects, places of lists and texts, counted from the end where negative. */
export function item(of: unknown, key: unknown): unknown {
  if (isMap(of)) return hasItem(of, key) ? (of[String(key)] ?? null) : null;
  if (typeof key !== 'number' || (!Array.isArray(of) && typeof of !== 'string')) return null;
  return ((typeof of === 'string' ? points(of) : of).at(key) as unknown) ?? null;
}

export function slice(of: unknown, from: unknown, to: unknown): unknown {
  const [a, b] = [from ?? undefined, to ?? undefined] as (number | undefined)[];
  if ([a, b].some((end) => end !== undefined && typeof end !== 'number')) return null;
  if (Array.isArray(of)) return of.slice(a, b);
  return typeof of === 'string' ? points(of).slice(a, b).join('') : null;
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const strip = (on: string, signs: unknown, start: boolean, end: boolean): string => {
  const off = asText(signs);
  const goes = (sign: string) => (off === undefined ? sign.trim() === '' : off.includes(sign));
  const all = points(on);
  let [from, to] = [0, all.length];
  while (start && from < to && goes(all[from] as string)) from++;
  while (end && to > from && goes(all[to - 1] as string)) to--;
  return all.slice(from, to).join('');
};
const capital = (word: string): string => {
  const [first = '', ...rest] = points(word);
  return first.toUpperCase() + rest.join('').toLowerCase();
};

/** Of texts, but for `get`, which objects have. Of anything else the result is nothing. */
export function callMethod(name: string, on: unknown, given: readonly unknown[]): unknown {
  if (name !== 'get') return typeof on === 'string' ? (methods[name]?.(on, given) ?? null) : null;
  const [key, otherwise = null] = given;
  return hasItem(on, key) ? item(on, key) : otherwise;
}

export const methods: Record<string, (on: string, given: readonly unknown[]) => unknown> = {
  get: () => null,
  lower: (on) => on.toLowerCase(),
  upper: (on) => on.toUpperCase(),
  casefold: (on) => on.toLowerCase(),
  title: (on) => on.replace(/\p{L}+/gu, capital),
  capitalize: capital,
  strip: (on, [signs]) => strip(on, signs, true, true),
  lstrip: (on, [signs]) => strip(on, signs, true, false),
  rstrip: (on, [signs]) => strip(on, signs, false, true),
  startswith: (on, [start]) => on.startsWith(asText(start) ?? '\0'),
  endswith: (on, [end]) => on.endsWith(asText(end) ?? '\0'),
  removeprefix: (on, [start]) =>
    asText(start) && on.startsWith(start as string) ? on.slice((start as string).length) : on,
  removesuffix: (on, [end]) => (asText(end) && on.endsWith(end as string) ? on.slice(0, -(end as string).length) : on),
  replace(on, [from, to]) {
    if (!asText(from) || asText(to) === undefined) return null;
    const pieces = on.split(from as string);
    const length = on.length + (pieces.length - 1) * (to as string).length;
    return length < maxText ? pieces.join(to as string) : null;
  },
  split(on, [by, most]) {
    if (asText(by) === undefined) return on.split(/\s+/).filter((part) => part !== '');
    if (by === '') return null;
    const parts = on.split(by as string);
    if (typeof most !== 'number' || most < 0 || parts.length <= most + 1) return parts;
    return [...parts.slice(0, most), parts.slice(most).join(by as string)];
  },
  join: (on, [list]) =>
    Array.isArray(list) && list.every((part) => typeof part === 'string')
      ? list.reduce<unknown>((so, part, at) => add(at === 0 ? so : add(so, on), part), '')
      : null,
  zfill: (on, [width]) => (typeof width === 'number' && width < maxText ? on.padStart(width, '0') : null),
};

export const functions: Record<string, (value: unknown) => unknown> = {
  str: (value) => textOf(value),
  bool: (value) => truthy(value),
  int(value) {
    if (typeof value === 'string' && !/^\s*[+-]?\d+\s*$/.test(value)) return null;
    const number = typeof value === 'object' ? Number.NaN : Math.trunc(Number(value));
    return Number.isSafeInteger(number) ? number : null;
  },
  float(value) {
    const number = typeof value === 'object' || value === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : null;
  },
  len(value) {
    if (typeof value === 'string') return points(value).length;
    return isMap(value) ? Object.keys(value).length : Array.isArray(value) ? value.length : null;
  },
};

/** Python's: empty texts, lists and objects are false. */
export function truthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isMap(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

export type Test = (a: unknown, b: unknown) => boolean;

/** True is 1 and False is 0. */
const plain = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : (value ?? null));
const same: Test = (a, b) => isDeepStrictEqual(plain(a), plain(b));
const contains: Test = (a, b) => {
  if (Array.isArray(b)) return b.some((one) => same(a, one));
  if (isMap(b)) return hasItem(b, a);
  return typeof b === 'string' && typeof a === 'string' && b.includes(a);
};
/** Where Python would stop with a TypeError (a number against nothing), the answer is no. */
const ordered =
  (test: (a: string | number, b: string | number) => boolean): Test =>
  (a, b) =>
    (typeof a === 'string' && typeof b === 'string') || (typeof a === 'number' && typeof b === 'number')
      ? test(a, b)
      : false;

export const comparisons: Record<string, Test> = {
  '==': same,
  '!=': (a, b) => !same(a, b),
  is: same,
  'is not': (a, b) => !same(a, b),
  in: contains,
  'not in': (a, b) => !contains(a, b),
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
};

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null || value === undefined ? 'None' : JSON.stringify(value);
}

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return a.length + b.length < maxText ? [...a, ...(b as unknown[])] : null;
  return typeof a === 'string' && typeof b === 'string' && a.length + b.length < maxText ? a + b : null;
}

/** Of two numbers, where the second is not 0 if it divides. */
const numeric =
  (work: (a: number, b: number) => number) =>
  (a: unknown, b: unknown): unknown => {
    const result = typeof a === 'number' && typeof b === 'number' ? work(a, b) : Number.NaN;
    return Number.isFinite(result) ? result : null;
  };

export const arithmetic: Record<string, (a: unknown, b: unknown) => unknown> = {
  '+': add,
  '-': numeric((a, b) => a - b),
  '*': numeric((a, b) => a * b),
  '/': numeric((a, b) => a / b),
  '//': numeric((a, b) => Math.floor(a / b)),
  '%': numeric((a, b) => a - b * Math.floor(a / b)),
};
