import { type Lane, localLane } from '@ukg-together/transport/limiter/limiter';
import type { RedisClient } from '@ukg-together/transport/redis/client';
import type { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';

export async function openLane(
  settings: Settings,
  { clock, log }: Pick<Io, 'clock' | 'log'>,
  organization: string,
  redis: () => Promise<RedisClient>,
): Promise<Lane> {
  const { limiter, min_interval_ms: intervalMs } = settings;
  if (limiter.type === 'local') return localLane({ clock, intervalMs });
  const [{ redisLane }, { redisServerFacts }] = await Promise.all([
    import('@ukg-together/transport/limiter/redis-limiter'),
    import('@ukg-together/transport/redis/server-facts'),
  ]);
  const client = await redis();
  const { eviction = 'noeviction' } = await redisServerFacts(client);
  if (eviction !== 'noeviction') {
    log.warn(
      `limiter: this Redis may drop the lease that keeps one request at a time when its memory is full (maxmemory-policy ${eviction}). Set noeviction.`,
    );
  }
  return redisLane({ redis: client, name: `${limiter.prefix}:${organization}`, clock, intervalMs });
}

export async function connect({ limiter }: Settings): Promise<RedisClient> {
  if (limiter.type !== 'redis') throw new Error('no setting names a Redis');
  const { connectRedis } = await import('@ukg-together/transport/redis/client');
  return await connectRedis({ url: limiter.url });
}
