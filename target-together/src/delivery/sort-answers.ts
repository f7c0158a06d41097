import type { Delivery, Outcome, PersonOutcome } from '../model/person.ts';
import type { PersonAnswer } from '../together/answer.ts';

/** `resend`: stood beside a refused one, and is sent again at once. `transient`: has a trouble of its own that a later try may not meet. */
export function sorted(
  sent: readonly Delivery[],
  answers: readonly PersonAnswer[],
): { outcomes: PersonOutcome[]; resend: Delivery[]; transient: Delivery[] } {
  const outcomes: PersonOutcome[] = [];
  const resend: Delivery[] = [];
  const transient: Delivery[] = [];
  for (const [at, delivery] of sent.entries()) {
    const outcome = answers[at] as PersonAnswer;
    const asked = withoutClears(delivery, outcome);
    if (asked) resend.push(asked);
    else if (outcome.outcome === 'again') (outcome.transient ? transient : resend).push(delivery);
    else outcomes.push({ delivery, outcome });
  }
  return { outcomes, resend, transient };
}

/** The person once more, without the fields that the refused body was to empty; undefined: the refusal stands. */
export function withoutClears(
  delivery: Delivery,
  { outcome, status }: { readonly outcome: string; readonly status?: number | undefined },
): Delivery | undefined {
  const { clears, ...rest } = delivery;
  if (!clears || outcome !== 'rejected' || status !== 400) return undefined;
  return { ...rest, body: clears.without, refusedClears: clears.fields };
}

export function rejected(people: readonly Delivery[], reason: string, status?: number): PersonOutcome[] {
  const outcome: Outcome = { outcome: 'rejected', reason, ...(status === undefined ? {} : { status }) };
  return people.map((delivery) => ({ delivery, outcome }));
}
