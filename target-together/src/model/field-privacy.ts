import type { RedactionLevel } from './run-summary.ts';
import { fieldOf } from './user-fields.ts';

/** Ids: shown at every level, or nobody could act on a report. */
const ids = new Set(['employeeId', 'supervisorId']);

const names = new Set(['firstName', 'middleName', 'lastName', 'preferredName']);

export type FieldClass = 'id' | 'organisational' | 'name' | 'personal' | 'sensitive';

/** How much a Together field tells of a person. Custom fields (`hrisFields.*`) count as personal: nobody knows what they hold. */
export function fieldClass(field: string): FieldClass {
  const known = fieldOf(field);
  if (known?.sensitive === true) return 'sensitive';
  if (ids.has(field)) return 'id';
  if (names.has(field)) return 'name';
  return known?.organisational === true ? 'organisational' : 'personal';
}

/** Whether one person's value of a field may be shown at a level. */
export function showsValue(field: string, level: RedactionLevel): boolean {
  switch (fieldClass(field)) {
    case 'id':
      return true;
    case 'sensitive':
      return false;
    case 'organisational':
    case 'name':
      return level !== 'ids';
    case 'personal':
      return level === 'full';
  }
}
