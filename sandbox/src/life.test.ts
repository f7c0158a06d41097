import { describe, expect, it } from 'vitest';
import type { Person } from './company/people.ts';
import type { LifeEvent } from './life.ts';
import { createWorld, type World } from './world.ts';

const NOW = Date.parse('2026-01-15T12:00:00.070Z');
const STAMP = '2026-01-15T07:00:00.07'; // New York
const open = (): { world: World; person: Person } => {
  const world = createWorld({ people: 300, now: () => NOW });
  const person = [...world.people()].find((one) => one.employments.length === 1 && one.employments[0]?.status === 'A');
  if (!person) throw new Error('nobody is active');
  return { world, person };
};
const played = (
  event: (person: Person, world: World) => LifeEvent,
): { before: Person; after: Person; world: World } => {
  const { world, person } = open();
  const before = structuredClone(person);
  world.play(event(person, world));
  const after = world.find(person.employeeId);
  if (!after) throw new Error('gone');
  return { before, after, world };
};
const id = (person: Person) => ({ employeeId: person.employeeId });

describe('life events', () => {
  it('join: a new id, all dates of today, found at the end of the rows', () => {
    const { world } = open();
    const { employeeId } = world.play({ kind: 'join', hireDate: '2026-02-01' });
    const person = world.find(employeeId ?? '');
    expect(person?.index).toBe(300);
    expect(person?.employments).toHaveLength(1);
    expect(person?.employments[0]).toMatchObject({ status: 'A', lastHire: '2026-02-01T00:00:00', changed: STAMP });
    expect([...world.people()].at(-1)?.employeeId).toBe(employeeId);
  });
  it('leave: terminated in every company, the row changed at the world’s clock', () => {
    const { after } = played((person) => ({ kind: 'leave', ...id(person), date: '2026-01-10' }));
    expect(after.employments[0]).toMatchObject({ status: 'T', termination: '2026-01-10T00:00:00', changed: STAMP });
  });
  it('rehire: active again, the original hire date stays', () => {
    const { world, person } = open();
    const hired = person.employments[0]?.originalHire;
    world.play({ kind: 'leave', ...id(person) });
    world.play({ kind: 'rehire', ...id(person), date: '2026-01-15' });
    expect(world.find(person.employeeId)?.employments[0]).toMatchObject({
      status: 'A',
      termination: null,
      originalHire: hired,
      lastHire: '2026-01-15T00:00:00',
    });
  });
  it('transfer: the old row stays terminated, a new active one in the new home company with another number', () => {
    const { after, before } = played((person) => ({ kind: 'transfer', ...id(person) }));
    const [old, fresh] = after.employments;
    expect([old?.status, fresh?.status]).toEqual(['T', 'A']);
    expect(fresh?.company).not.toBe(before.homeCompany);
    expect(after.homeCompany).toBe(fresh?.company);
    expect(fresh?.employeeNumber).not.toBe(old?.employeeNumber);
  });
  it('rename: name and address, on the person row only', () => {
    const { after, before } = played((person) => ({ kind: 'rename', ...id(person), lastName: 'Newname' }));
    expect(after).toMatchObject({ lastName: 'Newname', changed: STAMP });
    expect(after.email).not.toBe(before.email);
    expect(after.employments[0]?.changed).toBe(before.employments[0]?.changed);
  });
  it('promote: another job and a promotion in the history', () => {
    const { after, before, world } = played((person) => ({ kind: 'promote', ...id(person), date: '2026-01-12' }));
    expect(after.employments[0]?.job).not.toBe(before.employments[0]?.job);
    expect(world.history(after).at(-1)).toMatchObject({ isPromotion: true, effective: '2026-01-12T00:00:00' });
  });
  it('rename-department: touches the table and no person', () => {
    const { world } = open();
    const people = [...world.people()].map((person) => structuredClone(person));
    const { detail } = world.play({ kind: 'rename-department', description: 'New Name' });
    expect(detail).toContain('New Name');
    expect(world.tables.orgLevels.some((row) => row.description === 'New Name')).toBe(true);
    expect([...world.people()]).toEqual(people);
  });
  it('correct: a past date moves back; silent writes no change date', () => {
    const loud = played((person) => ({ kind: 'correct', ...id(person), date: '2001-02-03' }));
    expect(loud.after.employments[0]).toMatchObject({ originalHire: '2001-02-03T00:00:00', changed: STAMP });
    const silent = played((person) => ({ kind: 'correct', ...id(person), date: '2001-02-03', silent: true }));
    expect(silent.after.employments[0]?.changed).toBe(silent.before.employments[0]?.changed);
  });
  it('leave-of-absence and return: L, then A', () => {
    const { world, person } = open();
    world.play({ kind: 'leave-of-absence', ...id(person) });
    expect(world.find(person.employeeId)?.employments[0]?.status).toBe('L');
    world.play({ kind: 'return', ...id(person) });
    expect(world.find(person.employeeId)?.employments[0]).toMatchObject({ status: 'A', leaveReason: null });
  });
  it('vanish and reappear: in no answer, then back as before', () => {
    const { world, person } = open();
    const before = structuredClone(person);
    world.play({ kind: 'vanish', ...id(person) });
    expect(world.find(person.employeeId)).toBeUndefined();
    expect([...world.people()]).toHaveLength(299);
    world.play({ kind: 'reappear', ...id(person) });
    expect(world.find(person.employeeId)).toEqual(before);
  });
  it('second-job, change-supervisor and edit change what they say', () => {
    expect(
      played((person) => ({ kind: 'second-job', ...id(person) })).after.employments.map((row) => row.status),
    ).toEqual(['A', 'A']);
    expect(
      played((person) => ({ kind: 'change-supervisor', ...id(person), supervisor: null })).after.employments[0]
        ?.supervisor,
    ).toBeNull();
    expect(
      played((person) => ({
        kind: 'edit',
        ...id(person),
        set: { email: 'x@example.com' },
        setEmployment: { jobTitle: 'Boss' },
      })).after,
    ).toMatchObject({
      email: 'x@example.com',
      employments: [{ jobTitle: 'Boss' }],
    });
  });
  it('refuses people, companies and jobs that do not exist', () => {
    const { world, person } = open();
    expect(() => world.play({ kind: 'leave', employeeId: 'NOBODY' })).toThrow('unknown employeeId');
    expect(() => world.play({ kind: 'transfer', ...id(person), companyId: 'ZZZZZ' })).toThrow('unknown companyId');
    expect(() => world.play({ kind: 'promote', ...id(person), job: 'NONE' })).toThrow('unknown job');
  });
});

describe('a day of life', () => {
  it('is the same for the same seed, and touches everybody at most once', () => {
    const [a, b] = [createWorld({ people: 500, now: () => NOW }), createWorld({ people: 500, now: () => NOW })];
    const day = a.playDay({ changes: 50, seed: 9 });
    expect(b.playDay({ changes: 50, seed: 9 })).toEqual(day);
    expect(day).toHaveLength(50);
    const ids = day.flatMap((event) => event.employeeId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });
  it('brings every kind of event, those that fit few people too', () => {
    const world = createWorld({ people: 2000, now: () => NOW });
    const kinds = new Set(world.playDay({ changes: 400, seed: 1 }).map((event) => event.kind));
    expect([...kinds].sort()).toEqual(
      [
        'change-supervisor',
        'correct',
        'join',
        'leave',
        'leave-of-absence',
        'promote',
        'rehire',
        'rename',
        'rename-department',
        'return',
        'second-job',
        'transfer',
      ].sort(),
    );
  });
  it('ends although the world is too small for it', () => {
    expect(createWorld({ people: 1, now: () => NOW }).playDay({ changes: 30 }).length).toBeLessThanOrEqual(30);
  });
  it('is undone by a reset', () => {
    const world = createWorld({ people: 100, now: () => NOW });
    const before = [...world.people()];
    world.playDay({ changes: 20 });
    world.reset();
    expect([...world.people()]).toEqual(before);
    expect(world.size).toBe(100);
  });
});
