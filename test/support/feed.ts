/** Writing to processes that may end at any moment, as runners do: a reader that has gone is no failure of the one who writes. */
import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Waits while the reader is slow. False once it reads no more: it has ended, or has closed its end. */
export function feed(stdin: Writable, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (stdin.destroyed || stdin.writableEnded) resolve(false);
    else stdin.write(text, (error) => resolve(!error));
  });
}

/** `writer | reader`, as in a shell: when the reader has ended, the writer meets a closed pipe. */
export function connect(writer: ChildProcess, reader: ChildProcess): void {
  const { stdout } = writer;
  const { stdin } = reader;
  if (stdout === null || stdin === null) throw new Error('Both ends must be pipes.');
  for (const end of [stdout, stdin]) end.on('error', () => undefined);
  stdout.pipe(stdin);
  reader.once('exit', () => stdout.destroy());
}
