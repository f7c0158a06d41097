/**
 * `npm run faults`: every fault, on each side, at each moment, through real processes. `npm run faults -- WORD …` runs the cells
 * whose names hold all the words. `--write` puts the tables into docs/faults.md; `--keep FILE` notes each cell that passed and
 * does not run it again, `--jobs 0` runs none. Ends with "N passed, N failed" and, when a cell failed, exit code 1.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { cases } from './cases.ts';
import { type Case, configureCell, firstDay, openCellHouse, type Verdict } from './cell.ts';
import { mayMount } from './disk.ts';
import { timeoutSecs } from './pace.ts';
import { writeTable } from './table.ts';

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    // Most of a cell's time is waiting.
    jobs: { type: 'string', default: `${3 * availableParallelism()}` },
    write: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const chosen = cases.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word.toLowerCase())));
const results = new Map<Case, Verdict>();
const started = performance.now();

/** What `keep` notes of a cell; read anew for each, so that several runs may share the file. */
function kept(one: Case): Verdict | undefined {
  if (!values.keep || !existsSync(values.keep)) return undefined;
  const notes = readFileSync(values.keep, 'utf8').trim().split('\n');
  return notes
    .map((line) => JSON.parse(line) as { name: string; verdict: Verdict })
    .find(({ name }) => name === one.name)?.verdict;
}
if (!mayMount) console.log('The cells of full and read-only disks need Linux and root: left out.');

async function work(queue: Case[]): Promise<void> {
  for (let one = queue.shift(); one; one = queue.shift()) {
    const from = performance.now();
    const before = kept(one);
    if (before) {
      results.set(one, before);
      continue;
    }
    const verdict = await one.run().catch((error: unknown): Verdict => {
      const problems = [`the test itself failed: ${error instanceof Error ? error.stack : String(error)}`];
      return { verdict: 'failed', tap: null, target: null, said: '', problems };
    });
    results.set(one, verdict);
    if (values.keep && verdict.verdict !== 'failed')
      appendFileSync(values.keep, `${JSON.stringify({ name: one.name, verdict })}\n`);
    const codes = `${verdict.tap} | ${verdict.target}`;
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    console.log(`${verdict.verdict.padEnd(9)} ${codes.padEnd(12)} ${seconds.padStart(5)} s  ${one.name}`);
    for (const problem of verdict.problems) console.log(`          ${problem}`);
  }
}

for (const one of chosen) {
  const before = kept(one);
  if (before) results.set(one, before);
}
const queue = chosen.filter((one) => !results.has(one));
const jobs = Number(values.jobs);
if (jobs > 0 && queue.length > 0) {
  // One undisturbed run first: the timeouts of the cells follow how fast the machine is.
  const house = await openCellHouse();
  configureCell(house, { request_timeout_secs: 60 }, { request_timeout_secs: 60 });
  await firstDay(house);
  await house.close();
  console.log(`${queue.length} cells, ${jobs} at a time, request_timeout_secs ${timeoutSecs()} to begin with`);
}
await Promise.all(Array.from({ length: jobs }, () => work(queue)));

const count = (...verdicts: Verdict['verdict'][]) =>
  [...results.values()].filter(({ verdict }) => verdicts.includes(verdict)).length;
if (values.write) writeTable(chosen, results);
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(
  `In ${minutes} min: ${count('same')} ended the same, ${count('stopped', 'refused', 'warned')} said what was wrong and lost nothing, ${count('resent', 'next read')} healed by the daily resend or the next complete read`,
);
console.log(`${results.size - count('failed')} passed, ${count('failed')} failed`);
process.exitCode = count('failed') > 0 || results.size === 0 ? 1 : 0;
