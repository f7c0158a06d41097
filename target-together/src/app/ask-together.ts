/** What is asked of Together beside a run: whether it takes the key, and which people it has already. Nothing is changed there. */

import { ConnectorError, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { AttemptError, describe } from '@ukg-together/transport/http/failure';
import { traced } from '@ukg-together/transport/http/traced';
import { wordsFor } from '@ukg-together/transport/retry/policy';
import { retryLimits } from '@ukg-together/transport/retry/retry';
import type { Verification } from '../model/fields/verification.ts';
import type { Compared } from '../plan/drift/compare-list.ts';
import { accountHeaders, usersUrl } from '../together/account.ts';
import type { Remote } from '../together/list/list-users.ts';
import type { BodyOf, RemoteIndex } from '../together/list/remote-index.ts';
import type { RemoteTaker } from '../together/list/user-list.ts';
import { togetherPolicy } from '../together/status-policy.ts';
import type { OpenState } from './open-state.ts';
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
    throw new ConnectorError('unreachable', said`${url.host} can't be reached: ${describe(thrown.failure)}.`, {
      hint: 'Check region or api_url, the network, the proxy (HTTPS_PROXY) and the certificates (NODE_EXTRA_CA_CERTS).',
      cause: thrown,
    });
  } finally {
    await lock.release();
  }
  if (status === 401 || status === 403) {
    throw new ConnectorError(
      'credentials',
      said`${url.host} answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`,
      {
        hint: 'Check organization_id, client_id, api_key and region; a key that broke the rate limit is revoked.',
      },
    );
  }
  if (status >= 200 && status < 300) return `${url.host} accepts these headers and this key.`;
  // UNVERIFIED: GET /public/user is documented by name only; a server without it still shows that the host is right.
  if (status === 404 || status === 405)
    return `${url.host} answers, but offers no list of users (HTTP ${status}): the key is not proven.`;
  throw new ConnectorError(
    'unreachable',
    said`${url.host} answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`,
    {
      hint: status === 429 || status >= 500 ? 'Try again in a minute.' : 'Check region or api_url.',
    },
  );
}

/** One GET of the list of users, with one retry. The caller has the key. */
async function askList<T>({ account, connections, io, settings }: Session, start: () => RemoteTaker<T>) {
  const { clock, random, signal, log } = io;
  const { readRemote } = await import('../together/list/list-users.ts');
  const limiter = await connections.limiter();
  const send = traced(connections.send, log);
  const limits = { ...retryLimits(settings), maxRetries: 1 };
  return await readRemote({ account, send, limiter, clock, random, limits, signal }, start);
}

/**
 * What Together's own list says of what the ledger has accepted. The caller has the key.
 * Throws ConnectorError `unreachable` where there is no list that can be understood.
 */
export async function verifyTogether(session: Session, { state }: Pick<OpenState, 'state'>): Promise<Verification> {
  const { ledger, emails, memory } = state;
  const { compareList } = await import('../plan/drift/compare-list.ts');
  const { verification } = await import('../plan/drift/verification.ts');
  const remote = comparable(await askList(session, () => compareList({ ledger, emails })), state.known);
  if (!remote.recognised) {
    throw new ConnectorError('unreachable', said`What Together holds can't be compared: ${remote.reason}.`, {
      hint: 'Nothing is wrong with what was sent. Ask Together what GET /public/user answers for your key, or leave this check out.',
    });
  }
  const missing = Object.entries(memory.missing ?? {}).flatMap(([id, reads]) => (reads > 0 ? [id] : []));
  const accepted = { entries: ledger.entries, find: ledger.find, missing };
  return await verification(remote.result, accepted, session.settings.on_drift, remote.whole);
}

/** A list without a single one of the people is another list, or has other ids: nothing follows from it of anyone. */
function comparable(remote: Remote<Compared>, known: number): Remote<Compared> {
  if (!remote.recognised || remote.result.matched > 0) return remote;
  const all = `GET /public/user listed ${counted(remote.users, 'user')}`;
  const none = `none of the ${counted(known, 'person', 'people')} that Together accepted from here`;
  return { recognised: false, reason: `${all}, and by employeeId ${none}` };
}

/** What a person changed in Together since the last delivery; undefined: nothing was accepted yet, or the list can't be understood. */
export async function askDrift(session: Session, { state }: Pick<OpenState, 'state'>, onlyLooks: boolean) {
  if (state.known === 0) return undefined;
  const { compareList } = await import('../plan/drift/compare-list.ts');
  const { driftOf } = await import('../plan/drift/on-drift.ts');
  const lock = onlyLooks ? await lockKey(session) : undefined;
  try {
    const compare = () => compareList({ ledger: state.ledger, emails: state.emails });
    const remote = comparable(await askList(session, compare), state.known);
    if (remote.recognised) return driftOf(remote.result, state.ledger, session.settings.on_drift);
    session.io.log.warn(`What was changed in Together is not known: ${remote.reason}. The plan is made without.`);
    return undefined;
  } finally {
    await lock?.release();
  }
}

/** undefined: there is no list that can be understood, and the run goes on without. Throws when the key is refused, or in use. */
export async function listTogether(
  session: Session,
  bodyOf: BodyOf,
  onlyLooks: boolean,
): Promise<RemoteIndex | undefined> {
  const { log } = session.io;
  const { remoteIndexTaker } = await import('../together/list/remote-index.ts');
  // A run has the key already.
  const lock = onlyLooks ? await lockKey(session) : undefined;
  let remote: Remote<RemoteIndex>;
  try {
    remote = await askList(session, () => remoteIndexTaker(bodyOf));
  } finally {
    await lock?.release();
  }
  if (remote.recognised && remote.whole !== 'yes')
    log.info(
      `Together's list of ${counted(remote.users, 'user')} ${remote.whole === 'no' ? 'is' : 'may be'} the first page of several: who is not on it counts as new here.`,
    );
  if (remote.recognised) return remote.result;
  log.info(`What Together holds can't be compared: ${remote.reason}. The run goes on without.`);
  return undefined;
}
