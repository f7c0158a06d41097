import { type OutcomeName, outcomes } from '../../../model/outcome.ts';
import type { RedactionLevel, RunMode } from '../../../model/run-summary.ts';
import { number, people, plural } from '../../../model/text/number-text.ts';
import type { PersonRow, PersonTable, ReportData } from '../../model.ts';
import { redactRow } from '../../redaction.ts';
import { outcomeLabel } from '../../text.ts';

import { html, type Markup, nothing, section } from '../markup.ts';
import { changeCell, type Listed, maxRows, peopleTable, personColumns, type Row } from './people-table.ts';

/** What the script may show of a table: its rows, and by row how the person ended, as a place in the list of outcomes. */
export interface PageTable {
  readonly rows: readonly Row[];
  readonly ended?: readonly number[];
}

/** By table key. */
export type PageData = Record<string, PageTable>;

/** A place in the list of outcomes; -1: not known. */
const endOf = ({ outcome }: PersonRow): number => (outcome === undefined ? -1 : outcomes.indexOf(outcome));

const pageTable = (rows: readonly Row[], ended: readonly number[]): PageTable =>
  ended.some((end) => end >= 0) ? { rows, ended } : { rows };

/** How people of one table ended is shown where it differs; else the counts at the top of the page say it. */
function withOutcome(columns: readonly string[], rows: readonly Row[], ended: readonly number[], mode: RunMode) {
  if (new Set(ended).size < 2) return { columns, rows };
  const label = (end: number) => (end < 0 ? '' : outcomeLabel(outcomes[end] as OutcomeName, mode));
  return { columns: [...columns, 'Outcome'], rows: rows.map((row, i) => [...row, label(ended[i] as number)]) };
}

function take(table: PersonTable, level: RedactionLevel): PersonRow[] {
  const rows: PersonRow[] = [];
  if (table.total === 0) return rows;
  for (const row of table.rows) {
    rows.push(redactRow(row, level));
    if (rows.length === maxRows) break;
  }
  return rows;
}

export interface Kind {
  readonly action: Listed;
  readonly key: 'leavers' | 'joiners' | 'rehires' | 'moves' | 'vanished' | 'only' | 'excluded';
  readonly title: string;
  readonly date: string;
  readonly lead: (count: number, data: ReportData) => string;
  readonly none: string;
  readonly first: number;
}

export const kinds: readonly Kind[] = [
  {
    key: 'leavers',
    action: 'leave',
    title: 'Leavers',
    date: 'Last day',
    lead: (n) => `${people(n)} ${n === 1 ? 'loses' : 'lose'} access to Together. They are sent first.`,
    none: 'No leavers.',
    first: 100,
  },
  {
    key: 'joiners',
    action: 'join',
    title: 'Joiners',
    date: 'First day',
    lead: (n, { summary: { joins_left: left } }) =>
      `${people(n)} new to Together${left > 0 ? `, ${number(left)} of them ${left === 1 ? 'has' : 'have'} left already and ${left === 1 ? 'is' : 'are'} sent as terminated` : ''}.`,
    none: 'No joiners.',
    first: 50,
  },
  {
    key: 'rehires',
    action: 'rehire',
    title: 'Rehires',
    date: 'First day',
    lead: (n) => `${people(n)} back after a termination, under the same id.`,
    none: 'No rehires.',
    first: 50,
  },
  {
    key: 'moves',
    action: 'move',
    title: 'New ids',
    date: 'First day',
    lead: (n) => `${people(n)} that Together has under another id: its record gets the new one.`,
    none: 'No person that Together has comes under a new id.',
    first: 50,
  },
];

export const later: readonly Kind[] = [
  {
    key: 'vanished',
    action: 'vanished',
    title: 'Vanished',
    date: 'Last seen',
    lead: (n) =>
      `${people(n)} sent before and missing from this complete read. The setting “vanished” says what happens to them.`,
    none: 'No person sent before is missing.',
    first: 50,
  },
  {
    key: 'only',
    action: 'only',
    title: 'In Together only',
    date: 'Last seen',
    lead: (n) => `${people(n)} active in Together's own list and in no record of this complete read.`,
    none: 'No person, or Together’s list was not read.',
    first: 50,
  },
  {
    key: 'excluded',
    action: 'excluded',
    title: 'Excluded',
    date: 'Since',
    lead: (n) => `${people(n)} taken out by a filter, with its name. A filter hides no leaver that Together knows.`,
    none: 'No filter takes a person out.',
    first: 25,
  },
];

function kindSection(data: ReportData, kind: Kind, page: PageData): Markup {
  const table = data[kind.key];
  const partial = kind.key === 'vanished' && !data.summary.source.complete;
  if (table.total === 0)
    return section(kind.key, kind.title, partial ? 'Not looked for: not everybody was read.' : kind.none, nothing);
  const rows = take(table, data.level);
  const person = personColumns(rows, kind.date);
  const ended = rows.map(endOf);
  const { columns, rows: all } = withOutcome(person.columns, rows.map(person.cells), ended, data.summary.mode);
  page[kind.key] = pageTable(all, ended);
  return section(
    kind.key,
    kind.title,
    kind.lead(table.total, data),
    peopleTable({
      key: kind.key,
      action: kind.action,
      caption: kind.title,
      columns,
      rows: all,
      total: table.total,
      first: kind.first,
    }),
  );
}

/** Changes grouped by field, most people first; each unfolds to its people. Without values at level `ids`. */
function changesSection(data: ReportData, page: PageData): Markup {
  const { summary, changes } = data;
  if (changes.total === 0) return section('changes', 'Changes by field', 'No person who stays has changed.', nothing);
  const byField = new Map<string, { rows: Row[]; ended: number[] }>();
  const found = new Map<string, number>();
  let kept = 0;
  let numbered = false;
  for (const full of changes.rows) {
    const row = redactRow(full, data.level);
    for (const change of row.changes ?? []) {
      found.set(change.field, (found.get(change.field) ?? 0) + 1);
      if (kept >= maxRows) continue;
      kept++;
      const cells: Row = [
        row.id,
        row.number ?? '',
        ...(data.level === 'ids' ? [] : [row.name ?? '']),
        changeCell(change),
      ];
      numbered ||= row.number !== undefined;
      const list = byField.get(change.field) ?? { rows: [], ended: [] };
      list.rows.push(cells);
      list.ended.push(endOf(row));
      byField.set(change.field, list);
    }
  }
  const totals = new Map(Object.entries(summary.changes_by_field));
  for (const [field, count] of found) totals.set(field, Math.max(count, totals.get(field) ?? 0));
  const fields = [...totals].sort((a, b) => b[1] - a[1]);
  const always = ['Id', ...(numbered ? ['Number'] : []), ...(data.level === 'ids' ? [] : ['Name']), 'Change'];
  const folds = fields.map(([field, total], i) => {
    const { rows: all, ended } = byField.get(field) ?? { rows: [], ended: [] };
    const plain = all.map((row) => (numbered ? row : row.filter((_, at) => at !== 1)));
    const { columns, rows } = withOutcome(always, plain, ended, summary.mode);
    const key = `field-${i}`;
    page[key] = pageTable(rows, ended);
    return html`<details><summary><span class="row"><code>${field}</code> <span class="n">${people(total)}</span></span></summary>
${peopleTable({ key, action: 'change', field, caption: `People whose ${field} changed`, columns, rows, total, first: 20 })}</details>
`;
  });
  const hidden = data.level === 'ids' ? ' Values are left out at this level.' : '';
  return section(
    'changes',
    'Changes by field',
    `${people(changes.total)} changed in ${plural(fields.length, 'field')}.${hidden}`,
    folds,
  );
}

/** Everybody the run is about, leavers first. Fills `page` with the rows for the script. */
export function peopleSections(data: ReportData, page: PageData): Markup[] {
  return [
    ...kinds.map((kind) => kindSection(data, kind, page)),
    changesSection(data, page),
    ...later.map((kind) => kindSection(data, kind, page)),
  ];
}

/** For the navigation: id, title and how many. */
export const peopleNav = (data: ReportData): [string, string, string][] => [
  ...kinds.map((k): [string, string, string] => [k.key, k.title, number(data[k.key].total)]),
  ['changes', 'Changes by field', number(data.changes.total)],
  ...later.map((k): [string, string, string] => [k.key, k.title, number(data[k.key].total)]),
];
