/** What was put right or noticed in values on their way, in HR's language: the people are sent all the same. */
import type { RemarkCode } from '../model/person.ts';
import { type FaultText, fieldLabel } from './fault-text.ts';

export function remarkText(code: RemarkCode, field: string): FaultText {
  const name = fieldLabel(field);
  switch (code) {
    case 'no_date':
      return {
        title: `The ${name} is a day that stands for none (1900-01-01, 9999-12-31 …), and is taken as empty`,
        settings: `if such a day is meant, say in mapping.fields.${field}.empty_dates which days stand for none.`,
      };
    case 'format_characters':
      return {
        title: `Invisible characters were taken out of the ${name}`,
        source: 'enter it again: it was copied together with characters that are not seen.',
      };
    case 'html_entity':
      return {
        title: `The ${name} holds HTML (&amp;, &#39;) instead of the characters themselves`,
        source: 'correct the form or export that the text comes from: Together shows it as it comes.',
      };
    case 'encoded_twice':
      return {
        title: `The ${name} is encoded twice (Ã¼ for ü)`,
        source: 'read and write the export as UTF-8: Together shows it as it comes.',
      };
    case 'direction_marks':
      return {
        title: `The ${name} holds marks that turn the direction of writing`,
        source: 'enter it again: what is seen is not what the text says.',
      };
    case 'blank_row':
      return {
        title: 'Rows that hold nothing are skipped',
        source: 'delete the empty lines, if you like: they hold no person.',
      };
    case 'not_a_json_number':
      return {
        title: 'Values that are no numbers (NaN, Infinity) are taken as empty',
        source: 'find out where the source computes them: the tap writes what JSON does not have.',
      };
  }
}
