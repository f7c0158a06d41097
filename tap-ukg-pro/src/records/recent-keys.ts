/**
 * Which rows were seen lately. Rows shift between pages while UKG is read, and a page that failed half-way is read again:
 * both bring rows twice, near to each other. So two generations of 64-bit hashes are enough, and memory stays the same
 * for a million rows (2 MB).
 */

export interface RecentKeys {
  /** False when the key of these parts was among the last ones. */
  isNew(parts: readonly unknown[]): boolean;
}

/** Remembers at least the last `generation` keys and at most twice as many. A power of two. */
export function createRecentKeys(generation = 65_536): RecentKeys {
  // Both tables start small and grow to twice the generation: most reads are short.
  let mask = 511;
  let current = new Uint32Array((mask + 1) * 2);
  let previous = new Uint32Array((mask + 1) * 2);
  let used = 0;

  function grow(): void {
    const [oldCurrent, oldPrevious] = [current, previous];
    mask = mask * 4 + 3;
    current = refilled(oldCurrent);
    previous = refilled(oldPrevious);
  }

  function refilled(from: Uint32Array): Uint32Array<ArrayBuffer> {
    const table = new Uint32Array((mask + 1) * 2);
    for (let i = 0; i < from.length; i += 2) {
      const [high, low] = [from[i] as number, from[i + 1] as number];
      if (high !== 0 || low !== 0) put(table, find(table, high, low), high, low);
    }
    return table;
  }

  function put(table: Uint32Array, slot: number, high: number, low: number): void {
    table[slot * 2] = high;
    table[slot * 2 + 1] = low;
  }

  function find(table: Uint32Array, high: number, low: number): number {
    let slot = low & mask;
    for (;;) {
      const h = table[slot * 2] as number;
      const l = table[slot * 2 + 1] as number;
      if (h === high && l === low) return -1;
      if (h === 0 && l === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  return {
    isNew(parts) {
      let a = 0xdeadbeef;
      let b = 0x41c6ce57;
      for (const part of parts) {
        const text = typeof part === 'string' ? part : String(part);
        for (let i = 0; i < text.length; i++) {
          const code = text.charCodeAt(i);
          a = Math.imul(a ^ code, 2654435761);
          b = Math.imul(b ^ code, 1597334677);
        }
        // Ends the part: ("ab", "c") is not ("a", "bc").
        a = Math.imul(a ^ 0x1f01f, 2246822519);
        b = Math.imul(b ^ 0x1f01f, 3266489917);
      }
      const high = (Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)) >>> 0;
      // Zero means "free": moved aside.
      const low = (Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)) >>> 0 || 1;
      const slot = find(current, high, low);
      if (slot === -1) return false;
      const known = find(previous, high, low) === -1;
      put(current, slot, high, low);
      if (++used > mask / 2 && used < generation) grow();
      if (used >= generation) {
        [current, previous] = [previous, current];
        current.fill(0);
        used = 0;
      }
      return !known;
    },
  };
}
