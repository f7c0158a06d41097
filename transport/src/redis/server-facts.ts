/** What a Redis server says of itself, as far as lanes and ledgers depend on it. */
import type { RedisClient } from './client.ts';

export interface RedisServerFacts {
  /** [major, minor]; [0, 0] where it does not say. */
  readonly version: readonly [number, number];
  /** What it does when its memory is full; undefined where there is no limit, or it does not say. */
  readonly eviction: string | undefined;
  /** Whether every write goes to a log on disk; undefined where it does not say. */
  readonly appendOnly: boolean | undefined;
  /** Bytes that still fit; undefined where there is no limit, or it does not say. */
  readonly freeBytes: number | undefined;
}

/** Never throws for a server that keeps these facts to itself (a managed one, or a user without the right). */
export async function redisServerFacts(redis: RedisClient): Promise<RedisServerFacts> {
  const said = new Map<string, string>();
  for (const section of ['server', 'memory', 'persistence']) {
    const text = await redis.command('INFO', section).catch((error: { kind?: string }) => {
      if (error.kind === 'unreachable') throw error;
      return '';
    });
    for (const [, key, value] of String(text).matchAll(/^([a-z_0-9]+):([^\r\n]*)/gm))
      said.set(key as string, value as string);
  }
  const [major = 0, minor = 0] = (said.get('redis_version') ?? '').split('.').map((part) => Number(part) || 0);
  const maxmemory = Number(said.get('maxmemory') ?? 0);
  const log = said.get('aof_enabled');
  return {
    version: [major, minor],
    eviction: maxmemory > 0 ? said.get('maxmemory_policy') : undefined,
    appendOnly: log === undefined ? undefined : log === '1',
    freeBytes: maxmemory > 0 ? Math.max(0, maxmemory - Number(said.get('used_memory') ?? 0)) : undefined,
  };
}
