import { visible } from './visible.ts';

/** A foreign name (stream, field, flag) as it may stand in a message: quoted, one line, of bounded length. */
export function show(name: unknown): string {
  // An object may have a toString that is no function.
  const text = typeof name === 'string' ? name : typeof name === 'object' && name !== null ? '{…}' : String(name);
  return visible(JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text));
}

/** `1 record`, `2 records`; `counted(1, 'person', 'people')`. Whole numbers, as they stand in a log. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
