/**
 * Packed rows, many of them: kept in memory while small, in a temporary file that has no name when large. A million
 * people then cost the index and one chunk.
 */
import { ConnectorError } from '@ukg-together/protocol/error';

/** A file that only this process can see. Calls block: they are short, and a join waits for each of them anyway. */
export interface Spill {
  write(bytes: Uint8Array, position: number): void;
  read(bytes: Uint8Array, position: number): void;
  close(): void;
}

export interface Store {
  /** Keeps a text; returns its handle. */
  put(text: string): number;
  get(handle: number): string;
  close(): void;
  /** Whether anything went to the file. */
  readonly spilled: boolean;
}

const chunkBytes = 1 << 18;

/** `memoryBytes`: how much is kept before everything goes to the file that `openSpill` opens. */
export function createStore(openSpill: () => Spill, memoryBytes = 64 << 20): Store {
  // Handle = position of a 4-byte length and the UTF-8 text; a text never crosses a chunk's end.
  const chunks: (Buffer | undefined)[] = [];
  let current = Buffer.alloc(0);
  let used = 0;
  let spill: Spill | undefined;
  const small = Buffer.alloc(64 * 1024);

  function nextChunk(): void {
    if (chunks.length > 0) {
      if (spill) spillChunk(chunks.length - 1);
      else if (chunks.length * chunkBytes >= memoryBytes) {
        spill = openSpill();
        for (let i = 0; i < chunks.length; i++) spillChunk(i);
      }
    }
    current = spill && chunks.length > 0 ? current : Buffer.allocUnsafe(chunkBytes);
    chunks.push(current);
    used = 0;
  }

  function spillChunk(index: number): void {
    spill?.write(chunks[index] as Buffer, index * chunkBytes);
    chunks[index] = undefined;
  }

  return {
    put(text) {
      // At most 3 bytes for each UTF-16 unit: enough to know that it fits without measuring first.
      const most = text.length * 3 + 4;
      if (used + most > chunkBytes || chunks.length === 0) {
        if (most > chunkBytes) {
          throw new ConnectorError('unreachable', 'A row is longer than 80,000 characters: no row of a person is.');
        }
        nextChunk();
      }
      const handle = (chunks.length - 1) * chunkBytes + used;
      const length = current.write(text, used + 4, 'utf8');
      current.writeUInt32LE(length, used);
      used += length + 4;
      return handle;
    },
    get(handle) {
      const index = Math.floor(handle / chunkBytes);
      const chunk = chunks[index];
      const at = handle % chunkBytes;
      if (chunk) {
        const length = chunk.readUInt32LE(at);
        return chunk.toString('utf8', at + 4, at + 4 + length);
      }
      const file = spill as Spill;
      // Nearly every text fits a first read of 2 KiB; the chunk's end bounds it.
      let bytes = small.subarray(0, Math.min(2048, chunkBytes - at));
      file.read(bytes, handle);
      const length = bytes.readUInt32LE(0);
      if (length + 4 > bytes.length) {
        bytes = length + 4 > small.length ? Buffer.allocUnsafe(length + 4) : small.subarray(0, length + 4);
        file.read(bytes, handle);
      }
      return bytes.toString('utf8', 4, 4 + length);
    },
    close() {
      spill?.close();
      spill = undefined;
      chunks.length = 0;
    },
    get spilled() {
      return spill !== undefined;
    },
  };
}

/** Lists of handles, one list for each person: numbers only. */
export interface Lists {
  add(person: number, handle: number): void;
  /** Puts `handle` in the place of an older one of the same person. */
  replace(person: number, position: number, handle: number): void;
  /** In the order in which they were added. */
  of(person: number): number[];
  count(person: number): number;
}

export function createLists(): Lists {
  // first[person] and next[entry] are entry numbers plus one; zero is the end.
  let first = new Uint32Array(1024);
  let next = new Uint32Array(1024);
  let handles = new Float64Array(1024);
  let entries = 0;

  function entryAt(person: number, position: number): number {
    let entry = person < first.length ? (first[person] as number) : 0;
    for (let i = 0; i < position && entry !== 0; i++) entry = next[entry - 1] as number;
    return entry;
  }

  return {
    add(person, handle) {
      if (person >= first.length) first = grown(first, Uint32Array, person);
      if (entries >= next.length) {
        next = grown(next, Uint32Array, entries);
        handles = grown(handles, Float64Array, entries);
      }
      handles[entries++] = handle;
      let last = first[person] as number;
      if (last === 0) {
        first[person] = entries;
        return;
      }
      while (next[last - 1] !== 0) last = next[last - 1] as number;
      next[last - 1] = entries;
    },
    replace(person, position, handle) {
      const entry = entryAt(person, position);
      if (entry !== 0) handles[entry - 1] = handle;
    },
    of(person) {
      const found: number[] = [];
      for (let entry = entryAt(person, 0); entry !== 0; entry = next[entry - 1] as number) {
        found.push(handles[entry - 1] as number);
      }
      return found;
    },
    count(person) {
      let count = 0;
      for (let entry = entryAt(person, 0); entry !== 0; entry = next[entry - 1] as number) count++;
      return count;
    },
  };
}

type Typed = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

function grown<T extends Typed>(array: T, make: new (length: number) => T, needed: number): T {
  const larger = new make(Math.max(array.length * 2, needed + 1));
  larger.set(array as never);
  return larger;
}
