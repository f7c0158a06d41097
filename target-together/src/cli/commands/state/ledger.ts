/** `ledger show`, `ledger verify`. */
import { ConnectorError, ExitCode, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { openState } from '../../../app/open-state.ts';
import type { Session } from '../../../app/session.ts';
import { needState, withSession } from '../command.ts';

const withLedger = (job: (session: Session, where: string, positionals: readonly string[]) => Promise<string>) =>
  withSession(async (session, line) => {
    const { where } = needState(session, 'there is no ledger');
    session.io.stdout.write(`${await job(session, where, line.positionals)}\n`);
    return ExitCode.ok;
  });

export const show = withLedger(async (session, where) => {
  const { state } = await openState(session);
  try {
    const { last, baseline, open } = state.memory;
    return [
      `Ledger in ${where}`,
      `  people accepted    ${state.known}`,
      `  not terminated     ${state.active}`,
      `  version            ${state.version}`,
      `  last run           ${last ? `${last.run_id}, ended ${last.finished_at} with exit code ${last.exit_code}` : 'none'}`,
      `  last successful    ${baseline ? `${baseline.run_id}, ended ${baseline.finished_at}` : 'none'}`,
      ...(open ? [`  interrupted run    ${open.run_id}, begun ${open.started_at}`] : []),
    ].join('\n');
  } finally {
    await state.close();
  }
});

export const verify = withLedger(async (session, where) => {
  const { state } = await openState(session);
  try {
    let people = 0;
    let refused = 0;
    for await (const entry of state.ledger.entries()) {
      if (entry.wasSent) people++;
      if (entry.refused) refused++;
    }
    if (people !== state.known) {
      throw new ConnectorError(
        'unexpected',
        said`The ledger in ${where} counts ${counted(state.known, 'person', 'people')} and holds ${people}.`,
        {
          hint: 'Restore it from a backup.',
        },
      );
    }
    return `The ledger in ${where} is whole: ${counted(people, 'person', 'people')} accepted, ${refused} refused.`;
  } finally {
    await state.close();
  }
});
