/** Rows as CSV (RFC 4180, with line feeds). A value that a spreadsheet would take for a formula gets an apostrophe before it. */
export const csvText = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\n`).join('');

/** Also behind blanks, and in the wide forms that Japanese keyboards write. */
const formula = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

function cell(value: string | number): string {
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
