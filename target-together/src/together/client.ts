/** Together's user API: one POST with its retries, read into what it says of each person. Decides nothing about the others. */

import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { AttemptError, describe, type Failure } from '@ukg-together/transport/http/failure';
import type { HttpResponse, Send } from '@ukg-together/transport/http/request';
import type { Permit, RateLimiter } from '@ukg-together/transport/limiter/limiter';
import { verdict, wordsFor } from '@ukg-together/transport/retry/policy';
import { type RetryLimits, retryAfterMs, retrying } from '@ukg-together/transport/retry/retry';
import type { Delivery } from '../model/person.ts';
import { accountHeaders, type TogetherAccount, usersUrl } from './account.ts';
import { type Reading, readAnswer } from './answer.ts';
import { bodyOf, isLoneMove } from './body.ts';
import { togetherPolicy } from './status-policy.ts';

/** One attempt, for the timeline of a report. */
export interface RequestRecord {
  /** Wall clock, milliseconds since 1970, when it was sent. */
  readonly startedAt: number;
  readonly ms: number;
  readonly users: number;
  readonly bytes: number;
  /** Absent: no answer came. */
  readonly status?: number;
}

export interface ClientDeps {
  readonly account: TogetherAccount;
  readonly send: Send;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly limits: RetryLimits;
  /** A stop: nothing new is sent and no wait goes on; the request in flight is finished. */
  readonly signal?: AbortSignal | undefined;
  readonly onRequest?: ((request: RequestRecord) => void) | undefined;
  readonly onWait?: ((wait: { waitMs: number; failure: Failure; rateLimited: boolean }) => void) | undefined;
}

export interface Posted {
  /** The first ones of the batch, as many as were sent: fewer than given after timeouts. */
  readonly sent: readonly Delivery[];
  readonly answer: Reading | { readonly kind: 'too_large' };
  readonly bytes: number;
  /** From sending to the end of the answer. */
  readonly ms: number;
  /** Whether a 200 or 201 to an array said more than its status; undefined for every other one: a single object is answered in its own way. */
  readonly withBody?: boolean | undefined;
}

interface PostOptions {
  /** A 200 or 201 without a body is a transient fault: earlier ones had one, and a proxy may answer so for a server that is away. */
  readonly expectsBody?: boolean;
  /** Sent only to see whether it passes: one more try at most, in half a timeout altogether, so that two that stall take one timeout. */
  readonly probe?: boolean;
  /** A request of so many users met a timeout or 500–504 again and again. */
  readonly onStruggle?: (users: number) => void;
}

export interface TogetherClient {
  /**
   * Sends people, the same request again while trouble passes; after two timeouts or 502–504 of one size, or three 500, a smaller
   * part of it. Throws ConnectorError: `credentials` at once; `unreachable` when the tries are used up (`cause` is the last
   * AttemptError) and on an answer that no one documented. Repeating is safe: a user sent twice is the same user.
   */
  postUsers(batch: readonly Delivery[], options?: PostOptions): Promise<Posted>;
}

const what = 'POST /public/user';
/** Then a smaller part is tried. A 500 speaks of size less often than a timeout, so it gets one more. */
const triesOfOneSize = (failure: Failure): number => (failure.status === 500 ? 3 : 2);

export function createTogetherClient(deps: ClientDeps): TogetherClient {
  const { account, clock, limiter, send } = deps;
  const url = usersUrl(account);
  const headers = accountHeaders(account);

  async function attempt(
    permit: Permit,
    sent: readonly Delivery[],
    expectsBody: boolean,
    timeoutMs: number,
  ): Promise<Posted> {
    const body = bodyOf(sent);
    const bytes = body.length;
    const from = clock.monotonic();
    const startedAt = clock.now();
    let status: number | undefined;
    try {
      const response = await send({ method: 'POST', url, headers, body, permit, timeoutMs });
      status = response.status;
      const { answer, withBody } = await read(response, sent, { expectsBody, clock });
      return { sent, answer, bytes, ms: clock.monotonic() - from, withBody };
    } finally {
      const ms = clock.monotonic() - from;
      deps.onRequest?.({ startedAt, ms, users: sent.length, bytes, ...(status === undefined ? {} : { status }) });
    }
  }

  return {
    async postUsers(batch, options = {}) {
      let current = batch;
      let failed = 0;
      try {
        return await retrying(
          async (_, timeoutMs) => {
            const tried = current;
            try {
              // One attempt with its whole answer takes one permit of the limiter: never two in flight.
              return await limiter.run(
                (permit) => attempt(permit, tried, options.expectsBody === true, timeoutMs),
                deps.signal,
              );
            } catch (thrown) {
              if (thrown instanceof AttemptError && mayLieInSize(thrown.failure)) {
                failed++;
                if (failed >= triesOfOneSize(thrown.failure)) {
                  options.onStruggle?.(tried.length);
                  if (tried.length > 1) current = tried.slice(0, tried.length >> 1);
                }
              }
              throw thrown;
            }
          },
          {
            policy: togetherPolicy,
            what,
            ...(options.probe ? probeLimits(deps.limits) : deps.limits),
            clock,
            random: deps.random,
            sends: true,
            ...(deps.signal ? { signal: deps.signal } : {}),
            ...(deps.onWait ? { onWait: deps.onWait } : {}),
          },
        );
      } catch (thrown) {
        if (!(thrown instanceof AttemptError)) throw thrown;
        throw new ConnectorError('unreachable', said`${what} failed: ${describe(thrown.failure)}.`, {
          hint: 'Check region or api_url, the network, the proxy and the CA settings. Nothing is lost: run it again.',
          cause: thrown,
        });
      }
    },
  };
}

const probeLimits = ({ maxRetries, timeoutMs, maxWaitMs }: RetryLimits) => ({
  maxRetries: Math.min(1, maxRetries),
  timeoutMs,
  maxWaitMs: Math.min(timeoutMs, maxWaitMs) / 2,
  limitedBy: 'half of request_timeout_secs, which a part of a failed request gets',
});

/** An answer as what it says of the people sent; throws what ends the attempt, or the run. */
async function read(
  response: HttpResponse,
  sent: readonly Delivery[],
  { expectsBody, clock }: { readonly expectsBody: boolean; readonly clock: Clock },
): Promise<Pick<Posted, 'answer' | 'withBody'>> {
  const { status } = response;
  const meaning = verdict({ status }, togetherPolicy);
  switch (meaning) {
    case 'success':
    case 'refused': {
      const text = await response.text();
      const withBody = (status === 200 || status === 201) && !isLoneMove(sent) ? text.trim() !== '' : undefined;
      if (withBody === false && expectsBody) throw new AttemptError({ phase: 'answer', code: `HTTP_${status}_EMPTY` });
      const reading = readAnswer(status, text, sent);
      if (reading.kind !== 'unrecognised') return { answer: reading, withBody };
      if (reading.transient) throw new AttemptError({ phase: 'answer', code: `HTTP_${status}_${reading.code}` });
      throw new ConnectorError(
        'unreachable',
        said`${what} was answered HTTP ${status} in an undocumented shape (${reading.code}). It is not taken for success.`,
        {
          hint: 'No person of this request counts as sent. Report the shape of the answer (its keys, not its values).',
        },
      );
    }
    case 'too_large':
      await response.discard();
      return { answer: { kind: 'too_large' } };
    case 'credentials':
      await response.discard();
      throw new ConnectorError(
        'credentials',
        said`${what} was answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}. Nothing more was sent.`,
        { hint: 'Check organization_id, client_id, api_key and region; a key that broke the rate limit is revoked.' },
      );
    case 'retry':
    case 'rate_limited': {
      await response.discard();
      const wishMs = retryAfterMs(response.headers, clock.now());
      throw new AttemptError({ phase: 'answer', status, ...(wishMs === undefined ? {} : { retryAfterMs: wishMs }) });
    }
    case 'fail':
      await response.discard();
      throw new ConnectorError(
        'unreachable',
        said`${what} was answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}. Sending stopped.`,
        {
          hint: 'Check region or api_url. Nothing is lost: who was not sent stays undelivered and is sent by the next run.',
        },
      );
  }
}

/** A trouble that a smaller request may avoid. */
function mayLieInSize(failure: Failure): boolean {
  if (failure.status !== undefined) return failure.status === 500 || (failure.status >= 502 && failure.status <= 504);
  return failure.phase !== 'connect' && /TIMEOUT|TIMEDOUT/.test(failure.code ?? '');
}

/**
 * Whether the trouble may lie in what was sent (a fault of the server, a timeout), not in the way there. A server that says until
 * when to stay away speaks of itself: to send it a half of the same at once would be to ask again before it allows that.
 */
export function mayLieInContent(error: unknown): boolean {
  const cause = error instanceof ConnectorError && error.kind === 'unreachable' ? error.cause : undefined;
  if (!(cause instanceof AttemptError) || cause.failure.retryAfterMs !== undefined) return false;
  return mayLieInSize(cause.failure);
}
