import { shownReference } from '../model/reference.ts';
import type { People } from './person.ts';

/** The supervisor that a person's record names, as it may be shown at any level. `reason`: why the link is left out. */
export function shownSupervisor(people: People, person: number, reason: string): string {
  const id = people.ids.at(people.supervisorAt(person));
  return shownReference(id, people.find(id) >= 0 || reason === 'loop');
}
