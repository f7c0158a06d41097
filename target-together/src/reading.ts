/** Input that a stop ends at once, also while nothing arrives. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ConnectorError } from '@ukg-together/protocol/error';

/** Throws `signal.reason` as soon as the signal is aborted; the source is let go of then. */
export async function* until(signal: AbortSignal, source: Readable): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
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

/** Why a file that somebody named is of no use. */
export function cannot(code: string | undefined): string {
  if (code === 'ENOENT') return 'does not exist';
  return code === 'EISDIR' ? 'is a folder' : `can't be read (${code})`;
}

export async function openInput(path: string): Promise<Readable> {
  try {
    const file = await open(path);
    if ((await file.stat()).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    await file.close();
  } catch (cause) {
    throw new ConnectorError('settings', `The input ${path} ${cannot((cause as NodeJS.ErrnoException).code)}.`, {
      hint: '--input names a file of Singer messages.',
      cause,
    });
  }
  return createReadStream(path);
}
