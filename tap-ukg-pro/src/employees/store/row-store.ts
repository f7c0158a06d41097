/**
 * Packed rows, many of them: kept in memory while small, in a temporary file that has no name when large. A million
 * people then cost the index and one chunk.
 */
import { ConnectorError, said } from '@ukg-together/kit/error';

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
          throw new ConnectorError('unreachable', said`A row is longer than 80,000 characters: no row of a person is.`);
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
