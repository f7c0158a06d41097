/** Which prompter fits: none for `--yes`, else one for the terminal or for lines. */
import type { CommandLine } from '../command/command-line.ts';
import { lineOfStdin, plainPrompter, withoutEcho } from './plain-prompter.ts';
import type { Prompter } from './question.ts';

export async function openPrompter(
  line: Pick<CommandLine, 'has'>,
  say: (text: string) => void,
): Promise<Prompter | undefined> {
  if (line.has('yes')) return undefined;
  return plainPrompter({ say, readLine: lineOfStdin, ...(process.stdin.isTTY && { hidden: withoutEcho }) });
}
