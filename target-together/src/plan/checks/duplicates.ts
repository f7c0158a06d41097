import { isAccepted, mustLoseAccess } from '../../model/access.ts';
import { Kind, type People } from '../../people/person.ts';
import type { OtherOwners } from '../../state/email-owners.ts';
import { listed, type SetCheck, shortened } from './findings.ts';

export function sharedIds({ people, conflicts }: Pick<SetCheck, 'people' | 'conflicts'>): void {
  for (const group of people.sharing()) {
    const id = people.id(group[0] as number);
    const lines = group.map((person) => people.line(person));
    for (const person of group) {
      conflicts.set(person, [
        {
          field: 'employeeId',
          code: 'duplicate_employee_id',
          message: `${group.length} different records have the employeeId ${id} (${listed('line', lines)}).`,
          remedy: 'Give each person an id of their own in the HRIS, or map employeeId from a field that is unique.',
        },
      ]);
    }
  }
}

export function sharedAddresses(
  { people, statusOf, conflicts, withoutEmail }: SetCheck,
  elsewhere: OtherOwners['elsewhere'],
): void {
  for (const group of addressGroups(people, conflicts, elsewhere)) {
    // A person out of scope who was never accepted never meets the others in Together.
    const present = group.filter(
      (person) => people.kind(person) === Kind.user || isAccepted(statusOf(people.id(person) ?? '')),
    );
    const absent = elsewhere.get(people.emailHash(group[0] as number)) ?? [];
    if (present.length + absent.length < 2) continue;
    for (const person of present) {
      const before = statusOf(people.id(person) as string);
      if (mustLoseAccess(people.status(person), before)) {
        withoutEmail.add(person);
        continue;
      }
      const others = present.filter((other) => other !== person).map((other) => people.id(other) as string);
      others.push(...absent);
      conflicts.set(person, [
        {
          field: 'email',
          code: 'duplicate_email',
          value: `with ${shortened(others)}`,
          message: `The e-mail address is also that of ${listed('employeeId', others)}.`,
          remedy: `Give each person an address of their own in the HRIS (clear it for who has left): Together would merge them into one.${absent.length > 0 ? ' Of whom the HRIS has no more, `target-together ledger forget ID` gives the address free.' : ''}`,
        },
      ]);
    }
  }
}

/** People with an address that another person has too, in groups, in order of first sight. */
function addressGroups(
  people: People,
  conflicts: ReadonlyMap<number, unknown>,
  elsewhere: ReadonlyMap<number, unknown>,
): number[][] {
  const { size } = people;
  const hashes = new Float64Array(size);
  let count = 0;
  const has = (person: number) => {
    const kind = people.kind(person);
    return (kind === Kind.user || kind === Kind.excluded) && people.emailHash(person) !== 0 && !conflicts.has(person);
  };
  for (let person = 0; person < size; person++) {
    if (has(person)) hashes[count++] = people.emailHash(person);
  }
  const sorted = hashes.subarray(0, count).sort();
  const twice = new Set<number>(elsewhere.keys());
  for (let i = 1; i < count; i++) if (sorted[i] === sorted[i - 1]) twice.add(sorted[i] as number);
  if (twice.size === 0) return [];
  const groups = new Map<string, number[]>();
  for (let person = 0; person < size; person++) {
    if (!has(person) || !twice.has(people.emailHash(person))) continue;
    const address = String(people.user(person).email).toLowerCase();
    const group = groups.get(address);
    if (group) group.push(person);
    else groups.set(address, [person]);
  }
  return [...groups.values()].filter(
    (group) => group.length > 1 || elsewhere.has(people.emailHash(group[0] as number)),
  );
}
