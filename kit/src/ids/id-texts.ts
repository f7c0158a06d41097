/**
 * Texts by position, each with a number beside it, in flat memory: rows of three words (the number, where the bytes begin as chunk
 * × 64 KiB + offset, their length) and chunks of bytes.
 */
export interface IdTexts {
  readonly size: number;
  at(position: number): string;
  hashAt(position: number): number;
  equals(position: number, id: string, hash: number): boolean;
  /** Returns the position. */
  add(id: string, hash: number): number;
}

const chunkShift = 16;
const chunkBytes = 1 << chunkShift;
const rowShift = 12;
const rowsPerChunk = 1 << rowShift;
const inChunk = rowsPerChunk - 1;

export function createIdTexts(): IdTexts {
  let size = 0;
  const rows: Int32Array[] = [];
  const chunks: Buffer[] = [];
  let used = Number.POSITIVE_INFINITY;

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
    at(position) {
      const entry = rows[position >> rowShift] as Int32Array;
      const at = (position & inChunk) * 3;
      const place = (entry[at + 1] as number) >>> 0;
      const from = place & (chunkBytes - 1);
      const length = entry[at + 2] as number;
      return (chunks[place >>> chunkShift] as Buffer).toString('utf8', from, from + length);
    },
    hashAt: (position) => (rows[position >> rowShift] as Int32Array)[(position & inChunk) * 3] as number,
    equals(position, id, hash) {
      const entry = rows[position >> rowShift] as Int32Array;
      const at = (position & inChunk) * 3;
      if (entry[at] !== hash) return false;
      const length = entry[at + 2] as number;
      if (length < id.length) return false;
      const place = (entry[at + 1] as number) >>> 0;
      const chunk = chunks[place >>> chunkShift] as Buffer;
      const from = place & (chunkBytes - 1);
      for (let i = 0; i < id.length; i++) {
        const code = id.charCodeAt(i);
        if (code > 127) return chunk.subarray(from, from + length).equals(Buffer.from(id, 'utf8'));
        if (chunk[from + i] !== code) return false;
      }
      return length === id.length;
    },
    add(id, hash) {
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
      entry[at] = hash;
      entry[at + 1] = (chunks.length - 1) * chunkBytes + used;
      entry[at + 2] = written;
      used += written;
      return size++;
    },
  };
}
