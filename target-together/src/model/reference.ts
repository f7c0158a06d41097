/** What a source names a manager by, where an employeeId should be. The text itself may be personal: only its kind may be shown. */
export type ReferenceKind = 'id' | 'address' | 'name';

export function referenceKind(reference: string): ReferenceKind {
  if (reference.includes('@')) return 'address';
  return /[\s,]/.test(reference) ? 'name' : 'id';
}

const shown = { address: '(an e-mail address)', name: '(no id)' } as const;

/** An id as it is; in place of all else its kind. One word that is the id of no one known may be a name, or a login made of one. */
export function shownReference(reference: string, isKnown: boolean): string {
  const kind = referenceKind(reference);
  return kind === 'id' && (isKnown || /\d/.test(reference)) ? reference : shown[kind === 'address' ? kind : 'name'];
}

/** Whether it may be an id of the source that gives its people ids like `own`: where those hold digits, a word without one is none. */
export const mayBeId = (reference: string, own: string): boolean =>
  referenceKind(reference) === 'id' && (/\d/.test(reference) || !/\d/.test(own));

/** One spelling of a number: `1001.0` and `001001` are 1001. Other texts stay as they are. */
export const plainNumber = (text: string): string =>
  /^\d+([.,]0+)?$/.test(text) ? text.replace(/[.,]0+$/, '').replace(/^0+(?=\d)/, '') : text;

/** `Ida Moor <ida@example.com>` and `mailto:` as the address alone. */
export const plainAddress = (text: string): string =>
  text
    .replace(/^.*<([^<>]*)>\s*$/, '$1')
    .replace(/^mailto:/i, '')
    .trim();
