import type { Kind } from '../streams/define.ts';
import type { Times } from '../time/time.ts';

/** A value as its kind; undefined or null when it can't be read as one. */
export function convert(kind: Kind, value: unknown, times: Times): unknown {
  switch (kind) {
    case 's':
      if (typeof value === 'string') return value.trim() || null;
      // A code or an id that came as a number and has lost digits would be another person's.
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) return undefined;
      return typeof value === 'object' ? JSON.stringify(tidy(value)) : String(value as number | boolean);
    case 'd':
      return typeof value === 'string' ? times.day(value.trim()) : undefined;
    case 't':
      return typeof value === 'string' ? times.instant(value.trim()) : undefined;
    case 'n':
    case 'i':
      return toNumber(value, kind === 'i');
    case 'b':
      return toBoolean(value);
    case 'o':
      return typeof value === 'object' && !Array.isArray(value) ? tidy(value) : { value: tidy(value) };
    case 'a':
      return Array.isArray(value) ? tidy(value) : [tidy(value)];
  }
}

function toNumber(value: unknown, whole: boolean): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return whole && !Number.isSafeInteger(number) ? undefined : number;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (word === 'y' || word === 'yes' || word === 'true' || word === '1') return true;
  if (word === 'n' || word === 'no' || word === 'false' || word === '0') return false;
  return undefined;
}

/** Deeper than any answer of UKG's; shallow enough for every recursive reader downstream. */
const maxDepth = 64;

/** Nested values: the same tidying of strings. What is nested too deeply becomes null. */
export function tidy(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.trim() || null;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return null;
  if (Array.isArray(value)) return value.map((item) => tidy(item, depth + 1));
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (name !== '__proto__') result[name] = tidy((value as Record<string, unknown>)[name], depth + 1);
  }
  return result;
}
