/**
 * Bytes kept for later: in memory while they are few, then in a temporary file that only we can read and that has no name
 * any more (where the system lets an open file be removed), so that nothing is left behind whatever ends the process.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError } from '@ukg-together/protocol/error';

export interface Spill {
  /** Keeps `text` as UTF-8; returns where it begins. `lastLength` tells how many bytes it took. */
  append(text: string): number;
  readonly lastLength: number;
  read(offset: number, length: number): Buffer;
  /** Bytes kept so far. */
  readonly size: number;
  readonly onDisk: boolean;
  close(): void;
}

export interface SpillOptions {
  /** Where the temporary file goes once one is needed. */
  readonly folder: string;
  /** Bytes held in memory before the file is opened. */
  readonly memoryBytes?: number;
}

const blockBytes = 4 << 20;

export function createSpill({ folder, memoryBytes = 48 << 20 }: SpillOptions): Spill {
  // Blocks are filled one after the other; a text never crosses two. Full blocks go to the file once memory is used up.
  const blocks: (Buffer | undefined)[] = [];
  const starts: number[] = [];
  let current = Buffer.alloc(0);
  let used = 0;
  let start = 0;
  let lastLength = 0;
  let file: number | undefined;
  let unlinkLater: string | undefined;

  function newBlock(need: number): void {
    if (current.length > 0) {
      start += current.length;
      if (start > memoryBytes) toDisk();
    }
    current = Buffer.allocUnsafeSlow(Math.max(blockBytes, need));
    blocks.push(current);
    starts.push(start);
    used = 0;
  }

  function toDisk(): void {
    file ??= open();
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i];
      if (!block) continue;
      write(block, starts[i] as number);
      blocks[i] = undefined;
    }
  }

  function open(): number {
    const path = join(folder, `people-${randomBytes(8).toString('hex')}.tmp`);
    return guarded(folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
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

  function blockOf(offset: number): number {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return {
    get size() {
      return start + used;
    },
    get lastLength() {
      return lastLength;
    },
    get onDisk() {
      return file !== undefined;
    },
    append(text) {
      // Three bytes for each UTF-16 unit is the most that UTF-8 takes; counting exactly would cost a pass.
      if (used + text.length * 3 > current.length) {
        const exact = Buffer.byteLength(text, 'utf8');
        if (used + exact > current.length) newBlock(exact);
      }
      const offset = start + used;
      lastLength = current.write(text, used, 'utf8');
      used += lastLength;
      return offset;
    },
    read(offset, length) {
      const index = blockOf(offset);
      const block = blocks[index];
      const from = offset - (starts[index] as number);
      if (block) return block.subarray(from, from + length);
      const bytes = Buffer.allocUnsafe(length);
      guarded(folder, () => {
        for (let done = 0; done < length; ) {
          const got = readSync(file as number, bytes, done, length - done, offset + done);
          if (got === 0) throw Object.assign(new Error('short read'), { code: 'EOF' });
          done += got;
        }
      });
      return bytes;
    },
    close() {
      if (file !== undefined && isOpen(file)) closeSync(file);
      if (unlinkLater) unlinkSync(unlinkLater);
      file = undefined;
      unlinkLater = undefined;
      blocks.length = 0;
    },
  };
}

function isOpen(file: number): boolean {
  try {
    fstatSync(file);
    return true;
  } catch {
    return false;
  }
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
