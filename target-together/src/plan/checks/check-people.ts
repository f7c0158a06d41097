/**
 * What only the whole set shows: one employeeId or one e-mail address for two people, and supervisors who can't be.
 *
 * One address for several people (compared without case), whatever their status: only the address waits. Together finds by
 * employeeId those it has, so they are sent without it; who is new waits, since Together would match them to another's
 * record. All are named. An address that changes hands: see email-handover.ts.
 *
 * A supervisor link is left out, and comes back by itself as soon as it is valid, when the supervisor is unknown (neither in
 * this set nor ever accepted by Together), out of scope or impossible to map and never accepted, the person themselves, or
 * part of a loop (everybody in the loop loses the link: which of them is wrong only HR knows). Links left out before, of people
 * who are not read, are looked at as well: their loop may be open now, or still closed.
 */

import type { People } from '../../people/person.ts';
import type { OtherOwners } from '../../state/email-owners.ts';
import type { PendingLinks } from '../../state/run-history.ts';
import { sharedAddresses, sharedIds } from './duplicates.ts';
import { handoverRounds, previousOwnersOf } from './email-handover.ts';
import type { Findings, SetCheck } from './findings.ts';
import { followMoves, leaveOutMoved, validMoves } from './moved-ids.ts';
import { holdNewIds } from './new-ids.ts';
import { checkLinks } from './supervisors/supervisor-links.ts';

export interface CheckInput {
  readonly people: People;
  /** What Together has: first letter of the status last accepted; undefined: never accepted, or deleted since. */
  readonly statusOf: (id: string) => string | undefined;
  /** Who owns addresses of this run in Together, as far as earlier runs have seen. */
  readonly owners?: OtherOwners;
  /** Links left out by earlier runs. */
  readonly pending?: PendingLinks;
  readonly isDeleted?: (person: number) => boolean;
  readonly isGone?: (id: string) => boolean;
  readonly mayBeHeldBack?: (person: number) => boolean;
  readonly isUnchanged?: (person: number) => boolean;
  /** Whether everybody was read. */
  readonly complete?: boolean;
  /** Whether so many people who come under new ids take the places of the old ones. */
  readonly relinks?: (people: number) => boolean;
  /** Old id → new one, of earlier runs. */
  readonly moved?: Readonly<Record<string, string>>;
  /** Of a body whose supervisor has a new id. */
  readonly hash?: (json: string) => Uint8Array;
}

const noOwners: OtherOwners = { elsewhere: new Map(), handedOver: new Map(), leavers: new Map() };

export function checkWholeSet(input: CheckInput): Findings {
  const {
    people,
    statusOf,
    owners = noOwners,
    pending = {},
    isDeleted = () => false,
    isGone = () => false,
    mayBeHeldBack = () => false,
    isUnchanged = () => false,
    complete = false,
    relinks = () => false,
    moved = {},
    hash = () => new Uint8Array(16),
  } = input;
  const check: SetCheck = {
    people,
    statusOf,
    conflicts: new Map(),
    withoutEmail: new Set(),
    notes: new Map(),
    leftOut: new Map(),
    newIds: new Map(),
    movedFrom: new Set(),
    mayBeOutside: new Set(),
    complete,
    isDeleted,
    isGone,
    mayBeHeldBack,
    isUnchanged,
  };
  sharedIds(check);
  const movedBefore = validMoves(statusOf, moved);
  leaveOutMoved(check, movedBefore);
  sharedAddresses(check, owners);
  if (!relinks(check.newIds.size)) holdNewIds(check);
  followMoves(check, movedBefore, hash);
  const previousOwners = previousOwnersOf(people, statusOf, owners.handedOver, check.newIds);
  const rounds = handoverRounds(check, previousOwners);
  const { conflicts, withoutEmail, notes, leftOut, newIds, movedFrom, mayBeOutside } = check;
  const links = checkLinks(check, pending);
  return {
    conflicts,
    withoutEmail,
    notes,
    leftOut,
    newIds,
    movedFrom,
    mayBeOutside,
    handoverRounds: rounds,
    previousOwners,
    ...links,
  };
}
