/** `audit verify`. */
import { ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { auditFacts, openKeys, openStore } from '../../../app/open-state.ts';
import { verifyAudit } from '../../../state/audit/audit-log.ts';
import { type Head, headText, parseHead } from '../../../state/audit/chain.ts';
import { type KeptRuns, readKeptRuns } from '../../../state/kept-runs.ts';
import { memoryStore } from '../../../state/store/memory-store.ts';
import { needState, withSession } from '../command.ts';

export const verify = withSession(async (session, line) => {
  const { io } = session;
  needState(session, 'there is no audit log');
  const expected = headOf(line.value('head'));
  const store = (await openStore(session)) ?? memoryStore();
  try {
    const keys = await openKeys(session, store, false);
    // Whatever else of the state is damaged, the log is looked at.
    const kept = await readKeptRuns(store, keys).catch((): KeptRuns => ({ memory: {}, known: 1 }));
    const verdict = await verifyAudit({ ...(await auditFacts(store, keys, kept)), expected });
    io.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
    const span = verdict.from === undefined ? '' : `, ${verdict.from} to ${verdict.to}`;
    if (verdict.ok)
      io.log.info(
        `The audit log is in order: ${counted(verdict.entries, 'entry', 'entries')} of ${counted(verdict.runs, 'run')}${span}. It ends at ${headText(verdict.head)}.`,
      );
    else io.log.error(`The audit log is broken at line ${verdict.brokenLine} of ${verdict.brokenFile}. ${verdict.why}`);
    return verdict.ok ? ExitCode.ok : ExitCode.unexpected;
  } finally {
    await store.close();
  }
});

function headOf(text: string | undefined): Head | undefined {
  const head = text === undefined ? undefined : parseHead(text.trim());
  if (text === undefined || head) return head;
  throw new ConnectorError('settings', '--head is not of the form SEQ:HASH.', {
    hint: 'Give it as a run printed it: a number, a colon, and 64 hexadecimal digits.',
  });
}
