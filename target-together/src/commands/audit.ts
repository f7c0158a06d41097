/** `audit verify`. */
import { ConnectorError, ExitCode } from '@ukg-together/protocol/error';
import { counted } from '@ukg-together/protocol/show';
import { verifyAudit } from '../audit.ts';
import { memoryStore } from '../ledger/memory-store.ts';
import { openStore } from '../opening.ts';
import { openSession } from '../session.ts';
import type { Command } from './index.ts';

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
