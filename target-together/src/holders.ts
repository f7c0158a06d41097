/** Whose address is whose after what this run has read and done: what the next one will be told by `addresses.ts`. */
import { dayMs, type Holder } from './addresses.ts';
import type { Books } from './books.ts';
import { Kind, type People } from './people/people.ts';
import type { Prepared } from './prepare.ts';
import type { RunOutcomes } from './run-outcomes.ts';

/** The hash of the address that was read for this employeeId; 0: it is empty; undefined: none was read. */
export function addressOf(people: People, id: string): number | undefined {
  const person = people.find(id);
  return person >= 0 && people.kind(person) !== Kind.invalid ? people.emailHash(person) : undefined;
}

/** Whether the person was read and could be mapped. Of whom that is not true, what earlier runs knew still holds. */
export const isMapped = (people: People, id: string): boolean => addressOf(people, id) !== undefined;

/** The address hashes of everybody who may be sent, sorted. */
export function addressesOf(people: People): Float64Array {
  const { size } = people;
  const hashes = new Float64Array(size);
  let count = 0;
  for (let person = 0; person < size; person++) {
    if (people.kind(person) === Kind.user && people.emailHash(person) !== 0) hashes[count++] = people.emailHash(person);
  }
  return hashes.subarray(0, count).sort();
}

/** Everybody of this run whose address Together has, or may get. */
export function* holdersOf(people: People, books: Books, startedAt: number): Generator<Holder> {
  const day = Math.floor(startedAt / dayMs);
  const { size } = people;
  for (let person = 0; person < size; person++) {
    const hash = people.emailHash(person);
    const kind = people.kind(person);
    if (hash === 0 || (kind !== Kind.user && kind !== Kind.excluded)) continue;
    const id = people.id(person) as string;
    if (kind === Kind.user || books.lookup(id)?.status !== undefined) yield { hash, id, day };
  }
}

/** Whether what was read of somebody takes the place of an address that earlier runs have seen: not where Together still has that one. */
export const isReplacedIn =
  (
    people: People,
    { plan, findings }: Partial<Pick<Prepared, 'plan' | 'findings'>>,
    outcomes: RunOutcomes | undefined,
  ) =>
  ({ id, hash }: Holder): boolean => {
    const now = addressOf(people, id);
    if (now === undefined) return false;
    if (now === hash) return true;
    const person = people.find(id);
    if (findings?.withoutEmail.has(person)) return false;
    if (now === 0) return true;
    const outcome = outcomes?.get(person);
    if (outcome === 'skipped') return plan?.held(person) === undefined;
    return outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';
  };
