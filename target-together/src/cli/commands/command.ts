import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { type Execution, executeRun } from '../../app/execute-run.ts';
import type { Io } from '../../app/io.ts';
import { openSession, type Session } from '../../app/session.ts';
import type { StatePlace } from '../../state/location.ts';

/** Resolves with the exit code. */
export type Command = (line: CommandLine, io: Io) => Promise<number>;

/** A command with the settings of `--config`, closed whatever happens. */
export const withSession =
  (job: (session: Session, line: CommandLine) => Promise<number>): Command =>
  async (line, io) => {
    const session = await openSession(line.values('config'), io);
    try {
      return await job(session, line);
    } finally {
      await session.close();
    }
  };

/** Throws what a run ended with, once the run has reported everything else. */
export async function runAndReport(session: Session, execution: Execution): Promise<number> {
  const { error, exitCode } = await executeRun(session, execution);
  if (error) throw error;
  if (exitCode === ExitCode.refused) {
    throw new ConnectorError(
      'refused',
      said`Done, but more people could not be sent than max_rejected_percent allows.`,
      {
        hint: 'The summary above names them and says what to do.',
      },
    );
  }
  return exitCode;
}

/** Throws where nothing is kept; `lacks`: what there is not, therefore. */
export function needState({ statePlace }: Session, lacks: string): StatePlace {
  if (statePlace !== null) return statePlace;
  throw new ConnectorError('settings', said`state_dir is null: ${lacks}.`, {
    hint: 'Name a folder in state_dir, or "redis".',
  });
}
