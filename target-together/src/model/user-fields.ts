/** What a Together user consists of, said once: types, required and sensitive fields. */

/** How a value is converted and checked on its way into a field. */
export const valueTypes = [
  'string',
  'id',
  'email',
  'email_list',
  'list',
  'status',
  'code',
  'country',
  'subdivision',
  'date',
  'datetime',
  'boolean',
  'number',
  'any',
] as const;
export type ValueType = (typeof valueTypes)[number];

export interface UserField {
  readonly name: string;
  readonly type: ValueType;
  /** Together's data specification asks for it on every user. */
  readonly required?: true;
  /** Sent only when listed in `sensitive_fields`. */
  readonly sensitive?: true;
  /** Describes the organization, not the person: reports may show its values. */
  readonly organisational?: true;
  readonly description: string;
}

/**
 * Source: Together's User API guide (names, forms of values) and User Directory Data Spec (required fields).
 * The order is the order on the wire.
 */
export const userFields: readonly UserField[] = [
  {
    name: 'employeeId',
    type: 'id',
    required: true,
    description: 'Globally unique in the organization; the key people are matched by.',
  },
  { name: 'supervisorId', type: 'id', description: "The supervisor's employeeId." },
  {
    name: 'employeeStatusCode',
    type: 'status',
    required: true,
    organisational: true,
    description: 'A active, L on leave, T terminated: decides access.',
  },
  {
    name: 'email',
    type: 'email',
    required: true,
    description: "The address licensed on the company's mail server; unique.",
  },
  { name: 'firstName', type: 'string', required: true, description: 'Shown to users.' },
  { name: 'middleName', type: 'string', description: 'Shown to users.' },
  { name: 'lastName', type: 'string', required: true, description: 'Shown to users.' },
  { name: 'preferredName', type: 'string', description: 'Shown to users.' },
  { name: 'alternateEmails', type: 'email_list', description: 'Further addresses, unique; used after mergers.' },
  { name: 'title', type: 'string', organisational: true, description: 'Job title.' },
  { name: 'departmentId', type: 'string', organisational: true, description: 'Code of the department.' },
  { name: 'departmentName', type: 'string', organisational: true, description: 'Shown to users.' },
  { name: 'officeId', type: 'string', organisational: true, description: 'Code of the office.' },
  { name: 'officeAddress', type: 'string', organisational: true, description: 'Address of the office on one line.' },
  { name: 'addressCountry', type: 'country', organisational: true, description: 'ISO 3166-1 alpha-2, as in CA.' },
  {
    name: 'addressState',
    type: 'subdivision',
    organisational: true,
    description: 'ISO 3166-2 without the country, as in ON.',
  },
  { name: 'employeeTypeCode', type: 'code', organisational: true, description: 'As in C.' },
  { name: 'fullTimeOrPartTimeCode', type: 'code', organisational: true, description: 'As in F.' },
  { name: 'originalHireDate', type: 'date', description: 'First day with the company.' },
  { name: 'lastHireDate', type: 'date', description: 'First day of the present employment.' },
  { name: 'dateInJob', type: 'date', description: 'When the current role began.' },
  { name: 'dateOfSeniority', type: 'date', description: 'The date of the last promotion.' },
  { name: 'dateOfTermination', type: 'date', description: 'For reporting; access follows employeeStatusCode.' },
  { name: 'dateOfBirth', type: 'date', sensitive: true, description: 'Used for pairing only.' },
  { name: 'gender', type: 'code', sensitive: true, description: 'Used for pairing only.' },
  { name: 'remote', type: 'boolean', organisational: true, description: 'Whether the person works remotely.' },
  { name: 'lastUpdated', type: 'datetime', description: 'When the record last changed in the HRIS.' },
];

export const userField: ReadonlyMap<string, UserField> = new Map(userFields.map((field) => [field.name, field]));
export const requiredFields: readonly string[] = userFields
  .filter((field) => field.required)
  .map((field) => field.name);
export const hrisPrefix = 'hrisFields.';

/** The field's entry; every `hrisFields.<key>` has one too. */
export function fieldOf(name: string): UserField | undefined {
  if (!name.startsWith(hrisPrefix)) return userField.get(name);
  return {
    name,
    type: 'any',
    description: 'Custom field; its key must be set up on the organization in Together first.',
  };
}

export interface ChangedField {
  readonly field: string;
  /** Stands for the old value: its hash in the ledger. Undefined: the field was not there before. */
  readonly fromKey: string | undefined;
  /** The old value, where it is known. */
  readonly from: string | undefined;
  /** Empty: cleared. Undefined: the field is not sent any more. */
  readonly to: string | undefined;
  /** Emptied beside the body, which does not say so. */
  readonly beside?: true;
}

/** A value as reports and the plan show it; empty: cleared. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);

export const isOrganisational = (field: string): boolean => fieldOf(field)?.organisational === true;

/** The day that many leave or start on says something of the company, as a sale of a plant does: shown where several share it. */
export const isSharedDay = (field: string, action: string): boolean =>
  (field === 'dateOfTermination' && action === 'leave') || (field === 'lastHireDate' && action === 'join');

/** Ids of people: no property of theirs, and shown at every level. */
export const isReference = (field: string): boolean => field === 'supervisorId';
