/**
 * Whether an answer that looks like a yes says somewhere that it isn't one. Pure. Nothing published names the keys, so the usual
 * ones are listed here; a complaint that is none stops the run aloud, one that is overheard loses a person in silence.
 */

/** Keys that speak of trouble when they hold anything: `failedCount`, `validationErrors`, `rejectedUsers` … */
const troubleKey =
  /error|fail|reject|invalid|reason|warning|problem|violation|skipped|ignored|denied|refused|conflict/i;
/** Keys that speak of trouble when they are false. */
const yesKey = /^(success|successful|succeeded|ok|accepted|valid|saved|stored|processed|imported|complete|completed)$/i;
/** Keys whose words or numbers state how it went. */
const wordKey =
  /^(message|msg|status|status_?code|http_?status|code|state|result|outcome|summary|details?|info|note)$/i;
const troubleWord =
  /fail|error|reject|invalid|denied|refus|skip|ignor|partial|incomplete|conflict|duplicate|missing|unable|cannot|can't|could ?n.t|\bnot\b|\d+ ?(of|\/) ?\d+/i;
/** "0 failed", "no errors", "without warnings": the opposite of a complaint. */
const denial = /\b(no|0|zero|without( any)?) (errors?|failures?|failed|rejected|skipped|invalid|conflicts?)\b/gi;

const maxDepth = 4;

/** Whether `value` complains in its own keys or those of objects within; what stands in lists belongs to others and is not looked at. */
export function complains(value: Readonly<Record<string, unknown>>, depth = 0): boolean {
  for (const [key, part] of Object.entries(value)) {
    if (part === null || part === undefined || part === '' || part === 0 || part === '0') continue;
    if (part === false) {
      if (yesKey.test(key)) return true;
      continue;
    }
    // A user's own custom fields, given back: their names and values are the customer's.
    if (key.startsWith('hrisFields')) continue;
    if (Array.isArray(part)) {
      if (part.length > 0 && troubleKey.test(key)) return true;
      continue;
    }
    if (typeof part === 'object') {
      const filled = Object.keys(part).length > 0;
      if (filled && (troubleKey.test(key) || depth >= maxDepth)) return true;
      if (complains(part as Record<string, unknown>, depth + 1)) return true;
      continue;
    }
    if (troubleKey.test(key)) return true;
    if (wordKey.test(key) && isTrouble(part)) return true;
  }
  return false;
}

/** Whether words or a number of a status speak of trouble; 207 promises results that can hold some. */
export function isTrouble(said: unknown): boolean {
  if (typeof said === 'number') return said === 207 || (said >= 300 && said !== 304);
  return typeof said === 'string' && troubleWord.test(said.replace(denial, ''));
}
