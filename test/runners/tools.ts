/** What every check needs of the machine: processes, folders, files, and a way to say what went wrong. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const cache = join(root, '.cache', 'runners');
export const here = fileURLToPath(new URL('.', import.meta.url));

/** One of the four built executables. */
export const executable = (name: string): string => join(root, 'node_modules', '.bin', name);

/** No runner that is tried here may phone home. */
const quiet = {
  DO_NOT_TRACK: '1',
  AIRBYTE_OFFLINE_MODE: '1',
  MELTANO_SEND_ANONYMOUS_USAGE_STATS: 'false',
  MELTANO_CLI_LOG_CONFIG: '',
  AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  SCARF_ANALYTICS: 'false',
  PYTHONWARNINGS: 'ignore',
  PYTHONDONTWRITEBYTECODE: '1',
  NO_COLOR: '1',
  COLUMNS: '200',
  CI: '1',
};

export interface Ran {
  /** Exit code; 128 + signal when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable away. */
  readonly env?: Record<string, string | undefined>;
  /** Only what `env` says, nothing of this process's environment. */
  readonly cleanEnv?: boolean;
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Called with a function that sends a signal to the whole process group, once the process has started. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void, pid: number) => void;
  /** Sees stderr as it arrives. */
  readonly onStderr?: (text: string) => void;
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };

/** Runs a process to its end. A process that outlives `timeoutMs` (default five minutes) is killed with its children. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const started = performance.now();
  const base = options.cleanEnv === true ? {} : { ...process.env, ...quiet };
  const all: Record<string, string | undefined> = { ...base, ...options.env };
  const env: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd ?? root, env, detached: true, stdio: 'pipe' });
    const kill = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal);
      } catch {
        // Already gone.
      }
    };
    const timer = setTimeout(() => kill('SIGKILL'), options.timeoutMs ?? 300_000);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.push(chunk);
      options.onStderr?.(chunk.toString());
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('spawn', () => options.onStart?.(kill, child.pid ?? 0));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        code: code ?? 128 + (signal === null ? 0 : (signalNumbers[signal] ?? 0)),
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        ms: performance.now() - started,
      });
    });
  });
}

/** Runs a process that must end with exit code 0; otherwise throws with the tail of what it printed. */
export async function ok(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = await run(command, args, options);
  assert(ran.code === 0, `${[command, ...args].join(' ')} ended with ${ran.code}\n${tail(ran)}`);
  return ran;
}

/**
 * The same for what needs a package registry, which now and then has a hiccup: three tries, 10 and 20 s apart. `before` runs ahead
 * of each, to clear away what a broken try left.
 */
export async function fetched(
  command: string,
  args: readonly string[],
  options: RunOptions & { readonly before?: () => Promise<unknown> } = {},
): Promise<Ran> {
  const { before, ...rest } = options;
  for (let tries = 1; ; tries++) {
    await before?.();
    const ran = await run(command, args, { timeoutMs: 600_000, ...rest });
    if (ran.code === 0) return ran;
    const told = `${[command, ...args].join(' ')} ended with ${ran.code}\n${tail(ran)}`;
    assert(tries < 3, told);
    process.stderr.write(`${told}\nTrying again in ${tries * 10} s.\n`);
    await sleep(tries * 10_000);
  }
}

/** Debian packages, where a program of theirs is missing. */
export async function debianPackage(program: string, name: string): Promise<void> {
  if ((await run('which', [program])).code === 0) return;
  const apt = ['-q', '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300'];
  const script = `apt-get ${apt.join(' ')} update && apt-get ${apt.join(' ')} install -y --no-install-recommends ${name}`;
  await fetched('sh', ['-c', script], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

export const tail = (ran: Ran, lines = 40): string =>
  `${ran.stdout}\n${ran.stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .map((line) => line.slice(0, 400))
    .join('\n');

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function equal(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  assert(a === b, `${what}: expected ${b}, found ${a}`);
}

export const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

/** Readable by nobody else: these files hold settings. */
export async function writeJson(path: string, value: unknown): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value, null, 2), { mode: 0o600 });
  return path;
}

export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A folder of a check's own, gone with `dispose`. */
export async function folder(name: string): Promise<{ path: string; dispose: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`));
  return { path, dispose: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until `probe` answers something other than undefined; throws with `what` after `timeoutMs`. */
export async function until<T>(what: string, timeoutMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    assert(performance.now() < end, `Waited ${timeoutMs / 1000} s in vain for ${what}`);
    await sleep(250);
  }
}

/** Does something as soon as `probe` answers, beside a process that runs; where it never does, the check fails by what the process did. */
export function when(what: string, probe: () => Promise<true | undefined>, then: () => void): void {
  until(what, 280_000, probe).then(then, (error: Error) => process.stderr.write(`${error.message}\n`));
}
