/** Whose address is whose after what this run has read and done: what the next one will be told by `addresses.ts`. */
import { addressOf } from '../people/emails.ts';
import { Kind, type People } from '../people/person.ts';
import type { Prepared } from '../plan/prepared.ts';
import { dayMs, type Holder } from '../state/email-owners.ts';
import type { Books } from '../state/run-state.ts';
import type { RunOutcomes } from './outcomes.ts';

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
