/** What a run's end means to its caller; README lists the codes. */
import { type ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { Kind } from '../people/person.ts';
import type { Read } from './collect-step.ts';
import type { Sent } from './deliver-step.ts';
import type { RunIdentity } from './identity.ts';

/** `sent` absent: the run ended before there was a plan. `wasAccepted`: whether Together had the person before or after this run. */
export function exitCodeOf(
  { mode, settings }: RunIdentity,
  read: Read,
  sent: Sent | undefined,
  error: ConnectorError | undefined,
  wasAccepted: (employeeId: string) => boolean,
): number {
  if (error) return error.exitCode;
  if (mode.writes && sent && tooManyRefused(read, sent, settings.max_rejected_percent, wasAccepted))
    return ExitCode.refused;
  if (mode.changesExitCode && (sent?.gated.plan.order.length ?? 0) > 0) return ExitCode.changes;
  return ExitCode.ok;
}

/**
 * Three questions: how many of the people read Together refused; whether anyone at all could be sent; how many of the people
 * that Together has could not be. Who was left out by a filter could have been sent.
 */
function tooManyRefused(
  { people, facts }: Pick<Read, 'people' | 'facts'>,
  sent: Sent,
  mostPercent: number,
  wasAccepted: (employeeId: string) => boolean,
): boolean {
  const refused = sent.outcomes.count('rejected') + sent.refusedUnread.length;
  // Rows that differ and have one employeeId are one person.
  const further = people.sharing().reduce((sum, rows) => sum + rows.length - 1, 0);
  if (refused * 100 > mostPercent * (facts.only ?? people.count - further)) return true;
  const { plan } = sent.gated;
  const unsent: number[] = [];
  const others: number[] = [];
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.superseded) continue;
    const outcome = sent.outcomes.get(person);
    const failed = outcome === 'invalid' || outcome === 'rejected' || plan.heldBack(person) !== undefined;
    (failed ? unsent : others).push(person);
  }
  if (unsent.length === 0) return false;
  if (others.every((person) => sent.outcomes.get(person) === 'excluded')) return true;
  const known = (person: number) => wasAccepted(people.id(person) ?? '');
  const lost = new Set(unsent.filter(known).map((person) => people.id(person))).size;
  return lost > 0 && lost * 100 > mostPercent * (lost + others.filter(known).length);
}
