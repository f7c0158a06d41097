import type { RedisClient } from '@ukg-together/transport/redis/client';
import { describe, expect, it } from 'vitest';
import type { RedisLock } from './redis-lock.ts';
import { redisStore } from './redis-store.ts';

const lock: RedisLock = { key: 'lock', token: 'mine', confirm: async () => {}, release: async () => {} };

/** A server that says these facts of itself and takes every write. */
function server(facts: string, answers: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const redis: RedisClient = {
    async command(name) {
      asked.push(String(name));
      if (name === 'INFO') return Buffer.from(facts);
      if (name === 'SMEMBERS') return [];
      return answers[String(name)] ?? (name === 'EVAL' ? Buffer.from('ok') : null);
    },
    close: async () => {},
  };
  const open = () => redisStore({ redis, keys: 'k', where: 'Redis', key: Buffer.alloc(32), lock });
  return { asked, open };
}

// WAITAOF came with Redis 7.2; older ones offer nothing to wait for.
describe('a durable write', () => {
  it('is waited for until it is on the disk, where the server can say so', async () => {
    const { asked, open } = server('redis_version:7.4.1\r\naof_enabled:1\r\n', { WAITAOF: [1, 0] });
    const store = await open();
    await store.append('a', Buffer.from('one'), 0, false);
    expect(asked).not.toContain('WAITAOF');
    await store.append('a', Buffer.from('two'), 3, true);
    await store.replace('b', [Buffer.from('b')]);
    expect(asked.filter((name) => name === 'WAITAOF')).toHaveLength(2);
  });

  it('is no success where the disk does not take it in time', async () => {
    const { open } = server('redis_version:7.2.0\r\naof_enabled:1\r\n', { WAITAOF: [0, 0] });
    const store = await open();
    await expect(store.append('a', Buffer.from('one'), 0, true)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('did not write to its disk'),
    });
  });

  it.each(['redis_version:7.0.15\r\naof_enabled:1', 'redis_version:7.4.1\r\naof_enabled:0', ''])(
    'counts as soon as the server has taken it otherwise (%j)',
    async (facts) => {
      const { asked, open } = server(facts);
      const store = await open();
      await store.append('a', Buffer.from('one'), 0, true);
      expect(asked).not.toContain('WAITAOF');
    },
  );
});
