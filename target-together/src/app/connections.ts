/** The ways out of the process: HTTP, the rate limiter, Redis. Each is opened at its first use, and closed with the others. */

import { createHttp, type Send } from '@ukg-together/transport/http/request';
import { localLimiter, type RateLimiter } from '@ukg-together/transport/limiter/limiter';
import type { RedisClient } from '@ukg-together/transport/redis/client';
import packageJson from '../../package.json' with { type: 'json' };
import type { Settings } from '../settings/settings.ts';
import type { Io } from './io.ts';

export interface Connections {
  readonly send: Send;
  /** One request at a time. */
  limiter(): Promise<RateLimiter>;
  /** The Redis of the setting `limiter`. */
  redis(): Promise<RedisClient>;
  close(): Promise<void>;
}

/** Before there are settings: a secret may have to be fetched for them. */
export function openHttp({ env, clock }: Pick<Io, 'env' | 'clock'>) {
  let http: ReturnType<typeof createHttp> | undefined;
  let timeoutMs = 60_000;
  const userAgent = `target-together/${packageJson.version}`;
  const send: Send = (request) => {
    http ??= createHttp({ timeoutMs, env, userAgent, clock, connections: 1 });
    return http.send(request);
  };
  return {
    send,
    setTimeout(seconds: number): void {
      timeoutMs = seconds * 1000;
    },
    close: async () => await http?.close(),
  };
}

/** `organization`: what machines that share a Redis call this organization. */
export function openConnections(
  http: Pick<ReturnType<typeof openHttp>, 'send' | 'close'>,
  settings: Settings,
  io: Pick<Io, 'clock' | 'log'>,
  organization: string,
  connect: (settings: Settings) => Promise<RedisClient> = connectToRedis,
): Connections {
  let limiter: Promise<RateLimiter> | undefined;
  let redis: Promise<RedisClient> | undefined;
  const openRedis = () => (redis ??= connect(settings));
  return {
    send: http.send,
    limiter: async () => await (limiter ??= openLimiter(settings, io, organization, openRedis)),
    redis: openRedis,
    async close() {
      // What could not be opened has been reported already.
      await (await limiter?.catch(() => undefined))?.close();
      await (await redis?.catch(() => undefined))?.close();
      await http.close();
    },
  };
}

async function openLimiter(
  { limiter, min_interval_ms: intervalMs }: Settings,
  { clock, log }: Pick<Io, 'clock' | 'log'>,
  organization: string,
  redis: () => Promise<RedisClient>,
): Promise<RateLimiter> {
  if (limiter.type === 'local') return localLimiter({ clock, intervalMs });
  const [{ redisLimiter }, { redisServerFacts }] = await Promise.all([
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
  return redisLimiter({ redis: client, name: `${limiter.prefix}:${organization}`, clock, intervalMs });
}

async function connectToRedis({ limiter }: Settings): Promise<RedisClient> {
  if (limiter.type !== 'redis') throw new Error('no setting names a Redis');
  const { connectRedis } = await import('@ukg-together/transport/redis/client');
  return await connectRedis({ url: limiter.url, allowPlain: limiter.allow_plain, ca: limiter.ca ?? undefined });
}
