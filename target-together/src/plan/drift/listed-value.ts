/** Whether a value that Together lists is the one that was accepted, of which only a keyed hash is kept. */

const isBlankText = (value: unknown) => typeof value === 'string' && value.trim() === '';

export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || isBlankText(value) || (Array.isArray(value) && value.length === 0);

/** Ways in which the same value may have been sent: an instant may come back as a day, a number or a flag as text. */
export function* spellings(field: string, value: unknown): Generator<unknown> {
  yield value;
  if (typeof value === 'number' || typeof value === 'boolean') yield String(value);
  if (typeof value !== 'string') return;
  if (field === 'employeeStatusCode') yield value.slice(0, 1).toUpperCase();
  if (/^\d{4}-\d\d-\d\d(?:$|[T ])/.test(value)) {
    const instant = new Date(value);
    if (!Number.isNaN(instant.getTime())) yield instant.toISOString();
  }
  if (value === 'true' || value === 'false') yield value === 'true';
  if (value !== '' && String(Number(value)) === value) yield Number(value);
}
