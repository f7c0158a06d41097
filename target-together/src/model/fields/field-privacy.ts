import type { RedactionLevel } from '../run-summary.ts';
import { fieldOf } from '../user-fields.ts';

/** Shown at every level: without ids a report leads to no record. */
const ids = new Set(['employeeId', 'supervisorId']);

const names = new Set(['firstName', 'middleName', 'lastName', 'preferredName']);

export type FieldClass = 'id' | 'organisational' | 'name' | 'personal' | 'sensitive';

/** How much a Together field says about a person. Custom fields (`hrisFields.*`) count as personal: they may hold anything. */
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
