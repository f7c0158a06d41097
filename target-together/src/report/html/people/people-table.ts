import type { Action } from '../../../model/outcome.ts';
import { number } from '../../../model/text/number-text.ts';
import type { FieldChange, PersonRow } from '../../model.ts';
import { html, type Markup } from '../markup.ts';

/** A cell: text, or a pair old → new (null: empty). */
export type Cell = string | readonly [string | null, string | null];
export type Row = readonly Cell[];

/** What the plan means to do with the people of a table; `only`: active in Together's list alone. */
export type Listed = Action | 'only' | 'upcoming';

export interface TableSpec {
  /** Key of the rows in the page's data, and of the table. */
  readonly key: string;
  /** What the filters of the page go by. */
  readonly action: Listed;
  readonly field?: string;
  readonly caption: string;
  readonly columns: readonly string[];
  /** All rows that the file holds; `total` counts also those that it leaves out. */
  readonly rows: readonly Row[];
  readonly total: number;
  /** Rows in the markup itself: seen without a script, and printed. */
  readonly first: number;
}

/** The most rows of one table that a file holds, so that a million changes still open in a browser. */
export const maxRows = 20_000;

const empty = html`<bdi class="was">empty</bdi>`;

/** Ids, numbers, days and addresses are one word, which a line never breaks; long ones may, and text may. The script does the same. */
export const oneWord = /^\S{1,40}$/;

function value(text: string, was = ''): Markup {
  const kind = [was, oneWord.test(text) ? 'whole' : ''].filter(Boolean).join(' ');
  return html`<bdi${kind !== '' && html` class="${kind}"`}>${text}</bdi>`;
}

function cell(content: Cell): Markup {
  if (typeof content === 'string') return value(content);
  const [from, to] = content;
  return html`${from === null ? empty : value(from, 'was')}<span class="arrow">→</span>${to === null ? empty : value(to)}`;
}

const row = ([id = '', ...rest]: Row): Markup =>
  html`<tr><th scope="row">${cell(id)}</th>${rest.map((content) => html`<td>${cell(content)}</td>`)}</tr>\n`;

/** Where no row is known (a plan at an older level, a file that is full), the count alone is shown. */
export function peopleTable(spec: TableSpec): Markup {
  const first = spec.rows.slice(0, spec.first);
  const left = spec.total - spec.rows.length;
  // Ids alone stand side by side.
  const single = spec.columns.length === 1;
  return html`<div class="people"><div class="scroll"><table${single && html` class="one"`} data-rows="${spec.key}" data-action="${spec.action}"${spec.field !== undefined && html` data-field="${spec.field}"`} data-total="${spec.total}">
<caption class="quiet">${spec.caption}</caption>
<thead><tr>${spec.columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${first.map(row)}</tbody>
</table></div>
<p class="more"><span>${
    spec.rows.length === 0
      ? 'Counted; who they are is not in this file.'
      : first.length < spec.total
        ? `${number(first.length)} of ${number(spec.total)} shown`
        : ''
  }</span> <button type="button" hidden>Show more</button></p>
${left > 0 && spec.rows.length > 0 && html`<p class="more">And ${number(left)} more that this file leaves out to stay small; the plan file has everybody.</p>`}
</div>`;
}

const unknown = 'old value not known';

/** A change as a cell: the values where they may be shown and are known, else that there was one. */
export function changeCell(change: FieldChange): Cell {
  if (change.from === undefined && change.to === undefined)
    return change.sensitive === true ? 'changed (sensitive)' : 'changed';
  if (change.from === undefined) return [unknown, change.to ?? null];
  return [change.from, change.to ?? null];
}

/** The columns about the person that at least one row fills. */
export function personColumns(
  rows: readonly PersonRow[],
  date: string,
): { columns: string[]; cells: (row: PersonRow) => Row } {
  const all: [string, (row: PersonRow) => string | undefined][] = [
    ['Number', (r) => r.number],
    ['Name', (r) => r.name],
    ['Title', (r) => r.title],
    ['Department', (r) => r.department],
    [date, (r) => r.date],
    ['Why', (r) => r.reason],
  ];
  const used = all.filter(([, get]) => rows.some((r) => get(r) !== undefined));
  return {
    columns: ['Id', ...used.map(([name]) => name)],
    cells: (r) => [r.id, ...used.map(([, get]) => get(r) ?? '')],
  };
}
