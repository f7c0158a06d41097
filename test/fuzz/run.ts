/**
 * `npm run fuzz -- [--minutes N | --seconds N] [--seed N] [--only TARGET …] [--no-processes]`: hostile input for every reader, in a
 * process of its own, and for the executables themselves. An input that breaks a promise is made small and kept in corpus/.
 * The last line is `N passed, N failed`: targets and the three bounds (no crash or hang, no growth, the corpus).
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { keep, readCorpus } from './corpus.ts';
import { extremes } from './extremes.ts';
import { openProcesses } from './processes.ts';
import { unpack } from './target.ts';
import { targets } from './targets/index.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    'no-processes': { type: 'boolean', default: false },
  },
});
const seconds = values.seconds !== undefined ? Number(values.seconds) : Number(values.minutes ?? 1) * 60;
const seed = values.seed !== undefined ? Number(values.seed) : Date.now() % 0x7fffffff;
/** No input takes a tenth of it. */
const hangMs = 60_000;
/** Of the heap, from the end of the first round to the last. */
const growthMb = 48;

interface Report {
  readonly executions: number;
  readonly slowest: { readonly ms: number; readonly target: string; readonly bytes: number };
  readonly failure?: { readonly target: string; readonly file: string; readonly text: string };
  readonly done?: true;
  readonly heapAtStart?: number;
  readonly heapAtEnd?: number;
}

const failures: string[] = [];
const failed = new Set<string>();
const fail = (target: string, text: string, file?: string) => {
  failed.add(target);
  failures.push(`${target}: ${text}${file === undefined ? '' : `\n     kept as ${file}`}`);
  process.stdout.write(`FAIL ${failures.at(-1) ?? ''}\n`);
};

/** Runs the child until its time is up; a child that dies or hangs is a failure of its input, and another one goes on. */
async function inProcess(): Promise<{
  executions: number;
  slowest: Report['slowest'];
  heaps: [number, number] | undefined;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const file = join(folder, 'input');
  const from = performance.now();
  let executions = 0;
  let slowest: Report['slowest'] = { ms: 0, target: '', bytes: 0 };
  let heaps: [number, number] | undefined;
  for (let round = 0; round < 10; round++) {
    const left = seconds - (performance.now() - from) / 1000;
    if (left < 1) break;
    const argv = [left.toFixed(0), String(seed + round * 1_000_000), file, ...values.only];
    const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), argv, {
      execArgv: ['--import', 'tsx', '--expose-gc', '--max-old-space-size=1024'],
    });
    let last: Report | undefined;
    let beat = performance.now();
    child.on('message', (message) => {
      beat = performance.now();
      last = message as Report;
      if (last.failure)
        fail(last.failure.target, last.failure.text.split('\n').slice(0, 6).join('\n     '), last.failure.file);
    });
    const watch = setInterval(() => {
      if (performance.now() - beat > hangMs) child.kill('SIGKILL');
    }, 1000);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    clearInterval(watch);
    const seen = last as Report | undefined;
    executions += seen?.executions ?? 0;
    if (seen && seen.slowest.ms > slowest.ms) slowest = seen.slowest;
    if (seen?.done) {
      heaps = [seen.heapAtStart ?? 0, seen.heapAtEnd ?? 0];
      break;
    }
    const [name = Buffer.alloc(0), bytes = Buffer.alloc(0)] = unpack(readFileSync(file), 2);
    const target = name.toString() || 'start';
    fail(
      target,
      code === null ? 'hung or was killed' : `ended the process with ${code}`,
      keep(target, Buffer.from(bytes)),
    );
  }
  rmSync(folder, { recursive: true, force: true });
  return { executions, slowest, heaps };
}

async function withProcesses(): Promise<number> {
  const processes = await openProcesses();
  let executions = 0;
  const ends = performance.now() + seconds * 1000;
  const chosen = processes.targets.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  while (performance.now() < ends && chosen.some(({ name }) => !failed.has(name))) {
    for (const target of chosen) {
      if (failed.has(target.name)) continue;
      if (performance.now() > ends) break;
      const property = fc.asyncProperty(target.input, async (bytes) => {
        executions++;
        await target.run(bytes);
      });
      // Shrinking starts a process for each try: bounded by time as well.
      const result = await fc.check(property, {
        seed: seed + executions,
        numRuns: 1,
        interruptAfterTimeLimit: 60_000,
        markInterruptAsFailure: false,
      });
      if (!result.failed || result.counterexample === null) continue;
      const error = result.errorInstance;
      const text = error instanceof Error ? error.message : String(error);
      fail(target.name, text, keep(target.name, result.counterexample[0]));
    }
  }
  await processes.close();
  return executions;
}

const corpus = readCorpus().filter(({ target }) => values.only.length === 0 || values.only.includes(target));
for (const { target, file, bytes } of corpus) {
  const owner = targets.find(({ name }) => name === target);
  await owner?.run(bytes).catch((error: unknown) => fail(target, `corpus/${target}/${file}: ${String(error)}`));
}
const say = (line: string) => process.stdout.write(`${line}\n`);
for (const extreme of values.only.length === 0 ? extremes : []) {
  try {
    say(`${extreme.name}: ${await extreme.run()}`);
  } catch (error) {
    fail(extreme.name, error instanceof Error ? error.message : String(error));
  }
}
const [inside, processes] = await Promise.all([inProcess(), values['no-processes'] ? 0 : withProcesses()]);

const names = new Set([...targets.map(({ name }) => name), ...extremes.map(({ name }) => name)]);
const grown = inside.heaps === undefined ? 0 : inside.heaps[1] - inside.heaps[0];
if (grown > growthMb) fail('memory', `the heap grew by ${grown.toFixed(0)} MB`);
say(
  `seed ${seed}; corpus of ${corpus.length} replayed; ${inside.executions} inputs in process, ${processes} runs of executables`,
);
say(`slowest input ${inside.slowest.ms} ms (${inside.slowest.target}, ${inside.slowest.bytes} bytes)`);
if (inside.heaps !== undefined)
  say(`heap ${inside.heaps[0].toFixed(0)} MB after the first round, ${inside.heaps[1].toFixed(0)} MB at the end`);
const total = names.size + (values['no-processes'] ? 0 : 8) + 1;
say(`${total - failed.size} passed, ${failed.size} failed`);
process.exitCode = failed.size > 0 ? 1 : 0;
