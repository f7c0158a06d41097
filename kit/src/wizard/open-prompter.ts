/** Which prompter fits: none for `--yes`, else one for the terminal or for lines. */
import type { CommandLine } from '../command/command-line.ts';
import type { ConnectorError } from '../error.ts';
import { clackPrompter } from './clack-prompter.ts';
import { lineOfStdin, plainPrompter, withoutEcho } from './plain-prompter.ts';
import type { Prompter } from './question.ts';

export async function openPrompter(
  line: Pick<CommandLine, 'has'>,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Prompter | undefined> {
  if (line.has('yes')) return undefined;
  const { env, stdin, stdout } = process;
  const isTerminal = stdin.isTTY && stdout.isTTY && env['TERM'] !== 'dumb' && !env['NO_COLOR'];
  const clack = isTerminal && !line.has('plain') ? await clackPrompter() : undefined;
  return (
    clack ??
    plainPrompter({
      say,
      readLine: () => stoppable(lineOfStdin(), signal),
      ...(stdin.isTTY && { hidden: withoutEcho }),
    })
  );
}

/** A read that waits for a line can't be taken back, and holds the process: a signal ends it here. */
async function stoppable<T>(job: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = () => {
    const { message, hint, exitCode } = signal.reason as ConnectorError;
    process.stderr.write(`\n${message} ${hint ?? ''}\n`);
    process.exit(exitCode);
  };
  signal.addEventListener('abort', stop);
  try {
    return await job;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
