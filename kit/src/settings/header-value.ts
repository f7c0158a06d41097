/** What a setting may hold that is sent as an HTTP header. */

/**
 * Printable ASCII. A line break ends a header, and what copying brings along (no-break and zero-width spaces) is no part of any key.
 * Servers drop blanks at the ends (RFC 9110 section 5.5): a key with one would be the same key there, and another one to our locks.
 */
const fits = /^(?! )[\x20-\x7e]*(?<! )$/;

/** For a setting's `.refine`. */
export const headerValue = [
  (value: string): boolean => fits.test(value),
  {
    message:
      'holds a character that no HTTP header carries: a line break, a blank at its beginning or end, or an invisible one that came along by copying; type it anew',
  },
] as const;
