/** Opens what a run writes to, in the order that leaves nothing behind: locks, ledger, audit. */
import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ConnectorError } from '@ukg-together/protocol/error';
import { type AuditLog, openAudit } from './audit.ts';
import { openBooks } from './books.ts';
import { fileStore } from './ledger/file-store.ts';
import { type LedgerKeys, ledgerKeys, loadLedgerKeys } from './ledger/keys.ts';
import { memoryStore } from './ledger/memory-store.ts';
import type { StateStore } from './ledger/store.ts';
import { accountLockName, type Lock, takeLock } from './lock.ts';
import type { RedisLock } from './redis-lock.ts';
import type { Session } from './session.ts';

export interface OpenBooks {
  readonly books: Awaited<ReturnType<typeof openBooks>>;
  readonly keys: LedgerKeys;
  readonly store: StateStore;
}

export interface RunLock {
  /** Where the state lies in Redis: what proves to it that this run may write. */
  readonly redis: RedisLock | undefined;
  /** Throws ConnectorError `locked` when another run has taken over, as it may from one that was held up for long. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/**
 * Locks what only one run may use, for this process: the state, on this machine or in Redis; and the key at Together, unless a
 * Redis gives out the turns. Then several runs of one organization may go on at once, each with a state of its own.
 * Throws ConnectorError `locked`.
 */
export async function lockRun(session: Session): Promise<RunLock> {
  const { io, state } = session;
  const by = { pid: process.pid, now: () => io.clock.now() };
  const locks: { release(): Promise<void> }[] = [];
  let redis: RedisLock | undefined;
  const release = async () => {
    for (const lock of locks.reverse()) await lock.release();
  };
  try {
    locks.push(await lockKey(session));
    if (state?.kind === 'folder')
      locks.push(await takeLock({ name: `folder ${state.where}`, what: `the state folder ${state.where}`, ...by }));
    if (state?.kind === 'redis') {
      const { takeRedisLock } = await import('./redis-lock.ts');
      redis = await takeRedisLock({
        redis: await session.redis(),
        keys: state.keys,
        what: state.where,
        clock: io.clock,
        holder: { host: hostname(), pid: process.pid },
        signal: io.signal,
      });
      locks.push(redis);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { redis, confirm: async () => await redis?.confirm(), release };
}

/**
 * The key at Together alone, for whoever asks it something without a run (a doctor, a plan that compares): its limit knows no
 * difference. With a Redis the turns themselves are shared, and there is nothing to lock. Throws ConnectorError `locked`.
 */
export async function lockKey({ io, account, settings }: Session): Promise<Lock> {
  if (settings.limiter.type !== 'local') return { release: async () => {} };
  const by = { pid: process.pid, now: () => io.clock.now() };
  return await takeLock({ name: accountLockName(account), what: 'this organization and client id', ...by });
}

/** `lock` absent: only to look. undefined: nothing is kept, or there is no such folder yet, and looking does not make one. */
export async function openStore(session: Session, lock?: RunLock): Promise<StateStore | undefined> {
  const { state, settings, io } = session;
  if (state === null) return undefined;
  if (state.kind === 'redis') {
    const { redisStore } = await import('./ledger/redis-store.ts');
    return await redisStore({
      redis: await session.redis(),
      keys: state.keys,
      where: state.where,
      // The settings require it.
      key: ledgerKeys(settings.ledger_key ?? '').derive('state in redis', 32),
      lock: lock?.redis,
      warn: (message) => io.log.warn(message),
    });
  }
  if (!lock && !(await isFolder(state.where))) return undefined;
  return await fileStore(state.where, { write: lock !== undefined });
}

/** `run` absent: only to look. */
export async function openRunBooks(
  session: Session,
  run?: { id: string; startedAt: number; lock: RunLock },
): Promise<OpenBooks> {
  const { settings, io, destination } = session;
  const kept = await openStore(session, run?.lock);
  const store = kept ?? memoryStore();
  const hasLedger = (await store.size('ledger.log')) !== undefined;
  // Without a folder the hashes live for one run only, but a plan's hash must be the same in the next one.
  const keys =
    kept && (run !== undefined || hasLedger)
      ? await loadLedgerKeys(store, settings.ledger_key, hasLedger)
      : ledgerKeys(settings.ledger_key ?? `${settings.api_key}\n${destination}`);
  const books = await openBooks({
    store,
    keys,
    destination,
    keeps: session.state !== null,
    ...(run ? { run: { id: run.id, startedAt: run.startedAt } } : {}),
    warn: (message) => io.log.warn(message),
  });
  return { books, keys, store };
}

/** Throws where something else has the name: nothing could ever be kept there. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error ? found.code === 'ENOTDIR' : !found.isDirectory()) {
    throw new ConnectorError('settings', `state_dir ${path} is not a folder.`, {
      hint: 'Name a folder in state_dir; it is made where it does not exist.',
    });
  }
  return !(found instanceof Error);
}

export async function openRunAudit(session: Session, store: StateStore): Promise<AuditLog | undefined> {
  const { io, settings, state } = session;
  if (state === null) return undefined;
  const audit = await openAudit({ store, clock: io.clock, retentionDays: settings.audit_retention_days });
  if (audit.warning) io.log.warn(audit.warning);
  return audit;
}
