/** SIGTERM and SIGINT as one signal to stop. */
import { ConnectorError, said } from '../error.ts';

/**
 * Aborted by the first SIGTERM or SIGINT, with what the log then says and `hint`; more of them change nothing (of a terminal's
 * Ctrl-C a process hears once from the terminal and once from its runner). It holds until `source` is gone: call it once.
 */
export function stopSignal(source: Pick<NodeJS.Process, 'on' | 'once' | 'exit'>, hint: string): AbortSignal {
  const stop = new AbortController();
  for (const [name, kind] of [
    ['SIGTERM', 'sigterm'],
    ['SIGINT', 'sigint'],
  ] as const) {
    source.on(name, () => {
      if (!stop.signal.aborted) stop.abort(new ConnectorError(kind, said`Stopped by ${name}.`, { hint }));
    });
  }
  // Node takes its handlers off while it clears up after the last event: a signal that came then would kill the process, and its
  // exit code with it. Exiting from within `exit` leaves them on, and everything that was to be written is written by then.
  source.once('exit', (code) => source.exit(code));
  return stop.signal;
}
