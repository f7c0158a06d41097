/** `audit verify`. */
import { ExitCode } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { openStore } from '../../app/open-state.ts';
import { verifyAudit } from '../../state/audit/audit-log.ts';
import { memoryStore } from '../../state/store/memory-store.ts';
import { needState, withSession } from './command.ts';

export const verify = withSession(async (session) => {
  const { io } = session;
  needState(session, 'there is no audit log');
  const store = (await openStore(session)) ?? memoryStore();
  try {
    const verdict = await verifyAudit(store);
    io.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
    const span = verdict.from === undefined ? '' : `, ${verdict.from} to ${verdict.to}`;
    if (verdict.ok)
      io.log.info(
        `The audit log is in order: ${counted(verdict.entries, 'entry', 'entries')} of ${counted(verdict.runs, 'run')}${span}.`,
      );
    else io.log.error(`The audit log is broken at line ${verdict.brokenLine}. ${verdict.why}`);
    return verdict.ok ? ExitCode.ok : ExitCode.unexpected;
  } finally {
    await store.close();
  }
});
