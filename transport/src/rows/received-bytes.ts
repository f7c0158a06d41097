/** The bytes of an answer that were received and not yet given out. */
import { isAscii, isUtf8 } from 'node:buffer';
import { textOfUtf8 } from '@ukg-together/kit/text/utf8';
import { pageFault } from './page-fault.ts';
import type { Shorten } from './shorten.ts';

/** `bytes[at, length)` is what is there. */
export interface ReceivedBytes {
  bytes: Buffer;
  at: number;
  length: number;
}

/**
 * The last page's buffer, for the next one. It lives longer than what V8 collects often: with one for each page, memory would grow
 * from page to page until the next full collection, which hardly ever comes.
 */
let spare: Buffer | undefined;
const mostSpare = 1 << 20;
const nothing = Buffer.alloc(0);

export function receivedBytes(): ReceivedBytes {
  const bytes = spare ?? Buffer.allocUnsafeSlow(64 * 1024);
  spare = undefined;
  return { bytes, at: 0, length: 0 };
}

/** Lets go of the buffer, for the next page. */
export function release(received: ReceivedBytes): void {
  if (received.bytes.length <= mostSpare) spare = received.bytes;
  received.bytes = nothing;
}

/** Returns by how many bytes what was there has moved towards the start. */
export function append(received: ReceivedBytes, chunk: Buffer): number {
  const { at, length } = received;
  const kept = length - at;
  let moved = 0;
  if (length + chunk.length > received.bytes.length) {
    const from = received.bytes;
    if (kept + chunk.length > from.length)
      received.bytes = Buffer.allocUnsafeSlow(Math.max(from.length * 2, kept + chunk.length));
    from.copy(received.bytes, 0, at, length);
    moved = at;
    received.at = 0;
    received.length = kept;
  }
  chunk.copy(received.bytes, received.length);
  received.length += chunk.length;
  return moved;
}

export function skipBlank(received: ReceivedBytes): void {
  while (received.at < received.length) {
    const byte = received.bytes[received.at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    received.at++;
  }
}

/** The bytes up to `end` as text. Decoding what is not UTF-8 would put U+FFFD into names, and no line would tell it. */
export function textOf({ bytes, at }: ReceivedBytes, end: number, shorten?: Shorten): string {
  const part = bytes.subarray(at, end);
  if (!isUtf8(part)) throw pageFault('NOT_UTF8');
  if (!shorten) return textOfUtf8(part);
  const short = shorten(part.toString('latin1'));
  return isAscii(part) ? short : textOfUtf8(Buffer.from(short, 'latin1'));
}
