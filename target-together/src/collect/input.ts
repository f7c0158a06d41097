/** Input that a stop ends at once, also while nothing arrives. A piece holds until the next one is asked for. */

import { fstatSync, read } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { cannot } from '../files/check-writable.ts';

const pieceBytes = 128 << 10;
const readPiece = promisify(read);

/** Throws `signal.reason` as soon as the signal is aborted; the source is let go of then. */
export async function* until(signal: AbortSignal, source: Readable): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  const file = fileBehind(source);
  if (file !== undefined) {
    yield* piecesOf(signal, file);
    return;
  }
  const stop = () => source.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of source) yield chunk as Buffer;
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** `< file`: there is nothing to wait for. A folder, which a shell opens as well, is a settings error. */
function fileBehind(source: Readable): number | undefined {
  const { fd } = source as { fd?: unknown };
  const kind = typeof fd === 'number' ? fstatSync(fd) : undefined;
  if (kind?.isDirectory()) {
    throw new ConnectorError('settings', said`The input on stdin ${cannot('EISDIR')}.`, {
      hint: 'Pipe a tap into this command, or name a file of its messages.',
    });
  }
  return kind?.isFile() ? (fd as number) : undefined;
}

/** One buffer, filled anew for each piece: a stream, which makes one for each 64 KiB, takes three times the CPU. */
async function* piecesOf(signal: AbortSignal, file: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(pieceBytes);
  for (;;) {
    const { bytesRead } = await readPiece(file, buffer, 0, pieceBytes, null);
    signal.throwIfAborted();
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** What stands in the file of `--input`, or comes through it where it is a pipe. */
export async function* inputOf(signal: AbortSignal, path: string): AsyncGenerator<Buffer> {
  const file = await openInput(path);
  if (!(await file.stat()).isFile()) {
    yield* until(signal, file.createReadStream());
    return;
  }
  try {
    yield* piecesOf(signal, file.fd);
  } finally {
    await file.close();
  }
}

async function openInput(path: string): Promise<FileHandle> {
  try {
    const file = await open(path);
    if (!(await file.stat()).isDirectory()) return file;
    await file.close();
    throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (cause) {
    throw new ConnectorError('settings', said`The input ${path} ${cannot((cause as NodeJS.ErrnoException).code)}.`, {
      hint: '--input names a file of Singer messages.',
      cause,
    });
  }
}
