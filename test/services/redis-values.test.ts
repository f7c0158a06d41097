/** What looks at Together, and what takes a run back, with the state in Redis: as in a folder, and nothing readable there. */
import { readFileSync } from 'node:fs';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { connectRedis, type RedisClient } from '@ukg-together/transport/redis/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandWorld, tapOutput } from '../../target-together/src/testing/command.ts';
import { person } from '../../target-together/src/testing/people.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

let server: RedisServer;
let redis: RedisClient;
let together: TogetherServer;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url });
  together = await startTogether({ intervalMs: 0 });
});
afterAll(async () => {
  await together.close();
  await redis.close();
  await server.stop();
});

const people = (title: string) =>
  tapOutput(
    Array.from({ length: 30 }, (_, at) => person(`p${at}`, { lastName: `Canary ${at}`, title: `${title} ${at}` })),
  );

async function readable(): Promise<string[]> {
  const keys = ((await redis.command('KEYS', '*')) as Buffer[]).map(String);
  const found: string[] = [];
  for (const key of keys) {
    const kind = String(await redis.command('TYPE', key));
    const value = kind === 'string' ? String(await redis.command('GET', key)) : '';
    if (/canary|clerk|wrong/i.test(value)) found.push(key);
  }
  return found;
}

it('verify, drift, revert and person work on a state in Redis, which holds no value that can be read', async () => {
  const { organizationId, clientId, apiKey } = together.credentials;
  const fields = ['employeeId', 'employeeStatusCode', 'email', 'firstName', 'lastName', 'title'];
  const world = await commandWorld({
    ...{ api_url: together.url, organization_id: organizationId, client_id: clientId, api_key: apiKey },
    mapping: { stream: 'employees', fields: Object.fromEntries(fields.map((field) => [field, field])) },
    ...{ state_dir: 'redis', limiter: { type: 'redis', url: server.url }, ledger_key: 'a key of sixteen letters' },
    ...{ keep_values_days: 30, guards: { max_changed: null } },
  });
  try {
    expect((await world.type([], people('Clerk'))).code).toBe(0);
    const held = () => JSON.stringify([...together.users.values()]);
    const before = held();
    const wrong = await world.type(['--summary', world.at('summary.json')], people('wrong'));
    expect(wrong.code, wrong.log.join('\n')).toBe(0);
    const { run_id: run } = JSON.parse(readFileSync(world.at('summary.json'), 'utf8'));
    together.state.edit('p3', { lastName: 'By hand' });
    expect(await world.type(['drift'])).toMatchObject({ code: 8, stdout: expect.stringContaining('  p3  lastName') });
    together.state.edit('p3', { lastName: 'Canary 3' });
    expect((await world.type(['verify'])).code).toBe(0);
    const reverted = await world.type(['revert', run]);
    expect(reverted.code, reverted.log.join('\n')).toBe(0);
    expect(held()).toBe(before);
    expect((await world.type(['person', 'p5'])).stdout).toContain(`title: Clerk 5`);
    expect(await readable()).toEqual([]);
    expect((await world.type(['privacy', 'forget', 'p5'])).code).toBe(0);
    expect((await world.type(['person', 'p5'])).code).toBe(2);
  } finally {
    await world.close();
  }
});
