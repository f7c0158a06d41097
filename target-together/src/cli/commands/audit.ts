/** `audit verify`. */
import { ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { openStore } from '../../app/open-state.ts';
import { openSession } from '../../app/session.ts';
import { verifyAudit } from '../../state/audit/audit-log.ts';
import { memoryStore } from '../../state/store/memory-store.ts';
import type { Command } from './command.ts';

export const verify: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  try {
    if (session.state === null) {
      throw new ConnectorError('settings', 'state_dir is null: there is no audit log.', {
        hint: 'Name a folder in state_dir.',
      });
    }
    const store = (await openStore(session)) ?? memoryStore();
    const verdict = await verifyAudit(store);
    await store.close();
    io.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
    const span = verdict.from === undefined ? '' : `, ${verdict.from} to ${verdict.to}`;
    if (verdict.ok)
      io.log.info(
        `The audit log is in order: ${counted(verdict.entries, 'entry', 'entries')} of ${counted(verdict.runs, 'run')}${span}.`,
      );
    else io.log.error(`The audit log is broken at line ${verdict.brokenLine}. ${verdict.why}`);
    return verdict.ok ? ExitCode.ok : ExitCode.unexpected;
  } finally {
    await session.close();
  }
};
