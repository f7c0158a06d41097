/** How much goes into one request: by users, by bytes, by the end of the input, and by how the server took the last one. */
import type { Delivery } from './types.ts';

export interface Limits {
  readonly users: number;
  /** UTF-8 bytes of the whole body, brackets and commas included. */
  readonly bytes: number;
}

/** What a run leaves to the next one. Plain JSON. */
export interface BatchMemory {
  readonly users: number;
  /** Growth stops here for a while, because more made trouble; null: only batch_size bounds it. */
  readonly usersCeiling: number | null;
  readonly bytes: number;
  /** Milliseconds since 1970 of the last time that a size was refused; too old a refusal is forgotten. */
  readonly troubledAt: number | null;
  /** Whether accepting answers came with a body: then one without is suspicious. Absent: not known. */
  readonly bodies?: boolean;
}

export interface Sizer {
  limits(): Limits;
  /** An answer came after `ms`; grows after a full batch that was answered quickly. */
  answered(batch: { users: number; bytes: number; ms: number }): void;
  /** The server cut off a body of so many bytes (413): never again so many in this run. */
  tooLarge(batch: { users: number; bytes: number }): void;
  /** A timeout or 500–504, which a smaller request may avoid. */
  struggled(batch: { users: number }): void;
  /** An accepting answer other than 204 came with a body, or without one. */
  accepted(withBody: boolean): void;
  readonly expectsBody: boolean;
  memory(): BatchMemory;
}

export interface SizerOptions {
  /** Settings `batch_size` and `max_body_bytes`: ceilings, never passed. */
  readonly batchSize: number;
  readonly maxBodyBytes: number;
  readonly memory?: BatchMemory | undefined;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
}

// UNVERIFIED: nobody publishes how many users or bytes Together takes at once. 500 users are about half a megabyte, which
// most servers take, and the usual day's changes fit into one request; with a larger batch_size it grows from there.
const modestUsers = 500;
const quickMs = 2000;
/** So many quick answers at the ceiling lift it, twice as many after each time that this made trouble again: an outage is no size. */
const patience = 4;
const forgetAfterMs = 7 * 24 * 3600 * 1000;

export function createSizer({ batchSize, maxBodyBytes, memory, now }: SizerOptions): Sizer {
  let troubledAt = memory?.troubledAt ?? null;
  const stale = troubledAt !== null && now() - troubledAt > forgetAfterMs;
  const known = stale ? undefined : memory;
  if (stale) troubledAt = null;
  const bounded = (value: number, ceiling: number) => Math.max(1, Math.min(ceiling, Math.floor(value)));
  let usersCeiling = known?.usersCeiling ?? null;
  const most = () => Math.min(usersCeiling ?? batchSize, batchSize);
  let quick = 0;
  let needed = patience;
  let lifted = false;
  let bodies = memory?.bodies;
  let users = bounded(known?.users ?? modestUsers, most());
  let bytes = bounded(known?.bytes ?? maxBodyBytes, maxBodyBytes);

  return {
    limits: () => ({ users, bytes }),
    answered(batch) {
      // What made trouble passed after all: the trouble was not its size.
      if (usersCeiling !== null && batch.users > usersCeiling) usersCeiling = null;
      if (batch.ms >= quickMs || batch.users < users) return;
      if (usersCeiling !== null && users >= usersCeiling && ++quick >= needed) {
        usersCeiling *= 2;
        quick = 0;
        lifted = true;
      }
      users = bounded(users * 2, most());
    },
    tooLarge(batch) {
      bytes = bounded(batch.bytes / 2, bytes);
      troubledAt = now();
    },
    struggled(batch) {
      users = bounded(batch.users / 2, users);
      if (lifted) needed = Math.min(2 * needed, 256);
      lifted = false;
      quick = 0;
      usersCeiling = users;
      troubledAt = now();
    },
    accepted(withBody) {
      bodies = withBody || bodies === true;
    },
    get expectsBody() {
      return bodies === true;
    },
    memory: () => ({ users, usersCeiling, bytes, troubledAt, ...(bodies === undefined ? {} : { bodies }) }),
  };
}

const [openBracket, comma, closeBracket] = [0x5b, 0x2c, 0x5d];

/** Bytes that one user adds to a body: its JSON and a comma or a bracket. */
function bytesOf(delivery: Delivery): number {
  return delivery.body.length + 1;
}

/** The body of a request: always an array, also for one user, so that there is one kind of answer to understand. */
export function bodyOf(batch: readonly Delivery[]): Buffer {
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

/** Bytes of `bodyOf(batch)`. */
export function bodyBytes(batch: readonly Delivery[]): number {
  let bytes = 1;
  for (const delivery of batch) bytes += bytesOf(delivery);
  return bytes;
}

export interface Batcher {
  /** The next people within the limits, in the order given; undefined at the end. One person too large alone comes alone. */
  next(limits: Limits): Delivery[] | undefined;
}

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
        if (batch.length > 0 && bytes + more > limits.bytes) break;
        if (ahead.after?.some((index) => batch.some((delivery) => delivery.index === index))) break;
        batch.push(ahead);
        bytes += more;
        ahead = undefined;
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
export function halveByBytes(batch: readonly Delivery[]): [Delivery[], Delivery[]] {
  const half = bodyBytes(batch) / 2;
  let bytes = 1;
  let at = 0;
  while (at < batch.length - 1 && bytes + bytesOf(batch[at] as Delivery) <= half)
    bytes += bytesOf(batch[at++] as Delivery);
  return halveAt(batch, Math.max(1, at));
}

/** Two parts of about the same number of users. `batch` holds at least two. */
export function halve(batch: readonly Delivery[]): [Delivery[], Delivery[]] {
  return halveAt(batch, batch.length >> 1);
}

function halveAt(batch: readonly Delivery[], at: number): [Delivery[], Delivery[]] {
  return [batch.slice(0, at), batch.slice(at)];
}
