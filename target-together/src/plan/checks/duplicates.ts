import { isAccepted, mustLoseAccess } from '../../model/access.ts';
import { isKept } from '../../model/keep-reason.ts';
import type { Fault } from '../../model/person.ts';
import { Kind, type People } from '../../people/person.ts';
import type { OtherOwners } from '../../state/email-owners.ts';
import { listed, type SetCheck, shortened } from './findings.ts';
import { isNewId } from './new-ids.ts';

export function sharedIds({ people, statusOf, conflicts, notes }: SetCheck): void {
  for (const group of people.sharing()) {
    const id = people.id(group[0] as number);
    const lines = group.map((person) => people.line(person));
    const fields = differing(people, group);
    // Whichever row is right: access ends.
    const ends = group.every((person) => mustLoseAccess(people.status(person), statusOf(id ?? '')));
    for (const person of group) {
      const found = ends && person === group.at(-1) ? notes : conflicts;
      found.set(person, [
        {
          field: 'employeeId',
          code: 'duplicate_employee_id',
          ...(fields.length > 0 ? { value: `in ${shortened(fields)}` } : {}),
          message: `${group.length} different records have the employeeId ${id} (${listed('line', lines)})${fields.length > 0 ? `: they differ in ${fields.join(', ')}` : ''}.`,
          fix: 'Several people: give each an id of their own in the HRIS, or map employeeId from a field that is unique. Several rows of one person: have filters pick one of them, e.g. the current row.',
        },
      ]);
    }
  }
}

/** Names of the fields in which the rows of one id differ. */
function differing(people: People, group: readonly number[]): string[] {
  const users = group.filter((person) => people.kind(person) !== Kind.invalid).map(people.user);
  const names = new Set(users.flatMap((user) => Object.keys(user)));
  return [...names].filter((name) => new Set(users.map((user) => JSON.stringify(user[name]))).size > 1);
}

export function sharedAddresses(check: SetCheck, { elsewhere, leavers, matched, waiting }: OtherOwners): void {
  const { people, statusOf, conflicts, withoutEmail, notes, leftOut } = check;
  const isKnown = (person: number) => isAccepted(statusOf(people.id(person) ?? ''));
  // Whose rows differ is not sent, and keeps the address in Together.
  const keepers = new Map<number, string[]>();
  /** New ids whose rows differ. */
  const unclear = new Map<number, string[]>();
  for (const person of conflicts.keys()) {
    const hash = people.emailHash(person);
    if (isKnown(person)) {
      const id = people.id(person) as string;
      const ids = keepers.get(hash) ?? [];
      if (hash !== 0 && !ids.includes(id)) keepers.set(hash, [...ids, id]);
      continue;
    }
    // A new id whose own rows differ proves no absence of the old one either.
    for (const id of elsewhere.get(hash) ?? []) if (people.find(id) < 0) check.movedFrom.add(id);
    if (people.status(person) !== 'T') unclear.set(hash, [...(unclear.get(hash) ?? []), people.id(person) as string]);
  }
  const leaving = leavingWithRow(check);
  for (const group of addressGroups(
    people,
    conflicts,
    new Set([...elsewhere.keys(), ...leavers.keys(), ...keepers.keys(), ...unclear.keys()]),
  )) {
    noteOutside(check, group, elsewhere.get(people.emailHash(group[0] as number)) ?? []);
    // A person out of scope who was never accepted never meets the others in Together.
    const present = group.filter(
      (person) =>
        !leftOut.has(person) && !check.isDeleted(person) && (people.kind(person) === Kind.user || isKnown(person)),
    );
    if (present.length === 0) continue;
    const hash = people.emailHash(group[0] as number);
    const aside = group.filter((person) => isAside(check, person)).map((person) => people.id(person) as string);
    aside.push(...new Set(unclear.get(hash)));
    // Of several who may be the person whom Together's list has, none takes the record.
    const absent = elsewhere.get(hash) ?? (aside.length > 0 ? matched?.get(hash) : undefined) ?? [];
    const rest = present.filter((person) => isKnown(person) || people.status(person) !== 'T');
    if (rest.length > 0) {
      for (const person of present) {
        if (rest.includes(person)) continue;
        leftOut.set(person, secondId);
        notes.set(person, [secondIdFault(people, rest)]);
      }
    }
    const claims = rest.length > 0 ? rest : present;
    // Rows of one id that all end: the last of them is sent.
    const ids = claims.map((person) => people.id(person));
    const kept = (keepers.get(hash) ?? []).filter((id) => !ids.includes(id));
    if (
      isNewId(check, claims, {
        absent: [...absent, ...kept],
        leavers: leavers.get(hash) ?? [],
        rowsOf: [...(leaving.get(hash) ?? []), ...(waiting?.get(hash) ?? []), ...aside],
      })
    )
      continue;
    if (claims.length + absent.length + kept.length < 2) continue;
    for (const person of claims) {
      const others = claims.filter((other) => other !== person).map((other) => people.id(other) as string);
      others.push(...absent, ...kept, ...aside);
      const emptied = absent.filter((id) => people.find(id) >= 0);
      const fault = sharedFault(others, emptied, absent.length > emptied.length);
      if (!isKnown(person)) conflicts.set(person, [fault]);
      else if (!check.isUnchanged(person)) {
        withoutEmail.add(person);
        const isNamed =
          people.kind(person) === Kind.user &&
          !mustLoseAccess(people.status(person), statusOf(people.id(person) as string));
        if (isNamed) notes.set(person, [fault]);
      }
    }
  }
}

/** Living, unknown and left out of this run: which of several new ids is the person whom Together has, only HR knows. */
const isAside = ({ people, statusOf }: SetCheck, person: number): boolean =>
  people.kind(person) === Kind.excluded &&
  people.status(person) !== 'T' &&
  !isAccepted(statusOf(people.id(person) as string));

/** `owners`: who is not read with the address of a new id that a filter leaves out is no leaver by that. */
function noteOutside(check: SetCheck, group: readonly number[], owners: readonly string[]): void {
  const { people, mayBeOutside } = check;
  if (!group.some((person) => isAside(check, person) && !isKept(people.filter(person)))) return;
  for (const id of owners) if (people.find(id) < 0) mayBeOutside.add(id);
}

/** By the address of the row: people who leave now, and whom leaver_email gives another one. */
function leavingWithRow({ people, statusOf }: SetCheck): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  const { size } = people;
  for (let person = 0; person < size; person++) {
    if (people.kind(person) !== Kind.user || people.status(person) !== 'T') continue;
    const hash = people.rowEmailHash(person);
    const id = people.id(person) as string;
    if (hash === 0 || !mustLoseAccess('T', statusOf(id))) continue;
    found.set(hash, [...(found.get(hash) ?? []), id]);
  }
  return found;
}

/** What stands in lists and counts where a filter's name stands. */
export const secondId = 'a second id that has ended';

function secondIdFault(people: People, living: readonly number[]): Fault {
  const ids = living.map((person) => people.id(person) as string);
  return {
    field: 'email',
    code: 'second_id',
    value: `with ${shortened(ids)}`,
    message: `This employeeId has ended, Together never had it, and its e-mail address is that of ${listed('employeeId', ids)}: it is left out.`,
    fix: 'Nothing has to be done if both ids are of one person.',
  };
}

function sharedFault(others: readonly string[], emptied: readonly string[], isGone: boolean): Fault {
  const still =
    emptied.length > 0
      ? ` Together still has it for ${listed('employeeId', emptied)}, whose address the HRIS has emptied.`
      : '';
  const forget = isGone
    ? ' Of a person that the HRIS has no more, `target-together ledger forget ID` gives the address free.'
    : '';
  return {
    field: 'email',
    code: 'duplicate_email',
    value: `with ${shortened(others)}`,
    message: `The e-mail address is also that of ${listed('employeeId', others)}.${still}`,
    fix: `Give each person an address of their own in the HRIS, leavers too (leaver_email gives them one when their end is sent): Together would merge them into one.${forget}`,
  };
}

/** People with an address that another person has too, in groups, in order of first sight. `owned`: other people's. */
function addressGroups(
  people: People,
  conflicts: ReadonlyMap<number, unknown>,
  owned: ReadonlySet<number>,
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
  const twice = new Set(owned);
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
  return [...groups.values()].filter((group) => group.length > 1 || owned.has(people.emailHash(group[0] as number)));
}
