import { describe, expect, it } from 'vitest';
import { employeeIdOf, indexOfEmployeeId } from './company/identity.ts';
import type { Person } from './company/people.ts';
import { createWorld } from './world.ts';

const world = createWorld({ people: 4000, seed: 3 });
const everyone = [...world.people()];
const share = (test: (person: Person) => boolean): number => everyone.filter(test).length / everyone.length;

describe('invented people', () => {
  it('are the same for the same seed, in whatever order they are asked for', () => {
    const other = createWorld({ people: 4000, seed: 3 });
    for (const index of [3999, 0, 17, 2500]) expect(other.person(index)).toEqual(everyone[index]);
    expect(createWorld({ people: 4000, seed: 4 }).person(17)).not.toEqual(everyone[17]);
  });
  it('have ids of 12 characters that differ and lead back to them', () => {
    expect(new Set(everyone.map((person) => person.employeeId)).size).toBe(4000);
    for (const index of [0, 1, 999, 123_456, 999_999]) expect(indexOfEmployeeId(3, employeeIdOf(3, index))).toBe(index);
    expect(employeeIdOf(3, 5)).toMatch(/^[0-9A-Z]{12}$/);
    expect(indexOfEmployeeId(3, 'NOBODY')).toBe(-1);
    expect(world.find(employeeIdOf(3, 4000))).toBeUndefined();
  });
  it('have as many employments as the count says without making them', () => {
    for (const person of everyone) expect(world.employmentCount(person.index)).toBe(person.employments.length);
  });
  it('have each kind of trouble, in about the share that was asked for', () => {
    const job = (person: Person) => person.employments.find((row) => row.company === person.homeCompany);
    expect(share((person) => person.employments.length > 1)).toBeCloseTo(0.06, 1);
    expect(share((person) => job(person)?.status === 'T')).toBeCloseTo(0.1, 1);
    for (const seen of [
      (person: Person) => person.email === null || person.email === '',
      (person: Person) => person.email?.includes('@@') ?? false,
      (person: Person) => person.firstName !== person.firstName.normalize('NFC'),
      (person: Person) => /[^\p{ASCII}]/u.test(person.lastName),
      (person: Person) => person.firstName.startsWith(' '),
      (person: Person) => person.dateOfBirth.includes('-02-29'),
      (person: Person) => person.dateOfBirth.startsWith('1900'),
      (person: Person) => job(person)?.supervisor === person.employeeId,
      (person: Person) => job(person)?.supervisor !== null && world.find(job(person)?.supervisor ?? '') === undefined,
      (person: Person) => person.changed === null,
      (person: Person) => person.changed !== null && /\.\d\d?$/.test(person.changed),
      (person: Person) => job(person)?.status === 'L',
      (person: Person) => (job(person)?.lastHire ?? '') > (job(person)?.originalHire ?? ''),
    ]) {
      expect(everyone.some(seen), seen.toString()).toBe(true);
    }
  });
  it('share addresses only where the mix says so, and then two by two', () => {
    const seen = new Map<string, number>();
    for (const { email } of everyone)
      if (email) seen.set(email.trim().toLowerCase(), (seen.get(email.trim().toLowerCase()) ?? 0) + 1);
    expect(Math.max(...seen.values())).toBe(2);
    const clean = createWorld({ people: 2000, clean: true });
    expect(new Set([...clean.people()].map((person) => person.email?.toLowerCase())).size).toBe(2000);
  });
  it('form one tree of supervisors in a clean world', () => {
    const clean = createWorld({ people: 2000, clean: true });
    const boss = (id: string) => clean.find(id)?.employments[0]?.supervisor ?? null;
    const tops = new Set<string>();
    for (const person of clean.people()) {
      let [at, steps] = [person.employeeId, 0];
      for (let up = boss(at); up !== null; up = boss(at)) {
        at = up;
        if (++steps > 20) throw new Error('a loop');
      }
      tops.add(at);
    }
    expect(tops.size).toBe(1);
  });
  it('exist up to a million without being made', () => {
    const large = createWorld({ people: 1_000_000 });
    expect(large.size).toBe(1_000_000);
    expect(large.find(large.person(999_999).employeeId)?.index).toBe(999_999);
  });
  it('refuse sizes that make no sense', () => {
    for (const people of [0, 1.5, 1_000_001]) expect(() => createWorld({ people })).toThrow(RangeError);
  });
  it('wrote their dates before the invented past ended', () => {
    for (const person of everyone) {
      for (const date of [
        person.created,
        person.changed ?? '',
        ...person.employments.flatMap((row) => [row.changed ?? '', row.lastHire, row.termination ?? '']),
      ]) {
        expect(date < '2025-07-01').toBe(true);
      }
    }
  });
});
