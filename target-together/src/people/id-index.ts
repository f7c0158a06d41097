/**
 * Strings by position and positions by string, in flat memory: a million ids cost 30 MB here, and three times that (with a
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

export function createIdIndex(seed = (Math.random() * 2 ** 32) | 0): IdIndex {
  let size = 0;
  let table = new Int32Array(1 << 12).fill(-1);
  let hashes = new Int32Array(1 << 11);
  // Where each id's bytes lie: chunk number and offset in one number (chunk × chunkBytes + offset), and their length.
  let places = new Float64Array(1 << 11);
  let lengths = new Int32Array(1 << 11);
  const chunks: Buffer[] = [];
  let used = Number.POSITIVE_INFINITY;

  function hash(id: string): number {
    let h = seed;
    for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    return h ^ (h >>> 12);
  }

  function bytesAt(position: number): Buffer {
    const place = places[position] as number;
    const chunk = chunks[Math.floor(place / chunkBytes)] as Buffer;
    const start = place % chunkBytes;
    return chunk.subarray(start, start + (lengths[position] as number));
  }

  function equals(position: number, id: string): boolean {
    const place = places[position] as number;
    const chunk = chunks[Math.floor(place / chunkBytes)] as Buffer;
    const start = place % chunkBytes;
    const length = lengths[position] as number;
    if (length < id.length) return false;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      if (code > 127) return bytesAt(position).equals(Buffer.from(id, 'utf8'));
      if (chunk[start + i] !== code) return false;
    }
    return length === id.length;
  }

  /** The slot of `id`, or the empty one where it belongs. */
  function slotOf(id: string, h: number): number {
    const mask = table.length - 1;
    let slot = h & mask;
    for (let position = table[slot] as number; position >= 0; position = table[slot] as number) {
      if (hashes[position] === h && equals(position, id)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    table = new Int32Array(table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let position = 0; position < size; position++) {
      let slot = (hashes[position] as number) & mask;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
      table[slot] = position;
    }
  }

  function store(id: string): number {
    const length = Buffer.byteLength(id, 'utf8');
    if (used + length > chunkBytes) {
      // A longer id than a chunk gets one of its own; places stay countable because they only name the chunk's start.
      chunks.push(Buffer.allocUnsafeSlow(Math.max(chunkBytes, length)));
      used = 0;
    }
    const place = (chunks.length - 1) * chunkBytes + used;
    (chunks[chunks.length - 1] as Buffer).write(id, used, 'utf8');
    used += length;
    lengths = roomFor(lengths, size);
    places = roomFor(places, size);
    places[size] = place;
    lengths[size] = length;
    return place;
  }

  return {
    get size() {
      return size;
    },
    find(id) {
      return table[slotOf(id, hash(id))] as number;
    },
    add(id) {
      const h = hash(id);
      let slot = slotOf(id, h);
      const known = table[slot] as number;
      if (known >= 0) return known;
      store(id);
      hashes = roomFor(hashes, size);
      hashes[size] = h;
      if (size * 2 >= table.length) {
        grow();
        slot = slotOf(id, h);
      }
      table[slot] = size;
      return size++;
    },
    at: (position) => bytesAt(position).toString('utf8'),
  };
}

type Growable = Int32Array | Float64Array | Uint8Array;

/** `array` with room for `index`, grown by half where it has none. */
export function roomFor<T extends Growable>(array: T, index: number): T {
  if (index < array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(
    Math.max(index + 1, Math.ceil(array.length * 1.5)),
  );
  larger.set(array as never);
  return larger;
}
