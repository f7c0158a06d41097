/**
 * `npm run steady -- [--times N] [--minutes N] [--busy N] [PROJECT …]`: do the tests hang on luck? Runs the projects of
 * vitest.config.ts that start processes (long, flow, services, or those named) N times over (default 1) while other processes
 * (default 2) keep the processor busy, and counts what fails. Begins no further run once `--minutes` (default 600) are over; a run
 * that takes half an hour is ended and counts as a failure. What each run said is in .cache/steady/.
 * The last line is `N passed, N failed`: tests of all runs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', 'steady');
const limitMs = 30 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
    busy: { type: 'string', default: '2' },
  },
});
const [times, minutes, busy] = (['times', 'minutes', 'busy'] as const).map((name) => {
  const number = Number(values[name]);
  if (!Number.isFinite(number) || number < 0) throw new Error(`--${name} ${values[name]}: not a number`);
  return number;
}) as [number, number, number];
const projects = positionals.length > 0 ? positionals : ['long', 'flow', 'services'];

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

interface Failure {
  readonly test: string;
  readonly why: string;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
/** The first lines say what failed; of a test that ran out of time Vitest reports a bare STACK_TRACE_ERROR. */
const shortly = (text = '') =>
  text.includes('STACK_TRACE_ERROR') ? 'ran out of time' : text.trim().split('\n').slice(0, 3).join(' ').slice(0, 300);

const running = new Set<ChildProcess>();
/** Each is the head of a group of its own, so that nothing which it started outlives it. */
function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
const endAll = () => {
  for (const child of running) end(child);
};
process.once('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** One run of one project. */
async function once(project: string, name: string): Promise<{ passed: number; failures: Failure[] }> {
  const report = join(folder, `${name}.json`);
  const log = createWriteStream(join(folder, `${name}.log`));
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = start(process.execPath, [vitest, 'run', '--project', project], { TEST_REPORT: report, NO_COLOR: '1' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    end(child);
  }, limitMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  log.end();
  const none = { passed: 0, failures: [{ test: project, why: isLate ? 'did not end in time' : `ended with ${code}` }] };
  if (!existsSync(report)) return none;
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failures = [
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages = [] }) => ({ test: fullName, why: shortly(failureMessages[0]) })),
    ...testResults
      .filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0)
      .map(({ name: file, message }) => ({ test: file, why: shortly(message) })),
  ];
  // An error outside of every test, or a process that did not end well.
  return code !== 0 && failures.length === 0 ? { passed, failures: none.failures } : { passed, failures };
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const from = performance.now();
const inMinutes = (ms: number) => (ms / 60_000).toFixed(1);
for (let at = 0; at < busy; at++) start(process.execPath, ['-e', 'for (;;);']);

let passed = 0;
const failed: Failure[] = [];
let runs = 0;
const wanted = Array.from({ length: times }, (_, round) => projects.map((project) => ({ project, round }))).flat();
for (const { project, round } of wanted) {
  if (performance.now() - from > minutes * 60_000) {
    say(`${minutes} min are over: ${wanted.length - runs} runs were not begun.`);
    break;
  }
  const began = performance.now();
  const name = `${round + 1}-${project}`;
  const ran = await once(project, name);
  runs += 1;
  passed += ran.passed;
  failed.push(...ran.failures);
  say(
    `${name.padEnd(12)} ${ran.passed} passed, ${ran.failures.length} failed in ${inMinutes(performance.now() - began)} min`,
  );
  for (const { test, why } of ran.failures) say(`     FAIL ${test}\n          ${why}`);
}
endAll();

const often = new Map<string, number>();
for (const { test } of failed) often.set(test, (often.get(test) ?? 0) + 1);
say(`${runs} of ${wanted.length} runs in ${inMinutes(performance.now() - from)} min beside ${busy} busy processes`);
for (const [test, count] of [...often].sort((a, b) => b[1] - a[1])) say(`${count} × ${test}`);
say(`${passed} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 || runs < wanted.length || passed === 0 ? 1 : 0;
