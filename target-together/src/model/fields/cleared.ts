/** Fields that a change empties in Together though the HRIS only leaves them out: what Together shows beside them would be wrong. */
import type { TogetherUser } from '../person.ts';

/** Shown together: an old name beside a new id, an old address beside a new office. */
const pairs = [
  ['departmentId', 'departmentName'],
  ['officeId', 'officeAddress'],
  ['addressState', 'addressCountry'],
] as const;

/** `changed`: fields of the body that differ from what Together has. Whether Together has the others at all, the ledger says. */
export function clearedBeside(user: TogetherUser, changed: ReadonlySet<string>): string[] {
  const fields: string[] = [];
  // HRIS systems keep the last day on the row after a rehire; Together must not show it of a person who is there.
  if (user.employeeStatusCode !== 'T' && user['dateOfTermination'] === undefined) fields.push('dateOfTermination');
  for (const [one, other] of pairs) {
    if (changed.has(one) && user[other] === undefined) fields.push(other);
    if (changed.has(other) && user[one] === undefined) fields.push(one);
  }
  return fields;
}
