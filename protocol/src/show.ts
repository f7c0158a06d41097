/** A foreign name (stream, field, flag) as it may stand in a message: quoted, one line, of bounded length. */
export function show(name: unknown): string {
  const text = typeof name === 'string' ? name : String(name);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}
