/** What of a person a report may show. Every table passes here, so that no caller can show too much by mistake. */

import { fieldClass, showsValue } from '../model/fields/field-privacy.ts';
import type { Cause, RedactionLevel } from '../model/run-summary.ts';
import { fewest } from '../model/text/shown-value.ts';
import { isSharedDay } from '../model/user-fields.ts';
import type { FieldChange, PersonRow } from './model.ts';

/** A cause with the values that may be shown at any level. */
export function redactCause(cause: Cause): Cause {
  const kind = fieldClass(cause.field);
  const tells = kind === 'organisational' || isSharedDay(cause.field, cause.action);
  if (kind === 'id' || (tells && cause.people >= fewest)) return cause;
  return { ...cause, from: null, to: null };
}

function redactChange(change: FieldChange, level: RedactionLevel): FieldChange {
  if (change.sensitive !== true && showsValue(change.field, level)) return change;
  return change.sensitive === undefined
    ? { field: change.field }
    : { field: change.field, sensitive: change.sensitive };
}

/** A person as a level allows: `ids` leaves the id, the employee number, the reason, the outcome, and which fields changed. */
export function redactRow(row: PersonRow, level: RedactionLevel): PersonRow {
  const changes = row.changes?.map((change) => redactChange(change, level));
  return level === 'ids'
    ? { id: row.id, number: row.number, reason: row.reason, outcome: row.outcome, changes }
    : { ...row, changes };
}

export const levelText: Record<RedactionLevel, string> = {
  ids: 'ids only: no names, no values of single people',
  names: 'names, and values of the organization; no other personal values',
  full: 'all values except sensitive ones',
};
