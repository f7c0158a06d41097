/** The table of docs/faults.md: what each cell ended with, between two marks in the page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Case, moments, type Verdict } from './cell.ts';

const page = fileURLToPath(new URL('../../docs/faults.md', import.meta.url));
const marks = { wire: 'faults of the APIs', machine: 'faults of the machine' } as const;

/** Replaces both tables. Throws when a cell is missing: half a run would leave half a page. */
export function writeTable(results: ReadonlyMap<Case, Verdict>): void {
  let text = readFileSync(page, 'utf8');
  for (const group of ['wire', 'machine'] as const) {
    const mine = [...results].filter(([one]) => one.group === group);
    const table = group === 'wire' ? wireTable(mine) : machineTable(mine);
    const [begin, end] = [`<!-- begin ${marks[group]} -->`, `<!-- end ${marks[group]} -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`docs/faults.md has lost ${begin} … ${end}`);
    text = `${before}${begin}\n\n${table}\n\n${end}${after}`;
  }
  writeFileSync(page, text);
}

function wireTable(results: readonly (readonly [Case, Verdict])[]): string {
  const columns = ['ukg', 'together'].flatMap((side) => moments.map((moment) => `${side} ${moment}`));
  const heads = columns.map((column) => column.replace('ukg ', 'UKG: ').replace('together ', 'Together: '));
  const rows = new Map<string, Map<string, Verdict>>();
  for (const [one, verdict] of results) {
    rows.set(one.row, (rows.get(one.row) ?? new Map<string, Verdict>()).set(one.column, verdict));
  }
  return [
    `| | ${heads.join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...[...rows].map(
      ([row, cells]) => `| ${row} | ${columns.map((column) => inWords(cells.get(column), column)).join(' | ')} |`,
    ),
  ].join('\n');
}

function machineTable(results: readonly (readonly [Case, Verdict])[]): string {
  const rows = new Map<string, string[]>();
  for (const [one, verdict] of results) {
    rows.set(one.row, [...(rows.get(one.row) ?? []), `${one.column}: ${inWords(verdict, one.column)}`]);
  }
  return ['| | |', '| --- | --- |', ...[...rows].map(([row, cells]) => `| ${row} | ${cells.join('; ')} |`)].join('\n');
}

/** `same`, or which half stopped with which exit code. */
function inWords(verdict: Verdict | undefined, column: string): string {
  if (!verdict) return '–';
  if (verdict.verdict === 'refused') return 'refused 4';
  if (verdict.verdict !== 'stopped') return verdict.verdict;
  const code = column.startsWith('ukg') && verdict.tap !== 0 ? verdict.tap : verdict.target || verdict.tap;
  return `stop ${code}`;
}
