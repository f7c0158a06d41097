import type { BatchMemory } from '../state/run-history.ts';

export interface Limits {
  readonly users: number;
  /** UTF-8 bytes of the whole body, brackets and commas included. */
  readonly bytes: number;
  /** No one has come under a new id in this run yet: the first one goes alone. */
  readonly oneMove?: boolean;
}

export interface Sizer {
  limits(): Limits;
  /** An answer came after `ms`; both limits grow after a full batch that was answered in less than a quarter of the timeout. */
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
  /** The setting `request_timeout_secs`, in milliseconds. */
  readonly timeoutMs: number;
  readonly memory?: BatchMemory | undefined;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
}

// UNVERIFIED: how many users or bytes Together takes at once is not published. 500 users are about half a megabyte, which
// most servers take, and the usual day's changes fit into one request. Both limits grow from there to the settings' ceilings.
const firstUsers = 500;
const firstBytes = 1_000_000;

/** So many quick answers at the ceiling lift it, twice as many after each time that this made trouble again: an outage is no size. */
const patience = 4;

const forgetAfterMs = 7 * 24 * 3600 * 1000;

export function createSizer({ batchSize, maxBodyBytes, timeoutMs, memory, now }: SizerOptions): Sizer {
  let troubledAt = memory?.troubledAt ?? null;
  const stale = troubledAt !== null && now() - troubledAt > forgetAfterMs;
  const known = stale ? undefined : memory;
  if (stale) troubledAt = null;
  const bounded = (value: number, ceiling: number) => Math.max(1, Math.min(ceiling, Math.floor(value)));
  let usersCeiling = known?.usersCeiling ?? null;
  let bytesCeiling = known?.bytesCeiling ?? null;
  const mostBytes = () => Math.min(bytesCeiling ?? maxBodyBytes, maxBodyBytes);
  const most = () => Math.min(usersCeiling ?? batchSize, batchSize);
  let quick = 0;
  let needed = patience;
  let lifted = false;
  let bodies = memory?.bodies;
  let users = bounded(known?.users ?? firstUsers, most());
  let bytes = bounded(known?.bytes ?? firstBytes, mostBytes());

  return {
    limits: () => ({ users, bytes }),
    answered(batch) {
      // What made trouble passed after all: the trouble was not its size.
      if (usersCeiling !== null && batch.users > usersCeiling) usersCeiling = null;
      // A batch that bytes have ended is more than half full of them: one more person would have been too many.
      const full = batch.users >= users || batch.bytes > bytes / 2;
      if (batch.ms >= timeoutMs / 4 || !full) return;
      if (usersCeiling !== null && users >= usersCeiling && ++quick >= needed) {
        usersCeiling *= 2;
        quick = 0;
        lifted = true;
      }
      users = bounded(users * 2, most());
      bytes = bounded(bytes * 2, mostBytes());
    },
    tooLarge(batch) {
      bytes = bounded(batch.bytes / 2, bytes);
      bytesCeiling = bytes;
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
    memory: () => ({
      users,
      usersCeiling,
      bytes,
      bytesCeiling,
      troubledAt,
      ...(bodies === undefined ? {} : { bodies }),
    }),
  };
}
