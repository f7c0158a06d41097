/** One promise, two protocols: whatever Singer's pipe does, Airbyte's pair does too: people, outcomes, refusals, guards, exit codes. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExpectedPerson, expectedUsers } from '@ukg-together/sandbox/expected';
import { playEvent } from '@ukg-together/sandbox/life';
import { afterEach, describe, expect, it } from 'vitest';
import { differences, type House, hold, openHouse } from '../support/pipe.ts';
import { protocols, type Sync } from '../support/protocols.ts';

let house: House;
afterEach(() => house.close());

const posts = () => house.together.journal.matching().filter((entry) => entry.method === 'POST');
const sentIds = () => posts().flatMap((entry) => entry.ids ?? []);
const codes = ({ source, target }: Sync) => [source.code, target.code];
const whole = ({ source, target, problems }: Sync) => `${source.said}\n${target.said}\n${problems.join('\n')}`;
/** Who shall be in Together, by id. */
const wanted = (expected: ReadonlyMap<string, ExpectedPerson>) =>
  [...expected].filter(([, person]) => !person.notSent).map(([id]) => id);

describe.each(protocols)('$name', (protocol) => {
  it('moves everybody right, then only who changed, then nobody; the outcomes add up', async () => {
    house = await openHouse({ ukg: { people: 300, seed: 21 } });
    const first = await protocol.sync(house);
    expect([codes(first), first.problems, first.moved], whole(first)).toEqual([[0, 0], [], true]);
    const before = new Map(expectedUsers(house.ukg.world));
    expect(differences(house.together, before)).toEqual([]);
    const outcomes = first.run?.outcomes ?? {};
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(first.run?.people_read);
    expect(outcomes['created']).toBe(wanted(before).length);

    house.together.journal.clear();
    let played = 0;
    for (let index = 10; played < 8; index += 7) {
      const { employments, employeeId } = house.ukg.world.person(index);
      if (employments.length !== 1 || employments[0]?.status !== 'A') continue;
      playEvent(house.ukg.world, { kind: played % 2 === 0 ? 'promote' : 'leave', employeeId });
      played++;
    }
    playEvent(house.ukg.world, { kind: 'join' });
    const after = expectedUsers(house.ukg.world);
    const changed = [...after]
      .filter(([id, person]) => JSON.stringify(before.get(id)) !== JSON.stringify(person) && !person.notSent)
      .map(([id]) => id);
    const second = await protocol.sync(house);
    expect([codes(second), second.problems], whole(second)).toEqual([[0, 0], []]);
    expect(differences(house.together, after)).toEqual([]);
    expect(new Set(sentIds())).toEqual(new Set(changed));
    expect(posts()).toHaveLength(1);

    house.together.journal.clear();
    const third = await protocol.sync(house);
    expect([codes(third), third.problems], whole(third)).toEqual([[0, 0], []]);
    expect(posts()).toHaveLength(0);
    expect(house.together.journal.violations()).toEqual([]);
  });

  it('sends no part of the people where the ledger is lost and the bookmark is not, and everybody after a complete read', async () => {
    house = await openHouse({ ukg: { people: 60, seed: 21 } });
    await protocol.sync(house);
    rmSync(join(house.folder, 'together'), { recursive: true });
    house.together.journal.clear();
    playEvent(house.ukg.world, { kind: 'join' });
    const second = await protocol.sync(house);
    expect([second.target.code, second.moved, posts()], whole(second)).toEqual([2, false, []]);
    expect(second.target.said).toMatch(
      /went on from a bookmark.*[Dd]elete the state file.*clear the data of the connection/s,
    );
    const third = await protocol.sync(house, { full: true });
    expect(codes(third), whole(third)).toEqual([0, 0]);
    expect(differences(house.together, new Map(expectedUsers(house.ukg.world)))).toEqual([]);
  });

  it('isolates who is refused and goes on with the others', async () => {
    house = await openHouse({ ukg: { people: 120, seed: 5, clean: true } });
    const ids = wanted(expectedUsers(house.ukg.world));
    house.together.state.lock(ids[17] as string);
    house.together.state.remove(ids[61] as string);
    const allowed = await protocol.sync(house);
    expect([codes(allowed), allowed.problems, allowed.moved], whole(allowed)).toEqual([[0, 0], [], true]);
    const { created = 0, updated = 0, unchanged = 0, ...others } = allowed.run?.outcomes ?? {};
    // Who was tried again after a refusal of the whole request may have been taken the first time.
    expect([created + updated + unchanged, others['rejected'], others['undelivered']]).toEqual([ids.length - 2, 2, 0]);
    expect(house.together.users.size).toBe(ids.length - 2);
    for (const refused of [ids[17], ids[61]] as string[]) expect(house.together.users.has(refused)).toBe(false);
  });

  it('exits 4 when more are refused than allowed, with everybody settled and the state given back', async () => {
    house = await openHouse({ ukg: { people: 60, seed: 5, clean: true } });
    house.configure({}, { max_rejected_percent: 1 });
    const ids = wanted(expectedUsers(house.ukg.world));
    for (const at of [3, 50]) house.together.state.lock(ids[at] as string);
    const ended = await protocol.sync(house);
    expect([codes(ended), ended.problems, ended.moved], whole(ended)).toEqual([[0, 4], [], true]);
    expect(ended.run?.outcomes).toMatchObject({ rejected: 2, undelivered: 0 });
    expect(house.together.users.size).toBe(58);
    expect(ended.target.said).toContain('more people were refused than');
  });

  it('stops before its first write when half of the people would leave, keeps the state, and exits 3', async () => {
    house = await openHouse({ ukg: { people: 100, seed: 9, clean: true } });
    expect(codes(await protocol.sync(house))).toEqual([0, 0]);
    for (let index = 0; index < 100; index += 2) {
      const { employments, employeeId } = house.ukg.world.person(index);
      if (employments.some(({ status }) => status === 'A')) playEvent(house.ukg.world, { kind: 'leave', employeeId });
    }
    house.together.journal.clear();
    const stopped = await protocol.sync(house);
    expect([stopped.target.code, posts().length, stopped.moved, stopped.problems], whole(stopped)).toEqual([
      3,
      0,
      false,
      [],
    ]);
    expect(stopped.target.said).toMatch(/Nothing was sent: .*terminated/);
    const release = protocol.name === 'Singer' ? /--accept [0-9a-f]{16}/ : /"accept_plan": "[0-9a-f]{16}"/;
    expect(stopped.target.said.replaceAll('\\', '')).toMatch(release);
  });

  it('misses who vanished after a full read only: reported, or terminated when asked to', async () => {
    house = await openHouse({ ukg: { people: 100, seed: 9, clean: true } });
    expect(codes(await protocol.sync(house, { full: true }))).toEqual([0, 0]);
    const [gone, other] = wanted(expectedUsers(house.ukg.world)) as [string, string];
    playEvent(house.ukg.world, { kind: 'vanish', employeeId: gone });
    playEvent(house.ukg.world, { kind: 'promote', employeeId: other });
    house.configure({}, { vanished: 'terminate', vanished_after_reads: 1 });
    expect(codes(await protocol.sync(house))).toEqual([0, 0]);
    expect(house.together.users.get(gone)).toMatchObject({ employeeStatusCode: 'A' });
    const full = await protocol.sync(house, { full: true });
    expect([codes(full), full.problems], whole(full)).toEqual([[0, 0], []]);
    expect(house.together.users.get(gone)).toMatchObject({ employeeStatusCode: 'T' });

    for (let index = 20; index < 70; index++) {
      const { employeeId } = house.ukg.world.person(index);
      if (employeeId !== gone) playEvent(house.ukg.world, { kind: 'vanish', employeeId });
    }
    house.together.journal.clear();
    const halved = await protocol.sync(house, { full: true });
    expect([halved.target.code, posts().length], whole(halved)).toEqual([3, 0]);
    expect(halved.target.said).toMatch(/vanished/);
  });

  it('keeps what Together took when it goes down, holds the state back, exits 5, and sends only the rest next time', async () => {
    house = await openHouse({ ukg: { people: 120, clean: true } });
    house.configure({}, { max_retries: 1, batch_size: 40 });
    house.together.faults.set([{ when: { method: 'POST', after: 1 }, do: { kind: 'status', status: 502 } }]);
    const down = await protocol.sync(house);
    expect([down.target.code, down.moved, down.problems], whole(down)).toEqual([5, false, []]);
    expect(down.run?.outcomes).toMatchObject({ created: 40, undelivered: 80 });
    const held = new Set(house.together.users.keys());
    house.together.faults.clear();
    house.together.journal.clear();
    const up = await protocol.sync(house);
    expect([codes(up), up.moved, up.problems], whole(up)).toEqual([[0, 0], true, []]);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
    expect(sentIds().filter((id) => held.has(id))).toEqual([]);
  });

  it('waits out 429, 503 and a lost answer without breaking the limit or telling anybody twice', async () => {
    house = await openHouse({ ukg: { people: 100, clean: true }, together: { jitterMs: 40 }, intervalMs: 150 });
    house.configure({}, { batch_size: 30 });
    house.ukg.faults.set([{ when: { nth: 2 }, do: { kind: 'status', status: 429, retryAfter: '1' } }]);
    house.together.faults.set([
      { when: { method: 'POST', nth: 1 }, do: { kind: 'status', status: 503 } },
      { when: { method: 'POST', nth: 3 }, do: { kind: 'commit-then-reset' } },
      { when: { method: 'POST', nth: 5 }, do: { kind: 'status', status: 429, retryAfter: '1' } },
    ]);
    const ended = await protocol.sync(house);
    expect([codes(ended), ended.problems], whole(ended)).toEqual([[0, 0], []]);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
    expect(house.together.journal.violations()).toEqual([]);
    expect(house.together.journal.maxInFlight()).toBe(1);
    expect(house.together.journal.minGap()).toBeGreaterThanOrEqual(150);
  });

  it.each([
    ['a wrong password', { password: 'not-this-one-7' }, {}, 6, undefined, /password/],
    ['UKG out of reach', { base_url: 'http://127.0.0.1:1', max_retries: 0 }, {}, 5, undefined, /ECONNREFUSED/],
    ['a setting missing from the source', { username: null }, {}, 2, undefined, /username/],
    ['a wrong Together key', {}, { api_key: 'not-this-one-8' }, undefined, 6, /api_key/],
    ['a setting missing from the target', {}, { organization_id: null }, undefined, 2, /organization_id/],
    ['no region', {}, { api_url: null }, undefined, 2, /region/],
  ])('%s ends in its exit code and a sentence, and nobody is sent', async (_name, tap, target, left, right, words) => {
    house = await openHouse({ ukg: { people: 20 } });
    house.configure(tap, target);
    const ended = await protocol.sync(house);
    if (left !== undefined) expect(ended.source.code, whole(ended)).toBe(left);
    if (right !== undefined) expect(ended.target.code, whole(ended)).toBe(right);
    expect(left === undefined ? ended.target.said : ended.source.said).toMatch(words);
    expect(whole(ended)).not.toMatch(/not-this-one/);
    expect([house.together.users.size, ended.moved]).toEqual([0, false]);
  });

  it('lets one of two syncs at once do the work; the other exits 7', async () => {
    const held = hold();
    house = await openHouse({ ukg: { people: 150 }, together: held.together, intervalMs: 300 });
    house.configure({}, { batch_size: 30 });
    const under = [protocol.sync(house, { full: true }), protocol.sync(house, { full: true })];
    await Promise.race(under);
    held.release();
    const both = await Promise.all(under);
    expect(both.map(({ target }) => target.code).sort(), both.map(whole).join('\n')).toEqual([0, 7]);
    expect(house.together.journal.maxInFlight()).toBe(1);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
  });

  it.each(['source', 'target'] as const)('a SIGTERM to the %s exits 143, and the next sync completes', async (who) => {
    house = await openHouse({
      ukg: { people: 200, latencyMs: who === 'source' ? 300 : 0 },
      together: { latencyMs: 80 },
    });
    house.configure({}, { batch_size: 20 });
    const stopped = await protocol.sync(house, {
      onStart: (processes) => {
        const stop = setInterval(() => {
          const begun = who === 'source' ? house.ukg.journal.entries.length > 0 : posts().length >= 2;
          if (!begun) return;
          clearInterval(stop);
          processes[who].kill('SIGTERM');
        }, 10);
        processes[who].once('close', () => clearInterval(stop));
      },
    });
    expect([stopped[who].code, stopped.moved, stopped.problems], whole(stopped)).toEqual([143, false, []]);
    expect(posts().every((entry) => !entry.broken)).toBe(true);
    const next = await protocol.sync(house);
    expect([codes(next), next.problems], whole(next)).toEqual([[0, 0], []]);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
  });

  it('ends as undisturbed after kill -9 of either half at any moment', async () => {
    house = await openHouse({ ukg: { people: 200, seed: 2 }, together: { latencyMs: 20 } });
    house.configure({ page_size: 50 }, { batch_size: 25 });
    for (let round = 0; round < 4; round++) {
      await protocol.sync(house, {
        onStart: ({ source, target }) => {
          setTimeout(() => (round % 2 === 0 ? target : source).kill('SIGKILL'), 250 + round * 350);
        },
      });
    }
    const last = await protocol.sync(house);
    expect([codes(last), last.problems], whole(last)).toEqual([[0, 0], []]);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
    expect(house.together.journal.violations()).toEqual([]);
  });

  it('says of each person why not: a missing key, a conflict, an unknown status; the state is given back', async () => {
    house = await openHouse({ ukg: { people: 5 } });
    const person = (employeeId: string | null, more = {}) => ({
      employeeId,
      firstName: 'Zaphod',
      lastName: 'Beeblebrox',
      emailAddress: `${String(employeeId)}@example.com`,
      employeeStatusCode: 'A',
      ...more,
    });
    const ended = await protocol.write(house, [
      person('E1'),
      person('E2', { emailAddress: 'same@example.com' }),
      person('E3', { emailAddress: 'SAME@example.com' }),
      person('E4', { employeeStatusCode: 'Q' }),
    ]);
    expect([ended.code, ended.states], ended.said).toEqual([0, 1]);
    expect([...house.together.users.keys()]).toEqual(['E1']);
    for (const id of ['E2', 'E3', 'E4']) expect(ended.said).toContain(id);
    expect(ended.said).not.toMatch(/Zaphod|same@/i);
  });

  it('a line that ends in its middle exits 1, with nobody sent and no content repeated', async () => {
    house = await openHouse({ ukg: { people: 5 } });
    const ended = await protocol.write(house, [{ employeeId: 'E1', firstName: 'Zaphod', employeeStatusCode: 'A' }], 30);
    expect([ended.code, ended.states, house.together.users.size], ended.said).toEqual([1, 0, 0]);
    expect(ended.said).toMatch(/line \d/i);
    expect(ended.said).not.toContain('Zaphod');
  });

  it('a state that can’t be read is refused instead of starting over', async () => {
    house = await openHouse({ ukg: { people: 5 } });
    writeFileSync(house.state, '{"bookmarks":');
    const ended = await protocol.sync(house);
    expect([ended.source.code, house.together.users.size], whole(ended)).toEqual([2, 0]);
    expect(ended.source.said).toMatch(/state/i);
  });
});

it('both protocols hold the same people the same way, and send as many requests for them', async () => {
  const held: string[] = [];
  const requests: number[] = [];
  for (const protocol of protocols) {
    house = await openHouse({ ukg: { people: 250, seed: 33 } });
    house.configure({}, { batch_size: 60 });
    expect(codes(await protocol.sync(house))).toEqual([0, 0]);
    held.push(JSON.stringify([...house.together.users.keys()].sort().map((id) => house.together.users.get(id))));
    requests.push(posts().length);
    if (protocol !== protocols.at(-1)) await house.close();
  }
  expect(held[0]).toBe(held[1]);
  expect(requests[0]).toBe(requests[1]);
});
