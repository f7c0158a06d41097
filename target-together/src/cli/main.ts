/** target-together as a process: the real clock, files and signals, wired to the commands. */

import { systemClock } from '@ukg-together/kit/clock';
import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { logFailure } from '@ukg-together/kit/log/failure';
import { createLogger, type Logger } from '@ukg-together/kit/log/log';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { watched } from '@ukg-together/kit/log/telemetry';
import packageJson from '../../package.json' with { type: 'json' };
import { goesOn, processIo } from '../app/io.ts';
import { runCommand } from './dispatch.ts';

export async function runCli(line: CommandLine): Promise<number> {
  const redactor = createRedactor();
  const { env, stderr } = process;
  // `init` is read by a person: what a run logs for programs is for those who ask for it.
  const logEnv = line.command === 'init' ? { LOGLEVEL: 'WARNING', ...env } : env;
  const log = createLogger({ name: 'target-together', env: logEnv, stream: stderr, clock: systemClock, redactor });
  const io = processIo(
    { env, log, redactor, structured: !!env['SINGER_SDK_LOG_CONFIG'] },
    line.command === '' || line.command === 'apply' ? goesOn : 'Nothing was sent.',
  );
  const job = async (watchedLog: Logger) => await runCommand(line, { ...io, log: watchedLog });
  const command = line.command || 'run';
  const { name, version } = packageJson;
  try {
    if (!watchedCommands.has(command)) return await job(log);
    return await watched({ name, version, command, env, log, clock: systemClock, redactor }, job);
  } catch (thrown) {
    return logFailure(log, thrown);
  }
}

/** What reads or sends people; the others answer a person who waits for it. */
const watchedCommands = new Set(['run', 'plan', 'apply']);
