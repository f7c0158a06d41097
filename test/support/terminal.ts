/** A person at a terminal of 40 rows and 80 columns, as `script` makes one: reads what stands there, and answers what they know. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

export interface Session {
  readonly code: number | null;
  /** As it came, with all that moves the cursor. */
  readonly shown: string;
  /** Questions that were answered, in order. */
  readonly answered: readonly string[];
}

/** `knows`: part of a question, and what is typed then; each is answered once, so a question that comes again stands there twice. */
export async function atTerminal(
  command: string,
  options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly knows: readonly (readonly [string, string])[];
  },
): Promise<Session> {
  const child = spawn('script', ['-qec', `stty rows 40 cols 80; exec ${command}`, '/dev/null'], {
    cwd: options.cwd,
    env: { TERM: 'xterm', SHELL: '/bin/sh', ...options.env },
  });
  const left = [...options.knows];
  const answered: string[] = [];
  let shown = '';
  let from = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const fresh = stripVTControlCharacters(shown.slice(from)).replace(/\s+/g, ' ');
    const at = left.findIndex(([question]) => fresh.includes(question));
    const [known] = at < 0 ? [] : left.splice(at, 1);
    if (known === undefined) return;
    from = shown.length;
    answered.push(known[0]);
    // A prompt is drawn before it listens.
    setTimeout(() => child.stdin.write(`${known[1]}\r`), 300);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, shown, answered };
}
