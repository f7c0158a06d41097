/** The table of docs/faults.md: what each cell ended with, between two marks in the page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Case, moments, type Verdict } from './cell.ts';

const page = fileURLToPath(new URL('../../docs/faults.md', import.meta.url));
type Cell = readonly [Case, Verdict | undefined];
const marks = { wire: 'faults of the APIs', machine: 'faults of the machine' } as const;

/** Replaces both tables: a row for each fault, whether or not its cells were run. */
export function writeTable(cases: readonly Case[], results: ReadonlyMap<Case, Verdict>): void {
  let text = readFileSync(page, 'utf8');
  for (const group of ['wire', 'machine'] as const) {
    const mine = cases.flatMap((one): Cell[] => (one.group === group ? [[one, results.get(one)]] : []));
    const table = group === 'wire' ? wireTable(mine) : machineTable(mine);
    const [begin, end] = [`<!-- begin ${marks[group]} -->`, `<!-- end ${marks[group]} -->`];
    const [before, rest] = text.split(begin);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`docs/faults.md has lost ${begin} … ${end}`);
    text = `${before}${begin}\n\n${table}\n\n${end}${after}`;
  }
  writeFileSync(page, text);
}

function wireTable(results: readonly Cell[]): string {
  const columns = ['ukg', 'together'].flatMap((side) => moments.map((moment) => `${side} ${moment}`));
  const heads = columns.map((column) => column.replace('ukg ', 'UKG: ').replace('together ', 'Together: '));
  const rows = new Map<string, Map<string, string>>();
  for (const [one, verdict] of results) {
    const row = rows.get(one.row) ?? new Map<string, string>();
    rows.set(one.row, row.set(one.column, inWords(verdict, one.column)));
  }
  return [
    `| | ${heads.join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...[...rows].map(([row, cells]) => `| ${row} | ${columns.map((column) => cells.get(column) ?? '–').join(' | ')} |`),
  ].join('\n');
}

function machineTable(results: readonly Cell[]): string {
  const rows = new Map<string, string[]>();
  for (const [one, verdict] of results) {
    rows.set(one.row, [...(rows.get(one.row) ?? []), `${one.column}: ${inWords(verdict, one.column)}`]);
  }
  return ['| | |', '| --- | --- |', ...[...rows].map(([row, cells]) => `| ${row} | ${cells.join('; ')} |`)].join('\n');
}

/** `same`, or the exit code of the half that stopped. */
function inWords(verdict: Verdict | undefined, column: string): string {
  if (!verdict) return '·';
  if (verdict.verdict === 'refused') return 'refused 4';
  if (verdict.verdict !== 'stopped') return verdict.verdict;
  const code = column.startsWith('ukg') && verdict.tap !== 0 ? verdict.tap : verdict.target || verdict.tap;
  return `stop ${code}`;
}
