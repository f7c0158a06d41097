import type { Delivery, Outcome, Settled } from '../model/person.ts';
import type { PersonAnswer } from '../together/answer.ts';

/** `resend`: stood beside a refused one, and is sent again at once. `transient`: has a trouble of its own that a later try may not meet. */
export function sorted(
  sent: readonly Delivery[],
  answers: readonly PersonAnswer[],
): { settled: Settled[]; resend: Delivery[]; transient: Delivery[] } {
  const settled: Settled[] = [];
  const resend: Delivery[] = [];
  const transient: Delivery[] = [];
  for (const [at, delivery] of sent.entries()) {
    const outcome = answers[at] as PersonAnswer;
    if (outcome.outcome === 'again') (outcome.passing ? transient : resend).push(delivery);
    else settled.push({ delivery, outcome });
  }
  return { settled, resend, transient };
}

export function rejected(people: readonly Delivery[], reason: string, status?: number): Settled[] {
  const outcome: Outcome = { outcome: 'rejected', reason, ...(status === undefined ? {} : { status }) };
  return people.map((delivery) => ({ delivery, outcome }));
}
