/** `target-together doctor`: proves host, headers, key, state folder and mapping, without writing to Together. */
import { asConnectorError, ConnectorError, ExitCode } from '@ukg-together/protocol/error';
import { counted } from '@ukg-together/protocol/show';
import { AttemptError, describe } from '@ukg-together/transport/failure';
import { togetherPolicy, wordsFor } from '@ukg-together/transport/policy';
import { lockKey, openRunBooks } from '../opening.ts';
import { openSession, type Session } from '../session.ts';
import { accountHeaders, usersUrl } from '../together-client.ts';
import type { Command } from './index.ts';

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

/**
 * One GET of the list of users: the only documented call that changes nothing. Its answer is not read.
 * Throws ConnectorError (`locked` while a run uses the key); resolves with what was proven.
 */
export async function tryTogether(session: Session): Promise<string> {
  const { account, send, io } = session;
  const url = usersUrl(account);
  const lock = await lockKey(session);
  let status: number;
  try {
    // Opened once the key is ours: the pause counts from there.
    const turn = await session.lane();
    status = await turn.run(async () => {
      const answer = await send({ method: 'GET', url, headers: accountHeaders(account), signal: io.signal });
      await answer.discard();
      return answer.status;
    }, io.signal);
  } catch (thrown) {
    if (!(thrown instanceof AttemptError)) throw thrown;
    throw new ConnectorError('unreachable', `${url.host} can't be reached: ${describe(thrown.failure)}.`, {
      hint: 'Check region or api_url, the network, the proxy and the CA settings.',
      cause: thrown,
    });
  } finally {
    await lock.release();
  }
  if (status === 401 || status === 403) {
    throw new ConnectorError(
      'credentials',
      `${url.host} answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`,
      {
        hint: 'Check organization_id, client_id, api_key and region; a key that broke the rate limit is revoked.',
      },
    );
  }
  if (status >= 200 && status < 300) return `${url.host} accepts these headers and this key.`;
  // UNVERIFIED: GET /public/user is documented by name only; a server without it still shows that the host is right.
  if (status === 404 || status === 405)
    return `${url.host} answers, but offers no list of users (HTTP ${status}): the key is not proven.`;
  throw new ConnectorError('unreachable', `${url.host} answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`, {
    hint: status === 429 || status >= 500 ? 'Try again in a minute.' : 'Check region or api_url.',
  });
}
