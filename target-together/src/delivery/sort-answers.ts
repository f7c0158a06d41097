import type { Delivery, Outcome, Settled } from '../model/person.ts';
import type { PersonAnswer } from '../together/answer.ts';

/** `beside`: stood beside a refused one, and is sent again at once. `passing`: has a trouble that passes. */
export function sorted(
  sent: readonly Delivery[],
  answers: readonly PersonAnswer[],
): { settled: Settled[]; beside: Delivery[]; passing: Delivery[] } {
  const settled: Settled[] = [];
  const beside: Delivery[] = [];
  const passing: Delivery[] = [];
  for (const [at, delivery] of sent.entries()) {
    const outcome = answers[at] as PersonAnswer;
    if (outcome.outcome === 'again') (outcome.passing ? passing : beside).push(delivery);
    else settled.push({ delivery, outcome });
  }
  return { settled, beside, passing };
}

export function rejected(people: readonly Delivery[], reason: string, status?: number): Settled[] {
  const outcome: Outcome = { outcome: 'rejected', reason, ...(status === undefined ? {} : { status }) };
  return people.map((delivery) => ({ delivery, outcome }));
}
