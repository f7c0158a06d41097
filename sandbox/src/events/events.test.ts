/** Each odd event: what the rows of UKG Pro say before and after it, asked through the server's own answers. */
import { describe, expect, it } from 'vitest';
import type { World } from '../company/employer.ts';
import type { Employment, Person } from '../company/people.ts';
import { expectedUsers } from '../expected.ts';
import { ask } from '../testing/ask.ts';
import { ukgApp } from '../ukg-server.ts';
import { createWorld } from '../world.ts';
import { PLACEHOLDER_DATES } from './event.ts';

const NOW = Date.parse('2026-01-15T12:00:00Z');
const STAMP = '2026-01-15T07:00:00'; // New York
const day = (text: string) => `${text}T00:00:00`;

function open(): { world: World; person: Person; id: string; row: () => Employment; rows: typeof rowsOf } {
  const world = createWorld({ people: 60, clean: true, now: () => NOW, mix: { secondJob: 0, transferred: 0 } });
  const person = [...world.people()].find((one) => one.employments[0]?.status === 'A');
  if (!person) throw new Error('nobody is active');
  const id = person.employeeId;
  const row = () => world.find(id)?.employments[0] as Employment;
  return { world, person, id, row, rows: rowsOf };
}
/** Rows of one person in the two services that the tap joins. */
async function rowsOf(world: World, employeeId: string) {
  const app = ukgApp({}, world, 'http://sandbox');
  const [persons, jobs] = await Promise.all([
    ask(app, `/personnel/v1/person-details?employeeId=${employeeId}`),
    ask(app, `/personnel/v1/employment-details?employeeId=${employeeId}`),
  ]);
  return { persons: persons.json(), jobs: jobs.json() };
}

describe('dates ahead', () => {
  it('a termination ahead says T at once, is taken back with or without its day, and moves', () => {
    for (const keepDate of [true, false]) {
      const { world, id, row } = open();
      world.play({ kind: 'leave', employeeId: id, date: '2026-02-14' });
      expect(row()).toMatchObject({ status: 'T', termination: day('2026-02-14'), changed: STAMP });
      world.play({ kind: 'reschedule', employeeId: id, which: 'end', date: '2026-03-31' });
      expect(row()).toMatchObject({ status: 'T', termination: day('2026-03-31') });
      world.play({ kind: 'withdraw', employeeId: id, keepDate });
      expect(row()).toMatchObject({ status: 'A', termination: keepDate ? day('2026-03-31') : null });
    }
  });
  it('a rehired person keeps a stale end date where it is told so', () => {
    const { world, id, row } = open();
    world.play({ kind: 'leave', employeeId: id, date: '2025-12-01' });
    world.play({ kind: 'rehire', employeeId: id, keepDate: true });
    expect(row()).toMatchObject({ status: 'A', termination: day('2025-12-01'), lastHire: day('2026-01-15') });
  });
  it('a first day ahead says A at once and moves', () => {
    const { world } = open();
    const { employeeId = '' } = world.play({ kind: 'join', hireDate: '2026-03-01' });
    world.play({ kind: 'reschedule', employeeId, which: 'start', date: '2026-04-01' });
    expect(world.find(employeeId)?.employments[0]).toMatchObject({
      status: 'A',
      lastHire: day('2026-04-01'),
      originalHire: day('2026-04-01'),
    });
  });
  it('a date that stands for none is on the row, one of the known ones unless it is named', async () => {
    const { world, id, row } = open();
    world.play({ kind: 'placeholder-date', employeeId: id, field: 'lastHire' });
    expect(PLACEHOLDER_DATES).toContain(row().lastHire);
    world.play({ kind: 'placeholder-date', employeeId: id, field: 'termination', value: '0000-00-00T00:00:00' });
    expect((await rowsOf(world, id)).jobs[0]?.dateOfTermination).toBe('0000-00-00T00:00:00');
    world.play({ kind: 'placeholder-date', employeeId: id, field: 'dateOfBirth', value: '1900-01-01T00:00:00' });
    expect((await rowsOf(world, id)).persons[0]?.dateOfBirth).toBe('1900-01-01T00:00:00');
  });
});

describe('transfers', () => {
  it('leave a T row with the reason TRO, and the other company’s row at once, ahead or later', () => {
    const { world, id } = open();
    world.play({ kind: 'transfer', employeeId: id, arrives: '2026-02-01' });
    const [old, fresh] = world.find(id)?.employments ?? [];
    expect(old).toMatchObject({ status: 'T', termReason: 'TRO', termination: day('2026-01-15') });
    expect(fresh).toMatchObject({ status: 'A', lastHire: day('2026-02-01') });
    expect(fresh?.company).not.toBe(old?.company);
  });
  it('are between companies until the other row arrives', () => {
    const { world, id } = open();
    world.play({ kind: 'transfer', employeeId: id, arrives: null });
    expect(world.find(id)?.employments.map((job) => job.termReason)).toEqual(['TRO']);
    world.play({ kind: 'arrive', employeeId: id, date: '2026-01-17' });
    expect(world.find(id)?.employments.map((job) => job.status)).toEqual(['T', 'A']);
  });
  it('a second job may begin later', () => {
    const { world, id } = open();
    world.play({ kind: 'second-job', employeeId: id, date: '2026-05-01' });
    expect(world.find(id)?.employments.map((job) => job.lastHire)[1]).toBe(day('2026-05-01'));
  });
});

describe('ids and addresses', () => {
  it('renumber: the old id answers nothing, supervisors follow, and twice leads on', async () => {
    const { world, id } = open();
    const report = [...world.people()].find((one) => one.employments[0]?.supervisor === id);
    const boss = report ?? [...world.people()].find((one) => one.employments[0]?.supervisor);
    const old = boss?.employments[0]?.supervisor ?? '';
    const { other = '' } = world.play({ kind: 'renumber', employeeId: old });
    expect(world.find(old)).toBeUndefined();
    expect(world.find(other)?.employeeId).toBe(other);
    expect(world.find(boss?.employeeId ?? '')?.employments[0]?.supervisor).toBe(other);
    expect((await rowsOf(world, old)).persons).toEqual([]);
    expect((await rowsOf(world, other)).persons).toHaveLength(1);
    const again = world.play({ kind: 'renumber', employeeId: other, to: 'TENANT2' });
    expect(again.other).toBe('TENANT2');
    expect(world.find(boss?.employeeId ?? '')?.employments[0]?.supervisor).toBe('TENANT2');
    expect(() => world.play({ kind: 'renumber', employeeId: id === old ? 'TENANT2' : id, to: 'TENANT2' })).toThrow(
      'another person',
    );
  });
  it('renumber-everybody: as many people, no id of before, every supervisor among the new ones', () => {
    const { world } = open();
    const before = new Set([...world.people()].map((person) => person.employeeId));
    const emails = [...world.people()].map((person) => person.email);
    expect(world.play({ kind: 'renumber-everybody' }).detail).toContain('60');
    const after = [...world.people()];
    const ids = new Set(after.map((person) => person.employeeId));
    expect(ids.size).toBe(60);
    expect([...ids].some((id) => before.has(id))).toBe(false);
    expect(after.map((person) => person.email)).toEqual(emails);
    const bosses = after.flatMap((person) => person.employments[0]?.supervisor ?? []);
    expect(bosses.every((boss) => ids.has(boss))).toBe(true);
    world.reset();
    expect(new Set([...world.people()].map((person) => person.employeeId))).toEqual(before);
  });
  it('a second id shares name, number and address; rehire-as-new is one whose first record left', () => {
    const { world, id, person } = open();
    const { other = '' } = world.play({ kind: 'second-id', employeeId: id, status: 'T' });
    expect(world.find(other)).toMatchObject({
      email: person.email,
      lastName: person.lastName,
      employments: [{ status: 'T', employeeNumber: person.employments[0]?.employeeNumber }],
    });
    world.play({ kind: 'leave', employeeId: id, date: '2026-01-10' });
    const again = world.play({ kind: 'rehire-as-new', employeeId: id });
    expect(world.find(id)?.employments[0]?.status).toBe('T');
    expect(world.find(again.other ?? '')).toMatchObject({ email: person.email, employments: [{ status: 'A' }] });
  });
  it('an address is emptied, or handed to a new hire or a colleague, and kept or not', () => {
    const { world, id, person } = open();
    const address = person.email;
    const { other = '' } = world.play({ kind: 'hand-over-address', employeeId: id, empties: true });
    expect(world.find(id)?.email).toBeNull();
    expect(world.find(other)?.email).toBe(address);
    const colleague = [...world.people()][7]?.employeeId ?? '';
    world.play({ kind: 'hand-over-address', employeeId: other, to: colleague });
    expect([world.find(other)?.email, world.find(colleague)?.email]).toEqual([address, address]);
    world.play({ kind: 'empty-address', employeeId: other });
    expect(world.find(other)?.email).toBeNull();
    expect(() => world.play({ kind: 'hand-over-address', employeeId: colleague, to: 'NOBODY' })).toThrow('NOBODY');
  });
  it('change-domain: every address, the part before the @ as it was', () => {
    const { world } = open();
    const before = [...world.people()].map((person) => person.email?.split('@')[0]);
    world.play({ kind: 'change-domain', to: 'brand.example' });
    expect([...world.people()].map((person) => person.email)).toEqual(before.map((name) => `${name}@brand.example`));
  });
});

describe('rows', () => {
  it('one half of a person is missing for a night, and back', async () => {
    const { world, id } = open();
    world.play({ kind: 'hide-rows', employeeId: id, rows: 'person' });
    expect(await rowsOf(world, id)).toMatchObject({ persons: [], jobs: [{}] });
    world.play({ kind: 'hide-rows', employeeId: id, rows: 'employments' });
    world.play({ kind: 'show-rows', employeeId: id, rows: 'person' });
    expect(await rowsOf(world, id)).toMatchObject({ persons: [{}], jobs: [] });
    world.play({ kind: 'show-rows', employeeId: id, rows: 'employments' });
    expect(await rowsOf(world, id)).toMatchObject({ persons: [{}], jobs: [{}] });
  });
  it('come twice, equal or not, also in a list of everybody', async () => {
    const { world, id } = open();
    world.play({ kind: 'double-row', employeeId: id, rows: 'person', set: { lastName: 'Other' } });
    world.play({ kind: 'double-row', employeeId: id, rows: 'employments' });
    const { persons, jobs } = await rowsOf(world, id);
    expect(persons).toHaveLength(2);
    expect(persons[1]).toEqual({ ...persons[0], lastName: 'Other' });
    expect(jobs).toHaveLength(2);
    expect(jobs[1]).toEqual(jobs[0]);
    const all = await ask(ukgApp({}, world, ''), '/personnel/v1/person-details');
    expect(all.json().filter((row) => row.employeeId === id)).toHaveLength(2);
  });
  it('stamp moves the change date and nothing else', () => {
    const { world, id, row } = open();
    const before = structuredClone(row());
    world.play({ kind: 'stamp', employeeId: id });
    expect(row()).toEqual({ ...before, changed: STAMP });
  });
});

describe('an odd day', () => {
  it('brings what goes wrong between an HRIS and Together, the same for the same seed', () => {
    const [a, b] = [open().world, open().world];
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const played = a.playDay({ changes: 6, seed, kinds: 'odd' });
      expect(b.playDay({ changes: 6, seed, kinds: 'odd' })).toEqual(played);
      for (const { kind } of played) kinds.add(kind);
    }
    for (const kind of [
      'withdraw',
      'rehire-as-new',
      'hand-over-address',
      'renumber',
      'hide-rows',
      'double-row',
      'stamp',
    ])
      expect(kinds).toContain(kind);
    expect(expectedUsers(a).size).toBeGreaterThan(60);
  });
});
