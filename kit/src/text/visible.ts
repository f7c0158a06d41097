/** Foreign text as it may reach a terminal, by way of a log or a command's answer. */

/** Control characters of both blocks, what turns the direction of text around, and line ends that only some programs know. */
const active = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * Each such character but tab and line feed as `\u001b`: it can't move the cursor, forge a line, name a window or show letters in
 * another order. JSON stays the same JSON.
 */
export function visible(text: string): string {
  return text.replace(active, (char) =>
    char === '\t' || char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
