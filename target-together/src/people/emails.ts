import { mustLoseAccess } from '../model/access.ts';
import { Kind, type People } from './person.ts';

/** The hash of the address that was read for this employeeId; 0: it is empty; undefined: none was read. */
export function emailReadFor(people: People, id: string): number | undefined {
  const person = people.find(id);
  return person >= 0 && people.kind(person) !== Kind.invalid ? people.emailHash(person) : undefined;
}

/**
 * Whether the row of a person that Together has, and who leaves now, has this address, though the body gives it up: where it comes under
 * a new id too, that may be one person. Who had left before hands the address over.
 */
export function leavesWithEmail(people: People, id: string, hash: number, accepted: string | undefined): boolean {
  const person = people.find(id);
  return person >= 0 && people.rowEmailHash(person) === hash && mustLoseAccess(people.status(person), accepted);
}

/** The address hashes of everybody who may be sent, and of living people who are left out, sorted. */
export function presentEmails(people: People): Float64Array {
  const { size } = people;
  const hashes = new Float64Array(size);
  let count = 0;
  for (let person = 0; person < size; person++) {
    const kind = people.kind(person);
    const isPresent = kind === Kind.user || (kind === Kind.excluded && people.status(person) !== 'T');
    if (isPresent && people.emailHash(person) !== 0) hashes[count++] = people.emailHash(person);
  }
  return hashes.subarray(0, count).sort();
}
