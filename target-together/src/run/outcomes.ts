/** How everybody ended, by position: flat columns, and words only for those who were refused. */

import { type OutcomeName, outcomes } from '../model/outcome.ts';
import type { Outcome } from '../model/person.ts';
import type { People } from '../people/person.ts';
import type { Prepared } from '../plan/prepared.ts';
import type { RunEmails } from '../state/email-owners.ts';

export interface RunOutcomes {
  set(person: number, outcome: Outcome): void;
  /** Everybody starts as undelivered: who never gets another outcome was not sent. */
  get(person: number): OutcomeName;
  /** Status and reason of a refusal; kept for the first thousands only. */
  refusal(person: number): Outcome | undefined;
  /** People of the positions `from` to `to` (exclusive) that ended so. */
  count(outcome: OutcomeName, from?: number, to?: number): number;
}

const mostReasons = 10_000;
const undelivered = outcomes.indexOf('undelivered');

export function createRunOutcomes(size: number, isPerson: (person: number) => boolean): RunOutcomes {
  const names = new Uint8Array(size).fill(undelivered);
  const refusals = new Map<number, Outcome>();
  return {
    set(person, outcome) {
      if (person >= size) return;
      names[person] = outcomes.indexOf(outcome.outcome);
      if (outcome.outcome === 'rejected' && refusals.size < mostReasons) refusals.set(person, outcome);
    },
    get: (person) => outcomes[names[person] as number] as OutcomeName,
    refusal: (person) => refusals.get(person),
    count(outcome, from = 0, to = size) {
      const wanted = outcomes.indexOf(outcome);
      let people = 0;
      for (let person = from; person < to; person++) if (names[person] === wanted && isPerson(person)) people++;
      return people;
    },
  };
}

/** What e-mail ownership needs to know of a run, at any point of it. */
export function emailsOfRun(
  people: People,
  startedAt: number,
  planned: Pick<Prepared, 'plan' | 'findings'> | undefined,
  outcomes: RunOutcomes | undefined,
  freed?: ReadonlySet<string>,
): RunEmails {
  const findings = planned?.findings;
  return {
    people,
    freed,
    startedAt,
    isSentWithout: (person) => findings?.withoutEmail.has(person) === true || findings?.leftOut.has(person) === true,
    isTaken(person) {
      const outcome = outcomes?.get(person);
      if (outcome === 'skipped') return planned?.plan.heldBack(person) === undefined;
      return outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';
    },
  };
}
