import type { RedactionLevel } from '../../model/run-summary.ts';
import { number, people, plural } from '../../model/text/number-text.ts';
import type { PersonRow, PersonTable, ReportData } from '../model.ts';
import { redactRow } from '../redaction.ts';

import { html, type Markup, nothing, section } from './markup.ts';
import { changeCell, maxRows, peopleTable, personColumns, type Row } from './people-table.ts';

/** The rows that the script may show, by table key. */
export type PageData = Record<string, readonly Row[]>;

function take(table: PersonTable, level: RedactionLevel): PersonRow[] {
  const rows: PersonRow[] = [];
  if (table.total === 0) return rows;
  for (const row of table.rows) {
    rows.push(redactRow(row, level));
    if (rows.length === maxRows) break;
  }
  return rows;
}

interface Kind {
  readonly key: 'leavers' | 'joiners' | 'rehires' | 'moves' | 'vanished' | 'only' | 'excluded';
  readonly title: string;
  readonly date: string;
  readonly lead: (count: number, data: ReportData) => string;
  readonly none: string;
  readonly first: number;
}

const kinds: readonly Kind[] = [
  {
    key: 'leavers',
    title: 'Leavers',
    date: 'Last day',
    lead: (n) => `${people(n)} ${n === 1 ? 'loses' : 'lose'} access to Together. They are sent first.`,
    none: 'No leavers.',
    first: 100,
  },
  {
    key: 'joiners',
    title: 'Joiners',
    date: 'First day',
    lead: (n, { summary: { joins_left: left } }) =>
      `${people(n)} new to Together${left > 0 ? `, ${number(left)} of whom ${left === 1 ? 'has' : 'have'} left already and ${left === 1 ? 'is' : 'are'} sent as terminated` : ''}.`,
    none: 'No joiners.',
    first: 50,
  },
  {
    key: 'rehires',
    title: 'Rehires',
    date: 'First day',
    lead: (n) => `${people(n)} back after a termination, under the same id.`,
    none: 'No rehires.',
    first: 50,
  },
  {
    key: 'moves',
    title: 'New ids',
    date: 'First day',
    lead: (n) => `${people(n)} whom Together has under another id: its record gets the new one.`,
    none: 'No person that Together has comes under a new id.',
    first: 50,
  },
];

const later: readonly Kind[] = [
  {
    key: 'vanished',
    title: 'Vanished',
    date: 'Last seen',
    lead: (n) =>
      `${people(n)} sent before and missing from this complete read. The setting “vanished” says what happens to them.`,
    none: 'No person sent before is missing.',
    first: 50,
  },
  {
    key: 'only',
    title: 'In Together only',
    date: 'Last seen',
    lead: (n) => `${people(n)} active in Together's own list and in no record of this complete read.`,
    none: 'Nobody, or Together’s list was not read.',
    first: 50,
  },
  {
    key: 'excluded',
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
  const { columns, cells } = personColumns(rows, kind.date);
  const all = rows.map(cells);
  page[kind.key] = all;
  return section(
    kind.key,
    kind.title,
    kind.lead(table.total, data),
    peopleTable({ key: kind.key, caption: kind.title, columns, rows: all, total: table.total, first: kind.first }),
  );
}

/** Changes grouped by field, most people first; each unfolds to its people. Without values at level `ids`. */
function changesSection(data: ReportData, page: PageData): Markup {
  const { summary, changes } = data;
  if (changes.total === 0) return section('changes', 'Changes by field', 'No person who stays has changed.', nothing);
  const byField = new Map<string, Row[]>();
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
      const list = byField.get(change.field);
      if (list) list.push(cells);
      else byField.set(change.field, [cells]);
    }
  }
  const totals = new Map(Object.entries(summary.changes_by_field));
  for (const [field, count] of found) totals.set(field, Math.max(count, totals.get(field) ?? 0));
  const fields = [...totals].sort((a, b) => b[1] - a[1]);
  const columns = ['Id', ...(numbered ? ['Number'] : []), ...(data.level === 'ids' ? [] : ['Name']), 'Change'];
  const folds = fields.map(([field, total], i) => {
    const rows = (byField.get(field) ?? []).map((row) => (numbered ? row : row.filter((_, at) => at !== 1)));
    const key = `field-${i}`;
    page[key] = rows;
    return html`<details><summary><span class="row"><code>${field}</code> <span class="n">${people(total)}</span></span></summary>
${peopleTable({ key, caption: `People whose ${field} changed`, columns, rows, total, first: 20 })}</details>
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

/** Searches every section. */
export const findBox = html`<div class="find" role="search" hidden><label for="find">Find people</label>
<input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="id, number, name or value">
<output id="found" for="find" aria-live="polite"></output></div>
`;

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
