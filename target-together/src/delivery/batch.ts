/** How much goes into one request: by users, by bytes, by the end of the input, and by how the server took the last one. */

import type { Delivery } from '../model/person.ts';
import { bodyBytes, bytesOf } from '../together/body.ts';
import type { Limits } from './batch-size.ts';

export interface Batcher {
  /** The next people within the limits, in the order given; undefined at the end. One person too large alone comes alone. */
  next(limits: Limits): Delivery[] | undefined;
}

/** Whether two people may be in one request. People under new ids go by themselves, so that an answer for all speaks of them alone. */
const together = (a: Delivery, b: Delivery): boolean => (a.movedFrom === undefined) === (b.movedFrom === undefined);

export function createBatcher(source: Iterable<Delivery>): Batcher {
  const iterator = source[Symbol.iterator]();
  let ahead: Delivery | undefined;
  return {
    next(limits) {
      const batch: Delivery[] = [];
      let bytes = 1;
      while (batch.length < limits.users) {
        if (!ahead) {
          const step = iterator.next();
          if (step.done) break;
          ahead = step.value;
        }
        const more = bytesOf(ahead);
        if (batch.length > 0 && (bytes + more > limits.bytes || !together(batch[0] as Delivery, ahead))) break;
        if (ahead.after?.some((index) => batch.some((delivery) => delivery.index === index))) break;
        batch.push(ahead);
        bytes += more;
        ahead = undefined;
        if (limits.oneMove && batch[0]?.movedFrom !== undefined) break;
      }
      return batch.length > 0 ? batch : undefined;
    },
  };
}

/** How many of the first fit into `limits`, at least one. */
export function fitting(people: readonly Delivery[], limits: Limits): number {
  let count = 0;
  let bytes = 1;
  while (count < people.length && count < limits.users) {
    bytes += bytesOf(people[count] as Delivery);
    if (count > 0 && bytes > limits.bytes) break;
    count++;
  }
  return count;
}

/** Two parts of about the same number of bytes, neither empty, order kept. `batch` holds at least two. */
export function bisectByBytes(batch: readonly Delivery[]): [Delivery[], Delivery[]] {
  // Each half gets a bracket of its own, so the one of the whole body belongs to neither.
  const half = (bodyBytes(batch) - 1) / 2;
  let bytes = 0;
  let at = 0;
  while (at < batch.length - 1 && bytes + bytesOf(batch[at] as Delivery) <= half)
    bytes += bytesOf(batch[at++] as Delivery);
  return splitAt(batch, Math.max(1, at));
}

/** Two parts of about the same number of users. `batch` holds at least two. */
export function bisect(batch: readonly Delivery[]): [Delivery[], Delivery[]] {
  return splitAt(batch, batch.length >> 1);
}

function splitAt(batch: readonly Delivery[], at: number): [Delivery[], Delivery[]] {
  return [batch.slice(0, at), batch.slice(at)];
}
