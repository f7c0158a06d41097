import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectedUsers } from '@ukg-together/sandbox/expected';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { startUkg, type UkgServer } from '@ukg-together/sandbox/ukg-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../support/feed.ts';
import { type Host, startHost } from '../support/hosts.ts';
import { differences, type Ran, start } from '../support/pipe.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

const intervalMs = 250;
let folder: string;
let redis: RedisServer;
let ukg: UkgServer;
let together: TogetherServer;
let hosts: Host[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  redis = await startRedis();
  ukg = await startUkg({ people: 150, seed: 11 });
  together = await startTogether({ intervalMs, latencyMs: 20, jitterMs: 150 });
  hosts = await Promise.all([0, 1].map((number) => startHost(number, [redis.port, ukg.port, together.port])));
});
afterEach(async () => {
  for (const host of hosts) await host.close();
  await Promise.all([ukg.close(), together.close(), redis.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Settings of one pipe, with a state of its own. */
function configure(name: string, target: object = {}): string {
  const path = join(folder, `${name}.json`);
  const { credentials } = together;
  const config = {
    'tap-ukg-pro': {
      base_url: ukg.url,
      username: ukg.credentials.username,
      password: ukg.credentials.password,
      customer_api_key: ukg.credentials.customerApiKey,
      time_zone: ukg.world.zone,
    },
    'target-together': {
      api_url: together.url,
      organization_id: credentials.organizationId,
      client_id: credentials.clientId,
      api_key: credentials.apiKey,
      state_dir: join(folder, name),
      limiter: { type: 'redis', url: redis.url },
      min_interval_ms: intervalMs,
      batch_size: 20,
      max_rejected_percent: 100,
      ...target,
    },
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}

/** `tap | target` on a host. */
function pipe(host: Host, config: string) {
  const target = start('target-together', ['--config', config], { host });
  const tap = start('tap-ukg-pro', ['--config', config], { host });
  connect(tap.child, target.child);
  return { target, done: Promise.all([tap, target]).then(([, ran]) => ran) };
}

const requests = () => together.journal.matching('/public/user');
const until = async (holds: () => boolean) => {
  for (let waited = 0; !holds(); waited += 20) {
    if (waited > 60_000) throw new Error('it did not come to that within a minute');
    await sleep(20);
  }
};
const exits = (all: Ran[]) => all.map(({ code, stderr }) => (code === 0 ? 0 : stderr));

describe('two hosts, four pipes, one Redis', () => {
  it('never have two in flight nor a gap under the interval, through faults, a kill and a Redis that forgets', async () => {
    together.faults.set([
      { name: 'slow down', when: { every: 9 }, do: { kind: 'status', status: 429, retryAfter: 1 } },
      { name: 'busy', when: { every: 7 }, do: { kind: 'status', status: 503 } },
      { name: 'reset', when: { every: 11 }, do: { kind: 'reset' } },
      { name: 'lost answer', when: { every: 13 }, do: { kind: 'commit-then-reset' } },
    ]);
    const names = ['a', 'b', 'c', 'd'];
    const configs = names.map((name) => configure(name));
    const pipes = configs.map((config, i) => pipe(hosts[i % 2] as Host, config));

    // While its request is under way, or while it waits for its turn: whatever the moment finds.
    await until(() => requests().length >= 6);
    pipes[3]?.target.child.kill('SIGKILL');
    const killed = await pipes[3]?.done;
    expect(killed?.signal).toBe('SIGKILL');
    const again = pipe(hosts[1] as Host, configs[3] as string);

    await until(() => requests().length >= 16);
    await redis.restartEmpty();

    const ran = await Promise.all([...pipes.slice(0, 3), again].map(({ done }) => done));
    expect(exits(ran)).toEqual([0, 0, 0, 0]);
    expect(together.faults.fired().every((times) => times > 0)).toBe(true);
    expect(together.journal.violations()).toEqual([]);
    expect(together.journal.maxInFlight()).toBe(1);
    expect(together.journal.minGap()).toBeGreaterThanOrEqual(intervalMs);
    expect(differences(together, expectedUsers(ukg.world))).toEqual([]);
  });

  it('send nothing on turns that passed while one of them was stopped, and go on when it wakes', async () => {
    const pipes = ['a', 'b', 'c', 'd'].map((name, i) => pipe(hosts[i % 2] as Host, configure(name)));
    await until(() => requests().length >= 4);
    pipes[0]?.target.child.kill('SIGSTOP');
    const before = requests().length;
    // Whatever it held has run out, and the others are at work.
    await sleep(16_000);
    await until(() => requests().length >= before + 6);
    pipes[0]?.target.child.kill('SIGCONT');
    expect(exits(await Promise.all(pipes.map(({ done }) => done)))).toEqual([0, 0, 0, 0]);
    expect(together.journal.violations()).toEqual([]);
    expect(together.journal.maxInFlight()).toBe(1);
    expect(together.journal.minGap()).toBeGreaterThanOrEqual(intervalMs);
    expect(differences(together, expectedUsers(ukg.world))).toEqual([]);
  });

  it('run one at a time where they share a state, and the second is told who holds it', async () => {
    const shared = { state_dir: 'redis', ledger_key: 'a key for tests that is long enough', batch_size: 5 };
    const [one, two] = [configure('one', shared), configure('two', shared)];
    const first = pipe(hosts[0] as Host, one);
    await until(() => requests().length >= 2);
    const second = await pipe(hosts[1] as Host, two).done;
    expect(second.code).toBe(7);
    expect(second.stderr).toMatch(/Another run uses the state default in Redis at 127\.0\.0\.1:\d+ \(process \d+ on /);
    expect((await first.done).code).toBe(0);

    // The next night, on the other host: it knows what was accepted, and sends nothing.
    const sent = requests().length;
    const next = await pipe(hosts[1] as Host, two).done;
    expect([next.code, requests().length]).toEqual([0, sent]);
    const audit = await start('target-together', ['audit', 'verify', '--config', one], { host: hosts[0] as Host });
    expect(JSON.parse(audit.stdout)).toMatchObject({ ok: true, runs: 2 });

    // Out of Redis into a folder, which then knows the same; and back into another Redis state.
    const host = hosts[0] as Host;
    const backup = join(folder, 'backup');
    const run = async (config: string, ...args: string[]) =>
      await start('target-together', [...args, '--config', config], { host });
    expect(await run(one, 'ledger', 'export', backup)).toMatchObject({ code: 0 });
    expect(await run(one, 'ledger', 'export', backup)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not empty'),
    });
    expect(await run(one, 'ledger', 'import', backup)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not empty'),
    });
    const wrong = configure('wrong', {
      ...shared,
      state_dir: 'redis:other',
      ledger_key: 'another key, also long enough',
    });
    expect(await run(wrong, 'ledger', 'import', backup)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('another key'),
    });
    const other = configure('other', { ...shared, state_dir: 'redis:other' });
    expect(await run(other, 'ledger', 'import', backup)).toMatchObject({ code: 0 });
    const inFolder = configure('folder', { ...shared, state_dir: backup });
    for (const config of [other, inFolder]) {
      expect((await pipe(host, config).done).code).toBe(0);
      expect(await run(config, 'ledger', 'verify')).toMatchObject({ code: 0 });
    }
    expect(requests().length).toBe(sent);
    expect(differences(together, expectedUsers(ukg.world))).toEqual([]);
  });

  it('go on with what a killed run had done, on another host and without anybody’s help', async () => {
    const shared = { state_dir: 'redis:night', ledger_key: 'a key for tests that is long enough' };
    const first = pipe(hosts[0] as Host, configure('one', shared));
    await until(() => requests().filter(({ method }) => method === 'POST').length >= 4);
    first.target.child.kill('SIGKILL');
    await first.done;
    const known = new Set(
      requests()
        .slice(0, -1)
        .flatMap(({ ids, status }) => (status === 200 ? (ids ?? []) : [])),
    );
    const before = requests().length;
    // Waits until the lock of the dead has run out.
    const second = await pipe(hosts[1] as Host, configure('two', shared)).done;
    expect(exits([second])).toEqual([0]);
    const resent = requests()
      .slice(before)
      .flatMap(({ ids }) => ids ?? [])
      .filter((id) => known.has(id));
    expect(resent).toEqual([]);
    expect(together.journal.violations()).toEqual([]);
    expect(differences(together, expectedUsers(ukg.world))).toEqual([]);
  });
});
