/** What is asked of Together beside a run: whether it takes the key, and whom it has already. Nothing is changed there. */

import { ConnectorError } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { AttemptError, describe } from '@ukg-together/transport/http/failure';
import { traced } from '@ukg-together/transport/http/traced';
import { wordsFor } from '@ukg-together/transport/retry/policy';
import { retryLimits } from '@ukg-together/transport/retry/retry';
import type { TogetherUser } from '../model/person.ts';
import { accountHeaders, usersUrl } from '../together/account.ts';
import type { RemoteIndex } from '../together/remote-index.ts';
import { togetherPolicy } from '../together/status-policy.ts';
import type { Remote } from '../together/user-list.ts';
import { lockKey } from './run-lock.ts';
import type { Session } from './session.ts';

/**
 * One GET of the list of users: the only documented call that changes nothing. Its answer is not read.
 * Throws ConnectorError (`locked` while a run uses the key); resolves with what was proven.
 */
export async function tryTogether(session: Session): Promise<string> {
  const { account, connections, io } = session;
  const { send } = connections;
  const url = usersUrl(account);
  const lock = await lockKey(session);
  let status: number;
  try {
    // Opened once the key is ours: the pause counts from there.
    const limiter = await connections.limiter();
    status = await limiter.run(async () => {
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

/** undefined: there is no list that can be understood, and the run goes on without. Throws when the key is refused, or in use. */
export async function listTogether(
  session: Session,
  bodyOf: (employeeId: string) => TogetherUser | undefined,
  onlyLooks: boolean,
): Promise<RemoteIndex | undefined> {
  const { account, connections, io } = session;
  const { clock, random, signal, log } = io;
  const { readRemote } = await import('../together/list-users.ts');
  const { remoteIndexTaker } = await import('../together/remote-index.ts');
  // A run has the key already.
  const lock = onlyLooks ? await lockKey(session) : undefined;
  let remote: Remote<RemoteIndex>;
  try {
    const limiter = await connections.limiter();
    const deps = {
      account,
      send: traced(connections.send, log),
      limiter,
      clock,
      random,
      limits: { ...retryLimits(session.settings), maxRetries: 1 },
      signal,
    };
    remote = await readRemote(deps, () => remoteIndexTaker(bodyOf));
  } finally {
    await lock?.release();
  }
  if (remote.recognised && remote.mayBeAPage)
    log.info(
      `Together's list of ${counted(remote.users, 'user')} may be the first page of several: who is not on it counts as new here.`,
    );
  if (remote.recognised) return remote.result;
  log.info(`What Together holds can't be compared: ${remote.reason}. The run goes on without.`);
  return undefined;
}
