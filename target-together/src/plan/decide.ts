import { isAccepted, mustLoseAccess } from '../model/access.ts';
import { notNamed } from '../model/keep-reason.ts';
import { type Action, actions } from '../model/outcome.ts';
import { Kind } from '../people/person.ts';
import type { Decisions } from './assemble-plan.ts';
import { isDue, type Refusal, standingRefusal } from './held-back.ts';
import type { PlanInput } from './plan.ts';
import { type PlanHash, sameHash } from './plan-hash.ts';

const noHash = new Uint8Array(16);

export interface Decided extends Decisions {
  readonly counts: Record<Action, number>;
  readonly resends: number;
}

/** One action for each person read; `alteredJson`: the body where the checks have taken something out of it. */
export function decideAll(
  input: PlanInput,
  alteredJson: (person: number) => string | undefined,
  planHash: PlanHash,
): Decided {
  const { people, findings, known } = input;
  const { size } = people;
  const isHashed = input.hashedFor !== undefined;
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  const actionOf = new Uint8Array(size);
  const sent = new Uint8Array(size);
  const isNew = new Uint8Array(size);
  const heldBack = new Map<number, Refusal>();
  let resends = 0;

  for (let person = 0; person < size; person++) {
    const kind = people.kind(person);
    if (kind === Kind.superseded) continue;
    const action = decide(person, kind);
    actionOf[person] = actions.indexOf(action);
    counts[action]++;
  }

  function decide(person: number, kind: Kind): Action {
    if (findings.leftOut.get(person) === notNamed) return 'excluded';
    if (kind === Kind.invalid || findings.conflicts.has(person)) return 'invalid';
    if (findings.leftOut.has(person)) return 'excluded';
    const id = () => people.id(person) as string;
    const before = known?.(id());
    const drift = before && input.drift?.(id());
    const status = drift?.status ?? before?.status ?? input.listed?.(id());
    const isThere = isAccepted(status);
    const leaves = mustLoseAccess(people.status(person), status);
    if (kind === Kind.excluded && !leaves) return 'excluded';
    if (before && isAccepted(before.status) && kind === Kind.user) input.onAccepted?.(person, before);
    // Together would make a new person of one that it does not know.
    if (!isThere && people.isPatchOnly(person)) return 'invalid';
    const hash = isHashed ? hashOf(person) : noHash;
    const isMove = findings.newIds.has(person);
    const refusal = standingRefusal(input, person, before, hash);
    if (refusal) {
      heldBack.set(person, refusal);
      return 'same';
    }
    if (!isThere) isNew[person] = isMove ? 0 : 1;
    else if (before?.hash && sameHash(before.hash, hash)) {
      const isSent = drift?.resends === true || isDue(input, before.acceptedAt);
      if (!isSent) return 'same';
      // Who was ended or revived by hand is reported as what is done to them, not as a resend.
      if (!drift?.status) {
        sent[person] = 1;
        resends++;
        return 'same';
      }
    }
    sent[person] = 1;
    const action = isMove
      ? 'move'
      : isNew[person]
        ? 'join'
        : leaves
          ? 'leave'
          : status === 'T' && people.status(person) !== 'T'
            ? 'rehire'
            : 'change';
    if (isHashed) planHash.add(action, hash);
    return action;
  }

  function hashOf(person: number): Uint8Array {
    const altered = alteredJson(person);
    return altered === undefined ? people.hash(person) : input.hash(altered);
  }

  return { actionOf, sent, isNew, heldBack, counts, resends };
}
