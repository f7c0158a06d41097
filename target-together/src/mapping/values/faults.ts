/** What can be wrong with one person's record: the sentences for HR, in one place. Never a personal value. */
import type { Fault } from '../../model/person.ts';

/** A value that could not become what its field needs. `value` only for codes. */
export interface Problem {
  readonly problem: ProblemCode;
  readonly value?: string;
}

const sentences = {
  missing: ['is empty, and Together requires it.', 'Fill it in the HRIS, or map another field to it.'],
  unknown_code: [
    'holds a code that the mapping does not know',
    'Add the code to the lookup of this field in the mapping, or correct it in the HRIS.',
  ],
  unknown_status: [
    'holds a status that the mapping does not know',
    'Say in mapping.fields.employeeStatusCode.lookup whether it means A, L or T; it is never guessed.',
  ],
  unknown_country: ['is no ISO 3166 country', 'Correct it in the HRIS, or translate it with a lookup in the mapping.'],
  unknown_subdivision: [
    "is no ISO 3166-2 subdivision of the person's country",
    'Correct it in the HRIS, or translate it with a lookup in the mapping.',
  ],
  date_format: [
    'holds a date that is written another way',
    'Set format on this field in the mapping to what stands in the message (several, if several are in use).',
  ],
  number_format: [
    'holds a number that is written another way',
    'Set format on this field in the mapping to what stands in the message.',
  ],
  not_a_date: [
    'is no calendar date.',
    'Dates must be written like 2019-01-31; for another way of writing, set format on this field in the mapping.',
  ],
  not_a_datetime: [
    'is no date-time.',
    'Date-times must be written like 2019-01-31T08:30:00Z; for another way of writing, set format on this field in the mapping.',
  ],
  not_a_boolean: ['is neither yes nor no', 'Add the word to true_values or false_values of this field in the mapping.'],
  not_a_number: ['is no number.', 'Correct it in the HRIS, or map it as text (type: string).'],
  not_an_email: ['is no e-mail address.', 'Correct the address in the HRIS.'],
  not_text: ['is a list or an object, not one value.', 'Point the path at one value inside it, e.g. [0] or .name.'],
  not_a_list: ['is an object, not a list of values.', 'Point the path at the values inside it, e.g. [*].value.'],
  spreadsheet_number: [
    'is a number as a spreadsheet writes it (1001.0, 1E+05): the id has been changed on its way.',
    'Give the column the format Text in the spreadsheet, enter the ids anew, and export it again.',
  ],
  spreadsheet_error: [
    'is the error of a formula in a spreadsheet (#REF!, #N/A).',
    'Correct the formula in the spreadsheet, or enter the id itself.',
  ],
  placeholder_id: [
    'is a word that stands for no id (N/A, none, null, true).',
    'Enter the id, leave the cell empty, or map another field.',
  ],
  stray_characters: [
    'holds control characters, invisible characters or broken text.',
    "Correct it in the HRIS: an identifier is not repaired, since it could become another person's.",
  ],
  imprecise_number: ['is a number too large to be exact.', 'Let the source send this identifier as text.'],
  too_long: ['is far too long for a field of a person.', 'Point the path at the right field.'],
  expression_failed: [
    'could not be worked out: the expression failed on this record',
    "Test the expression of this field with target-together explain and this person's id.",
  ],
  schema_violation: [
    'does not fit the SCHEMA that the source sent',
    'Correct the source, or set validate_records to false.',
  ],
} as const;
export type ProblemCode = keyof typeof sentences;
export const problemCodes = Object.keys(sentences) as ProblemCode[];

export function faultOf(field: string, problem: Problem, source?: string): Fault {
  const [sentence, fix] = sentences[problem.problem];
  const value = problem.value === undefined ? '' : `: "${problem.value}"`;
  return {
    field,
    code: problem.problem,
    ...(source === undefined ? {} : { source }),
    ...(problem.value === undefined ? {} : { value: problem.value }),
    message: `${field} ${sentence}${sentence.endsWith('.') ? '' : `${value}.`}`,
    fix,
  };
}

/** Something wrong with the mapping itself, found before any record is read. */
export interface MappingFault {
  /** Where, as in `mapping.fields.email.from`. */
  readonly path: string;
  readonly message: string;
  /** Set where callers must distinguish a fault from others. */
  readonly code?: 'required_unmapped';
}
