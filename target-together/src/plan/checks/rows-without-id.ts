/** A row without a usable id may be anyone: its address, where Together has it, names whose it probably is. */
import type { Fault } from '../../model/person.ts';
import { Kind, type People } from '../../people/person.ts';
import type { EmailOwners } from '../../state/email-owners.ts';
import { listed, shortened } from './findings.ts';

/** By position. */
export async function probableOwners(
  people: People,
  emails: Pick<EmailOwners, 'idsOf'>,
): Promise<ReadonlyMap<number, readonly Fault[]>> {
  const rows = new Map<number, number[]>();
  for (let person = 0; person < people.size; person++) {
    const hash = people.emailHash(person);
    if (hash === 0 || people.kind(person) !== Kind.invalid || people.id(person) !== undefined) continue;
    rows.set(hash, [...(rows.get(hash) ?? []), person]);
  }
  const notes = new Map<number, readonly Fault[]>();
  if (rows.size === 0) return notes;
  for (const [hash, ids] of await emails.idsOf(rows)) {
    for (const person of rows.get(hash) ?? []) notes.set(person, [faultOf(ids)]);
  }
  return notes;
}

const faultOf = (ids: readonly string[]): Fault => ({
  field: 'employeeId',
  code: 'row_without_id',
  value: `probably ${shortened(ids)}`,
  message: `The row has no usable id, and the e-mail address that Together has for ${listed('employeeId', ids)}: it is probably theirs.`,
  fix: 'Enter the id in the source. Until then no missing person is ended.',
});
