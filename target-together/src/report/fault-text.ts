/** What can be wrong with people's records, in HR's language: what it is, and where to correct it. */
import { isHidden } from '../model/text/shown-value.ts';
import { fieldOf } from '../model/user-fields.ts';

/** Preset → the system's usual name. */
const systems: Readonly<Record<string, string>> = {
  'ukg-pro': 'UKG',
  'ukg-ready': 'UKG Ready',
  adp: 'ADP',
  bamboohr: 'BambooHR',
  dayforce: 'Dayforce',
  hibob: 'HiBob',
  paylocity: 'Paylocity',
  personio: 'Personio',
  'workday-report': 'Workday',
  zenefits: 'Zenefits',
};

export const systemName = (preset: string | null | undefined): string => systems[preset ?? ''] ?? 'the HRIS';

const fieldNames: Readonly<Record<string, string>> = {
  employeeId: 'employee id',
  supervisorId: 'supervisor',
  employeeStatusCode: 'status',
  email: 'work e-mail address',
  firstName: 'first name',
  middleName: 'middle name',
  lastName: 'last name',
  preferredName: 'preferred name',
  alternateEmails: 'further e-mail address',
  title: 'job title',
  departmentId: 'department code',
  departmentName: 'department',
  officeId: 'office code',
  officeAddress: 'office address',
  addressCountry: 'country',
  addressState: 'state or province',
  employeeTypeCode: 'employee type',
  fullTimeOrPartTimeCode: 'full-time or part-time code',
  originalHireDate: 'original hire date',
  lastHireDate: 'last hire date',
  dateInJob: 'date in job',
  dateOfSeniority: 'date of the last promotion',
  dateOfTermination: 'termination date',
  dateOfBirth: 'date of birth',
  gender: 'gender',
};

/** A Together field as HR says it; custom fields by their key. */
export const fieldLabel = (field: string): string => fieldNames[field] ?? fieldOf(field)?.name ?? field;

/** `departmentId → departmentName`: one code that comes with several names. Else: one value in several spellings. */
export function spellingLabel(field: string): string {
  const [code = field, name] = field.split(' → ');
  return name === undefined
    ? `one ${fieldLabel(code)} in several spellings`
    : `one ${fieldLabel(code)} with several names`;
}

/** What stands for a value is no quotation. */
export const quoted = (value: string): string => (isHidden(value) ? value : `“${value}”`);

export interface FaultText {
  readonly title: string;
  /** What to do at the source; absent: only the settings can correct it. */
  readonly source?: string;
  /** What to do, where there is one line for all. */
  readonly fix?: string;
  /** What an administrator of the settings can do. */
  readonly settings?: string;
}

/** Faults of two people at once, worded alike for all. */
const pairFaults: Readonly<Record<string, FaultText>> = {
  duplicate_email: {
    title: 'The same e-mail address as another person',
    fix: 'give each an address of their own, leavers too (leaver_email gives them one when their end is sent)',
    source:
      'give each person an address of their own, people who have left too: Together keeps an address that is emptied, and would merge the two into one.',
    settings: 'leaver_email gives leavers another address when their end is sent.',
  },
  second_id: {
    title: 'A second id that ended before Together had it, left out',
    source: 'nothing has to be done, if both ids are of one person.',
  },
  new_id: {
    title: 'A person that Together has comes under a new id, held back',
    fix: 'set on_new_id to relink, if each pair is one person; else give each an address of their own, leavers too (leaver_email gives them one when their end is sent)',
    source: 'if these are two people, give each an address of their own, people who have left too.',
    settings: 'on_new_id: relink gives the record in Together the new id, if these are one person.',
  },
  row_without_id: {
    title: 'A row without a usable id has the e-mail address of a person that Together has',
    fix: 'enter the id at the source; until then no missing person is ended',
    source: 'enter the id: until then no missing person is ended.',
  },
  address_in_together: {
    title: 'Together has the e-mail address under another id, and will make that record this person',
    fix: 'if a pair is two people, give one of them another address before the first run',
    source: 'if these are two people, give one of them another address.',
  },
  two_records_in_together: {
    title: 'Two records in Together, one by employeeId and one by e-mail address',
    fix: 'ask Together support to merge them; if a pair is two people, correct the address',
    source: 'if these are two people, correct the address.',
    settings: 'ask Together support to merge the two records.',
  },
  duplicate_employee_id: {
    title: 'One employee id on several rows that differ',
    fix: 'give each person an id of their own; of several rows of one person have filters pick one',
    source: 'give each person an id of their own.',
    settings: 'map employeeId from a field that is unique, or have filters pick one row of each person.',
  },
};

/** undefined: the fault's own message and fix say it best. */
export function faultText(code: string, field: string, value: string | undefined): FaultText | undefined {
  const pair = pairFaults[code];
  if (pair) return pair;
  const name = fieldLabel(field);
  const named = value === undefined ? '' : ` ${quoted(value)}`;
  switch (code) {
    case 'missing':
      return { title: `No ${name}`, source: `enter the ${name}.`, settings: `map another field to ${field}.` };
    case 'not_an_email':
      return { title: `The ${name} is not a valid address`, source: 'correct the address.' };
    case 'clear_refused':
      return {
        title: `Together refuses to empty the ${name}, and shows the old one`,
        settings: 'set clear_with to the other way of emptying a field; or empty it in Together.',
      };
    case 'unknown_status':
      return {
        title: `The status${named} is not known`,
        source: 'correct the status, if it is a mistake.',
        settings:
          'say in mapping.fields.employeeStatusCode.lookup whether it means A (active), L (on leave) or T (has left). It is never guessed.',
      };
    case 'unknown_code':
      return {
        title: `The ${name}${named} is not known`,
        source: 'correct the code, if it is a mistake.',
        settings: `add it to mapping.fields.${field}.lookup. It is never guessed.`,
      };
    case 'unknown_country':
      return {
        title: `The country${named} is not known`,
        source: 'choose a country of ISO 3166.',
        settings: `translate it with mapping.fields.${field}.lookup.`,
      };
    case 'unknown_subdivision':
      return {
        title: `The ${name}${named} is none of the person’s country`,
        source: 'correct the state or the country.',
        settings: `translate it with mapping.fields.${field}.lookup.`,
      };
    case 'not_a_date':
    case 'not_a_datetime':
      return {
        title: `The ${name} is not a date`,
        source: 'correct the date.',
        settings: `set format in mapping.fields.${field}, if dates are written another way.`,
      };
    case 'date_format':
      return {
        title: `The ${name} is written another way${named}`,
        settings: `set format in mapping.fields.${field} to ${value ?? 'how it is written'}; a list, if several ways are in use.`,
      };
    case 'number_format':
      return {
        title: `The ${name} is written another way${named}`,
        settings: `set format in mapping.fields.${field} to ${value ?? 'how it is written'}.`,
      };
    default:
      return idText(code, name);
  }
}

/** Ids that a spreadsheet or a word stands in for. */
function idText(code: string, name: string): FaultText | undefined {
  switch (code) {
    case 'spreadsheet_number':
      return {
        title: `The ${name} is a number as a spreadsheet writes it (1001.0, 1E+05)`,
        source:
          'give the column the format Text, enter the ids again and export them again: the digits are changed, or lost.',
      };
    case 'spreadsheet_error':
      return {
        title: `The ${name} is the error of a formula (#REF!, #N/A)`,
        source: 'correct the formula in the spreadsheet, or enter the id itself.',
      };
    case 'placeholder_id':
      return {
        title: `The ${name} is a word that stands for no id (N/A, none)`,
        source: 'enter the id, or leave the cell empty.',
      };
    case 'stray_characters':
      return {
        title: `The ${name} holds broken characters`,
        source: 'enter it again. An id is not repaired: it could become another person’s.',
      };
    default:
      return undefined;
  }
}
