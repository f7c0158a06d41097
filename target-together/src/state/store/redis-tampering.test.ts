/** A Redis that a person can write to, who has not the key: nothing that they do looks like what a run wrote. */
import { describe, expect, it } from 'vitest';
import { memoryRedis } from '../../testing/memory-redis.ts';
import { storeSuite } from '../../testing/store-suite.ts';
import { ledgerKeys } from '../ledger/keys.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { StateStore } from './store.ts';

storeSuite('a state in encrypted blocks', { fresh: async () => ({ again: memoryRedis().open }) });

const keys = ledgerKeys('a key for tests only');
const settled = (id: string) => ({
  employeeId: id,
  json: JSON.stringify({ employeeId: id, employeeStatusCode: 'A' }),
  refusedStatus: undefined,
});

/** A small state, written by two runs. */
async function smallState() {
  const world = memoryRedis();
  for (const [number, people] of [['10021', '10455'], ['10021']].entries()) {
    const store = await world.open();
    const run = { id: `r${number}`, startedAt: number };
    const ledger = await openLedger({ store, keys, destination: 'test', run });
    await ledger.recordOutcomes(people.map(settled));
    await ledger.close();
    await store.replace('runs.json', [Buffer.from('{}')]);
    await store.close();
  }
  return world;
}

async function readAll(store: StateStore): Promise<void> {
  for (const name of await store.names()) await store.read(name);
}

const refused = {
  message: expect.stringMatching(/does not open with this ledger_key|was changed by something else|lost it/),
};

describe('a state in Redis', () => {
  it('does not open with any single bit turned, cut off or taken out', async () => {
    const world = await smallState();
    let bits = 0;
    for (const [name, whole] of world.strings) {
      for (let bit = 0; bit < whole.length * 8; bit++, bits++) {
        const turned = Buffer.from(whole);
        turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
        world.strings.set(name, turned);
        await expect(world.look().then(readAll)).rejects.toMatchObject(refused);
      }
      for (const length of [1, 20, whole.length - 1]) {
        world.strings.set(name, whole.subarray(0, length));
        await expect(world.look().then(readAll)).rejects.toMatchObject(refused);
      }
      world.strings.set(name, whole);
    }
    expect(bits).toBeGreaterThan(5000);
    await readAll(await world.look());
  });

  it('does not open when a part of it goes back to what it was, or stands in another place', async () => {
    const world = await smallState();
    const old = new Map(world.strings);
    const store = await world.open();
    const ledger = await openLedger({ store, keys, destination: 'test', run: { id: 'r3', startedAt: 3 } });
    await ledger.recordOutcomes([settled('10456')]);
    await store.replace('runs.json', [Buffer.from('[]')]);
    await store.close();
    const now = new Map(world.strings);
    const changed = [...now.keys()].filter((name) => !old.get(name)?.equals(now.get(name) as Buffer));
    expect(changed.length).toBeGreaterThan(2);
    for (const name of changed) {
      world.strings.set(name, old.get(name) ?? Buffer.alloc(0));
      await expect(world.look().then(readAll)).rejects.toMatchObject(refused);
      world.strings.set(name, now.get(name) as Buffer);
    }
    const chunks = [...now.keys()].filter((name) => name.includes(':chunk:'));
    for (const one of chunks) {
      for (const other of chunks) {
        if (one === other) continue;
        world.strings.set(one, now.get(other) as Buffer);
        await expect(world.look().then(readAll)).rejects.toMatchObject(refused);
      }
      world.strings.set(one, now.get(one) as Buffer);
    }
  });

  it('that goes back whole is noticed by the run that is at work', async () => {
    const world = await smallState();
    const old = new Map(world.strings);
    const store = await world.open();
    await store.append('rejects.singer', Buffer.from('one'), 0, true);
    for (const [name, bytes] of old) world.strings.set(name, bytes);
    await expect(store.append('rejects.singer', Buffer.from('two'), 3, true)).rejects.toMatchObject({ exitCode: 7 });
  });

  it('does not open with another key, nor as the state of another name', async () => {
    const world = await smallState();
    const { redisStore } = await import('./redis-store.ts');
    const options = { redis: world.redis, where: 'The state in Redis', keys: 'k' };
    await expect(redisStore({ ...options, key: Buffer.alloc(32, 8) })).rejects.toMatchObject({ exitCode: 2 });
    for (const [name, bytes] of [...world.strings]) world.strings.set(name.replace(/^k:/, 'other:'), bytes);
    await expect(redisStore({ ...options, keys: 'other', key: Buffer.alloc(32, 7) })).rejects.toMatchObject(refused);
  });

  it('never loses a file because somebody called it garbage', async () => {
    const world = await smallState();
    for (const name of world.strings.keys()) {
      const [, id] = /:chunk:(\w+):/.exec(name) ?? [];
      if (id) world.garbage.add(`${id} -`);
    }
    await readAll(await world.open());
  });
});
