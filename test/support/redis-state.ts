/** A state in a Redis, as a run of the target opens it, with a lock that a killed run loses within a second. */
import { systemClock } from '@ukg-together/kit/clock';
import { connectRedis } from '@ukg-together/transport/redis/client';
import { takeRedisLock } from '../../target-together/src/state/store/redis-lock.ts';
import { redisStore } from '../../target-together/src/state/store/redis-store.ts';

export async function openRedisState(url: string) {
  const redis = await connectRedis({ url });
  const keys = 'killed:{state}';
  const holder = { host: 'host-1', pid: process.pid };
  const lock = await takeRedisLock({ redis, keys, what: 'the state', clock: systemClock, holder, ttlMs: 900 });
  const store = await redisStore({ redis, keys, where: 'the state', key: Buffer.alloc(32, 1), lock });
  return { store, lock: { ...lock, release: () => lock.release().then(() => redis.close()) } };
}
