import type { People } from '../people/person.ts';
import type { Prepared } from '../plan/prepared.ts';
import type { RunEmails } from '../state/email-owners.ts';
import type { RunOutcomes } from './outcomes.ts';

/** What e-mail ownership needs to know of a run, at any point of it. */
export function emailsOfRun(
  people: People,
  startedAt: number,
  planned: Pick<Prepared, 'plan' | 'findings'> | undefined,
  outcomes: RunOutcomes | undefined,
): RunEmails {
  return {
    people,
    startedAt,
    withoutEmail: planned?.findings.withoutEmail ?? new Set(),
    isTaken(person) {
      const outcome = outcomes?.get(person);
      if (outcome === 'skipped') return planned?.plan.heldBack(person) === undefined;
      return outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';
    },
  };
}
