import { realpathSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { accountLockName, type Lock, lockHolder, takeLock } from '../state/store/lock.ts';
import type { RedisLock } from '../state/store/redis-lock.ts';
import type { Session, StateSession } from './session.ts';

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
  const { io, statePlace: place } = session;
  const by = { pid: process.pid, now: () => io.clock.now() };
  const locks: { release(): Promise<void> }[] = [];
  let redis: RedisLock | undefined;
  const release = async () => {
    for (const lock of locks.reverse()) await lock.release();
  };
  try {
    locks.push(await lockKey(session));
    for (const name of place?.kind === 'folder' ? folderLockNames(place.where) : [])
      locks.push(await takeLock({ name, what: `the state folder ${place?.where}`, ...by }));
    if (place?.kind === 'redis') {
      const { takeRedisLock } = await import('../state/store/redis-lock.ts');
      redis = await takeRedisLock({
        redis: await session.connections.redis(),
        keys: place.keys,
        what: place.where,
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
 * By where it is, however it is spelt: with links, dots, or another case where the disk knows none; and by what the system calls it,
 * which is one for a folder that is mounted in two places. One that is not made yet can't be.
 */
function folderLockNames(folder: string): string[] {
  const path = resolve(folder);
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  return [`folder ${realPath(path)}`, ...(there ? [`folder ${there.dev}:${there.ino}`] : [])];
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    // Not made yet: what is above it may be.
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}

/** The run that writes to this state now; undefined: none that can be seen from this machine. */
export async function runUnderWay({
  statePlace: place,
  connections,
}: Pick<StateSession, 'statePlace' | 'connections'>): Promise<
  { pid: number; since: string; host?: string } | undefined
> {
  if (place?.kind === 'folder') {
    for (const name of folderLockNames(place.where)) {
      const holder = await lockHolder(name);
      if (holder) return holder;
    }
    return undefined;
  }
  if (place?.kind !== 'redis') return undefined;
  const { redisLockHolder } = await import('../state/store/redis-lock.ts');
  const holder = await redisLockHolder(await connections.redis(), place.keys);
  return holder && { pid: holder.pid, since: holder.since, host: holder.host };
}

/**
 * The key at Together alone, for callers that ask it something without a run (a doctor, a plan that compares): its limit knows no
 * difference. With a Redis the turns themselves are shared, and there is nothing to lock. Throws ConnectorError `locked`.
 */
export async function lockKey({ io, account, settings }: Session): Promise<Lock> {
  if (settings.limiter.type !== 'local') return { release: async () => {} };
  const by = { pid: process.pid, now: () => io.clock.now() };
  return await takeLock({ name: accountLockName(account), what: 'this organization and client id', ...by });
}
