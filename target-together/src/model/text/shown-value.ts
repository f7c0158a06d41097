/** Which values of records may be shown at any level, and how the others are shown: by length and kind. */
import { counted } from '@ukg-together/kit/text/show';
import type { Fault } from '../person.ts';
import { isPairFault } from '../run-summary.ts';

/** A value that fewer people share identifies them. */
export const fewest = 3;

export function kindOfValue(text: string): string {
  const kind = /^\p{L}+$/u.test(text) ? 'letter' : /^\d+$/.test(text) ? 'digit' : 'character';
  return `(${counted(Array.from(text).length, kind)}, not shown)`;
}

/** Of what `kindOfValue` and the mapping say in place of a value. */
export const isHidden = (shown: string): boolean => /^\(\d+ [a-z]+, not shown\)$/.test(shown);

/** Their `value` is what the program says: a way of writing, a rule of the schema, an id. All others may hold a value of a record. */
const ownWords: ReadonlySet<string> = new Set(['date_format', 'number_format', 'schema_violation']);

/** Whether the text of the fault holds a value of the record. */
export const holdsCode = ({ code, value }: Pick<Fault, 'code' | 'value'>): boolean =>
  value !== undefined && !ownWords.has(code) && !isPairFault(code);

/** The fault with the kind of its code in place of the code; all else of a fault is no value of a record. */
export function withoutCode(fault: Fault): Fault {
  const { value, message } = fault;
  if (value === undefined || !holdsCode(fault)) return fault;
  const words = ': not shown, since few people share it';
  return {
    ...fault,
    value: isHidden(value) ? value : kindOfValue(value),
    message: message.replace(`: "${value}"`, () => words),
  };
}
