/** The body of an answer: decompressed, within the time limit, and let go of when the reader stops. */
import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Deadline } from './deadline.ts';
import { AttemptError, attemptError } from './failure.ts';

/** The decompressed bytes of an answer as they arrive. */
export async function* bodyOf(
  raw: IncomingMessage,
  headers: Record<string, string>,
  limit: Deadline,
): AsyncGenerator<Buffer> {
  const source = decompressed(raw, headers['content-encoding']);
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  // One listener for the whole body: one for each chunk costs as much as parsing some rows.
  const onAbort = () => source.destroy(limit.signal.reason as Error);
  limit.signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (;;) {
      limit.signal.throwIfAborted();
      const next = await limit.during(chunks.next());
      if (next.done) return;
      yield next.value;
    }
  } catch (thrown) {
    if (limit.abortedByCaller()) throw limit.signal.reason;
    throw attemptError(thrown, 'body');
  } finally {
    limit.signal.removeEventListener('abort', onAbort);
    limit.end();
    raw.destroy();
    if (source !== raw) source.destroy();
  }
}

/** The whole body as UTF-8. Throws AttemptError `TOO_LONG` above `maxBytes` (default 16 MiB). */
export async function readText(body: AsyncIterable<Buffer>, maxBytes = 16 * 1024 * 1024): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new AttemptError({ phase: 'answer', code: 'TOO_LONG' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function decompressed(raw: Readable, encoding: string | undefined): Readable {
  const make = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    (encoding ?? '').trim().toLowerCase()
  ];
  if (!make) return raw;
  const inflate: Transform = make();
  raw.on('error', (error) => inflate.destroy(error));
  // A cut connection ends some bodies without an error event: zlib then reports the unexpected end itself.
  raw.on('close', () => {
    if (!raw.readableEnded) inflate.destroy(Object.assign(new Error('closed'), { code: 'TRUNCATED' }));
  });
  return raw.pipe(inflate);
}
