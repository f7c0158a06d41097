/**
 * A source's mark of a person who is there, though this read says nothing of them that could be sent: the person stays as Together has it.
 * tap-ukg-pro fills `keepReason`; such a record may hold nothing else but its key.
 */

const field = 'keepReason';

/** What stands where the filter of an excluded person stands, in lists and counts. */
const texts: Readonly<Record<string, string>> = {
  no_employment: 'kept as before: no employment in this read',
  no_person_row: 'kept as before: no person row in this read',
  in_transfer: 'kept as before: in transfer between companies',
  out_of_scope: 'left out at the source',
};
const otherReason = 'kept as before: the source says so';

/** Undefined: the record carries no mark. */
export function keptAs(record: Readonly<Record<string, unknown>>): string | undefined {
  const reason = record[field];
  if (typeof reason !== 'string' || reason === '') return undefined;
  return Object.hasOwn(texts, reason) ? texts[reason] : otherReason;
}

/** Stands where a filter's name stands: the run is for other people. */
export const notNamed = 'not named by --only';

/** A person who is not sent before the first day. */
export const startsLater = 'starts later';

/** Whether an excluded person is kept because of a mark or a day, as opposed to being out of scope. */
export const isKept = (filter: string | undefined): boolean =>
  filter === startsLater || filter?.startsWith('kept as before') === true;
