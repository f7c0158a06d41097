/** `audit verify`. */
import { join } from 'node:path';
import { ConnectorError, ExitCode } from '@ukg-together/protocol/error';
import { verifyAudit } from '../audit.ts';
import { openSession } from '../session.ts';
import type { Command } from './index.ts';

export const verify: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  try {
    if (session.folder === null) {
      throw new ConnectorError('settings', 'state_dir is null: there is no audit log.', {
        hint: 'Name a folder in state_dir.',
      });
    }
    const verdict = await verifyAudit(join(session.folder, 'audit.jsonl'));
    io.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
    return verdict.ok ? ExitCode.ok : ExitCode.unexpected;
  } finally {
    await session.close();
  }
};
