/**
 * One read under two settings: why each person of the next plan is in it. Sent in the same way under the settings of now: the data of the
 * night. Not sent under them: the change of the settings. Sent in another way: both.
 */

import { Kind, type People } from '../../people/person.ts';
import type { Findings } from '../checks/findings.ts';
import type { Plan } from '../plan.ts';

export interface PlanOfPeople {
  readonly plan: Plan;
  readonly people: People;
  readonly findings: Pick<Findings, 'leftOut'>;
}

export type By = 'data' | 'change' | 'both';

export interface Attributed {
  readonly id: string;
  readonly by: By;
  /** Position in the next plan. */
  readonly next: number;
  /** Position under the settings of now, sent or not; undefined: not there. */
  readonly now: number | undefined;
}

/** All people the next plan sends, once, in its order. */
export function* attribute(now: PlanOfPeople, next: PlanOfPeople): Generator<Attributed> {
  const sentNow = positions(now);
  for (const person of next.plan.order) {
    const id = idOf(next, person);
    const sent = sentNow.get(id);
    const read = now.people.find(id);
    const position = sent ?? (read >= 0 && person < next.people.size ? read : undefined);
    const isSame =
      sent !== undefined &&
      now.plan.action(sent) === next.plan.action(person) &&
      now.plan.delivery(sent).body.equals(next.plan.delivery(person).body);
    yield { id, by: sent === undefined ? 'change' : isSame ? 'data' : 'both', next: person, now: position };
  }
}

/** employeeIds that would be sent under the settings of now, and under the next ones no more. */
export function sentNoMore(now: PlanOfPeople, next: PlanOfPeople): string[] {
  const sentNext = positions(next);
  return [...now.plan.order].map((person) => idOf(now, person)).filter((id) => !sentNext.has(id));
}

/** By filter: people Together has as active or on leave, and that only the next settings leave out. */
export function letGo(now: PlanOfPeople, next: PlanOfPeople): Record<string, number> {
  const before = new Set(now.plan.outOfScope.map((person) => now.people.id(person)));
  const counts: Record<string, number> = {};
  for (const person of next.plan.outOfScope) {
    const filter = next.findings.leftOut.get(person) ?? next.people.filter(person) ?? '';
    if (!before.has(next.people.id(person))) counts[filter] = (counts[filter] ?? 0) + 1;
  }
  return counts;
}

/** The fields in which a person's two bodies differ, with both values; empty where one of the two has no body. */
export function differences(
  now: PlanOfPeople,
  next: PlanOfPeople,
  { now: before, next: after }: Attributed,
): { readonly field: string; readonly from: unknown; readonly to: unknown }[] {
  if (before === undefined || !hasBody(now, before)) return [];
  const from = JSON.parse(now.plan.json(before)) as Record<string, unknown>;
  const to = JSON.parse(next.plan.json(after)) as Record<string, unknown>;
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return fields
    .filter((field) => from[field] !== to[field] && JSON.stringify(from[field]) !== JSON.stringify(to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }));
}

const hasBody = ({ people }: PlanOfPeople, person: number): boolean =>
  person >= people.size || people.kind(person) === Kind.user;

/** By employeeId: the position at which the plan sends the person. */
function positions(of: PlanOfPeople): Map<string, number> {
  const found = new Map<string, number>();
  for (const person of of.plan.order) found.set(idOf(of, person), person);
  return found;
}

/** Who was not read has no place among the people. */
const idOf = ({ plan, people }: PlanOfPeople, person: number): string =>
  person < people.size ? (people.id(person) as string) : plan.delivery(person).employeeId;
