/** Bytes that are valid UTF-8 as text. */
import { isAscii } from 'node:buffer';

const pieceBytes = 1024;

/**
 * V8 decodes ASCII as latin1 some twenty times faster than as UTF-8, and one accent in a chunk of rows would make all of it slow: so
 * the text is put together of pieces, of which only those with an accent are decoded as UTF-8.
 */
export function textOfUtf8(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    let end = Math.min(at + pieceBytes, bytes.length);
    // Not within a character.
    while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end++;
    text += bytes.toString(isAscii(bytes.subarray(at, end)) ? 'latin1' : 'utf8', at, end);
    at = end;
  }
  return text;
}
