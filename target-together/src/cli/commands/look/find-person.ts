import { displayName, numberOf } from '../../../model/text/display-name.ts';
import { Kind, type People } from '../../../people/person.ts';

export interface FoundPeople {
  /** employeeIds. */
  readonly ids: readonly string[];
  /** By what they were found; undefined: by the employeeId itself, or not at all. */
  readonly by: 'e-mail address' | 'employee number' | 'name' | undefined;
}

/** The people meant by an employeeId, an address, an employee number, a name or a part of one; the first that fits, in this order. */
export function findPeople(people: People, wanted: string): FoundPeople {
  if (people.find(wanted) >= 0) return { ids: [wanted], by: undefined };
  const text = wanted.trim().toLowerCase();
  const words = text.split(/\s+/);
  const ids = { 'e-mail address': new Set<string>(), 'employee number': new Set<string>(), name: new Set<string>() };
  const alike = new Set<string>();
  for (let person = 0; person < people.size; person++) {
    const id = people.id(person);
    if (id === undefined || people.kind(person) === Kind.superseded) continue;
    const { email, number, names } = known(people, person);
    if (email === text) ids['e-mail address'].add(id);
    if (number === text) ids['employee number'].add(id);
    if (names.includes(text)) ids.name.add(id);
    const parts = names.flatMap((name) => name?.split(/\s+/) ?? []);
    if (words.every((word) => parts.includes(word))) alike.add(id);
  }
  if (ids.name.size === 0) ids.name = alike;
  for (const by of ['e-mail address', 'employee number', 'name'] as const)
    if (ids[by].size > 0) return { ids: [...ids[by]], by };
  return { ids: [], by: undefined };
}

/** As far as a record could be mapped, in lower case. */
function known(people: People, person: number) {
  const label = people.label(person);
  const user = people.kind(person) === Kind.invalid ? undefined : people.user(person);
  const { record } = JSON.parse(people.raw(person) || '{}') as { record?: Record<string, unknown> };
  const names = [label?.name, user && displayName(user), [user?.firstName, user?.lastName].filter(Boolean).join(' ')];
  return {
    email: user?.email?.toLowerCase(),
    number: (label?.number ?? numberOf(record ?? {}))?.toLowerCase(),
    names: names.map((name) => name?.toLowerCase()),
  };
}
