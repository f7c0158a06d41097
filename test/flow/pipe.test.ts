/** The main job, end to end: real processes, both sandbox servers, an independent computation of what Together should hold. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expectedUsers } from '@ukg-together/sandbox/expected';
import { type LifeEvent, playEvent } from '@ukg-together/sandbox/life';
import type { World } from '@ukg-together/sandbox/world';
import { afterEach, describe, expect, it } from 'vitest';
import { differences, type House, hold, openHouse, start } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

const posts = () => house.together.journal.matching().filter((entry) => entry.method === 'POST');
const sentIds = () => posts().flatMap((entry) => entry.ids ?? []);

/** Fifty events that touch rows of people: a renamed department touches none, and is the periodic full read's business. */
function playFifty(world: World): void {
  const kinds: LifeEvent['kind'][] = ['promote', 'rename', 'leave', 'leave-of-absence', 'change-supervisor'];
  let played = 0;
  for (let index = 10; played < 45; index += 7) {
    const person = world.person(index);
    if (person.employments.length !== 1 || person.employments[0]?.status !== 'A') continue;
    playEvent(world, { kind: kinds[played++ % kinds.length], employeeId: person.employeeId } as LifeEvent);
  }
  for (let joined = 0; joined < 5; joined++) playEvent(world, { kind: 'join' });
}

describe('the pipe', () => {
  it('moves everybody as an independent computation says, then sends only who changed, then nothing', async () => {
    house = await openHouse({ ukg: { people: 1500, seed: 11 } });
    const first = await house.sync();
    expect([first.tap.code, first.target.code], first.target.stderr + first.tap.stderr).toEqual([0, 0]);
    const expected = expectedUsers(house.ukg.world);
    expect(differences(house.together, expected)).toEqual([]);
    const total = Object.values(first.summary.outcomes).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(first.summary.people_read);

    house.together.journal.clear();
    playFifty(house.ukg.world);
    const before = new Map(expected);
    const after = expectedUsers(house.ukg.world);
    const second = await house.sync();
    expect([second.tap.code, second.target.code], second.target.stderr).toEqual([0, 0]);
    expect(differences(house.together, after)).toEqual([]);
    const changed = [...after]
      .filter(([id, person]) => JSON.stringify(before.get(id)) !== JSON.stringify(person))
      .map(([id]) => id);
    expect(new Set(sentIds())).toEqual(new Set(changed.filter((id) => !after.get(id)?.notSent)));
    expect(posts()).toHaveLength(1);

    house.together.journal.clear();
    const third = await house.sync();
    expect([third.tap.code, third.target.code]).toEqual([0, 0]);
    expect(posts()).toHaveLength(0);
  });

  it('lets one of two runs started at once do the work; the other says so and exits 7', async () => {
    const held = hold();
    house = await openHouse({ ukg: { people: 300 }, together: held.together, intervalMs: 300 });
    house.configure({}, { batch_size: 50 });
    const [a, b] = [house.startSync(), house.startSync()];
    await Promise.race([a.target, b.target]);
    held.release();
    const codes = [(await a.target).code, (await b.target).code].sort();
    await Promise.all([a.tap, b.tap]);
    expect(codes).toEqual([0, 7]);
    expect(house.together.journal.maxInFlight()).toBe(1);
    expect(house.together.journal.minGap()).toBeGreaterThanOrEqual(300);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
  });

  it('asks nothing else of Together while a run uses the key: the doctor exits 7', async () => {
    const held = hold();
    house = await openHouse({ ukg: { people: 200 }, together: held.together, intervalMs: 300 });
    house.configure({}, { batch_size: 50 });
    const { tap, target } = house.startSync();
    // Under way, and not answered yet.
    while (house.together.journal.entries.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const doctor = await start('target-together', ['doctor', '--config', house.config]);
    held.release();
    expect([doctor.code, doctor.stdout]).toEqual([7, expect.stringContaining('Another run uses this organization')]);
    expect((await target).code).toBe(0);
    await tap;
    expect(house.together.journal.maxInFlight()).toBe(1);
    expect(house.together.journal.minGap()).toBeGreaterThanOrEqual(300);
    expect((await start('target-together', ['doctor', '--config', house.config])).code).toBe(0);
  });
});

describe('what goes wrong ends in one sentence and its exit code', () => {
  it.each([
    ['a wrong password', 'tap-ukg-pro', { password: 'wrong' }, 6, /password|credentials|user name/i],
    ['a wrong Customer API key', 'tap-ukg-pro', { customer_api_key: 'WRONG' }, 6, /customer_api_key/],
    ['an unreachable host', 'tap-ukg-pro', { base_url: 'http://127.0.0.1:1', max_retries: 0 }, 5, /ECONNREFUSED/],
    ['a missing setting', 'tap-ukg-pro', { username: null }, 2, /username/],
    ['plain http to another machine', 'tap-ukg-pro', { base_url: 'ftp://example.com' }, 2, /base_url/],
  ])('%s', async (_name, executable, settings, code, words) => {
    house = await openHouse({ ukg: { people: 5 } });
    house.configure(settings);
    const ran = await start(executable, ['--config', house.config], { input: '' });
    expect([ran.code, ran.stdout.includes('"RECORD"')], ran.stderr).toEqual([code, false]);
    expect(ran.stderr).toMatch(words);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });

  const schema =
    '{"type":"SCHEMA","stream":"employees","schema":{"type":"object","properties":{"employeeId":{"type":"string"},"firstName":{"type":["string","null"]}}},"key_properties":["employeeId"]}\n';
  it.each([
    ['a revoked key', { api_key: 'revoked' }, undefined, 6, /api_key|credentials/i],
    ['a missing setting', { organization_id: null }, '', 2, /organization_id/],
    ['no region', { api_url: null }, '', 2, /region/],
    [
      'a broken line',
      {},
      `${schema}{"type":"RECORD","stream":"employees","record":{"firstName":"Zaphod"`,
      1,
      /line 2/i,
    ],
    [
      'a RECORD before its SCHEMA',
      {},
      '{"type":"RECORD","stream":"employees","record":{"employeeId":"1"}}\n',
      1,
      /SCHEMA/,
    ],
    [
      'a record without its key',
      {},
      `${schema}{"type":"RECORD","stream":"employees","record":{"firstName":"Zaphod"}}\n`,
      1,
      /key property/,
    ],
  ])('%s', async (_name, settings, input, code, words) => {
    house = await openHouse({ ukg: { people: 5 } });
    house.configure({}, settings);
    const ran =
      input === undefined
        ? (await house.sync()).target
        : await start('target-together', ['--config', house.config], { input });
    expect([ran.code, ran.stdout], ran.stderr).toEqual([code, '']);
    expect(ran.stderr).toMatch(words);
    expect(ran.stderr).not.toMatch(/Zaphod|\n\s+at /);
  });
});

describe('signals', () => {
  it('a stopped target finishes the request under way and exits 143; the next run completes', async () => {
    house = await openHouse({ ukg: { people: 300 }, together: { latencyMs: 100 } });
    house.configure({}, { batch_size: 20 });
    const { tap, target } = house.startSync();
    while (posts().length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    target.child.kill('SIGTERM');
    target.child.kill('SIGTERM');
    expect((await target).code).toBe(143);
    await tap;
    expect(posts().every((entry) => !entry.broken)).toBe(true);
    const held = house.together.users.size;
    expect(held).toBeGreaterThan(0);
    house.together.journal.clear();
    expect((await house.sync()).target.code).toBe(0);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
  });

  it('a tap whose reader has gone ends quietly and not with success', async () => {
    house = await openHouse({ ukg: { people: 3000 } });
    const tap = start('tap-ukg-pro', ['--config', house.config]);
    tap.child.stdout?.once('data', () => tap.child.stdout?.destroy());
    const ran = await tap;
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).not.toMatch(/EPIPE|\n\s+at /);
  });
});

describe('state and input by file', () => {
  it('takes a rejects file again through --input', async () => {
    house = await openHouse({ ukg: { people: 80, seed: 4 } });
    const target = [...expectedUsers(house.ukg.world)].find(([, person]) => !person.notSent)?.[0] as string;
    house.together.faults.set([]);
    house.together.state.lock(target);
    const { summary } = await house.sync();
    expect(summary.outcomes['rejected']).toBe(1);
    const rejects = summary.files.rejects as string;
    expect(readFileSync(rejects, 'utf8').split('\n')[0]).toContain('"SCHEMA"');
    house.together.state.reset();
    const again = await start('target-together', ['--config', house.config, '--input', rejects], { input: '' });
    // Nobody of those in the file could be sent.
    expect(again.code, again.stderr).toBe(4);
  });

  it('refuses a state file that it cannot read instead of starting over', async () => {
    house = await openHouse({ ukg: { people: 5 } });
    writeFileSync(house.state, '{"bookmarks":');
    const ran = await start('tap-ukg-pro', ['--config', house.config, '--state', house.state], { input: '' });
    expect([ran.code, ran.stdout], ran.stderr).toEqual([2, '']);
    expect(ran.stderr).toMatch(/state/i);
  });
});
