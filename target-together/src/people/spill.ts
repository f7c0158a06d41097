/**
 * Bytes kept for later: in memory while they are few, then in a temporary file that only we can read and that has no name
 * any more (where the system lets an open file be removed), so that nothing is left behind whatever ends the process.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError } from '@ukg-together/kit/error';
import { makeFolder } from '../files/make-folder.ts';

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
const windowBytes = 256 << 10;

export function createSpill({ folder, memoryBytes = 24 << 20 }: SpillOptions): Spill {
  // Blocks are filled one after the other; what is appended at once never crosses two. In memory all blocks are kept; on disk
  // there is one, filled again and again.
  let blocks: { readonly start: number; readonly bytes: Buffer }[] = [];
  let current = Buffer.alloc(0);
  let start = 0;
  let used = 0;
  let file: number | undefined;
  let unlinkLater: string | undefined;
  const lengths = new Int32Array(3);
  let window = Buffer.alloc(0);
  let windowAt = 0;
  let windowLength = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;

  function newBlock(need: number): void {
    const filled = used;
    if (file === undefined && start + filled > memoryBytes) {
      file = open();
      for (const block of blocks) write(block.bytes, block.start);
      blocks = [];
    } else if (file !== undefined) write(current.subarray(0, filled), start);
    start += current.length;
    used = 0;
    if (file === undefined || current.length < need) current = Buffer.allocUnsafeSlow(Math.max(blockBytes, need));
    if (file === undefined) blocks.push({ start, bytes: current });
  }

  function open(): number {
    const path = join(folder, `people-${randomBytes(8).toString('hex')}.tmp`);
    return guarded(folder, () => {
      makeFolder(folder);
      const opened = openSync(path, 'wx+', 0o600);
      try {
        unlinkSync(path);
      } catch {
        // Windows keeps the name of an open file: it goes at close.
        unlinkLater = path;
      }
      return opened;
    });
  }

  function write(block: Buffer, at: number): void {
    guarded(folder, () => {
      for (let done = 0; done < block.length; ) {
        done += writeSync(file as number, block, done, block.length - done, at + done);
      }
    });
  }

  /** People are mostly read one after the other: then a window of the file is read at once, and serves many of them. */
  function ahead(offset: number, length: number): Buffer {
    const from = offset - windowAt;
    if (from >= 0 && from + length <= windowLength) return window.subarray(from, from + length);
    const gap = offset - lastEnd;
    lastEnd = offset + length;
    if (gap < 0 || gap > windowBytes || length > windowBytes) {
      const bytes = Buffer.allocUnsafe(length);
      return whole(bytes, fromFile(bytes, offset), length);
    }
    if (window.length === 0) window = Buffer.allocUnsafeSlow(windowBytes);
    windowAt = offset;
    windowLength = 0;
    windowLength = fromFile(window.subarray(0, Math.min(windowBytes, start - offset)), offset);
    return whole(window, windowLength, length);
  }

  /** Fewer bytes than were kept can only mean that somebody has tampered with the file: nothing of it may be used. */
  function whole(bytes: Buffer, read: number, length: number): Buffer {
    if (read >= length) return bytes.subarray(0, length);
    return guarded(folder, () => {
      throw Object.assign(new Error('short read'), { code: 'EOF' });
    });
  }

  /** Returns how many bytes there were: the file may end before a generous read does. */
  function fromFile(bytes: Buffer, offset: number): number {
    return guarded(folder, () => {
      let done = 0;
      while (done < bytes.length) {
        const got = readSync(file as number, bytes, done, bytes.length - done, offset + done);
        if (got === 0) break;
        done += got;
      }
      return done;
    });
  }

  function put(text: string, at: number): void {
    const length = text === '' ? 0 : current.write(text, used, 'utf8');
    lengths[at] = length;
    used += length;
  }

  function blockOf(offset: number): { readonly start: number; readonly bytes: Buffer } | undefined {
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
      return ahead(offset, length);
    },
    keep(offset, length) {
      const bytes = this.read(offset, length);
      return blockOf(offset) ? bytes : Buffer.from(bytes);
    },
    close() {
      if (file !== undefined) closeSync(file);
      if (unlinkLater) unlinkSync(unlinkLater);
      file = undefined;
      unlinkLater = undefined;
      blocks = [];
    },
  };
}

function guarded<T>(folder: string, job: () => T): T {
  try {
    return job();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new ConnectorError(
      'unexpected',
      `The people read can't be kept in a temporary file in ${folder} (${code}).`,
      {
        hint: 'Nothing was sent. Free space there or set the rights of the folder, then run again; TMPDIR or state_dir moves it.',
        cause,
      },
    );
  }
}
