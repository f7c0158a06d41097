/** target-together as a process: the real clock, files and signals, wired to the commands. */

import { systemClock } from '@ukg-together/protocol/clock';
import type { CommandLine } from '@ukg-together/protocol/command-line';
import { ConnectorError } from '@ukg-together/protocol/error';
import { logFailure } from '@ukg-together/protocol/failure';
import { createLogger } from '@ukg-together/protocol/log';
import { createRedactor } from '@ukg-together/protocol/redact';
import { runCommand } from './commands/index.ts';
import type { Io } from './session.ts';

export async function runCli(line: CommandLine): Promise<number> {
  const redactor = createRedactor();
  const { env, stdin, stdout, stderr } = process;
  const log = createLogger({ name: 'target-together', env, stream: stderr, clock: systemClock, redactor });
  const io: Io = {
    env,
    stdin,
    stdout,
    stderr,
    clock: systemClock,
    random: Math.random,
    log,
    redactor,
    structured: !!env['SINGER_SDK_LOG_CONFIG'],
    signal: stopSignal(process),
  };
  try {
    return await runCommand(line, io);
  } catch (error) {
    return logFailure(log, error);
  }
}

/**
 * Aborted by the first SIGTERM or SIGINT; more of them change nothing (a runner's Ctrl-C sends both): the request in flight is
 * always finished and settled.
 */
export function stopSignal(source: Pick<NodeJS.Process, 'on'>): AbortSignal {
  const stop = new AbortController();
  for (const [name, kind] of [
    ['SIGTERM', 'sigterm'],
    ['SIGINT', 'sigint'],
  ] as const) {
    source.on(name, () => {
      if (stop.signal.aborted) return;
      stop.abort(
        new ConnectorError(kind, `Stopped by ${name}.`, {
          hint: 'Nothing is lost: run again, and it goes on where this run ended.',
        }),
      );
    });
  }
  return stop.signal;
}
