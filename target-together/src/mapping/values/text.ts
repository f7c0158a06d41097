/** Text as it may leave: NFC, trimmed, nothing that isn't writing. Emoji, RTL and letters of any script stay as they are. */

// Tab, line feed, carriage return and their kin separate words; the other control characters mean nothing.
const separators = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
const controls = /\p{Cc}|[\ufeff\ufffe\uffff]/gu;
const loneSurrogates = /\p{Cs}/gu;
/** Zero-width blanks, joiners, soft hyphens, marks of direction: no one sees them, and a text with one is another text. */
const formatCharacters = /\p{Cf}/gu;

export const withoutFormatCharacters = (value: string): string => value.replace(formatCharacters, '');

/** The scalar as text; `""` for everything else. */
export function scalarText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

/** No field of a person is longer; what is, was mapped by mistake and would hurt batches. */
export const maxLength = 10_000;

/**
 * Printable ASCII and the letters of Latin-1, without blanks at its ends, neither empty nor too long, and without `&`, which may begin an
 * HTML entity: cleaning would not touch it, and there is nothing to remark. Nearly every value is so.
 */
export function isPlainText(value: string): boolean {
  const last = value.length - 1;
  if (last < 0 || last >= maxLength || value.charCodeAt(0) === 0x20 || value.charCodeAt(last) === 0x20) return false;
  for (let index = 0; index <= last; index++) {
    const unit = value.charCodeAt(index);
    if (unit < 0x20 || unit === 0x26 || (unit > 0x7e && !isLatinLetter(unit))) return false;
  }
  return true;
}

/** À to ÿ without × and ÷: one character each in NFC. */
const isLatinLetter = (unit: number): boolean => unit >= 0xc0 && unit <= 0xff && unit !== 0xd7 && unit !== 0xf7;

/** Trimmed and NFC; control characters and lone surrogates removed, line breaks become one blank. `""` when nothing is left. */
export function cleanText(value: string): string {
  if (isPlainText(value)) return value;
  return value.replace(separators, ' ').replace(controls, '').replace(loneSurrogates, '').normalize('NFC').trim();
}

/** Whether cleaning would remove something that is not a blank: an identifier must not be repaired into another one. */
export function hasStrayCharacters(value: string): boolean {
  const inner = value.trim();
  const found = (pattern: RegExp) => inner.search(pattern) >= 0;
  return found(controls) || found(loneSurrogates) || found(formatCharacters);
}

/** Case-insensitive form for comparing e-mail addresses and codes; never sent. */
export const fold = (value: string): string => value.normalize('NFC').toLowerCase();

/**
 * A value that could not be translated, as it may be shown in reports: only when it looks like a code or a label.
 * Anything that may hold a person's data (an address, a number, a sentence) is shown by its length.
 */
export function showCode(text: string): string {
  const labelLike =
    text.length <= 32 && /^[\p{L}\p{N} ._/&()+-]*$/u.test(text) && !/\d{4}/.test(text) && text.split(' ').length <= 4;
  return labelLike ? text : `(${text.length} characters, not shown)`;
}
