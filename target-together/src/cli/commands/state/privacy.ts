/** `privacy show ID`, `privacy forget ID`: what is kept of one person, and the end of it. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { whoRuns } from '../../../app/audit-hooks.ts';
import { openRunAudit, openState } from '../../../app/open-state.ts';
import { lockRun } from '../../../app/run-lock.ts';
import type { Session } from '../../../app/session.ts';
import { newRunId } from '../../../run/identity.ts';
import { pseudonym } from '../../../state/privacy/audit.ts';
import { forgetPerson, idsOf, type Trace, tracesOf } from '../../../state/privacy/traces.ts';
import { needState, withSession } from '../command.ts';

/** Where this program has no hand. */
const beyond = [
  'Together: ask its support to delete the account and what belongs to it; a deleted account answers 410 and is not sent again until the record changes.',
  'the HRIS, and the state files of its tap: as long as the source sends this person, the next run creates them again; leave them out with a filter.',
  'copies that "ledger export" made, backups and snapshots of the disk.',
  'replicas and backups of Redis, where the state is there.',
  'plans, reports and summaries in other folders, mails and chat rooms.',
  'log files of the scheduler: they name ids.',
  'names in the rejected records of other people where no id or address of this person stands beside them, and compressed files.',
];
const notReached = ['', 'Not reached from here:', ...beyond.map((what) => `  ${what}`)];

async function look(session: Session, id: string, known?: readonly string[]): Promise<Trace[]> {
  const opened = await openState(session);
  try {
    return await tracesOf(opened, known ?? idsOf(opened, id));
  } finally {
    await opened.state.close();
  }
}

const listed = (traces: readonly Trace[]) => traces.map(({ place, what }) => `  ${place}: ${what}`);

export const show = withSession(async (session, line) => {
  const { where } = needState(session, 'nothing is kept of anybody');
  const id = line.positionals[0] as string;
  const traces = await look(session, id);
  const { stdout } = session.io;
  if (line.value('format') === 'json') {
    stdout.write(`${JSON.stringify({ id, state: where, traces, not_reached: beyond }, null, 2)}\n`);
  } else {
    const head = traces.length > 0 ? `employeeId ${id} in ${where}:` : `Nothing in ${where} is of employeeId ${id}.`;
    stdout.write(`${[head, ...listed(traces), ...notReached].join('\n')}\n`);
  }
  return ExitCode.ok;
});

export const forget = withSession(async (session, line) => {
  const { where } = needState(session, 'nothing is kept of anybody');
  const id = line.positionals[0] as string;
  const lock = await lockRun(session);
  try {
    const startedAt = session.io.clock.now();
    const opened = await openState(session, { id: newRunId(startedAt), startedAt, lock });
    // First: nothing is removed that the log could not say.
    const audit = await openRunAudit(session, opened).catch(async (thrown: unknown) => {
      await opened.state.close();
      throw thrown;
    });
    const ids = idsOf(opened, id);
    const removed = (await tracesOf(opened, ids)).filter(({ stays }) => !stays);
    if (removed.length > 0) await forgetPerson(opened, ids);
    for (const one of ids)
      await audit?.action({
        type: 'forgotten',
        who: whoRuns(),
        person: pseudonym(opened.keys, one),
        known: removed.length > 0,
      });
    await audit?.close();
    await opened.state.close();
    const left = await look(session, id, ids);
    const missed = left.find(({ stays }) => !stays);
    if (missed)
      throw new ConnectorError('unexpected', said`Not forgotten: ${missed.place} still holds ${missed.what}.`);
    const head =
      removed.length > 0
        ? `employeeId ${id} is forgotten in ${where}. Removed:`
        : `Nothing in ${where} was of employeeId ${id}; nothing was changed.`;
    const kept = left.length > 0 ? ['What stays:', ...listed(left)] : [];
    session.io.stdout.write(`${[head, ...listed(removed), ...kept, ...notReached].join('\n')}\n`);
    return ExitCode.ok;
  } finally {
    await lock.release();
  }
});
