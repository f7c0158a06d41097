/** People a filter or the source leaves out now, though Together has them as active or on leave. */

import { isAccepted } from '../../model/access.ts';
import { isKept } from '../../model/keep-reason.ts';
import { Kind, type People } from '../../people/person.ts';

/** Positions, one for each such person. Who has another row that is in scope, or that keeps them as before, is none of them. */
export function outOfScope(people: People, statusOf: (id: string) => string | undefined): number[] {
  const found = new Map<number, number>();
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) !== Kind.excluded || isKept(people.filter(person))) continue;
    const status = statusOf(people.id(person) ?? '');
    // A leaver is sent as one, left out or not.
    if (isAccepted(status) && status !== 'T' && people.status(person) !== 'T') found.set(people.idAt(person), person);
  }
  if (found.size === 0) return [];
  for (let person = 0; person < people.size; person++) {
    const kind = people.kind(person);
    const isOther = kind === Kind.user || kind === Kind.invalid || isKept(people.filter(person));
    if (kind !== Kind.superseded && isOther) found.delete(people.idAt(person));
  }
  return [...found.values()];
}
