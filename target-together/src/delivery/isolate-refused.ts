/**
 * Finds the people that make a request fail, where the answer does not name them, by sending halves:
 *
 *   [a b c d] refused → [a b] accepted → so [c d] holds the refused one and is not sent whole → [c] accepted → [d] refused
 */

import type { ConnectorError } from '@ukg-together/kit/error';
import type { Delivery } from '../model/person.ts';
import { mayLieInContent } from '../together/client.ts';
import { bisect } from './batch.ts';

/** Sends a group to the end. Resolves with whether a person in it was refused. */
export type SendGroup = (group: readonly Delivery[]) => Promise<boolean>;

/** A person in `group` (at least two) is refused. When one half passes, the other holds them and is not sent whole. */
export async function isolateRefused(group: readonly Delivery[], send: SendGroup): Promise<void> {
  const [left, right] = bisect(group);
  if ((await send(left)) || right.length === 1) await send(right);
  else await isolateRefused(right, send);
}

/**
 * Together kept failing with `error` on `group` (at least two). One half passing shows that it is up, and that the trouble is
 * in the other half: down to single people, who are quarantined. Throws `error` where no half passes.
 */
export async function isolateFailing(
  group: readonly Delivery[],
  error: ConnectorError,
  probe: SendGroup,
  quarantine: (person: readonly Delivery[]) => void,
): Promise<void> {
  const halves = bisect(group);
  const failing: (readonly Delivery[])[] = [];
  for (const half of halves) {
    try {
      await probe(half);
    } catch (thrown) {
      if (!mayLieInContent(thrown)) throw thrown;
      failing.push(half);
    }
  }
  if (failing.length === halves.length) throw error;
  for (const half of failing) {
    if (half.length === 1) quarantine(half);
    else await isolateFailing(half, error, probe, quarantine);
  }
}
