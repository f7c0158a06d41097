import { systemClock } from '@ukg-together/kit/clock';
import { connectRedis, type RedisClient } from '@ukg-together/transport/redis/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RedisLock, takeRedisLock } from '../../target-together/src/state/store/redis-lock.ts';
import { redisStore } from '../../target-together/src/state/store/redis-store.ts';
import { storeSuite } from '../../target-together/src/testing/store-suite.ts';
import { nothingDurableIsLost } from '../support/ledger-kill.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { openRedisState } from '../support/redis-state.ts';

let server: RedisServer;
let redis: RedisClient;
let number = 0;
const locks: RedisLock[] = [];
const key = Buffer.alloc(32, 7);
const where = 'The state in Redis';

beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url, giveUpMs: 3000 });
});
afterEach(async () => {
  for (const lock of locks.splice(0)) await lock.release();
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});

const lockOf = async (keys: string, ttlMs = 30_000) => {
  const lock = await takeRedisLock({
    redis,
    keys,
    what: where,
    clock: systemClock,
    holder: { host: 'host-1', pid: 4711 },
    ttlMs,
  });
  locks.push(lock);
  return lock;
};

async function fresh() {
  const keys = `test:{${number++}}`;
  const lock = await lockOf(keys);
  return { keys, lock, again: () => redisStore({ redis, keys, where, key, lock }) };
}

storeSuite('the state in Redis', { fresh, runs: 20 });

describe('the state in Redis', () => {
  it('keeps nothing that can be read without the key, and nothing that nobody names', async () => {
    const { again, keys } = await fresh();
    const store = await again();
    await store.replace('rejects.singer', [Buffer.from('{"firstName":"CANARY"}')]);
    await store.append('a.log', Buffer.from('CANARY'), 0, true);
    await store.replace('a.log', [Buffer.alloc(9 << 20, 'CANARY')]);
    await store.replace('a.log', [Buffer.from('CANARY again')]);
    await store.close();
    const names = ((await redis.command('KEYS', `${keys.replace(/[{}]/g, '?')}*`)) as Buffer[]).map(String);
    expect(names.filter((name) => name.includes(':chunk:'))).toHaveLength(2);
    for (const name of names.filter((one) => one.includes(':chunk:')))
      expect(String(await redis.command('GET', name))).not.toContain('CANARY');
  });

  it('is not written by a run that lost its lock, which is told who has it', async () => {
    const { again, keys, lock } = await fresh();
    const store = await again();
    await store.append('a.log', Buffer.from('one'), 0, true);
    await redis.command('SET', lock.key, '{"host":"host-2","pid":12,"since":"2026-01-02T03:04:05.000Z"}');
    for (const write of [
      () => store.append('a.log', Buffer.from('two'), 3, true),
      () => store.replace('a.log', [Buffer.from('two')]),
      () => store.remove('a.log'),
      () => lock.confirm(),
    ])
      await expect(write()).rejects.toMatchObject({
        exitCode: 7,
        message: 'Another run uses The state in Redis (process 12 on host-2, since 2026-01-02T03:04:05.000Z).',
      });
    await redis.command('DEL', lock.key);
    const reader = await redisStore({ redis, keys, where, key });
    expect((await reader.read('a.log'))?.toString()).toBe('one');
  });

  it('stops a run whose state Redis has lost, rather than begin a ledger without its past', async () => {
    const { again } = await fresh();
    const store = await again();
    await store.append('a.log', Buffer.from('one'), 0, true);
    await redis.command('FLUSHALL');
    await expect(store.append('a.log', Buffer.from('two'), 3, true)).rejects.toMatchObject({
      exitCode: 7,
      message: expect.stringContaining('a.log is not as this run left it'),
    });
  });

  it('writes once what a broken connection makes it send twice', async () => {
    const { lock, keys } = await fresh();
    const twice: RedisClient = {
      command: async (...parts) => {
        await redis.command(...parts);
        return await redis.command(...parts);
      },
      close: async () => {},
    };
    const store = await redisStore({ redis: twice, keys, where, key, lock });
    await store.append('a.log', Buffer.from('one'), 0, true);
    await store.append('a.log', Buffer.from('two'), 3, true);
    await store.replace('b', [Buffer.from('b')]);
    await store.replace('b', [Buffer.from('bb')]);
    await store.remove('b');
    expect([(await store.read('a.log'))?.toString(), await store.names()]).toEqual(['onetwo', ['a.log']]);
  });

  it('lets a reader end what it began while a run replaces the file', async () => {
    const { again, keys } = await fresh();
    const store = await again();
    await store.append('a.log', Buffer.alloc(100_000, 'a'), 0, true);
    const reader = await redisStore({ redis, keys, where, key });
    await reader.size('a.log');
    await store.replace('a.log', [Buffer.from('new')]);
    expect((await reader.read('a.log'))?.length).toBe(100_000);
    expect((await (await redisStore({ redis, keys, where, key })).read('a.log'))?.toString()).toBe('new');
  });

  it('refuses a server that drops keys, and warns of one without an append-only file', async () => {
    const warn = vi.fn();
    const { keys, lock } = await fresh();
    await redisStore({ redis, keys, where, key, lock, warn });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Set appendonly yes')]]);
    await redis.command('CONFIG', 'SET', 'maxmemory', '200mb', 'maxmemory-policy', 'allkeys-lru');
    await expect(redisStore({ redis, keys, where, key, lock })).rejects.toMatchObject({ exitCode: 2 });
    const reader = await redisStore({ redis, keys, where, key });
    expect(await reader.free()).toBeGreaterThan(100 << 20);
    await redis.command('CONFIG', 'SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction');
    expect(await reader.free()).toBeUndefined();
  });

  it('says that a full server is full, and keeps what it has', async () => {
    const { again } = await fresh();
    const store = await again();
    await store.append('a.log', Buffer.from('one'), 0, true);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1000000');
    await expect(store.append('a.log', Buffer.from('two'), 3, true)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ is full/),
    });
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    await store.append('a.log', Buffer.from('two'), 3, true);
    expect((await store.read('a.log'))?.toString()).toBe('onetwo');
  });
});

it('a ledger in Redis loses nothing that was called durable by kill -9 at any moment', async () => {
  await nothingDurableIsLost(server.url, async () => {
    const { store, lock } = await openRedisState(server.url);
    return { ...store, close: () => store.close().then(lock.release) };
  });
});

describe('the run lock in Redis', () => {
  it('is held by one run, and names its holder', async () => {
    const keys = `test:{${number++}}`;
    const lock = await lockOf(keys, 3000);
    await expect(lockOf(keys, 3000)).rejects.toMatchObject({
      exitCode: 7,
      message: expect.stringMatching(/^Another run uses The state in Redis \(process 4711 on host-1, since 20/),
    });
    await lock.confirm();
    await lock.release();
    await lockOf(keys, 3000);
  });

  it('goes to one of many that start at once', async () => {
    const keys = `test:{${number++}}`;
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockOf(keys, 3000)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('frees itself when its holder dies, and who waits takes over', async () => {
    const keys = `test:{${number++}}`;
    const began = performance.now();
    await redis.command('SET', `${keys}:lock`, '{"host":"host-2","pid":12}', 'PX', '900');
    await lockOf(keys, 900);
    const waited = performance.now() - began;
    // Not before the dead one's time has run out, and long before that of a lock as runs take it, half a minute.
    expect(waited).toBeGreaterThanOrEqual(890);
    expect(waited).toBeLessThan(15_000);
  });

  it('is claimed again when Redis has lost it, unless somebody else was faster', async () => {
    const keys = `test:{${number++}}`;
    const lock = await lockOf(keys);
    await redis.command('DEL', lock.key);
    await lock.confirm();
    expect(String(await redis.command('GET', lock.key))).toBe(lock.token);
    await redis.command('SET', lock.key, '{"host":"host-2","pid":12}');
    await expect(lock.confirm()).rejects.toMatchObject({ exitCode: 7 });
  });
});
