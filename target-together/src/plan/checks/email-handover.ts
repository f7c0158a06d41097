/**
 * An address that changes hands: its previous owner gives it up in this run, and Together must have taken that before the next
 * owner is sent, or it makes the two into one. Where the previous owner can't give it up (is not sent, may be held back, waits
 * for an address in a circle), the address waits for another run: a next owner Together has is sent without it, a new one
 * is not sent.
 */

import { isAccepted, mustLoseAccess } from '../../model/access.ts';
import type { Delivery, Fault } from '../../model/person.ts';
import { Kind, type People } from '../../people/person.ts';
import type { OtherOwners } from '../../state/email-owners.ts';
import { type Findings, listed, type SetCheck, shortened } from './findings.ts';

/** The people who must be sent before this one; undefined where the address is not sent. */
export function sentAfter(
  { previousOwners, withoutEmail }: Pick<Findings, 'previousOwners' | 'withoutEmail'>,
  person: number,
): Delivery['after'] {
  return withoutEmail.has(person) ? undefined : previousOwners.get(person);
}

/** By next owner: those who have the address in Together until this run is done. */
export function previousOwnersOf(
  people: People,
  statusOf: (id: string) => string | undefined,
  handedOver: OtherOwners['handedOver'],
  newIds: ReadonlyMap<number, string>,
): Map<number, readonly number[]> {
  const previousOwners = new Map<number, readonly number[]>();
  if (handedOver.size === 0) return previousOwners;
  const { size } = people;
  for (let person = 0; person < size; person++) {
    if (people.kind(person) !== Kind.user) continue;
    // An address that Together never had need not be given up.
    // Nor does one that was the person's own, under another id.
    const ids = (handedOver.get(people.emailHash(person)) ?? []).filter(
      (id) => isAccepted(statusOf(id)) && newIds.get(person) !== id,
    );
    if (ids.length > 0) previousOwners.set(person, ids.map(people.find));
  }
  return previousOwners;
}

/**
 * The rounds in which previous owners are sent, by position. Next owners who can't have their address yet join the conflicts,
 * leavers among them go without it.
 */
export function handoverRounds(check: SetCheck, previousOwners: Findings['previousOwners']): Map<number, number> {
  const { people, statusOf, conflicts, withoutEmail, mayBeHeldBack } = check;
  const rounds = new Map<number, number>();
  const nextOwnersOf = new Map<number, number[]>();
  /** By next owner: how many previous ones have not given the address up. */
  const waits = new Map<number, number>();
  for (const [person, previous] of previousOwners) {
    if (conflicts.has(person) || withoutEmail.has(person)) continue;
    if (mustLoseAccess(people.status(person), statusOf(people.id(person) as string))) {
      withoutEmail.add(person);
      continue;
    }
    waits.set(person, previous.length);
    for (const owner of previous) nextOwnersOf.set(owner, [...(nextOwnersOf.get(owner) ?? []), person]);
  }
  const ready = [...nextOwnersOf.keys()].filter(
    (owner) =>
      !waits.has(owner) &&
      people.kind(owner) === Kind.user &&
      !conflicts.has(owner) &&
      !withoutEmail.has(owner) &&
      !mayBeHeldBack(owner),
  );
  for (const owner of ready) {
    const round = rounds.get(owner) ?? 0;
    rounds.set(owner, round);
    for (const next of nextOwnersOf.get(owner) as number[]) {
      const left = (waits.get(next) as number) - 1;
      if (nextOwnersOf.has(next)) rounds.set(next, Math.max(rounds.get(next) ?? 0, round + 1));
      if (left > 0) {
        waits.set(next, left);
        continue;
      }
      waits.delete(next);
      if (nextOwnersOf.has(next) && !mayBeHeldBack(next)) ready.push(next);
    }
  }
  for (const person of waits.keys()) {
    rounds.delete(person);
    makeWait(check, person, previousOwners.get(person) ?? []);
  }
  return rounds;
}

function makeWait(check: SetCheck, person: number, previous: readonly number[]): void {
  const { people, statusOf, conflicts, withoutEmail, notes } = check;
  const ids = previous.map((owner) => people.id(owner) as string);
  const fault: Fault = {
    field: 'email',
    code: 'duplicate_email',
    value: `with ${shortened(ids)}`,
    message: `In Together the e-mail address is still that of ${listed('employeeId', ids)}, who can't give it up in this run.`,
    fix: 'It is tried again with each run. Where people change addresses round in a circle, give one of them another address for a night.',
  };
  if (!isAccepted(statusOf(people.id(person) as string))) {
    conflicts.set(person, [fault]);
    return;
  }
  withoutEmail.add(person);
  if (people.status(person) !== 'T') notes.set(person, [fault]);
}
