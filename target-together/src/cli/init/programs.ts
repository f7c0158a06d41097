/** The programs that `init` starts: the tap, its own `init`, and this one again for the plan. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { words } from '@ukg-together/kit/secrets/resolve';

/** A command and its arguments. */
export type Program = readonly [string, ...string[]];

/** The executable of that name: beside this one, in node_modules/.bin, or in PATH. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): Program | undefined {
  const own = process.argv[1] === undefined ? [] : [dirname(process.argv[1])];
  const folders = [...own, resolve('node_modules', '.bin'), ...(env['PATH'] ?? '').split(delimiter)];
  for (const folder of folders.filter(Boolean)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return [path];
    } catch {
      // Another folder may have it.
    }
  }
  return undefined;
}

/** What `--tap` says, as a shell would part it, without a shell. */
export function programOf(text: string): Program {
  const [command, ...args] = words(text);
  if (command === undefined) throw new ConnectorError('settings', said`--tap names no command.`);
  return [command, ...args];
}

const started = (child: ChildProcess, name: string): Promise<number> =>
  new Promise((done, fail) => {
    child.once('error', () => fail(new ConnectorError('settings', said`${name} can't be started.`)));
    child.once('close', (code) => done(code ?? 1));
  });

/** With this process's own terminal. Resolves with the exit code. */
export function runThrough([command, ...args]: Program): Promise<number> {
  return started(spawn(command, args, { stdio: 'inherit' }), command);
}

/** Hands on each line of its stdout. What it says on stderr is kept, and shown where it fails. Resolves with its log. */
export async function readLines(
  [command, ...args]: Program,
  onLine: (line: string) => void,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, LOGLEVEL: 'INFO' } });
  const code = started(child, command);
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-200_000);
  });
  const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', onLine);
  const ended = new Promise<void>((done) => lines.once('close', done));
  const [result] = await Promise.all([code, ended]);
  if (result === 0) return log;
  process.stderr.write(log);
  throw new ConnectorError('unreachable', said`${command} ended with ${result}; what it said stands above.`, {
    hint: 'Correct that and start again: what was answered is kept.',
  });
}

/** What the log holds for programs, and the place of a sentence in it: noise for who waits at the terminal. */
const shownLine = (line: string): string | undefined =>
  line.includes('| singer_sdk.metrics ') ? undefined : line.replace(/^[\d:, -]+\| INFO +\| [^|]+\| /, '');

/** `tap | target`; what both logs say is handed on, line by line. Resolves with the exit code: the target's, where it failed. */
export async function runPipe(tap: Program, target: Program, onLog: (line: string) => void): Promise<number> {
  const [command, ...args] = tap;
  // Its summary stands among lines of that length.
  const env = { ...process.env, LOGLEVEL: 'WARNING', COLUMNS: '80' };
  const source = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [into, ...rest] = target;
  const sink = spawn(into, rest, { stdio: ['pipe', 'inherit', 'pipe'], env: { ...env, LOGLEVEL: 'INFO' } });
  sink.stdin.on('error', () => source.kill());
  source.stdout.pipe(sink.stdin);
  for (const input of [source.stderr, sink.stderr])
    createInterface({ input }).on('line', (line) => {
      const shown = shownLine(line);
      if (shown !== undefined) onLog(shown);
    });
  const [sourceCode, sinkCode] = await Promise.all([started(source, command), started(sink, into)]);
  return sinkCode === 0 ? sourceCode : sinkCode;
}
