/** Fields that Together keeps though the HRIS has emptied them: accepted before, filled, and in the body no more. One pass over the fields file. */

import type { StateStore } from '../../store/store.ts';
import { halfAt } from '../format.ts';
import { fieldsBytes, holdsRecord } from './fields-format.ts';

export interface LeftOutQuestion {
  /** By person: `Known.fieldsAt`; -1: not asked for. */
  readonly at: Float64Array;
  /** Which set of fields the person's body has, and the fields of a set. */
  readonly setOf: (person: number) => number;
  readonly fieldsOf: (set: number) => readonly string[];
}

export interface FieldNames {
  readonly fieldNames: readonly string[];
  /** Whether this is the hash of an emptied field. `personKey`: 16 bytes as latin1. */
  readonly isEmptied: (field: string, hash: number, personKey: string) => boolean;
}

const blockBytes = 1 << 20;
/** Records are read in the order of the file: places and people share the 53 bits of a number. */
const people = 2 ** 21;

/** By field: the people. */
export async function countLeftOut(
  store: StateStore,
  name: string,
  { at, setOf, fieldsOf }: LeftOutQuestion,
  { fieldNames, isEmptied }: FieldNames,
): Promise<Record<string, number>> {
  if (at.length > people) return {};
  const order = at.map((from, person) => (from < 0 ? -1 : from * people + person)).sort();
  const counts = new Uint32Array(fieldNames.length);
  const sets = new Map<number, Uint8Array>();
  const filledOf = (set: number): Uint8Array => {
    const fields = new Set(fieldsOf(set));
    const filled = Uint8Array.from(fieldNames, (field) => (fields.has(field) ? 1 : 0));
    sets.set(set, filled);
    return filled;
  };
  let block: Buffer = Buffer.alloc(0);
  let start = 0;
  for (const place of order) {
    if (place < 0) continue;
    const from = Math.floor(place / people);
    const set = setOf(place - from * people);
    const filled = sets.get(set) ?? filledOf(set);
    if (from < start || !holdsRecord(block, from - start)) {
      start = from;
      block = (await store.read(name, start, blockBytes)) ?? Buffer.alloc(0);
      if (!holdsRecord(block, 0)) continue;
    }
    const offset = from - start;
    const end = offset + fieldsBytes(halfAt(block, offset + 4));
    for (let entry = offset + fieldsBytes(0); entry < end; entry += 6) {
      const field = halfAt(block, entry);
      if (filled[field] !== 0) continue;
      const key = block.toString('latin1', offset + 6, offset + 22);
      const isLeft = !isEmptied(fieldNames[field] as string, block.readUInt32LE(entry + 2), key);
      if (isLeft) counts[field] = (counts[field] ?? 0) + 1;
    }
  }
  return Object.fromEntries(fieldNames.flatMap((field, number) => (counts[number] ? [[field, counts[number]]] : [])));
}
