/** What is odd about a text that is sent all the same: nothing to repair here, but something for the source to put right. */
import type { RemarkCode } from '../../model/person.ts';

const entity =
  /&(#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|[a-z]{1,8}(acute|grave|circ|uml|tilde|cedil|ring|slash|lig));/i;

/** Windows-1252 where it differs from Latin-1: characters of the bytes 0x80 to 0x9f. */
const windows1252 = new Map(
  Array.from('€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ', (sign, at) => [sign, 0x80 + at] as const),
);
const maybeTwice =
  /[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]/u;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether the text is UTF-8 that was read as Windows-1252 or Latin-1: MÃ¼ller for Müller. */
function isEncodedTwice(text: string): boolean {
  if (!maybeTwice.test(text)) return false;
  const bytes: number[] = [];
  for (const sign of text) {
    const code = sign.codePointAt(0) as number;
    const byte = code < 0x100 ? code : windows1252.get(sign);
    if (byte === undefined) return false;
    bytes.push(byte);
  }
  try {
    utf8.decode(Uint8Array.from(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Marks that turn the direction of writing until they are ended: what stands on the screen is not what the text says. */
const turned = /[\u202a-\u202e\u2066-\u2069]/;

/** Of the text as it came; undefined: nothing. */
export function remarkOn(text: string): RemarkCode | undefined {
  if (turned.test(text)) return 'direction_marks';
  if (entity.test(text)) return 'html_entity';
  return isEncodedTwice(text) ? 'encoded_twice' : undefined;
}
