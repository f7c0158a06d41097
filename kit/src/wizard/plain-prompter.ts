/** Questions as plain lines: no colours, no cursor moves; for pipes, screen readers and dumb terminals. */
import { spawnSync } from 'node:child_process';
import { read } from 'node:fs';
import { promisify } from 'node:util';
import { ConnectorError, errorCode, said } from '../error.ts';
import type { Prompter, Question } from './question.ts';
import { wrapped } from './wrapped.ts';

export interface PlainOptions {
  readonly say: (text: string) => void;
  /** One line; undefined: there are no more. */
  readonly readLine: () => Promise<string | undefined>;
  /** Keeps a terminal from showing what is typed while `job` runs. */
  readonly hidden?: <T>(job: () => Promise<T>) => Promise<T>;
}

export function plainPrompter({ say, readLine, hidden = (job) => job() }: PlainOptions): Prompter {
  return {
    async ask(question, { proposal, problem }) {
      if (problem !== undefined) say(wrapped(`! ${problem}`));
      say(linesOf(question, proposal));
      const line = await (question.kind === 'secret' ? hidden(readLine) : readLine());
      if (line === undefined) throw ended(question);
      return line;
    },
  };
}

function linesOf({ question, kind, choices = {} }: Question, proposal: string | undefined): string {
  const width = Math.max(0, ...Object.keys(choices).map((name) => name.length));
  const listed = Object.entries(choices).map(([name, what]) => wrapped(`${name.padEnd(width)}  ${what}`, 2, width + 4));
  const hint = proposal !== undefined ? ` [${proposal}]` : kind === 'secret' ? ' (not shown)' : '';
  return [wrapped(`? ${question}${hint}`), ...listed].join('\n');
}

const ended = ({ key, flag, env, kind }: Question): ConnectorError =>
  new ConnectorError('settings', said`The input ended before ${key} was answered.`, {
    hint: `Start again: it goes on here. By option: ${kind === 'secret' ? env : `--${flag}`}.`,
  });

const readSome = promisify(read);

/**
 * A line of standard input, byte by byte: whatever follows it is left for a program that is started next and asks further
 * questions from the same input.
 */
export async function lineOfStdin(): Promise<string | undefined> {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  for (;;) {
    let count = 0;
    try {
      count = (await readSome(0, one, 0, 1, null)).bytesRead;
    } catch (thrown) {
      if (errorCode(thrown) !== 'EAGAIN') return textOf(bytes, true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    if (count === 0) return textOf(bytes, true);
    if (one[0] === 0x0a) return textOf(bytes, false);
    bytes.push(one[0] as number);
  }
}

const textOf = (bytes: readonly number[], atEnd: boolean): string | undefined =>
  bytes.length === 0 && atEnd ? undefined : Buffer.from(bytes).toString('utf8').replace(/\r$/, '');

/** The terminal of standard input does not show what is typed meanwhile. */
export async function withoutEcho<T>(job: () => Promise<T>): Promise<T> {
  const stty = (...args: string[]) => spawnSync('stty', args, { stdio: ['inherit', 'ignore', 'ignore'] });
  const show = () => void stty('echo');
  stty('-echo');
  process.once('exit', show);
  try {
    return await job();
  } finally {
    process.off('exit', show);
    show();
  }
}
