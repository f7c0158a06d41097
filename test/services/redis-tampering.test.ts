/** A person who can write to the Redis of the state, without its key, against the executables of both protocols. */
import { connectRedis, type RedisClient } from '@ukg-together/transport/redis/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';
import { protocols, twoPeople } from '../support/protocols.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

let server: RedisServer;
let redis: RedisClient;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url });
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});

describe.each(protocols)('$name', (protocol) => {
  it('sends nothing when a bit of the state was turned, and goes on when it was put back', async () => {
    const house: House = await openHouse({ ukg: { people: 1 } });
    try {
      await redis.command('FLUSHALL');
      const limiter = { type: 'redis', url: server.url };
      house.configure({}, { state_dir: 'redis', limiter, ledger_key: 'a key of sixteen letters' });
      const first = await protocol.write(house, twoPeople('Engineer'));
      expect(first.code, first.said).toBe(0);
      const posts = () => house.together.journal.matching().filter(({ method }) => method === 'POST').length;
      const before = posts();
      const keys = ((await redis.command('KEYS', '*:directory')) as Buffer[]).map(String);
      expect(keys).toHaveLength(1);
      const key = keys[0] as string;
      const whole = (await redis.command('GET', key)) as Buffer;
      for (const at of [0, whole.length >> 1, whole.length - 1]) {
        await redis.command('SETRANGE', key, String(at), Buffer.from([(whole[at] as number) ^ 1]));
        const ran = await protocol.write(house, twoPeople('Manager'));
        expect([at, ran.code, posts()], ran.said).toEqual([at, 2, before]);
        expect(ran.said).toContain('does not open with this ledger_key');
        await redis.command('SET', key, whole);
      }
      const healed = await protocol.write(house, twoPeople('Manager'));
      expect([healed.code, posts()], healed.said).toEqual([0, before + 1]);
    } finally {
      await house.close();
    }
  });
});
