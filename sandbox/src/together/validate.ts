/** What Together takes for a user. */
import type { Fields } from './store.ts';

export interface FieldFault {
  readonly field: string;
  readonly message: string;
}
/** UNVERIFIED: what `null` and `""` do to a stored field is not documented; the guide's own sample sends `""`. */
export type Blank = 'clear' | 'ignore' | 'store' | 'reject';
export interface Rules {
  readonly nullMeans: Blank;
  readonly emptyMeans: Blank;
  /** Fields that are in no documentation: taken and dropped, or refused. */
  readonly unknownFields: 'ignore' | 'reject';
  /** Whether a user without employeeId is refused; where not, each such call may create another record. */
  readonly requireEmployeeId: boolean;
}

export const REQUIRED = ['employeeId', 'firstName', 'lastName', 'email', 'employeeStatusCode'] as const;
const TEXTS = new Set(
  'employeeId supervisorId firstName lastName middleName preferredName email employeeStatusCode employeeTypeCode fullTimeOrPartTimeCode title departmentId departmentName officeId officeAddress addressState addressCountry gender'.split(
    ' ',
  ),
);
const DATES = new Set(
  'originalHireDate lastHireDate dateOfSeniority dateInJob dateOfTermination dateOfBirth lastUpdated'.split(' '),
);

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const match = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.exec(value);
  if (!match || Number.isNaN(Date.parse(value))) return false;
  return new Date(value).getUTCDate() === Number(match[3]); // no 31 February
}

function faultOf(name: string, value: unknown): string | undefined {
  if (name === 'email')
    return typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(value) ? undefined : 'must be a valid email';
  if (name === 'employeeStatusCode')
    return value === 'A' || value === 'L' || value === 'T' ? undefined : 'must be one of A, L, T';
  if (TEXTS.has(name)) return typeof value === 'string' ? undefined : 'must be a string';
  if (DATES.has(name)) return isInstant(value) ? undefined : 'must be an ISO 8601 datetime';
  if (name === 'remote') return typeof value === 'boolean' ? undefined : 'must be a boolean';
  if (name === 'alternateEmails')
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? undefined
      : 'must be an array of strings';
  if (name.startsWith('hrisFields.'))
    return typeof value === 'object' && !Array.isArray(value) ? 'must not be an object' : undefined;
  return undefined;
}
const known = (name: string): boolean =>
  TEXTS.has(name) ||
  DATES.has(name) ||
  name === 'remote' ||
  name === 'alternateEmails' ||
  name.startsWith('hrisFields.');

/**
 * Checks one user as sent. `fields` is what to write: undefined values clear. `creating` says whether the required fields must
 * all be there.
 */
export function validate(
  sent: unknown,
  creating: boolean,
  rules: Rules,
): { fields: Fields; faults: FieldFault[]; unknown: string[] } {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    return { fields: {}, faults: [{ field: '', message: 'must be an object' }], unknown: [] };
  const fields: Fields = {};
  const faults: FieldFault[] = [];
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(sent)) {
    const blank = value === null ? rules.nullMeans : value === '' ? rules.emptyMeans : undefined;
    const required = (REQUIRED as readonly string[]).includes(name);
    if (!known(name)) {
      unknown.push(name);
      if (rules.unknownFields === 'reject') faults.push({ field: name, message: 'is not allowed' });
    } else if (blank !== undefined) {
      if (required) faults.push({ field: name, message: 'is required' });
      else if (blank === 'reject') faults.push({ field: name, message: 'must not be blank' });
      else if (blank === 'clear') fields[name] = undefined;
      else if (blank === 'store') fields[name] = value;
    } else {
      const fault = faultOf(name, value);
      if (fault) faults.push({ field: name, message: fault });
      else fields[name] = value;
    }
  }
  if (creating) {
    for (const field of REQUIRED) {
      if (field === 'employeeId' && !rules.requireEmployeeId) continue;
      if (!(field in fields) && !faults.some((fault) => fault.field === field))
        faults.push({ field, message: 'is required' });
    }
  }
  return { fields, faults, unknown };
}
