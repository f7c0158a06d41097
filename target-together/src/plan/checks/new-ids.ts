/**
 * One person under a new id: an unknown id comes with the address of a person Together has, and who is missing from a complete read
 * or comes as a leaver. Whether it is the same person only HR knows, so the old id is not ended by it, and the new one is held back, or
 * takes the old one's place in Together (on_new_id).
 */

import { isAccepted } from '../../model/access.ts';
import type { Fault } from '../../model/person.ts';
import { Kind } from '../../people/person.ts';
import type { SetCheck } from './findings.ts';

/** What stands in lists and counts where a filter's name stands. */
export const oldId = 'an old id of a person who comes under a new one';

/** Who has an address in Together: `absent` do not come with it, `leavers` do. */
interface Owners {
  readonly absent: readonly string[];
  readonly leavers: readonly string[];
  /**
   * Who else may be the person: who leaves now with a row that has the address, though the body gives it up, who came with it before
   * and waits for it, and new ids that are left out.
   */
  readonly rowsOf: readonly string[];
}

/** `present`: people read with one address. True: this is one person under a new id. */
export function isNewId(check: SetCheck, present: readonly number[], { absent, leavers, rowsOf }: Owners): boolean {
  const { people, statusOf, newIds, movedFrom, leftOut } = check;
  const hasLeft = (id: string): boolean => {
    const person = people.find(id);
    return isAccepted(statusOf(id)) && (person < 0 ? check.complete : people.status(person) === 'T');
  };
  const isNew = (person: number) =>
    people.kind(person) === Kind.user &&
    people.status(person) !== 'T' &&
    !isAccepted(statusOf(people.id(person) as string));
  const come = present.filter(isNew);
  if (come.length === 0) return false;
  const others = [
    ...absent,
    ...present.filter((person) => !come.includes(person)).map((person) => people.id(person) as string),
  ];
  const gone = [...absent, ...leavers].filter(hasLeft);
  for (const id of gone) if (people.find(id) < 0) movedFrom.add(id);
  const [from] = gone;
  // Several whose rows have it: which of them is the person only HR knows.
  if (from === undefined || [...others, ...rowsOf].some((id) => id !== from) || come.length > 1) return false;
  newIds.set(come[0] as number, from);
  const before = people.find(from);
  if (before >= 0) leftOut.set(before, oldId);
  return true;
}

/** The new ids wait for a person who knows. */
export function holdNewIds({ people, newIds, conflicts }: SetCheck): void {
  for (const [person, from] of newIds) {
    const to = people.id(person) as string;
    const isRead = people.find(from) >= 0;
    const fault: Fault = {
      field: 'employeeId',
      code: 'new_id',
      value: `${from} now comes as ${to}`,
      message: `${from} now comes as ${to}: it has the e-mail address that Together has for employeeId ${from}, who ${isRead ? 'comes as a leaver' : 'is missing from this complete read'}. ${to} is held back, and ${from} is not ended.`,
      fix: 'If this is one person, set on_new_id to relink, or give the old id back in the HRIS. If these are two people, give each an address of their own, leavers too (leaver_email gives them one when their end is sent); of a person that the HRIS has no more, `target-together ledger forget ID` gives the address free.',
    };
    conflicts.set(person, [fault]);
  }
  newIds.clear();
}
