import { type Action, actions } from '../model/outcome.ts';
import type { People } from '../people/person.ts';
import { sentAfter } from './checks/email-handover.ts';
import type { Findings } from './checks/findings.ts';
import type { Refusal } from './held-back.ts';
import type { Patch, Plan } from './plan.ts';

/** What was decided about everybody, by position among the people read. */
export interface Decisions {
  /** Position in `actions`. */
  readonly actionOf: Uint8Array;
  /** 1: is sent. */
  readonly sent: Uint8Array;
  /** 1: Together has never accepted this person. */
  readonly isNew: Uint8Array;
  readonly heldBack: ReadonlyMap<number, Refusal>;
}

/** A plan as values, whether decided in this run or read from a file. */
export interface PlanParts extends Pick<Plan, 'counts' | 'order' | 'resends' | 'vanished' | 'outOfScope' | 'hash'> {
  readonly people: People;
  readonly findings: Pick<Findings, 'conflicts' | 'previousOwners' | 'withoutEmail' | 'newIds'>;
  readonly decisions: Decisions;
  /** At the positions from `people.size` on. */
  readonly patches: readonly Patch[];
  /** The body where it is not the one that was read. */
  readonly alteredJson: (person: number) => string | undefined;
}

export function assemblePlan(parts: PlanParts): Plan {
  const { people, findings, decisions, patches, alteredJson } = parts;
  const { counts, order, resends, vanished, outOfScope, hash } = parts;
  const { size } = people;
  const patchAt = (person: number) => patches[person - size] as Patch;
  const actionOf = (person: number) => actions[decisions.actionOf[person] as number] as Action;
  return {
    counts,
    order,
    resends,
    vanished,
    outOfScope,
    hash,
    action: (person) => (person < size ? actionOf(person) : patchAt(person).action),
    sends: (person) => decisions.sent[person] === 1,
    faults(person) {
      if (actionOf(person) !== 'invalid') return [];
      const found = findings.conflicts.get(person) ?? people.faults(person);
      return found.length > 0 ? found : people.patchOnly(person);
    },
    heldBack: (person) => decisions.heldBack.get(person),
    json: (person) => (person < size ? (alteredJson(person) ?? people.json(person)) : patchAt(person).json),
    delivery(person) {
      const isRead = person < size;
      const altered = isRead ? alteredJson(person) : patchAt(person).json;
      return {
        index: person,
        employeeId: isRead ? (people.id(person) as string) : patchAt(person).employeeId,
        body: altered === undefined ? people.body(person) : Buffer.from(altered),
        isNew: isRead && decisions.isNew[person] === 1,
        movedFrom: isRead ? findings.newIds.get(person) : undefined,
        after: sentAfter(findings, person),
      };
    },
  };
}
