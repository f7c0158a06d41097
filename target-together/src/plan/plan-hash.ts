import { createHash } from 'node:crypto';
import { type Action, actions } from '../model/outcome.ts';
import { wordAt } from '../state/ledger/format.ts';

/** What a plan does, as one short hash: equal for the same people and bodies in whatever order they came. */
export interface PlanHash {
  /** `body`: at least the first 8 bytes of the body's hash. */
  add(action: Action, body: Uint8Array): void;
  /** Lower-case hex. `scope`: host and organization. */
  result(scope: string): string;
}

/** `most`: entries at most. */
export function createPlanHash(most: number): PlanHash {
  // Eight bytes for each entry; the rest stays empty.
  const digests = new Uint32Array(2 * most);
  let used = 0;
  return {
    add(action, body) {
      digests[used++] = wordAt(body, 0) ^ actions.indexOf(action);
      digests[used++] = wordAt(body, 4);
    },
    result(scope) {
      const sorted = new BigUint64Array(digests.buffer, 0, used / 2).sort();
      const bytes = new Uint8Array(sorted.buffer, 0, sorted.byteLength);
      return createHash('sha256').update(scope).update('\0').update(bytes).digest('hex').slice(0, 16);
    },
  };
}

/** Whether two body hashes (16 bytes) are equal. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}
