import { ConnectorError } from '@ukg-together/kit/error';
import { AttemptError, describe } from '@ukg-together/transport/http/failure';
import { togetherPolicy, wordsFor } from '@ukg-together/transport/retry/policy';
import { accountHeaders, usersUrl } from '../together/account.ts';
import { lockKey } from './run-lock.ts';
import type { Session } from './session.ts';

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
