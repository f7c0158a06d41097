/**
 * The one place where the life test touches the product: a run of target-together inside this process, with a clock of ours, and the
 * same run as a process of its own. All else in this folder is written from the rules alone.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseCommandLine } from '@ukg-together/kit/command/command-line';
import { logFailure } from '@ukg-together/kit/log/failure';
import { createLogger } from '@ukg-together/kit/log/log';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { commandTable } from '../../target-together/src/cli/command-table.ts';
import { runCommand } from '../../target-together/src/cli/dispatch.ts';
import { start } from '../support/pipe.ts';

export interface Run {
  readonly config: string;
  readonly summary: string;
  /** Singer messages. */
  readonly lines: readonly string[];
  /** Milliseconds since 1970, by the run's clock. */
  readonly now: number;
  readonly accept?: string | undefined;
}

export interface Ran {
  /** null: killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** As `--summary` wrote it; undefined where the run did not come so far. */
  readonly summary: Summary | undefined;
}

/** What the life test reads of a run's summary. */
export interface Summary {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly people_read: number;
  readonly hashes: { readonly plan: string | null };
  readonly guards: readonly { readonly name: string; readonly verdict: string }[];
  readonly [more: string]: unknown;
}

const argsOf = ({ config, summary, accept }: Run): string[] => [
  ...['--config', config, '--summary', summary],
  ...(accept === undefined ? [] : ['--accept', accept]),
];

function summaryOf({ summary }: Run): Summary | undefined {
  try {
    return JSON.parse(readFileSync(summary, 'utf8')) as Summary;
  } catch {
    return undefined;
  }
}

class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A run in this process: pauses take no time. */
export async function runHere(night: Run): Promise<Ran> {
  rmSync(night.summary, { force: true });
  const [stdout, stderr] = [new Text(), new Text()];
  let passed = 0;
  const clock = {
    now: () => night.now + passed,
    monotonic: () => passed,
    sleep: async (ms: number) => {
      passed += ms;
    },
  };
  const env = { HOME: '/nonexistent', PATH: '' };
  const redactor = createRedactor();
  const log = createLogger({ name: 'target-together', env, stream: stderr, clock, redactor });
  const stdin = Readable.from(night.lines.map((line) => Buffer.from(`${line}\n`)));
  let code: number;
  try {
    code = await runCommand(parseCommandLine(commandTable, argsOf(night)), {
      ...{ env, stdin, stdout, stderr, clock, log, redactor },
      random: () => 0.5,
      structured: false,
      signal: new AbortController().signal,
    });
  } catch (error) {
    code = logFailure(log, error);
  }
  return { code, stdout: stdout.text, stderr: stderr.text, summary: summaryOf(night) };
}

const otherClock = pathToFileURL(new URL('clock.mjs', import.meta.url).pathname).href;

const clockOf = (now: number) => ({
  NODE_OPTIONS: `--import=${otherClock}`,
  CLOCK_AHEAD_MS: String(now - Date.now()),
});

/** What the real tap writes of the employees at that time. */
export async function runTap(config: string, now: number): Promise<string[]> {
  const catalog = fileURLToPath(new URL('../../catalog/ukg-pro.together.json', import.meta.url));
  const { code, stdout, stderr } = await start('tap-ukg-pro', ['--config', config, '--catalog', catalog], {
    env: clockOf(now),
  });
  if (code !== 0) throw new Error(`the tap ended with ${code}:\n${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

/** The same as a process of its own; `kill` ends it as by kill -9. */
export function runApart(night: Run): Promise<Ran> & { kill(): void } {
  rmSync(night.summary, { force: true });
  const running = start('target-together', argsOf(night), {
    env: clockOf(night.now),
    input: night.lines.map((line) => `${line}\n`).join(''),
  });
  const ran = running.then(({ code, stdout, stderr }) => ({ code, stdout, stderr, summary: summaryOf(night) }));
  return Object.assign(ran, { kill: () => void running.child.kill('SIGKILL') });
}
