/**
 * `npm run faults`: every fault, on each side, at each moment, through real processes. Ends with one line of counts and exit
 * code 1 when a cell failed. `--only TEXT` runs the cells whose name holds it, `--write` puts the table into docs/faults.md.
 */
import { parseArgs } from 'node:util';
import { cases } from './cases.ts';
import type { Case, Verdict } from './cell.ts';
import { writeTable } from './table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '6' },
    write: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const chosen = cases.filter(({ name }) => name.includes(values.only));
const results = new Map<Case, Verdict & { ms: number }>();
const started = performance.now();

async function work(queue: Case[]): Promise<void> {
  for (let one = queue.shift(); one; one = queue.shift()) {
    const from = performance.now();
    const verdict = await one.run().catch((error: unknown): Verdict => {
      const problems = [`the test itself failed: ${error instanceof Error ? error.stack : String(error)}`];
      return { verdict: 'failed', tap: null, target: null, said: '', problems };
    });
    results.set(one, { ...verdict, ms: performance.now() - from });
    const codes = `${verdict.tap} | ${verdict.target}`;
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    console.log(`${verdict.verdict.padEnd(7)} ${codes.padEnd(12)} ${seconds.padStart(5)} s  ${one.name}`);
    for (const problem of verdict.problems) console.log(`        ${problem}`);
  }
}

// Cells that take the machine for themselves (a hundred kills, clocks) come last and alone.
const shared = chosen.filter(({ alone }) => !alone);
await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(shared)));
await work(chosen.filter(({ alone }) => alone));

const count = (verdict: Verdict['verdict']) => [...results.values()].filter((one) => one.verdict === verdict).length;
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
if (values.write) writeTable(results);
console.log(
  `${results.size} cells in ${minutes} min: ${count('same')} ended the same, ${count('stopped') + count('refused') + count('warned')} said what was wrong and lost nothing, ${count('resent')} healed by the daily resend, ${count('failed')} failed`,
);
process.exitCode = count('failed') > 0 ? 1 : 0;
