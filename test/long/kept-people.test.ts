/** People of whom UKG shows less than usual for a night: in UKG all the same, so that nothing of theirs is ended or changed. */
import { type LifeEvent, playEvent } from '@ukg-together/sandbox/life';
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';
import { type Protocol, protocols } from '../support/protocols.ts';

let house: House;
afterEach(() => house.close());

const dayMs = 86_400_000;
const day = (offset: number) => new Date(Date.now() + offset * dayMs).toISOString().slice(0, 10);
const held = (id: string) => structuredClone(house.together.users.get(id)) as Record<string, unknown> | undefined;
const posts = () => house.together.journal.matching().filter((entry) => entry.method === 'POST');

/** A company that Together knows, and a person of it with one active employment. */
async function knownPerson(protocol: Protocol, settings: object = {}) {
  // One zone for the days of this test, of UKG and of both halves.
  house = await openHouse({ ukg: { people: 60, seed: 9, clean: true, zone: 'UTC' } });
  house.configure(settings, { vanished: 'terminate' });
  const first = await protocol.sync(house, { full: true });
  expect(first.target.code, first.target.said).toBe(0);
  for (let index = 10; ; index++) {
    const { employments, employeeId } = house.ukg.world.person(index);
    if (employments.length === 1 && employments[0]?.status === 'A' && held(employeeId)) return employeeId;
  }
}

interface Night {
  readonly why: string;
  readonly event: (employeeId: string) => LifeEvent;
  readonly said?: string;
}

const nights: readonly Night[] = [
  {
    why: 'the person row is missing',
    event: (employeeId) => ({ kind: 'hide-rows', rows: 'person', employeeId }),
    said: 'employments but no person row',
  },
  {
    why: 'all employments are missing',
    event: (employeeId) => ({ kind: 'hide-rows', rows: 'employments', employeeId }),
    said: 'no employment this time',
  },
  {
    why: 'a transfer ended the old employment yesterday, the new one is not there yet',
    event: (employeeId) => ({ kind: 'transfer', employeeId, date: day(-1), arrives: null }),
    said: 'in transfer',
  },
  {
    why: 'a transfer ended the old employment yesterday, the new one begins tomorrow',
    event: (employeeId) => ({ kind: 'transfer', employeeId, date: day(-1), arrives: day(1) }),
    said: 'in transfer',
  },
  {
    why: 'a second employment begins in a month',
    event: (employeeId) => ({ kind: 'second-job', employeeId, date: day(30) }),
  },
  {
    why: 'the employment comes twice, once as terminated',
    event: (employeeId) => ({
      kind: 'double-row',
      rows: 'employments',
      employeeId,
      setEmployment: { status: 'T', termination: `${day(-400)}T00:00:00` },
    }),
    said: 'several rows in one company',
  },
];

describe.each(protocols)('$name', (protocol) => {
  it.each(nights)('$why: the person stays as it was', async ({ event, said }) => {
    const id = await knownPerson(protocol);
    const before = held(id);
    house.together.journal.clear();
    playEvent(house.ukg.world, event(id));
    const night = await protocol.sync(house, { full: true });
    expect({ source: night.source.code, target: night.target.code }, night.target.said).toEqual({
      source: 0,
      target: 0,
    });
    expect(held(id)).toEqual(before);
    expect(posts()).toEqual([]);
    if (said !== undefined) expect(night.source.said).toContain(said);
    expect(night.run?.outcomes['invalid'] ?? 0).toBe(0);
  });

  it('a transfer of which no other employment came is a termination after the grace', async () => {
    const id = await knownPerson(protocol);
    playEvent(house.ukg.world, { kind: 'transfer', employeeId: id, date: day(-5), arrives: null });
    const night = await protocol.sync(house, { full: true });
    expect(night.target.code, night.target.said).toBe(0);
    expect(held(id)).toMatchObject({ employeeStatusCode: 'T' });
  });

  it('a look-up of one person that UKG answers with 404 ends nothing', async () => {
    const id = await knownPerson(protocol);
    playEvent(house.ukg.world, { kind: 'hide-rows', rows: 'employments', employeeId: id });
    house.ukg.faults.set([{ when: { path: 'employeeId=' }, do: { kind: 'status', status: 404 } }]);
    const night = await protocol.sync(house, { full: true });
    expect({ source: night.source.code, target: night.target.code }, night.source.said).toEqual({
      source: 0,
      target: 0,
    });
    expect(night.source.said).toContain('404 for 1 person asked for by id');
  });

  it('who moved to a company that is not read is out of scope, not gone', async () => {
    // One zone for the days of this test, of UKG and of both halves.
    house = await openHouse({ ukg: { people: 60, seed: 9, clean: true, zone: 'UTC' } });
    const { world } = house.ukg;
    const company = world.tables.companies[0]?.id as string;
    house.configure({ company_ids: [company] }, { vanished: 'terminate' });
    await protocol.sync(house, { full: true });
    const moves = Array.from({ length: 60 }, (_, index) => world.person(index)).find(
      ({ employeeId, employments }) => employments.length === 1 && employments[0]?.status === 'A' && held(employeeId),
    );
    const id = moves?.employeeId as string;
    const before = held(id);
    expect(before).toBeDefined();
    playEvent(world, { kind: 'transfer', employeeId: id, date: day(-1) });
    const night = await protocol.sync(house, { full: true });
    expect(night.target.code, night.target.said).toBe(0);
    expect(held(id)).toEqual(before);
    expect(night.source.said).toMatch(/works? in another one/);
  });
});
