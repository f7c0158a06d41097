/** `target-together status`: for monitors and for people. Exit 1 when no good run is young enough. */
import { ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { openRunBooks } from '../../app/open-state.ts';
import { openSession } from '../../app/session.ts';
import { people } from '../../report/text.ts';
import { listRejects } from '../../state/rejects.ts';
import type { Command } from './command.ts';

export const status: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  try {
    if (session.state === null) {
      throw new ConnectorError('settings', 'state_dir is null: nothing is known of earlier runs.', {
        hint: 'Name a folder in state_dir.',
      });
    }
    const maxAge = line.value('max-age-hours');
    const hours = maxAge === undefined ? undefined : Number(maxAge);
    if (hours !== undefined && !(hours > 0)) {
      throw new ConnectorError('settings', '--max-age-hours needs a number of hours above 0.');
    }
    const { books, store } = await openRunBooks(session);
    try {
      const { sound: good, last, open, failing_since, history } = books.memory;
      let rejects = 0;
      let oldest: string | undefined;
      for await (const { since } of listRejects(store)) {
        rejects++;
        if (oldest === undefined || since < oldest) oldest = since;
      }
      const ageHours = good ? (io.clock.now() - Date.parse(good.finished_at)) / 3_600_000 : null;
      const fresh = hours === undefined || (ageHours !== null && ageHours <= hours);
      const found = {
        ok: fresh,
        state_dir: session.state.where,
        last_good_run: good
          ? {
              run_id: good.run_id,
              finished_at: good.finished_at,
              people_read: good.people_read,
              age_hours: Math.round((ageHours as number) * 10) / 10,
            }
          : null,
        last_run: last ?? null,
        failing_since: failing_since ?? null,
        interrupted_run: open ? { run_id: open.run_id, started_at: open.started_at } : null,
        guards: history?.at(-1)?.guards ?? {},
        open_rejects: rejects,
        oldest_reject: oldest ?? null,
        people_known: books.known,
        people_active: books.active,
      };
      io.stdout.write(line.value('format') === 'json' ? `${JSON.stringify(found, null, 2)}\n` : words(found, hours));
      return fresh ? ExitCode.ok : ExitCode.unexpected;
    } finally {
      await books.close();
    }
  } finally {
    await session.close();
  }
};

function words(
  found: {
    readonly ok: boolean;
    readonly last_good_run: {
      readonly run_id: string;
      readonly age_hours: number;
      readonly people_read: number;
    } | null;
    readonly last_run: { readonly run_id: string; readonly exit_code: number; readonly finished_at: string } | null;
    readonly failing_since: string | null;
    readonly interrupted_run: { readonly run_id: string } | null;
    readonly open_rejects: number;
    readonly oldest_reject: string | null;
    readonly people_known: number;
    readonly people_active: number;
  },
  hours: number | undefined,
): string {
  const good = found.last_good_run;
  const limit = hours === undefined ? '' : found.ok ? `, within ${hours} h` : `, older than ${hours} h`;
  return [
    good
      ? `Last good run  ${good.run_id}, ${good.age_hours} h ago${limit}, ${people(good.people_read)} read`
      : 'Last good run  none',
    found.last_run
      ? `Last run       ${found.last_run.run_id}, exit code ${found.last_run.exit_code}, ended ${found.last_run.finished_at}`
      : 'Last run       none',
    ...(found.failing_since ? [`Failing since  ${found.failing_since}`] : []),
    ...(found.interrupted_run ? [`Interrupted    ${found.interrupted_run.run_id}: the next run goes on with it`] : []),
    `Open rejects   ${found.open_rejects}${found.oldest_reject ? `, the oldest since ${found.oldest_reject}` : ''}`,
    `Ledger         ${people(found.people_known)} accepted, ${found.people_active} of them not terminated`,
    '',
  ].join('\n');
}
