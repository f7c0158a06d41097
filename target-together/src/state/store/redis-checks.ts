import { ConnectorError, said } from '@ukg-together/kit/error';
import type { RedisClient } from '@ukg-together/transport/redis/client';
import { redisServerFacts } from '@ukg-together/transport/redis/server-facts';

interface Examined {
  readonly redis: RedisClient;
  /** For messages. */
  readonly where: string;
  readonly warn?: (message: string) => void;
}

/** Whether a write can be waited for until it is on the server's disk. Throws where a ledger would not be safe at all. */
export async function examined({ redis, where, warn = () => {} }: Examined): Promise<boolean> {
  const { eviction, appendOnly, version } = await redisServerFacts(redis);
  if (eviction?.startsWith('allkeys')) {
    throw new ConnectorError(
      'settings',
      said`${where} drops keys when its memory is full (maxmemory-policy ${eviction}).`,
      {
        hint: 'A ledger that forgets makes everybody new again: set maxmemory-policy noeviction, or use a Redis of its own.',
      },
    );
  }
  if (appendOnly === false) {
    warn(
      `${where} keeps no append-only file: after a restart the ledger may be an old one or none, and people are sent again. Set appendonly yes.`,
    );
  }
  return appendOnly === true && (version[0] > 7 || (version[0] === 7 && version[1] >= 2));
}

/** Waits until all that was written before is on the server's disk. */
export async function synced(redis: RedisClient, where: string): Promise<void> {
  const [local] = (await redis.command('WAITAOF', '1', '0', '4000')) as [number, number];
  if (local >= 1) return;
  throw new ConnectorError('unexpected', said`${where} did not write to its disk within 4 seconds.`, {
    hint: 'See its disk and its load, then run again: at most the last batch is sent once more.',
  });
}

export function changed(where: string, name: string): ConnectorError {
  return new ConnectorError('locked', said`${where}: ${name} is not as this run left it. This run stopped.`, {
    hint: 'Redis has lost or gone back on what it held (a restart, a failover), or another run took over. Run again: who was not written down is sent once more.',
  });
}

export function vanished(where: string): ConnectorError {
  return new ConnectorError('locked', said`${where}: a run replaced a file while it was read, or Redis lost it.`, {
    hint: 'Try again. If it stays, restore the state from a backup.',
  });
}

const restore =
  'See who else can write to this Redis, then restore the state: "ledger import" from what "ledger export" wrote, under a state_dir "redis:NAME" with another name.';

export function unreadable(where: string): ConnectorError {
  return new ConnectorError(
    'settings',
    said`${where} does not open with this ledger_key: the key is another one, or what Redis holds was changed. Nothing was sent.`,
    { hint: `Set ledger_key to what it was. ${restore}` },
  );
}

/** What stands in Redis is not what a run wrote there. */
export function tampered(where: string, name: string): ConnectorError {
  return new ConnectorError(
    'unexpected',
    said`${where}: ${name} was changed by something else than target-together. Nothing more was sent.`,
    { hint: restore },
  );
}

export const isTampered = (thrown: unknown): boolean => thrown instanceof ConnectorError && thrown.hint === restore;
