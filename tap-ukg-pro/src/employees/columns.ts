/** Which columns of person and employment rows a selection needs. */
import { parseFields } from '../streams/define.ts';
import { cursorField, type EmployeeField, employeeFields, keepField, keyField } from '../streams/employees.ts';
import { neededOfEmployment } from './join.ts';

const timestampFields = parseFields('dateTimeChanged t, dateTimeCreated t', new Set(), false);
const idField = parseFields('employeeId s', new Set(['employeeId']), false);
/** Read from the person row and overwritten by the join, or hidden. */
const companyField = parseFields('companyId s', new Set(), false);

const fieldsOf = (source: EmployeeField['source'], names: ReadonlySet<string>) =>
  employeeFields.filter((field) => field.source === source && names.has(field.name));

/** What is kept of an employment row: what is wanted and what the join needs. */
export function employmentFields(wanted: ReadonlySet<string>) {
  return [...idField, ...fieldsOf('employment', new Set([...neededOfEmployment, ...wanted])), ...timestampFields];
}

/** What is read of a person row. */
export function personFields(wanted: ReadonlySet<string>) {
  return [...fieldsOf('person', wanted), ...companyField, ...timestampFields];
}

/** Names that the join fills in: a record has them from the start. */
export function roomNames(wanted: ReadonlySet<string>): string[] {
  const others = employeeFields.filter(({ name, source }) => source !== 'person' && wanted.has(name));
  return others
    .map(({ name }) => name)
    .filter((name) => name !== 'companyId' && name !== cursorField && name !== keepField);
}

/** What the join needs and was not selected. */
export function hiddenFields(wanted: ReadonlySet<string>, selected: ReadonlySet<string>): string[] {
  const names = new Set([...wanted, 'companyId', 'dateTimeCreated']);
  return [...names].filter((name) => !selected.has(name) && name !== keyField && name !== cursorField);
}
