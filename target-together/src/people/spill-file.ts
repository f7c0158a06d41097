import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorError, errorText, said } from '@ukg-together/kit/error';
import { makeFolder } from '../files/make-folder.ts';

/** A temporary file that only its owner can read. Every failure is a ConnectorError that names the folder. */
export interface SpillFile {
  write(block: Buffer, at: number): void;
  /** Bytes that hold until the next call. `end`: where the file ends. */
  read(offset: number, length: number, end: number): Buffer;
  close(): void;
}

const windowBytes = 256 << 10;

export function openSpillFile(folder: string): SpillFile {
  const { file, named } = openFile(folder);
  let window = Buffer.alloc(0);
  let windowAt = 0;
  let windowLength = 0;
  let lastEnd = Number.NEGATIVE_INFINITY;

  /** Returns how many bytes there were: the file may end before a generous read does. */
  function fill(bytes: Buffer, offset: number): number {
    return guarded(folder, () => {
      let done = 0;
      while (done < bytes.length) {
        const got = readSync(file, bytes, done, bytes.length - done, offset + done);
        if (got === 0) break;
        done += got;
      }
      return done;
    });
  }

  return {
    write(block, at) {
      guarded(folder, () => {
        for (let done = 0; done < block.length; ) {
          done += writeSync(file, block, done, block.length - done, at + done);
        }
      });
    },
    // People are mostly read one after the other: then a window of the file is read at once, and serves many of them.
    read(offset, length, end) {
      const from = offset - windowAt;
      if (from >= 0 && from + length <= windowLength) return window.subarray(from, from + length);
      const gap = offset - lastEnd;
      lastEnd = offset + length;
      if (gap < 0 || gap > windowBytes || length > windowBytes) {
        const bytes = Buffer.allocUnsafe(length);
        return whole(folder, bytes, fill(bytes, offset), length);
      }
      if (window.length === 0) window = Buffer.allocUnsafeSlow(windowBytes);
      windowAt = offset;
      windowLength = 0;
      windowLength = fill(window.subarray(0, Math.min(windowBytes, end - offset)), offset);
      return whole(folder, window, windowLength, length);
    },
    close() {
      closeSync(file);
      if (named !== undefined) unlinkSync(named);
    },
  };
}

/** `named`: the path, where the file has it still. */
function openFile(folder: string): { file: number; named: string | undefined } {
  const path = join(folder, `people-${randomBytes(8).toString('hex')}.tmp`);
  return guarded(folder, () => {
    makeFolder(folder);
    const file = openSync(path, 'wx+', 0o600);
    try {
      unlinkSync(path);
      return { file, named: undefined };
    } catch {
      // Windows keeps the name of an open file: it goes at close.
      return { file, named: path };
    }
  });
}

/** Fewer bytes than were kept can only mean that the file was tampered with: nothing of it may be used. */
function whole(folder: string, bytes: Buffer, read: number, length: number): Buffer {
  if (read >= length) return bytes.subarray(0, length);
  return guarded(folder, () => {
    throw Object.assign(new Error('short read'), { code: 'EOF' });
  });
}

function guarded<T>(folder: string, job: () => T): T {
  try {
    return job();
  } catch (cause) {
    throw new ConnectorError(
      'unexpected',
      said`The people read can't be kept in a temporary file in ${folder}: ${errorText(cause)}.`,
      {
        hint: 'Nothing was sent. Free space there or set the rights of the folder, then run again; TMPDIR or state_dir moves it.',
        cause,
      },
    );
  }
}
