/**
 * Ids that came through a spreadsheet, or stand for none: sent as they are, they would become a person of their own, or several people one.
 * A row of the table is a kind, by the text as it came, without outer blanks.
 */
import type { ProblemCode } from './faults.ts';

interface Kind {
  readonly code: ProblemCode;
  readonly text: RegExp;
  readonly reason: string;
}

const kinds: readonly Kind[] = [
  {
    code: 'spreadsheet_number',
    text: /^[+-]?\d+[.,]0+$/,
    reason: 'the column holds numbers, and the export writes their decimals: 1001.0 for 1001, 1.0000000000',
  },
  {
    code: 'spreadsheet_number',
    text: /^[+-]?\d+([.,]\d+)?E[+-]\d+$/i,
    reason:
      'twelve digits and more are shown in powers of ten, and a text such as 1E5 is read as one: the digits are lost',
  },
  {
    code: 'spreadsheet_error',
    // In the language of the spreadsheet: #BEZUG!, #¡REF!, #VALEUR!, #N/D.
    text: /^#([\p{L}¡¿][\p{L}\d/¡¿ ]*[!?]|N\/[AD]|NV|NB|GETTING_DATA|#*)$/iu,
    reason: 'a look-up has found nothing, or the column is too narrow (####)',
  },
  {
    code: 'placeholder_id',
    text: /^(n\/?a|n\.a\.|none|null|nil|nan|nat|undefined|unknown|tbd|tba|keine?|aucune?|[-–—?.]+)$/i,
    reason: 'a word is typed, or written by a program, where there is no id',
  },
  {
    code: 'placeholder_id',
    text: /^(true|false)$/i,
    reason: 'the mapping names a column of yes and no: all people would be two',
  },
];

/** Letters and digits, one digit at least, as nearly every id is: no row of the table is so written. */
const usual = /^[a-z]*\d[a-z\d]*$/i;

/** What is wrong with the id; undefined: nothing. */
export const spreadsheetFault = (id: string): ProblemCode | undefined =>
  usual.test(id) ? undefined : kinds.find(({ text }) => text.test(id))?.code;
