/** Which program this is, byte for byte: for the audit log. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** SHA-256 of the executable's one bundled file, 16 hex digits; null when it can't be read. */
export function packageHash(path = process.argv[1]): string | null {
  if (path === undefined) return null;
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
  } catch {
    return null;
  }
}
