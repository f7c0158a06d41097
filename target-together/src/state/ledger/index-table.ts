/**
 * Everybody in the ledger by key: flat columns and an open-addressed table over them, some 60 bytes a person, so that a
 * million people fit beside all that a run has to hold. Keys are hashes already, so their own bits place them.
 */
import { personAt, wordAt } from './format.ts';
import { word } from './keys.ts';

/** 12 words a person: 0–2 key, 3–6 hash, 7 run, 8 status code and refused flag, 9 and 10 low words of the places, 11 their high halves. */
const words = 12;
const perChunk = 1 << 14;
const chunkShift = 14;

export interface IndexTable {
  /** People put in, forgotten ones included: positions are 0 … count - 1. */
  readonly count: number;
  /** The position of a key (16 bytes as latin1), or -1. */
  find(key: string): number;
  /** The same of the key at `at` of `bytes`. */
  findAt(bytes: Buffer, at: number): number;
  /** The position of the key at `at` of `bytes`; a new one where it is not known. */
  place(bytes: Buffer, at: number): number;
  /** Sets a person's columns to those of the entry at `at` of `bytes`, which starts at `offset` in the log. */
  set(position: number, bytes: Buffer, at: number, offset: number): void;
  /** Forgets them: no entry starts inside the header, so that nothing in the log is this person's present one. */
  clear(position: number): void;
  statusCode(position: number): number;
  isRefused(position: number): boolean;
  run(position: number): number;
  /** Writes the 16 bytes of the hash into `target`. */
  hash(position: number, target: Uint8Array): Uint8Array;
  /** Where the person's entry starts in the log, and the record in the fields file (-1: none). */
  entryAt(position: number): number;
  fieldsAt(position: number): number;
}

const none = 0xffff;
const high = 2 ** 32;

/** `expected`: how many people to make room for at once; more may come. */
export function createIndexTable(expected = 0): IndexTable {
  const chunks: Uint32Array[] = [];
  let table = new Int32Array(2 ** Math.max(12, Math.ceil(Math.log2((expected * 5) / 3 + 1)))).fill(-1);
  let count = 0;

  const chunkOf = (position: number) => chunks[position >> chunkShift] as Uint32Array;
  const startOf = (position: number) => (position & (perChunk - 1)) * words;

  /** The slot that holds the key, or the free one where it belongs. */
  function slotOf(a: number, b: number, c: number): number {
    const mask = table.length - 1;
    for (let slot = a & mask; ; slot = (slot + 1) & mask) {
      const position = table[slot] as number;
      if (position < 0) return slot;
      const chunk = chunkOf(position);
      const at = startOf(position);
      if (chunk[at] === a && chunk[at + 1] === b && chunk[at + 2] === c) return slot;
    }
  }

  function grow(): void {
    table = new Int32Array(table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let position = 0; position < count; position++) {
      let slot = (chunkOf(position)[startOf(position)] as number) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = position;
    }
  }

  const place = (position: number, low: number, shift: number) => {
    const chunk = chunkOf(position);
    const at = startOf(position);
    const top = ((chunk[at + 11] as number) >>> shift) & 0xffff;
    return top === none ? -1 : top * high + (chunk[at + low] as number);
  };

  return {
    get count() {
      return count;
    },
    find: (key) => table[slotOf(word(key, 0), word(key, 4), word(key, 8))] as number,
    findAt: (bytes, at) => table[slotOf(wordAt(bytes, at), wordAt(bytes, at + 4), wordAt(bytes, at + 8))] as number,
    place(bytes, from) {
      const a = wordAt(bytes, from);
      const b = wordAt(bytes, from + 4);
      const c = wordAt(bytes, from + 8);
      let slot = slotOf(a, b, c);
      const known = table[slot] as number;
      if (known >= 0) return known;
      if (count * 5 >= table.length * 3) {
        grow();
        slot = slotOf(a, b, c);
      }
      const position = count++;
      if (position >> chunkShift >= chunks.length) chunks.push(new Uint32Array(perChunk * words));
      const chunk = chunkOf(position);
      const at = startOf(position);
      chunk[at] = a;
      chunk[at + 1] = b;
      chunk[at + 2] = c;
      table[slot] = position;
      return position;
    },
    set(position, bytes, from, offset) {
      const chunk = chunkOf(position);
      const at = startOf(position);
      for (let i = 0; i < 4; i++) chunk[at + 3 + i] = wordAt(bytes, from + personAt.hashAt + 4 * i);
      chunk[at + 7] = personAt.run(bytes, from);
      chunk[at + 8] = personAt.statusCode(bytes, from) | (personAt.refusedStatus(bytes, from) > 0 ? 256 : 0);
      // A word takes what of a number fits into it.
      chunk[at + 9] = offset;
      chunk[at + 10] = personAt.fieldsAtLow(bytes, from);
      chunk[at + 11] = Math.floor(offset / high) | (personAt.fieldsAtHigh(bytes, from) << 16);
    },
    clear(position) {
      const at = startOf(position);
      chunkOf(position).fill(0, at + 3, at + words)[at + 11] = none << 16;
    },
    statusCode: (position) => (chunkOf(position)[startOf(position) + 8] as number) & 255,
    isRefused: (position) => ((chunkOf(position)[startOf(position) + 8] as number) & 256) !== 0,
    run: (position) => chunkOf(position)[startOf(position) + 7] as number,
    hash(position, target) {
      const chunk = chunkOf(position);
      const at = startOf(position) + 3;
      for (let i = 0; i < 16; i++) target[i] = (chunk[at + (i >> 2)] as number) >>> (8 * (i & 3));
      return target;
    },
    entryAt: (position) => place(position, 9, 0),
    fieldsAt: (position) => place(position, 10, 16),
  };
}
