/** target-together as a process: the real clock, files and signals, wired to the commands. */

import { systemClock } from '@ukg-together/protocol/clock';
import type { CommandLine } from '@ukg-together/protocol/command-line';
import { logFailure } from '@ukg-together/protocol/failure';
import { createLogger } from '@ukg-together/protocol/log';
import { createRedactor } from '@ukg-together/protocol/redact';
import { runCommand } from './commands/index.ts';
import type { Io } from './session.ts';
import { stopSignal } from './stop-signal.ts';

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
