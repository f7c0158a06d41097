/**
 * What Together holds, read in one request and streamed, so that half a million users need no more memory than one. Nothing
 * published says how `GET /public/user` answers: a bare array, or one under a usual key, is recognised; anything else is said
 * to be not, and the run goes on without.
 */

import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError } from '@ukg-together/kit/error';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { Send } from '@ukg-together/transport/http/request';
import type { Permit, RateLimiter } from '@ukg-together/transport/limiter/limiter';
import { verdict, wordsFor } from '@ukg-together/transport/retry/policy';
import { type RetryLimits, retryAfterMs, retrying } from '@ukg-together/transport/retry/retry';
import type { TogetherUser } from '../model/person.ts';
import { accountHeaders, type TogetherAccount, usersUrl } from './account.ts';
import type { RemoteIndex } from './remote-index.ts';
import { togetherPolicy } from './status-policy.ts';
import { type Remote, type RemoteTaker, readList, what } from './user-list.ts';

export interface RemoteDeps {
  readonly account: TogetherAccount;
  readonly send: Send;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly limits: RetryLimits;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads every user that Together lists. Throws ConnectorError `credentials` on 401, and on a stop; every other trouble comes back
 * as not recognised, with the reason. A 403 too: a key that may write users need not be allowed to list them, and if it may do
 * neither, the first POST says so.
 */
export async function readRemote<T>(deps: RemoteDeps, start: () => RemoteTaker<T>): Promise<Remote<T>> {
  const { account, clock, limiter, send } = deps;
  const attempt = async (permit: Permit, timeoutMs: number): Promise<Remote<T>> => {
    const response = await send({
      method: 'GET',
      url: usersUrl(account),
      headers: accountHeaders(account),
      permit,
      timeoutMs,
    });
    const { status } = response;
    if (status === 200) return await readList(response, start());
    await response.discard();
    const meaning = verdict({ status }, togetherPolicy);
    if (meaning === 'credentials' && status !== 403) {
      throw new ConnectorError(
        'credentials',
        `${what} was answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`,
        {
          hint: 'Check organization_id, client_id, api_key and region.',
        },
      );
    }
    if (meaning === 'retry' || meaning === 'rate_limited') {
      const wishMs = retryAfterMs(response.headers, clock.now());
      throw new AttemptError({ phase: 'answer', status, ...(wishMs === undefined ? {} : { retryAfterMs: wishMs }) });
    }
    const why = status === 403 ? ', so this key may not list users' : '';
    return { recognised: false, reason: `${what} was answered HTTP ${status}${why}` };
  };
  try {
    return await retrying((_, timeoutMs) => limiter.run((permit) => attempt(permit, timeoutMs), deps.signal), {
      policy: togetherPolicy,
      what,
      ...deps.limits,
      clock,
      random: deps.random,
      ...(deps.signal ? { signal: deps.signal } : {}),
    });
  } catch (thrown) {
    if (thrown instanceof AttemptError || (thrown instanceof ConnectorError && thrown.kind === 'unreachable')) {
      return { recognised: false, reason: thrown.message.replace(/\.$/, '') };
    }
    throw thrown;
  }
}

/** Asks for Together's own list; undefined where it can't be read. `bodyOf`: what this run would send of a person. */
export type AskRemote = (bodyOf: (employeeId: string) => TogetherUser | undefined) => Promise<RemoteIndex | undefined>;
