/** `target-together --config F`: the run, and its rehearsal. */
import { runAndReport, withSession } from './command.ts';
import { filesOf, levelOf, onlyOf, singerReader, singerRelease } from './singer-io.ts';

export const run = withSession(
  async (session, line) =>
    await runAndReport(session, {
      mode: line.has('dry-run') ? 'dry-run' : 'run',
      protocol: 'singer',
      asked: { input: line.value('input') !== undefined, only: onlyOf(line), verify: line.has('verify') },
      accept: line.value('accept'),
      files: await filesOf(line),
      level: levelOf(line),
      read: singerReader(line, session.io),
      release: singerRelease(line, session.io),
    }),
);
