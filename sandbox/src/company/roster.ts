/** Who is in the world: people as events left them, what is hidden, who has another id. */
import type { Rows } from '../events/event.ts';
import { derivePerson, employmentCountOf } from './derive.ts';
import { indexOfEmployeeId } from './identity.ts';
import type { Person, Population } from './people.ts';

export interface Roster {
  readonly size: number;
  person(index: number): Person;
  find(employeeId: string): number | undefined;
  isHidden(index: number): boolean;
  personRowCount(index: number): number;
  employmentCount(index: number): number;
  open(index: number): Person;
  /** The index of one person more. */
  add(): number;
  hide(index: number, hidden: boolean): void;
  hideRows(index: number, rows: Rows, hidden: boolean): void;
  renumber(index: number, employeeId: string): void;
}

export function createRoster(population: () => Population, count: number): Roster {
  const changed = new Map<number, Person>();
  const hidden = new Set<number>();
  const without: Readonly<Record<Rows, Set<number>>> = { person: new Set(), employments: new Set() };
  /** By new id. */
  const renumbered = new Map<string, number>();
  /** Old id → new id, for supervisors. */
  const now = new Map<string, string>();
  let size = count;
  let last: Person | undefined; // the same person is asked for once per row of theirs

  const withNewIds = (person: Person): Person => {
    if (now.size === 0) return person;
    for (const job of person.employments) job.supervisor = now.get(job.supervisor ?? '') ?? job.supervisor;
    return person;
  };
  const set = (of: Set<number>, index: number, yes: boolean): void => void (yes ? of.add(index) : of.delete(index));
  const roster: Roster = {
    get size() {
      return size;
    },
    person: (index) => {
      const kept = changed.get(index);
      if (kept) return kept;
      if (last?.index !== index) last = withNewIds(derivePerson(population(), index));
      return last;
    },
    find: (employeeId) => {
      const index = renumbered.get(employeeId) ?? indexOfEmployeeId(population().seed, employeeId);
      const there = index >= 0 && index < size && !hidden.has(index);
      return there && roster.person(index).employeeId === employeeId ? index : undefined;
    },
    isHidden: (index) => hidden.has(index),
    personRowCount: (index) =>
      hidden.has(index) || without.person.has(index) ? 0 : 1 + (changed.get(index)?.doubles?.length ?? 0),
    employmentCount: (index) =>
      hidden.has(index) || without.employments.has(index)
        ? 0
        : (changed.get(index)?.employments.length ?? employmentCountOf(population(), index)),
    open: (index) => {
      const person = roster.person(index);
      changed.set(index, person);
      last = undefined;
      return person;
    },
    add: () => size++,
    hide: (index, yes) => set(hidden, index, yes),
    hideRows: (index, rows, yes) => set(without[rows], index, yes),
    renumber: (index, employeeId) => {
      const person = roster.open(index);
      for (const [old, id] of now) if (id === person.employeeId) now.set(old, employeeId);
      now.set(person.employeeId, employeeId);
      renumbered.delete(person.employeeId);
      renumbered.set(employeeId, index);
      person.employeeId = employeeId;
      for (const kept of changed.values()) withNewIds(kept);
    },
  };
  return roster;
}
