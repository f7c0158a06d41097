import type { Delivery } from '../model/person.ts';

const [openBracket, comma, closeBracket] = [0x5b, 0x2c, 0x5d];

/** Bytes that one user adds to a body: its JSON and a comma or a bracket. */
export function bytesOf(delivery: Delivery): number {
  return delivery.body.length + 1;
}

/** A person under a new id who goes alone: what a status means is documented of one user, and of an array it is not. */
export const isLoneMove = (batch: readonly Delivery[]): boolean =>
  batch.length === 1 && batch[0]?.movedFrom !== undefined;

/** The body of a request: an array, also for one user, so that there is one kind of answer to understand; but a lone move is an object. */
export function bodyOf(batch: readonly Delivery[]): Buffer {
  if (isLoneMove(batch)) return Buffer.from((batch[0] as Delivery).body);
  const body = Buffer.allocUnsafe(bodyBytes(batch));
  let at = 0;
  for (const delivery of batch) {
    body[at] = at === 0 ? openBracket : comma;
    body.set(delivery.body, at + 1);
    at += delivery.body.length + 1;
  }
  body[at] = closeBracket;
  return body;
}

/** Bytes of `bodyOf(batch)` as an array. */
export function bodyBytes(batch: readonly Delivery[]): number {
  let bytes = 1;
  for (const delivery of batch) bytes += bytesOf(delivery);
  return bytes;
}
