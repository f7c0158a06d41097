/**
 * UKG row → record, compiled once for each stream. One spelling of each name, trimmed, `""` as null, days as dates,
 * instants in UTC. Whatever comes, the record fits its schema: what can't be read becomes null and is counted.
 */

import type { Row } from './splitter.ts';
import type { Field, Kind } from './streams/define.ts';
import type { Times } from './time.ts';

export type UkgRecord = Record<string, unknown>;

/** What was odd about the rows of a stream: names and counts only, never a value. */
export interface Oddities {
  /** Keys that nobody documented. At most 50 are remembered. */
  readonly unknownKeys: Set<string>;
  /** How many values of a field could not be read as its kind. */
  readonly unreadable: Map<string, number>;
  rowsWithoutKey: number;
}

export function noOddities(): Oddities {
  return { unknownKeys: new Set(), unreadable: new Map(), rowsWithoutKey: 0 };
}

export interface RecordOptions {
  readonly fields: readonly Field[];
  /** The names that are wanted; all others are not even looked at. */
  readonly selected: ReadonlySet<string>;
  readonly key: readonly string[];
  readonly times: Times;
  /** Undocumented keys are kept as they come instead of dropped. */
  readonly keepUnknown: boolean;
  readonly oddities: Oddities;
  /** Names of a later record that this row is only a part of: present from the start, null. */
  readonly room?: readonly string[];
}

/** Reads one field of a row by any of its spellings, for what is decided before a record is made. */
export function fieldReader(field: Field): (row: Row) => unknown {
  const names = new Set([field.name, ...field.aliases].map((name) => name.toLowerCase()));
  let spelling = field.name;
  return (row) => {
    const value = row[spelling];
    if (value !== undefined) return value;
    const found = Object.keys(row).find((key) => names.has(key.toLowerCase()));
    if (found === undefined) return undefined;
    spelling = found;
    return row[found];
  };
}

interface Slot {
  readonly key: string;
  /** Undefined: known, but not selected. */
  readonly name: string | undefined;
  readonly kind: Kind;
  readonly unknown: boolean;
}

/** More different keys than this are no longer remembered one by one. */
const maxKnownSpellings = 4096;

/**
 * Returns undefined for a row of whose key nothing is there: nobody could tell it from another. A part of the key that
 * is missing is the empty string.
 */
export function compileRecord(options: RecordOptions): (row: Row) => UkgRecord | undefined {
  const { fields, selected, key, times, keepUnknown, oddities } = options;
  const byWireName = new Map<string, Field>();
  for (const field of fields) {
    for (const name of [...field.aliases, field.name]) byWireName.set(name.toLowerCase(), field);
  }
  const wanted = fields.filter((field) => selected.has(field.name));
  // Cloned for each row: an object that starts with all its keys is several times cheaper than one that gains them.
  const names = [...wanted.map(({ name }) => name), ...(options.room ?? [])];
  const template = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as UkgRecord;
  const bySpelling = new Map<string, Slot>();
  // Rows repeat their keys in order: the guess at position i is nearly always right and saves a look-up.
  const slots: Slot[] = [];

  function slotOf(spelling: string, position: number): Slot {
    let slot = bySpelling.get(spelling);
    if (slot === undefined) {
      const field = byWireName.get(spelling.toLowerCase());
      if (field)
        slot = {
          key: spelling,
          name: selected.has(field.name) ? field.name : undefined,
          kind: field.kind,
          unknown: false,
        };
      else
        slot = {
          key: spelling,
          name: keepUnknown && spelling !== '__proto__' ? spelling : undefined,
          kind: 'o',
          unknown: true,
        };
      if (slot.unknown && oddities.unknownKeys.size < 50) oddities.unknownKeys.add(spelling);
      if (bySpelling.size < maxKnownSpellings) bySpelling.set(spelling, slot);
    }
    slots[position] = slot;
    return slot;
  }

  function unreadable(name: string): null {
    oddities.unreadable.set(name, (oddities.unreadable.get(name) ?? 0) + 1);
    return null;
  }

  const numericKeys = fields.filter((field) => key.includes(field.name) && field.kind !== 's').map(({ name }) => name);

  return (row) => {
    const record = { ...template };
    let position = 0;
    for (const spelling in row) {
      let slot = slots[position];
      if (slot === undefined || slot.key !== spelling) slot = slotOf(spelling, position);
      position++;
      const name = slot.name;
      if (name === undefined) continue;
      const value = row[spelling];
      // Null is what the template has; and a field that comes under two spellings keeps the filled one.
      if (value === null || value === '') continue;
      if (slot.unknown) record[name] = tidy(value);
      else if (slot.kind === 's' && typeof value === 'string') {
        const first = value.charCodeAt(0);
        const last = value.charCodeAt(value.length - 1);
        if (first > 32 && first < 127 && last > 32 && last < 127) record[name] = value;
        else record[name] = value.trim() || null;
      } else record[name] = convert(slot.kind, value, times) ?? (isBlank(value) ? null : unreadable(name));
    }
    if (key.length > 0) {
      let filled = false;
      for (const name of key) {
        if (record[name] === null) record[name] = '';
        else filled = true;
      }
      for (const name of numericKeys) if (record[name] === '') filled = false;
      if (!filled) {
        oddities.rowsWithoutKey++;
        return undefined;
      }
    }
    return record;
  };
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

/** A value as its kind; undefined or null when it can't be read as one. */
export function convert(kind: Kind, value: unknown, times: Times): unknown {
  switch (kind) {
    case 's':
      if (typeof value === 'string') return value.trim() || null;
      // A code or an id that came as a number and has lost digits would be somebody else's.
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
