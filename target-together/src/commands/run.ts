/** `target-together --config F`: the run, and its rehearsal. */
import { logFailure } from '@ukg-together/protocol/failure';
import { perform } from '../perform.ts';
import { openSession } from '../session.ts';
import type { Command } from './index.ts';
import { filesOf, levelOf, singerReader, singerRelease } from './singer.ts';

export const run: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  try {
    const result = await perform(session, {
      mode: line.has('dry-run') ? 'dry-run' : 'run',
      accept: line.value('accept'),
      // Rejects given back are known by the message that they came in.
      keepRaw: line.value('input') !== undefined,
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
