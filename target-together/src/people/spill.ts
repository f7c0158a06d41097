/**
 * Bytes kept for later: in memory while they are few, then in a temporary file that only we can read and that has no name
 * any more (where the system lets an open file be removed), so that nothing is left behind whatever ends the process.
 */
import { openSpillFile, type SpillFile } from './spill-file.ts';

export interface Spill {
  /** Keeps up to three texts as UTF-8, one right after the other; returns where the first begins. */
  append(first: string, second?: string, third?: string): number;
  /** Bytes of the texts appended last. */
  readonly lengths: Readonly<Int32Array>;
  /** Bytes that hold until the next call. */
  read(offset: number, length: number): Buffer;
  /** Bytes that hold, once nothing is appended any more. */
  keep(offset: number, length: number): Buffer;
  readonly onDisk: boolean;
  close(): void;
}

export interface SpillOptions {
  /** Where the temporary file goes once one is needed. */
  readonly folder: string;
  /** Bytes held in memory before the file is opened. */
  readonly memoryBytes?: number;
}

const blockBytes = 2 << 20;

interface Block {
  readonly start: number;
  readonly bytes: Buffer;
}

export function createSpill({ folder, memoryBytes = 24 << 20 }: SpillOptions): Spill {
  // Blocks are filled one after the other; what is appended at once never crosses two. In memory all blocks are kept; on disk
  // there is one, filled again and again.
  let blocks: Block[] = [];
  let current = Buffer.alloc(0);
  let start = 0;
  let used = 0;
  let file: SpillFile | undefined;
  const lengths = new Int32Array(3);

  function newBlock(need: number): void {
    const filled = used;
    if (file === undefined && start + filled > memoryBytes) {
      file = openSpillFile(folder);
      for (const block of blocks) file.write(block.bytes, block.start);
      blocks = [];
    } else file?.write(current.subarray(0, filled), start);
    start += current.length;
    used = 0;
    if (file === undefined || current.length < need) current = Buffer.allocUnsafeSlow(Math.max(blockBytes, need));
    if (file === undefined) blocks.push({ start, bytes: current });
  }

  function put(text: string, at: number): void {
    const length = text === '' ? 0 : current.write(text, used, 'utf8');
    lengths[at] = length;
    used += length;
  }

  function blockOf(offset: number): Block | undefined {
    if (offset >= start) return { start, bytes: current };
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((blocks[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return blocks[low];
  }

  return {
    lengths,
    get onDisk() {
      return file !== undefined;
    },
    append(first, second = '', third = '') {
      // Three bytes for each UTF-16 unit is the most that UTF-8 takes; counting exactly would cost a pass.
      if (used + (first.length + second.length + third.length) * 3 > current.length) {
        const need = Buffer.byteLength(first) + Buffer.byteLength(second) + Buffer.byteLength(third);
        if (used + need > current.length) newBlock(need);
      }
      const offset = start + used;
      put(first, 0);
      put(second, 1);
      put(third, 2);
      return offset;
    },
    read(offset, length) {
      const block = blockOf(offset);
      if (block) return block.bytes.subarray(offset - block.start, offset - block.start + length);
      return (file as SpillFile).read(offset, length, start);
    },
    keep(offset, length) {
      const bytes = this.read(offset, length);
      return blockOf(offset) ? bytes : Buffer.from(bytes);
    },
    close() {
      file?.close();
      file = undefined;
      blocks = [];
    },
  };
}
