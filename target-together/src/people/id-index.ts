/**
 * Strings by position and positions by string, in flat memory: a million ids cost 35 MB here, and three times that (with a
 * million objects for the garbage collector to walk) in a Map.
 */

export interface IdIndex {
  readonly size: number;
  /** Position of `id`, or -1. */
  find(id: string): number;
  /** Position of `id`, taken up at the end when it is new. */
  add(id: string): number;
  at(position: number): string;
}

const chunkBytes = 1 << 20;
const rowShift = 15;
const rowsPerChunk = 1 << rowShift;
const inChunk = rowsPerChunk - 1;

/** `seed` differs from process to process, so that nobody can prepare ids that all fall into one place. */
export function createIdIndex(seed = (Math.random() * 2 ** 32) | 0): IdIndex {
  let size = 0;
  let table = new Int32Array(1 << 12).fill(-1);
  // Three words for each id: its hash, where its bytes begin (chunk × 1 MiB + offset, as an unsigned number), their length.
  const rows: Int32Array[] = [];
  const chunks: Buffer[] = [];
  let used = Number.POSITIVE_INFINITY;

  function hash(id: string): number {
    let h = seed;
    for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    return h ^ (h >>> 12);
  }

  function textAt(position: number): string {
    const entry = rows[position >> rowShift] as Int32Array;
    const at = (position & inChunk) * 3;
    const place = (entry[at + 1] as number) >>> 0;
    const from = place & (chunkBytes - 1);
    const length = entry[at + 2] as number;
    return (chunks[place >>> 20] as Buffer).toString('utf8', from, from + length);
  }

  function equals(position: number, id: string, h: number): boolean {
    const entry = rows[position >> rowShift] as Int32Array;
    const at = (position & inChunk) * 3;
    if (entry[at] !== h) return false;
    const length = entry[at + 2] as number;
    if (length < id.length) return false;
    const place = (entry[at + 1] as number) >>> 0;
    const chunk = chunks[place >>> 20] as Buffer;
    const from = place & (chunkBytes - 1);
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      if (code > 127) return chunk.subarray(from, from + length).equals(Buffer.from(id, 'utf8'));
      if (chunk[from + i] !== code) return false;
    }
    return length === id.length;
  }

  /** The slot of `id`, or the empty one where it belongs. */
  function slotOf(id: string, h: number): number {
    const mask = table.length - 1;
    let slot = h & mask;
    for (let position = table[slot] as number; position >= 0; position = table[slot] as number) {
      if (equals(position, id, h)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    table = new Int32Array(table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let position = 0; position < size; position++) {
      let slot = ((rows[position >> rowShift] as Int32Array)[(position & inChunk) * 3] as number) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = position;
    }
  }

  function store(id: string, h: number): void {
    // Nearly every id is ASCII: writing its few characters takes less than the way to a native function and back.
    const most = id.length * 3;
    const length = used + most <= chunkBytes ? most : Buffer.byteLength(id, 'utf8');
    if (used + length > chunkBytes) {
      // A longer id than a chunk gets one of its own; places stay countable because they only name the chunk's start.
      chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, length)));
      used = 0;
    }
    if (size >> rowShift >= rows.length) rows.push(new Int32Array(rowsPerChunk * 3));
    const written = write(chunks[chunks.length - 1] as Buffer, id);
    const entry = rows[size >> rowShift] as Int32Array;
    const at = (size & inChunk) * 3;
    entry[at] = h;
    entry[at + 1] = (chunks.length - 1) * chunkBytes + used;
    entry[at + 2] = written;
    used += written;
  }

  /** Returns the bytes written. */
  function write(chunk: Buffer, id: string): number {
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      if (code > 127) return chunk.write(id, used, 'utf8');
      chunk[used + i] = code;
    }
    return id.length;
  }

  return {
    get size() {
      return size;
    },
    find: (id) => table[slotOf(id, hash(id))] as number,
    add(id) {
      const h = hash(id);
      let slot = slotOf(id, h);
      const known = table[slot] as number;
      if (known >= 0) return known;
      store(id, h);
      // Three quarters full at most.
      if (size * 4 >= table.length * 3) {
        grow();
        slot = slotOf(id, h);
      }
      table[slot] = size;
      return size++;
    },
    at: textAt,
  };
}
