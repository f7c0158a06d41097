export interface Settlement {
  readonly employeeId: string;
  /** The body as it was sent. */
  readonly json: string;
  /** Fields that were emptied beside it. */
  readonly cleared?: readonly string[] | undefined;
  /** The id that this one takes the place of: forgotten in the same append. */
  readonly movedFrom?: string | undefined;
  /** HTTP status of a refusal; undefined: accepted. */
  readonly refusedStatus: number | undefined;
}

export function statusLetter(sent: unknown, before: string): string {
  if (sent === undefined) return before === '' ? '?' : before;
  const letter = typeof sent === 'string' ? sent.slice(0, 1) : '';
  return letter !== '' && letter > '\0' && letter <= '\u00ff' ? letter : '?';
}
