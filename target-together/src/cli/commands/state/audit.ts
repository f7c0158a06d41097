/** `audit verify`, `audit accept`. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { whoRuns } from '../../../app/audit-hooks.ts';
import { auditFacts, openKeys, openStore } from '../../../app/open-state.ts';
import { lockRun, type RunLock } from '../../../app/run-lock.ts';
import type { Session } from '../../../app/session.ts';
import { acceptDamage } from '../../../state/audit/accept.ts';
import { verifyAudit } from '../../../state/audit/audit-log.ts';
import { type Head, headText, parseHead } from '../../../state/audit/chain.ts';
import { type KeptRuns, readKeptRuns } from '../../../state/kept-runs.ts';
import { memoryStore } from '../../../state/store/memory-store.ts';
import { needState, withSession } from '../command.ts';

type Facts = Awaited<ReturnType<typeof auditFacts>>;

/** `lock` absent: only to look. Whatever else of the state is damaged, the log is looked at. */
async function withLog(session: Session, lock: RunLock | undefined, job: (facts: Facts) => Promise<number>) {
  needState(session, 'there is no audit log');
  const store = (await openStore(session, lock)) ?? memoryStore();
  try {
    const keys = await openKeys(session, store, false);
    const kept = await readKeptRuns(store, keys).catch((): KeptRuns => ({ memory: {}, known: 1 }));
    return await job(await auditFacts(store, keys, kept, kept.memory.last));
  } finally {
    await store.close();
  }
}

export const verify = withSession(async (session, line) => {
  const { io } = session;
  const expected = headOf(line.value('head'));
  return await withLog(session, undefined, async (facts) => {
    const verdict = await verifyAudit({ ...facts, expected });
    io.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
    const span = verdict.from === undefined ? '' : `, ${verdict.from} to ${verdict.to}`;
    for (const note of verdict.notes) io.log.warn(note);
    if (verdict.ok)
      io.log.info(
        `The audit log is in order: ${counted(verdict.entries, 'entry', 'entries')} of ${counted(verdict.runs, 'run')}${span}. It ends at ${headText(verdict.head)}.`,
      );
    else io.log.error(`The audit log is broken at line ${verdict.brokenLine} of ${verdict.brokenFile}. ${verdict.why}`);
    return verdict.ok ? ExitCode.ok : ExitCode.unexpected;
  });
});

export const accept = withSession(async (session) => {
  const { io } = session;
  const lock = await lockRun(session);
  try {
    return await withLog(session, lock, async (facts) => {
      const at = new Date(io.clock.now()).toISOString();
      const accepted = await acceptDamage(facts, { who: whoRuns(), at });
      if (!accepted) {
        io.stdout.write('The audit log is in order; nothing was changed.\n');
        return ExitCode.ok;
      }
      const { verdict, files, head } = accepted;
      const aside = files.length > 0 ? `Set aside, as it was found: ${files.join(', ')}. ` : '';
      io.stdout.write(
        `Damage accepted at line ${verdict.brokenLine} of ${verdict.brokenFile}: ${verdict.why} ${aside}A new log in ${facts.store.where} begins by saying so, at ${headText(head)}.\n`,
      );
      return ExitCode.ok;
    });
  } finally {
    await lock.release();
  }
});

function headOf(text: string | undefined): Head | undefined {
  const head = text === undefined ? undefined : parseHead(text.trim());
  if (text === undefined || head) return head;
  throw new ConnectorError('settings', said`--head is not of the form SEQ:HASH.`, {
    hint: 'Give it as a run printed it: a number, a colon, and 64 hexadecimal digits.',
  });
}
