/** Rows that hold nothing: a sheet's lines below its people. Columns that begin with _ are the loader's own (line numbers, file names). */
export function isBlankRow(record: Readonly<Record<string, unknown>>): boolean {
  let own = 0;
  for (const key in record) {
    if (key.startsWith('_')) continue;
    if (!isBlank(record[key])) return false;
    own++;
  }
  return own > 0;
}

const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
