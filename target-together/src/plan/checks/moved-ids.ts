/** What a source goes on saying of ids that are another one's now: rows of leavers, and supervisors. */

import { isAccepted } from '../../model/access.ts';
import { Kind } from '../../people/person.ts';
import type { SetCheck } from './findings.ts';
import { oldId } from './new-ids.ts';

/** Old id → new one. */
type Moves = ReadonlyMap<string, string>;

/** A run that planned a move may have been killed before it: the ledger says what has happened. */
export function validMoves(statusOf: SetCheck['statusOf'], moved: Readonly<Record<string, string>>): Moves {
  const valid = new Map<string, string>();
  for (const [from, first] of Object.entries(moved)) {
    let to: string | undefined = first;
    // Who has come under a new id more than once.
    for (let steps = 0; to !== undefined && !isAccepted(statusOf(to)) && steps < 10; steps++)
      to = Object.hasOwn(moved, to) ? moved[to] : undefined;
    if (to !== undefined && to !== from && !isAccepted(statusOf(from)) && isAccepted(statusOf(to))) valid.set(from, to);
  }
  return valid;
}

/** A leaver's row of an old id stays in many sources for good. */
export function leaveOutMoved({ people, leftOut }: SetCheck, moved: Moves): void {
  for (const from of moved.keys()) {
    const person = people.find(from);
    if (person >= 0 && people.status(person) === 'T') leftOut.set(person, oldId);
  }
}

/** Who reports to an old id reports to the new one, as Together has it. */
export function followMoves({ people, newIds }: SetCheck, moved: Moves, hash: (json: string) => Uint8Array): void {
  const now = new Map<number, string>();
  const add = (from: string, to: string) => {
    const person = people.find(from);
    // A source may give an old id to another person.
    if (person < 0 || people.status(person) === 'T') now.set(people.ids.find(from), to);
  };
  for (const [from, to] of moved) add(from, to);
  for (const [person, from] of newIds) add(from, people.id(person) as string);
  now.delete(-1);
  if (now.size === 0) return;
  const { size } = people;
  for (let person = 0; person < size; person++) {
    if (people.kind(person) !== Kind.user) continue;
    const to = now.get(people.supervisorAt(person));
    if (to !== undefined) people.link(person, to, hash);
  }
}
