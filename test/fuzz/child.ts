/**
 * The process that fuzzes: targets in turn, a few seconds each, until its time is up. The input under way lies in a file, so that
 * the parent knows it whatever becomes of this process. Arguments: seconds, seed, the file, words that pick targets.
 */
import { openSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { keep } from './corpus.ts';
import { pack } from './target.ts';
import { targets } from './targets/index.ts';

/** CPU time for one input; beyond it the input counts as slow. A second for what takes a millisecond, on a busy machine. */
const maxCpuMs = 2_000;
const maxFailuresOfTarget = 5;

const [, , seconds = '10', firstSeed = '1', file = '', ...words] = process.argv;
const chosen = targets.filter(({ name }) => words.length === 0 || words.includes(name));
const underWay = openSync(file, 'w');
const ends = performance.now() + Number(seconds) * 1000;

let executions = 0;
let slowest = { ms: 0, target: '', bytes: 0 };
const failures: Record<string, number> = {};
const signatures = new Set<string>();

process.on('unhandledRejection', (reason) => {
  throw reason;
});

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1048576;
}
const report = (more: object = {}) => process.send?.({ executions, slowest, ...more });

let seed = Number(firstSeed);
/** After the first turn of each target: caches of compiled code and the seeds are no growth. */
let heapAtStart: number | undefined;
let heap = heapMb();
const beat = setInterval(() => report(), 1000);
beat.unref();
while (performance.now() < ends) {
  for (const target of chosen) {
    if (performance.now() >= ends && heapAtStart !== undefined) break;
    if ((failures[target.name] ?? 0) >= maxFailuresOfTarget) continue;
    const property = fc.asyncProperty(target.input, async (bytes) => {
      const noted = pack([Buffer.from(target.name), bytes]);
      writeSync(underWay, noted, 0, noted.length, 0);
      executions++;
      const from = performance.now();
      const cpu = process.cpuUsage();
      await target.run(bytes);
      const { user, system } = process.cpuUsage(cpu);
      const ms = performance.now() - from;
      if (ms > slowest.ms) slowest = { ms: Math.round(ms), target: target.name, bytes: bytes.length };
      if ((user + system) / 1000 > maxCpuMs) throw new Error(`took ${Math.round((user + system) / 1000)} ms of CPU`);
      // Some targets never wait for anything: without this no timer, and no message to the parent, would get its turn.
      if (executions % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    });
    const left = heapAtStart === undefined ? 2_000 : Math.max(1, Math.min(3_000, ends - performance.now()));
    const result = await fc.check(property, {
      seed: seed++,
      numRuns: 5_000,
      interruptAfterTimeLimit: left,
      markInterruptAsFailure: false,
    });
    if (!result.failed || result.counterexample === null) continue;
    const error = result.errorInstance;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const signature = `${target.name} ${text.replace(/\d+/g, '#').split('\n').slice(0, 3).join(' ')}`;
    failures[target.name] = (failures[target.name] ?? 0) + 1;
    if (signatures.has(signature)) continue;
    signatures.add(signature);
    report({ failure: { target: target.name, file: keep(target.name, result.counterexample[0]), text } });
  }
  heap = heapMb();
  heapAtStart ??= heap;
}
clearInterval(beat);
report({ done: true, heapAtStart, heapAtEnd: heap });
process.disconnect?.();
