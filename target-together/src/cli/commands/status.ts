/** `target-together status`: for monitors and for people. Exit 1 when no successful run is young enough. */

import type { CommandLine } from '@ukg-together/kit/command/command-line';
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { logAnswered } from '@ukg-together/kit/log/failure';
import { openState } from '../../app/open-state.ts';
import { runUnderWay } from '../../app/run-lock.ts';
import type { Session } from '../../app/session.ts';
import { people } from '../../model/text/number-text.ts';

import { listRejects } from '../../state/rejects/rejects.ts';
import { needState, withSession } from './command.ts';

export const status = withSession(async (session, line) => {
  const { io } = session;
  const { where } = needState(session, 'nothing is known of earlier runs');
  const hours = hoursOf(line);
  const found = await examine(session, where, hours);
  io.stdout.write(line.value('format') === 'json' ? `${JSON.stringify(found, null, 2)}\n` : words(found, hours));
  if (found.ok) return ExitCode.ok;
  logAnswered(io.log, io.stdout, { message: `No successful run is younger than ${hours} h.` });
  return ExitCode.unexpected;
});

function hoursOf(line: CommandLine): number | undefined {
  const maxAge = line.value('max-age-hours');
  if (maxAge === undefined) return undefined;
  const hours = Number(maxAge);
  if (hours > 0) return hours;
  throw new ConnectorError('settings', said`--max-age-hours needs a number of hours above 0.`);
}

/** What `--format json` prints. */
async function examine(session: Session, where: string, hours: number | undefined) {
  const running = await runUnderWay(session);
  const { state, store } = await openState(session);
  try {
    const { last_success: success, last, open, failing_since, history, mapping_due = [] } = state.memory;
    let rejects = 0;
    let oldest: string | undefined;
    for await (const { since } of listRejects(store)) {
      rejects++;
      if (oldest === undefined || since < oldest) oldest = since;
    }
    const ageMs = success ? session.io.clock.now() - Date.parse(success.finished_at) : -1;
    // A run that ended ahead of this clock had a wrong time: how old it is no one knows.
    const ageHours = ageMs < 0 ? null : ageMs / 3_600_000;
    return {
      ok: hours === undefined || (ageHours !== null && ageHours <= hours),
      state_dir: where,
      last_successful_run: success
        ? {
            run_id: success.run_id,
            finished_at: success.finished_at,
            people_read: success.people_read,
            age_hours: ageHours === null ? null : Math.round(ageHours * 10) / 10,
          }
        : null,
      last_run: last ?? null,
      failing_since: failing_since ?? null,
      running: running ?? null,
      // Of a run that goes on no one can say yet that it was interrupted.
      interrupted_run: open && !running ? { run_id: open.run_id, started_at: open.started_at } : null,
      complete_read_due: mapping_due,
      guards: history?.at(-1)?.guards ?? {},
      open_rejects: rejects,
      oldest_reject: oldest ?? null,
      people_known: state.known,
      people_active: state.active,
    };
  } finally {
    await state.close();
  }
}

function words(found: Awaited<ReturnType<typeof examine>>, hours: number | undefined): string {
  const success = found.last_successful_run;
  const age = success?.age_hours == null ? 'at a time ahead of this clock' : `${success.age_hours} h ago`;
  const over = success?.age_hours == null ? ', so its age is not known' : `, older than ${hours} h`;
  const limit = hours === undefined ? '' : found.ok ? `, within ${hours} h` : over;
  return [
    success
      ? `Last success   ${success.run_id}, ${age}${limit}, ${people(success.people_read)} read`
      : 'Last success   none',
    found.last_run
      ? `Last run       ${found.last_run.run_id}, exit code ${found.last_run.exit_code}, ended ${found.last_run.finished_at}`
      : 'Last run       none',
    ...(found.running
      ? [
          `Running now    since ${found.running.since}, process ${found.running.pid}${found.running.host ? ` on ${found.running.host}` : ''}`,
        ]
      : []),
    ...(found.failing_since ? [`Failing since  ${found.failing_since}`] : []),
    ...(found.interrupted_run ? [`Interrupted    ${found.interrupted_run.run_id}: the next run goes on with it`] : []),
    ...(found.complete_read_due.length > 0
      ? [
          `Complete read  due for ${found.complete_read_due.join(', ')}: everybody else still has what the mapping was before`,
        ]
      : []),
    `Open rejects   ${found.open_rejects}${found.oldest_reject ? `, the oldest since ${found.oldest_reject}` : ''}`,
    `Ledger         ${people(found.people_known)} accepted, ${found.people_active} of them not terminated`,
    '',
  ].join('\n');
}
