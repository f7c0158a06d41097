/** What Together's list says of what was accepted, as text: numbers, field names and ids. */

import type { FieldTally, Verification } from '../../model/fields/verification.ts';
import { people, plural } from '../../model/text/number-text.ts';

const shownIds = 10;

const named = (ids: readonly string[], of: number): string =>
  `${ids.slice(0, shownIds).join(', ')}${of > shownIds ? ` and ${of - shownIds} more` : ''}`;

const group = (what: string, { people: count, ids }: Verification['ended']): string[] =>
  count === 0 ? [] : [`${people(count)} ${what}: employeeId ${named(ids, count)}`];

/** `target-together verify`. */
export function verifyLines(found: Verification): string[] {
  return [
    `${plural(found.listed, 'user')} on Together's list, ${people(found.people)} accepted from here`,
    `  confirmed  ${found.confirmed}`,
    `  different  ${found.different}`,
    `  absent     ${found.absent}${pageNote(found)}`,
    ...pageLines(found),
    ...terminatedNote(found),
    '',
    'By field, of the people listed',
    ...found.fields.map(fieldLine),
    ...(found.changed.length > 0 ? ['', 'Different', ...changedLines(found)] : []),
    ...group('absent from the list', { people: found.absent, ids: found.absent_ids }),
  ];
}

/** `target-together drift`. */
export function driftLines(found: Verification): string[] {
  const lines = [
    ...(found.changed.length > 0
      ? [`${people(found.different)} changed in Together since the last delivery`, ...changedLines(found)]
      : []),
    ...group('ended in Together by hand', found.ended),
    ...group('revived in Together by hand', found.revived),
    ...group('in Together and in no complete read', found.outside),
    ...group(`absent from Together's list${pageNote(found)}`, { people: found.absent, ids: found.absent_ids }),
    ...pageLines(found),
    ...found.left.map(({ field, people: count }) => `${people(count)} with another ${field}, left as it is (on_drift)`),
  ];
  const unclear = found.fields.filter(({ verdict }) => verdict !== 'compared').map(fieldLine);
  return [
    ...(lines.length > 0 ? lines : ['Together holds what it accepted: nothing was changed there']),
    ...(unclear.length > 0 ? ['', 'Not compared', ...unclear] : []),
  ];
}

const changedLines = (found: Verification): string[] => [
  ...found.changed.slice(0, shownIds).map(({ id, fields }) => `  ${id}  ${fields.join(', ')}`),
  ...(found.different > shownIds ? [`  and ${found.different - shownIds} more (--format json names a thousand)`] : []),
];

const pageNote = ({ absent, may_be_a_page: page }: Verification): string =>
  absent > 0 && page ? ' (the list may be one page of several)' : '';

const pageLines = ({ not_on_page: count }: Verification): string[] =>
  count === 0
    ? []
    : [`  ${people(count)} not on this list, which will be a part of all users: nothing is said of them`];

const terminatedNote = ({ not_listed_terminated: count }: Verification): string[] =>
  count === 0 ? [] : [`  ${people(count)} terminated, and the list has no terminated users: nothing to compare`];

const notSetUp = (field: string) => `${field} is not set up in Together: ask your contact`;

function fieldLine({ field, verdict, confirmed, different, absent }: FieldTally): string {
  const counts = `${confirmed} confirmed, ${different} different, ${absent} absent`;
  switch (verdict) {
    case 'compared':
      return `  ${field}: ${counts}`;
    case 'not_comparable':
      return `  ${field}: not comparable, Together keeps it in another form (${people(different + absent)}, none as sent)`;
    case 'not_set_up':
      return `  ${notSetUp(field)} (accepted for ${people(absent)}, listed for none)`;
    case 'not_listed':
      return field.startsWith('hrisFields.')
        ? `  ${notSetUp(field)} (accepted for ${people(absent)}; the list has no custom field of anybody, so it may show none)`
        : `  ${field}: not on Together's list`;
  }
}
