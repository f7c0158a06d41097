/** `target-together --config F`: the run, and its rehearsal. */
import { logFailure } from '@ukg-together/kit/log/failure';
import { perform } from '../../app/execute-run.ts';
import { openSession } from '../../app/session.ts';
import type { Command } from './command.ts';
import { filesOf, levelOf, singerReader, singerRelease } from './singer-io.ts';

export const run: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  try {
    const result = await perform(session, {
      mode: line.has('dry-run') ? 'dry-run' : 'run',
      protocol: 'singer',
      asked: { input: line.value('input') !== undefined },
      accept: line.value('accept'),
      files: await filesOf(line),
      level: levelOf(line),
      read: singerReader(line, io),
      release: singerRelease(line, io),
    });
    if (result.error) logFailure(io.log, result.error);
    return result.exitCode;
  } finally {
    await session.close();
  }
};
