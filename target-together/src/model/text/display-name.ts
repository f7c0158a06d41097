import type { TogetherUser } from '../person.ts';

/** How reports and plan files name a person: the preferred name where there is one. undefined: the record has no name. */
export function displayName(user: TogetherUser): string | undefined {
  const name = [user['preferredName'] || user.firstName, user.lastName].filter(Boolean).join(' ');
  return name === '' ? undefined : name;
}

/** What else than the employeeId shows HR who a person is: for reports and for looking a person up. */
export interface PersonLabel {
  /** The employee number, where the source has one beside the employeeId. */
  readonly number?: string;
  /** Only of people who could not be mapped: the others have their name in what is sent. */
  readonly name?: string;
}

/** `id`: the employeeId, which may be the number itself. */
export function labelOf(
  record: Readonly<Record<string, unknown>>,
  { id, name }: { readonly id: string | undefined; readonly name?: string | undefined },
): PersonLabel | undefined {
  const number = numberOf(record);
  const own = number === id ? undefined : number;
  if (own === undefined && name === undefined) return undefined;
  return { ...(own !== undefined && { number: own }), ...(name !== undefined && { name }) };
}

/** The employee number of a record; undefined: it has none. A word without a digit is none: it may be a name, from a column that has moved. */
export function numberOf(record: Readonly<Record<string, unknown>>): string | undefined {
  const value = record['employeeNumber'] ?? record['employee_number'];
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return /\d/.test(text) ? text : undefined;
}
