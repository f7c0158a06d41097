/** The retry loop, once for both halves. Retry-After replaces the backoff, it is never added to it. */
import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { AttemptError, describe, type Failure } from '../http/failure.ts';
import { type Policy, verdict, wordsFor } from './policy.ts';

export interface RetryLimits {
  /** Tries after the first. */
  readonly maxRetries: number;
  /** Of one attempt, milliseconds. */
  readonly timeoutMs: number;
  /** All attempts and waits together, milliseconds: beyond it no further try begins, whatever Retry-After asks for. */
  readonly maxWaitMs: number;
}

/** Both halves call these settings alike. */
export const retryLimits = (settings: {
  readonly max_retries: number;
  readonly request_timeout_secs: number;
  readonly max_wait_secs: number;
}): RetryLimits => ({
  maxRetries: settings.max_retries,
  timeoutMs: settings.request_timeout_secs * 1000,
  maxWaitMs: settings.max_wait_secs * 1000,
});

export interface RetryOptions extends RetryLimits {
  readonly policy: Policy;
  /** "GET /personnel/v1/person-details": named in errors. */
  readonly what: string;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** What sets `maxWaitMs`, for the error; default: the setting. */
  readonly limitedBy?: string;
  /** First backoff, milliseconds (default 1,000); doubles up to `capMs` (default 60,000). */
  readonly baseMs?: number;
  readonly capMs?: number;
  readonly signal?: AbortSignal;
  /** Whether people were being sent, so that a person may ask what is lost. */
  readonly sends?: boolean;
  readonly onWait?: (wait: { attempt: number; waitMs: number; failure: Failure; rateLimited: boolean }) => void;
}

/** Where no server listens at all, half a minute distinguishes a restart from a wrong address. */
const mostConnectRetries = 5;

/** Tries of a request whose answers no one can read: a proxy may have cut one, a server that answers so each time goes on. */
const mostUnreadable = 3;

/**
 * Runs `attempt` (its number from 1, and the milliseconds that it may take) until it returns. An AttemptError that the policy calls `retry` or `rate_limited`
 * is tried again after a backoff with jitter (between half of it and all of it); every other one is thrown as it came.
 * When the tries are used up: ConnectorError `unreachable`.
 */
export async function retrying<T>(
  attempt: (n: number, timeoutMs: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { clock, maxRetries } = options;
  let leftMs = options.maxWaitMs;
  let unreadable = 0;
  for (let n = 1; ; n++) {
    const timeoutMs = Math.min(options.timeoutMs, leftMs);
    const started = clock.monotonic();
    try {
      return await attempt(n, timeoutMs);
    } catch (thrown) {
      if (!(thrown instanceof AttemptError)) throw thrown;
      const { failure } = thrown;
      const meaning = verdict(failure, options.policy);
      if (meaning !== 'retry' && meaning !== 'rate_limited') throw thrown;
      const waitMs = failure.retryAfterMs ?? backoffMs(n, options);
      const tries = failure.phase === 'connect' ? Math.min(maxRetries, mostConnectRetries) : maxRetries;
      if (isUnreadable(failure)) unreadable++;
      // Time in which the machine slept, or a reader took its time, is no wait for the server.
      leftMs -= Math.min(clock.monotonic() - started, timeoutMs) + waitMs;
      if (n > tries || unreadable >= mostUnreadable || leftMs <= 0) {
        throw unreachable(failure, n, waitMs, leftMs <= 0, options, thrown);
      }
      options.onWait?.({ attempt: n, waitMs, failure, rateLimited: meaning === 'rate_limited' });
      await clock.sleep(waitMs, options.signal);
    }
  }
}

/** An answer of success with a content that is none, or bytes that are no HTTP or no compressed body. */
function isUnreadable({ status, phase, code }: Failure): boolean {
  return status === undefined && (phase === 'answer' || /^(Z_|HPE_|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code ?? ''));
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
  timeIsUp: boolean,
  options: RetryOptions,
  cause: unknown,
): ConnectorError {
  const meaning = failure.status === undefined ? '' : `, ${wordsFor(failure.status, options.policy)}`;
  const asked = failure.retryAfterMs === undefined ? '' : ` It asked to wait ${Math.round(waitMs / 1000)} s.`;
  const limit = options.limitedBy ?? `max_wait_secs (${options.maxWaitMs / 1000})`;
  const late = timeIsUp ? ` Another try would go beyond ${limit}.` : '';
  const again = options.sends ? 'Nothing is lost: run it again later.' : 'Run it again later.';
  return new ConnectorError(
    'unreachable',
    said`${options.what} kept failing: ${describe(failure)}${meaning}, after ${tries} ${tries === 1 ? 'try' : 'tries'}.${asked}${late}`,
    {
      hint: isUnreadable(failure)
        ? `The host answers, but not with what its web service should: look whether a proxy, a portal or a maintenance page answers for it. ${again}`
        : `${again} If it goes on, check the host, the network and the proxy settings.`,
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
