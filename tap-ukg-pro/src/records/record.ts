/**
 * UKG row → record, compiled once for each stream. One spelling of each name, trimmed, `""` as null, days as dates,
 * instants in UTC. Whatever comes, the record fits its schema: what can't be read becomes null and is counted.
 */

import type { Field, Kind } from '../streams/define.ts';
import type { Times } from '../time/time.ts';
import type { Row } from '../ukg/row.ts';
import { convert, tidy } from './convert.ts';
import type { QualityCounts } from './data-quality.ts';

export type UkgRecord = Record<string, unknown>;

export interface RecordOptions {
  readonly fields: readonly Field[];
  /** The names that are wanted; all others are not even looked at. */
  readonly selected: ReadonlySet<string>;
  readonly key: readonly string[];
  readonly times: Times;
  /** Undocumented keys are kept as they come instead of dropped. */
  readonly keepUnknown: boolean;
  readonly quality: QualityCounts;
  /** Names of a later record that this row is only a part of: present from the start, null. */
  readonly room?: readonly string[];
}

function fieldsByWireName(fields: readonly Field[]): ReadonlyMap<string, Field> {
  const found = new Map<string, Field>();
  for (const field of fields) {
    for (const name of [...field.aliases, field.name]) found.set(name.toLowerCase(), field);
  }
  return found;
}

/** Whether a key of a row may be left out before it is read: it is known, and nobody looks at it. What is not known is reported. */
export function unread(fields: readonly Field[], looked: ReadonlySet<string>): (key: string) => boolean {
  const known = fieldsByWireName(fields);
  return (key) => {
    const field = known.get(key.toLowerCase());
    return field !== undefined && !looked.has(field.name);
  };
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
 * Returns undefined for a row whose key is empty: nothing distinguishes it from another. A part of the key that
 * is missing is the empty string.
 */
export function compileRecord(options: RecordOptions): (row: Row) => UkgRecord | undefined {
  const { fields, selected, key, times, keepUnknown, quality } = options;
  const byWireName = fieldsByWireName(fields);
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
      if (slot.unknown && quality.unknownKeys.size < 50) quality.unknownKeys.add(spelling);
      if (bySpelling.size < maxKnownSpellings) bySpelling.set(spelling, slot);
    }
    slots[position] = slot;
    return slot;
  }

  function unreadable(name: string): null {
    quality.unreadable.set(name, (quality.unreadable.get(name) ?? 0) + 1);
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
        quality.rowsWithoutKey++;
        return undefined;
      }
    }
    return record;
  };
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}
