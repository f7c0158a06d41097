import type { LeaverEmail } from '../model/leaver-email.ts';
import type { Action } from '../model/outcome.ts';
import type { Delivery, Fault } from '../model/person.ts';
import type { Known } from '../state/ledger/ledger.ts';
import type { Findings } from './checks/findings.ts';
import type { Relink } from './checks/supervisors/pending-links.ts';
import type { DriftOf } from './drift/on-drift.ts';
import type { Refusal, RetryRules } from './held-back.ts';

export interface PlanInput extends RetryRules {
  readonly findings: Findings;
  /** employeeIds that were accepted before, are not terminated, and are missing from a complete read. */
  readonly vanished: readonly string[];
  /** Of the vanished: who is sent as terminated. */
  readonly endedVanished: readonly string[];
  /** People left out now that Together has as active or on leave, and whether they are sent as terminated. */
  readonly outOfScope: readonly number[];
  readonly endsOutOfScope: boolean;
  /** What frees the address of those who are ended so; absent: they keep theirs. */
  readonly leaverEmail?: LeaverEmail | undefined;
  /** People not read in this run whose supervisor was left out before and is valid now. */
  readonly relinks: readonly Relink[];
  /** Told of everybody in scope that Together has. */
  readonly onAccepted?: ((person: number, known: Known) => void) | undefined;
  /** Status with which Together lists this employeeId, where its list could be read: then it is no new person, whatever the ledger lacks. */
  readonly listed?: ((id: string) => string | undefined) | undefined;
  readonly drift?: DriftOf | undefined;
  /**
   * Host and organization: a plan hash must not release the same people elsewhere. undefined: there is no ledger to compare
   * with, and the plan's hash is not asked for.
   */
  readonly hashedFor: string | undefined;
}

/** A part of a body, for a person who was not read or is left out. */
export interface Patch {
  readonly employeeId: string;
  readonly action: Action;
  /** Sent byte for byte. */
  readonly json: string;
}

export interface Plan {
  readonly counts: Readonly<Record<Action, number>>;
  /**
   * Positions to send, in order: leavers, who hands an address over to another, managers before their reports, the rest by first
   * sight. From `people.size` on: who vanished, who is out of scope and ended, then who is linked again; a part of the body is
   * all that is sent of them.
   */
  readonly order: Int32Array;
  /** Among `order`: unchanged people whose daily resend is due. */
  readonly resends: number;
  readonly vanished: readonly string[];
  /** People left out now that Together has as active or on leave: listed, never hidden. */
  readonly outOfScope: readonly number[];
  /** Lower-case hex; equal for the same people and bodies in whatever order they came. Empty: not asked for. */
  readonly hash: string;
  action(person: number): Action;
  /** Whether the person stands in `order`. */
  sends(person: number): boolean;
  /** Why a person can't be sent; empty for everybody else. */
  faults(person: number): readonly Fault[];
  /** Refused before, not tried again now: status and since when. */
  heldBack(person: number): Refusal | undefined;
  /** The body as it is or would be sent. */
  json(person: number): string;
  delivery(person: number): Delivery;
}
