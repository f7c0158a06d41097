/** `target-together doctor`: proves host, headers, key, state folder and mapping, without writing to Together. */

import { asConnectorError, type ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { openRunBooks } from '../../app/open-state.ts';
import { tryTogether } from '../../app/probe-together.ts';
import { openSession, type Session } from '../../app/session.ts';
import type { Command } from './command.ts';

export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly message: string;
  readonly hint?: string;
}

export const doctor: Command = async (line, io) => {
  const session = await openSession(line.values('config'), io);
  try {
    const { findings, error } = await examine(session);
    if (line.value('format') === 'json') io.stdout.write(`${JSON.stringify({ ok: !error, findings }, null, 2)}\n`);
    else for (const finding of findings) io.stdout.write(findingLine(finding));
    return error?.exitCode ?? ExitCode.ok;
  } finally {
    await session.close();
  }
};

const findingLine = ({ ok, check, message, hint }: Finding) =>
  `${ok ? 'ok  ' : 'FAIL'} ${check.padEnd(12)} ${message}${hint ? `\n     ${' '.repeat(12)} ${hint}` : ''}\n`;

/** All checks, each told, and the first failure: what the exit code goes by. */
export async function examine(session: Session): Promise<{ findings: Finding[]; error: ConnectorError | undefined }> {
  const findings: Finding[] = [{ check: 'settings', ok: true, message: 'Settings and mapping rules are in order.' }];
  let error: ConnectorError | undefined;
  for (const [check, job] of [
    ['state folder', () => stateCheck(session)],
    ['together', () => tryTogether(session)],
  ] as const) {
    try {
      findings.push({ check, ok: true, message: await job() });
    } catch (thrown) {
      const failure = asConnectorError(thrown);
      error ??= failure;
      findings.push({ check, ok: false, message: failure.message, ...(failure.hint ? { hint: failure.hint } : {}) });
    }
  }
  return { findings, error };
}

async function stateCheck(session: Session): Promise<string> {
  if (session.state === null) return 'state_dir is null: every run sends everybody, and no guard has a baseline.';
  const { books } = await openRunBooks(session);
  try {
    return `${session.state.where}: ${counted(books.known, 'person', 'people')} in the ledger.`;
  } finally {
    await books.close();
  }
}
