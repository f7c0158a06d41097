/** `target-together verify` and `drift`: what Together's own list says of what it accepted. One request, nothing is sent. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { keepYoungGenerationSmall } from '@ukg-together/kit/young-generation';
import { verifyTogether } from '../../../app/ask-together.ts';
import { whoRuns } from '../../../app/audit-hooks.ts';
import { openKeys, openRunAudit, openState, openStore } from '../../../app/open-state.ts';
import { lockRun, type RunLock } from '../../../app/run-lock.ts';
import type { Session } from '../../../app/session.ts';
import type { Verification } from '../../../model/fields/verification.ts';
import { hasDrift } from '../../../plan/drift/verification.ts';
import { driftLines, verifyLines } from '../../../report/terminal/verification-lines.ts';
import { verifiedCounts } from '../../../state/audit/audit-log.ts';
import { needState, withSession } from '../command.ts';

const command = (name: 'verify' | 'drift', lines: (found: Verification) => string[]) =>
  withSession(async (session, line) => {
    const { where } = needState(session, 'nothing is known of what Together accepted');
    keepYoungGenerationSmall();
    const lock = await lockRun(session);
    try {
      const found = await look(session, where);
      await enter(session, lock, name, found);
      const text = line.value('format') === 'json' ? JSON.stringify(found, null, 2) : lines(found).join('\n');
      session.io.stdout.write(`${text}\n`);
      return hasDrift(found) ? ExitCode.changes : ExitCode.ok;
    } finally {
      await lock.release();
    }
  });

export const verify = command('verify', verifyLines);
export const drift = command('drift', driftLines);

async function look(session: Session, where: string): Promise<Verification> {
  const opened = await openState(session);
  try {
    if (opened.state.known > 0) return await verifyTogether(session, opened);
  } finally {
    await opened.state.close();
  }
  throw new ConnectorError(
    'settings',
    said`${where}: Together has accepted no person from here, so there is nothing to compare.`,
    {
      hint: 'Run first. Does state_dir name the folder of the runs?',
    },
  );
}

async function enter(session: Session, lock: RunLock, command: string, found: Verification): Promise<void> {
  const store = await openStore(session, lock);
  if (!store) return;
  try {
    const audit = await openRunAudit(session, { store, keys: await openKeys(session, store, false) });
    await audit?.action({ type: 'verified', who: whoRuns(), command, ...verifiedCounts(found) });
    await audit?.close();
  } finally {
    await store.close();
  }
}
