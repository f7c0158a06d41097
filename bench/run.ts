/**
 * `npm run bench [-- WORDS …] [--rounds=5] [--people=40000] [--large=1000000] [--other=FILE]`: CPU and memory of whole processes. Without
 * words it is the table of docs/performance.md: ours, the same work on singer-sdk and on Airbyte's declarative source, and a bare Node
 * loop, in turn; it writes results.json and the page. Words pick rows beside the table whose name contains one of them: start-up, growth
 * with changes, planning (with --other beside the executable of another build), delivery, look, json-rows, limiters. The figures are
 * medians, and the median of the paired ratios. Ends with 1 where a figure is above what is promised.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { performancePage, performanceTable } from '../scripts/performance-page.ts';
import { delivery } from './delivery.ts';
import { personFields } from './fields.mjs';
import { growthWithChanges, planning } from './growth.ts';
import { jsonRows } from './json-rows.ts';
import { limiterRows } from './limiters.ts';
import { look } from './look.ts';
import { performanceResults } from './performance.ts';
import { broken, resultsFile } from './results.ts';
import { startUp } from './start-up.ts';
import { folder, isTable, people, rounds, write } from './support.ts';

const kinds = { boolean: 'b', number: 'n' } as Record<string, string>;
const fields = Object.entries(personFields('0')).map(([name, value]) => [name, kinds[typeof value] ?? 's']);
write('fields.json', Object.fromEntries(fields));
console.log(`Node ${process.version}, ${rounds} rounds, ${people} people; CPU = user + system of the whole process\n`);
if (isTable) {
  const results = await performanceResults();
  console.log(performanceTable(results));
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  for (const [path, text] of Object.entries(performancePage(results)))
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
  for (const fault of broken(results)) {
    console.error(`ABOVE: ${fault}`);
    process.exitCode = 1;
  }
} else for (const part of [startUp, growthWithChanges, planning, delivery, look, jsonRows, limiterRows]) await part();
rmSync(folder, { recursive: true, force: true });
