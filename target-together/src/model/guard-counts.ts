/** What each guard with a limit on people counts. */
import type { Action } from './outcome.ts';

/** Actions of a plan, and changed e-mail addresses among them. */
export type Counted = Action | 'email';
export type GuardCounts = Readonly<Partial<Record<Counted, number>>>;

interface PeopleLimit {
  readonly name: string;
  readonly of: 'active' | 'known';
  readonly counts: readonly Counted[];
  /**
   * Whether "more than half of a small company" counts the runs of a day together. Access ends once for a person; of changes, the same
   * few people may have several, and a small company may grow.
   */
  readonly halfOfDay: boolean;
  /** Whether the people of earlier runs of the day are in `of` no more, and were before them. */
  readonly addsEarlier: boolean;
}

export const peopleLimits = [
  { name: 'max_terminated', of: 'active', counts: ['leave'], halfOfDay: true, addsEarlier: true },
  { name: 'max_vanished', of: 'active', counts: ['vanished'], halfOfDay: true, addsEarlier: false },
  { name: 'max_changed', of: 'known', counts: ['change', 'rehire'], halfOfDay: false, addsEarlier: false },
  { name: 'max_created', of: 'known', counts: ['join'], halfOfDay: false, addsEarlier: false },
  { name: 'max_rehired', of: 'known', counts: ['rehire'], halfOfDay: false, addsEarlier: false },
  { name: 'max_moved', of: 'known', counts: ['move'], halfOfDay: false, addsEarlier: false },
  { name: 'max_email_changed', of: 'known', counts: ['email'], halfOfDay: false, addsEarlier: false },
] as const satisfies readonly PeopleLimit[];

/** What a run does, in a plan before it and in its summary after it. `newlyVanished`: not missing before; `changesByField`: people by changed field. */
export const countsOf = (
  actions: Readonly<Record<Action, number>>,
  newlyVanished: number,
  changesByField: Readonly<Record<string, number>>,
): Readonly<Record<Counted, number>> => ({
  ...actions,
  vanished: newlyVanished,
  email: changesByField['email'] ?? 0,
});

/** Complete reads in a row without each person, by employeeId. */
export type Missing = Readonly<Record<string, number>>;

/** An id may be a word that every object has, `constructor`. */
export const readsWithout = (missing: Missing, id: string): number =>
  Object.hasOwn(missing, id) ? (missing[id] ?? 0) : 0;

/** Of the vanished: who was not missing before. */
export const newlyVanished = (vanished: readonly string[], missing: Missing): number =>
  vanished.filter((id) => !Object.hasOwn(missing, id)).length;

export const sumOf = (counts: GuardCounts, counted: readonly Counted[]): number =>
  counted.reduce((sum, one) => sum + (counts[one] ?? 0), 0);
