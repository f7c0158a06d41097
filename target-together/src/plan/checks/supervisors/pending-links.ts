/**
 * Supervisor links that were left out and have to come back. A person read again gets the link by itself; an incremental read
 * brings the new supervisor, but not the people below, so their missing links are remembered by id.
 */

import { notNamed } from '../../../model/keep-reason.ts';
import { mayBeId } from '../../../model/reference.ts';
import type { DropReason } from '../../../model/run-summary.ts';
import { Kind, type People } from '../../../people/person.ts';
import type { PendingLinks } from '../../../state/run-history.ts';
import type { Findings } from '../findings.ts';

/** More than this is no list of exceptions: then only reading these people again brings their links back. */
const mostPending = 20_000;

/** A supervisor link that was left out before and is valid now, of a person not read in this run. */
export interface Relink {
  readonly id: string;
  readonly supervisorId: string;
}

/** All that is sent of a relink. */
export const relinkBody = ({ id, supervisorId }: Relink): string => JSON.stringify({ employeeId: id, supervisorId });

/** Links that can be sent now, of people who were not read. `known`: whether Together has this employeeId; `isGone`: not any more. */
export function relinksOf(
  pending: PendingLinks,
  people: People,
  findings: Findings,
  known: (id: string) => boolean,
  isGone: (id: string) => boolean,
): Relink[] {
  const relinks: Relink[] = [];
  for (const { id, supervisorId, person } of linksOf(pending, people)) {
    if (person >= 0 || findings.stillLooping.has(id) || !known(id)) continue;
    const supervisor = people.find(supervisorId);
    if (isGone(supervisorId)) continue;
    const sendable =
      supervisor >= 0 &&
      people.kind(supervisor) === Kind.user &&
      !people.isPatchOnly(supervisor) &&
      !findings.conflicts.has(supervisor) &&
      !findings.leftOut.has(supervisor);
    if (sendable || known(supervisorId)) relinks.push({ id, supervisorId });
  }
  return relinks;
}

/** What is still left out after a run: of who was read, as found now; of the others, as before and not `relinked`. */
export function pendingAfter(
  pending: PendingLinks,
  people: People,
  findings: Findings,
  relinked: (id: string) => boolean,
): PendingLinks {
  const after: Record<string, string> = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const { id, supervisorId, person } of linksOf(pending, people)) {
    const isFound = person >= 0 && findings.leftOut.get(person) !== notNamed;
    if (isFound || relinked(id)) continue;
    after[id] = supervisorId;
    count++;
  }
  for (const { id, supervisorId } of waitingNow(people, findings)) {
    if (count >= mostPending) break;
    after[id] = supervisorId;
    count++;
  }
  return after;
}

/** Links of people who were read, which wait for another person's record. */
function* waitingNow(people: People, findings: Findings): Generator<Relink> {
  if (findings.droppedTotal === 0) return;
  for (let person = 0; person < people.size; person++) {
    const reason = findings.dropped(person);
    if (!reason || !waits.has(reason)) continue;
    const id = people.id(person);
    const supervisorId = people.ids.at(people.supervisorAt(person));
    // What can be no person's id would wait for ever, and may be a name.
    if (id === undefined || (reason === 'unknown' && !mayBeId(supervisorId, id))) continue;
    yield { id, supervisorId };
  }
}

/** `person`: the position among the people read, or -1. */
function* linksOf(pending: PendingLinks, people: People): Generator<Relink & { readonly person: number }> {
  for (const [id, supervisorId] of Object.entries(pending)) yield { id, supervisorId, person: people.find(id) };
}

/** How many people who were read are sent again with a link that was left out before. */
export function countRestored(
  pending: PendingLinks,
  people: People,
  findings: Findings,
  sends: (person: number) => boolean,
): number {
  let count = 0;
  for (const { person } of linksOf(pending, people))
    if (person >= 0 && people.supervisorAt(person) >= 0 && !findings.dropped(person) && sends(person)) count++;
  return count;
}

/** Reasons that another person's record can end; `self` needs this person's own record to change. */
const waits: ReadonlySet<string> = new Set<DropReason>(['unknown', 'excluded', 'invalid', 'loop']);
