/** The retry loop, once for both halves. Retry-After replaces the backoff, it is never added to it. */
import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError } from '@ukg-together/kit/error';
import { AttemptError, describe, type Failure } from '../http/failure.ts';
import { type Policy, verdict, wordsFor } from './policy.ts';

export interface RetryOptions {
  readonly policy: Policy;
  /** "GET /personnel/v1/person-details": named in errors. */
  readonly what: string;
  /** Tries after the first. */
  readonly maxRetries: number;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** First backoff, milliseconds (default 1,000); doubles up to `capMs` (default 60,000). */
  readonly baseMs?: number;
  readonly capMs?: number;
  /** A longer Retry-After than this (default 15 minutes) ends the run instead of hanging it. */
  readonly maxRetryAfterMs?: number;
  readonly signal?: AbortSignal;
  readonly onWait?: (wait: { attempt: number; waitMs: number; failure: Failure; rateLimited: boolean }) => void;
}

/** Where nobody listens at all, half a minute tells a restart from a wrong address. */
const mostConnectRetries = 5;

/**
 * Runs `attempt` (its number from 1) until it returns. An AttemptError that the policy calls `retry` or `rate_limited`
 * is tried again after a backoff with jitter (between half of it and all of it); every other one is thrown as it came.
 * When the tries are used up: ConnectorError `unreachable`.
 */
export async function retrying<T>(attempt: (n: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt(n);
    } catch (thrown) {
      if (!(thrown instanceof AttemptError)) throw thrown;
      const { failure } = thrown;
      const meaning = verdict(failure, options.policy);
      if (meaning !== 'retry' && meaning !== 'rate_limited') throw thrown;
      const waitMs = failure.retryAfterMs ?? backoffMs(n, options);
      const tries = failure.phase === 'connect' ? Math.min(options.maxRetries, mostConnectRetries) : options.maxRetries;
      if (n > tries || waitMs > (options.maxRetryAfterMs ?? 15 * 60_000)) {
        throw unreachable(failure, n, waitMs, options, thrown);
      }
      options.onWait?.({ attempt: n, waitMs, failure, rateLimited: meaning === 'rate_limited' });
      await options.clock.sleep(waitMs, options.signal);
    }
  }
}

/** The wait after the n-th failure in a row, milliseconds: exponential, with jitter, up to the cap. */
export function backoffMs(n: number, options: Pick<RetryOptions, 'random' | 'baseMs' | 'capMs'>): number {
  const full = Math.min(options.capMs ?? 60_000, (options.baseMs ?? 1000) * 2 ** (n - 1));
  return full / 2 + (full / 2) * options.random();
}

function unreachable(
  failure: Failure,
  tries: number,
  waitMs: number,
  options: RetryOptions,
  cause: unknown,
): ConnectorError {
  const meaning = failure.status === undefined ? '' : `, ${wordsFor(failure.status, options.policy)}`;
  const asked = failure.retryAfterMs === undefined ? '' : ` It asked to wait ${Math.round(waitMs / 1000)} s.`;
  return new ConnectorError(
    'unreachable',
    `${options.what} kept failing: ${describe(failure)}${meaning}, after ${tries} ${tries === 1 ? 'try' : 'tries'}.${asked}`,
    {
      hint: 'Nothing is lost: run it again later. If it goes on, check the host, the network and the proxy settings.',
      cause,
    },
  );
}

/**
 * Retry-After in milliseconds: seconds, or an HTTP date read by the clock of the answer's own `Date`, so that a wrong clock on
 * this machine changes nothing (`now` where there is none). Undefined when absent, unreadable or not ahead: then the usual
 * backoff holds. Source: RFC 9110 section 10.2.3.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) {
    const ms = Number(text) * 1000;
    return Number.isFinite(ms) && ms > 0 ? ms : undefined;
  }
  const at = dateOf(text);
  if (at === undefined) return undefined;
  const ms = at - (dateOf(headers['date']?.trim() ?? '') ?? now);
  return ms > 0 ? ms : undefined;
}

function dateOf(text: string): number | undefined {
  if (!/^[A-Za-z]{3},? /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
