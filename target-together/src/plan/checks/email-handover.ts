import { isAccepted, mustLoseAccess } from '../../model/access.ts';
import type { Delivery, Fault } from '../../model/person.ts';
import { Kind, type People } from '../../people/person.ts';
import type { Held } from '../../state/email-owners.ts';
import { type Findings, listed, shortened } from './findings.ts';

/** Whom this person must come after; nobody where the address is not sent. */
export function afterGivers(
  { givers, withoutEmail }: Pick<Findings, 'givers' | 'withoutEmail'>,
  person: number,
): Delivery['after'] {
  return withoutEmail.has(person) ? undefined : givers.get(person);
}

/** Who gets an address in this run that somebody else has in Together until then, and who that is. */
export function giversOf(
  people: People,
  statusOf: (id: string) => string | undefined,
  handedOver: Held['handedOver'],
): Map<number, readonly number[]> {
  const givers = new Map<number, readonly number[]>();
  if (handedOver.size === 0) return givers;
  const { size } = people;
  for (let person = 0; person < size; person++) {
    if (people.kind(person) !== Kind.user) continue;
    // What Together never had, nobody has to give up.
    const ids = (handedOver.get(people.emailHash(person)) ?? []).filter((id) => isAccepted(statusOf(id)));
    if (ids.length > 0) givers.set(person, ids.map(people.find));
  }
  return givers;
}

/** Puts those who hand an address over in order; who can't have theirs yet joins the conflicts (a leaver goes without). */
export function takeTurns(
  people: People,
  statusOf: (id: string) => string | undefined,
  givers: Findings['givers'],
  isIdle: (person: number) => boolean,
  conflicts: Map<number, Fault[]>,
  withoutEmail: Set<number>,
): Map<number, number> {
  const turns = new Map<number, number>();
  const takersOf = new Map<number, number[]>();
  const waits = new Map<number, number>();
  for (const [person, from] of givers) {
    if (conflicts.has(person) || withoutEmail.has(person)) continue;
    const before = statusOf(people.id(person) as string);
    if (mustLoseAccess(people.status(person), before)) {
      withoutEmail.add(person);
      continue;
    }
    waits.set(person, from.length);
    for (const giver of from) takersOf.set(giver, [...(takersOf.get(giver) ?? []), person]);
  }
  const ready = [...takersOf.keys()].filter(
    (giver) =>
      !waits.has(giver) &&
      people.kind(giver) === Kind.user &&
      !conflicts.has(giver) &&
      !withoutEmail.has(giver) &&
      !isIdle(giver),
  );
  for (const giver of ready) {
    const turn = turns.get(giver) ?? 0;
    turns.set(giver, turn);
    for (const taker of takersOf.get(giver) as number[]) {
      const left = (waits.get(taker) as number) - 1;
      if (takersOf.has(taker)) turns.set(taker, Math.max(turns.get(taker) ?? 0, turn + 1));
      if (left > 0) {
        waits.set(taker, left);
        continue;
      }
      waits.delete(taker);
      if (takersOf.has(taker) && !isIdle(taker)) ready.push(taker);
    }
  }
  for (const person of waits.keys()) {
    const ids = (givers.get(person) ?? []).map((giver) => people.id(giver) as string);
    turns.delete(person);
    if (people.status(person) === 'T' && isAccepted(statusOf(people.id(person) as string))) {
      withoutEmail.add(person);
      continue;
    }
    conflicts.set(person, [
      {
        field: 'email',
        code: 'duplicate_email',
        value: `with ${shortened(ids)}`,
        message: `In Together the e-mail address is still that of ${listed('employeeId', ids)}, who can't give it up in this run.`,
        remedy:
          'It is tried again with each run. Where people change addresses round in a circle, give one of them another address for a night.',
      },
    ]);
  }
  return turns;
}
