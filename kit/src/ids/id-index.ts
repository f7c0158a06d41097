/**
 * Strings by position and positions by string, in flat memory: a million ids cost 35 MB here, and three times that (with a
 * million objects for the garbage collector to walk) in a Map.
 */

import { createIdTexts } from './id-texts.ts';

export interface IdIndex {
  readonly size: number;
  /** Position of `id`, or -1. */
  find(id: string): number;
  /** Position of `id`, taken up at the end when it is new. */
  add(id: string): number;
  at(position: number): string;
}

/** `seed` differs from process to process, so that ids can't be prepared that all fall into one place. */
export function createIdIndex(seed = (Math.random() * 2 ** 32) | 0): IdIndex {
  const texts = createIdTexts();
  let table = new Int32Array(1 << 12).fill(-1);

  function hashOf(id: string): number {
    let h = seed;
    for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    return h ^ (h >>> 12);
  }

  /** The slot of `id`, or the empty one where it belongs. */
  function slotOf(id: string, hash: number): number {
    const mask = table.length - 1;
    let slot = hash & mask;
    for (let position = table[slot] as number; position >= 0; position = table[slot] as number) {
      if (texts.equals(position, id, hash)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    table = new Int32Array(table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let position = 0; position < texts.size; position++) {
      let slot = texts.hashAt(position) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = position;
    }
  }

  return {
    get size() {
      return texts.size;
    },
    find: (id) => table[slotOf(id, hashOf(id))] as number,
    add(id) {
      const hash = hashOf(id);
      let slot = slotOf(id, hash);
      const known = table[slot] as number;
      if (known >= 0) return known;
      // Three quarters full at most.
      if (texts.size * 4 >= table.length * 3) {
        grow();
        slot = slotOf(id, hash);
      }
      const position = texts.add(id, hash);
      table[slot] = position;
      return position;
    },
    at: texts.at,
  };
}
