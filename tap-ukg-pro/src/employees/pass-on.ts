/** People whose record is only the key and the reason why they are to be kept as before. */
import { cursorField, type KeepReason, keepField, keyField } from '../streams/employees.ts';
import type { PeopleRead } from './people-read.ts';

/** `changed`: when the rows that came changed last. */
export function passOn(
  { deps }: PeopleRead,
  employeeId: string,
  changed: unknown,
  reason: KeepReason,
): void | Promise<void> {
  return deps.emitRecord({ [keyField]: employeeId, [cursorField]: changed ?? null, [keepField]: reason });
}

/** A person left out by a filter or by `company_ids`: counted, and with `mark_left_out` passed on as such. */
export function leaveOut(read: PeopleRead, employeeId: string, changed: unknown, filter: string): void | Promise<void> {
  read.notes.leftOutBy(filter);
  return read.deps.settings.mark_left_out ? passOn(read, employeeId, changed, 'out_of_scope') : undefined;
}
