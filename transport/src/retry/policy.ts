/** What an answer or a failure means, as a table: the only place where a status becomes a decision. */
import type { Failure } from '../http/failure.ts';

/**
 * - `success`: as documented.
 * - `retry`: a transient fault; the same request again after a backoff.
 * - `rate_limited`: slow down; the same request again, later.
 * - `refused`: the content was refused: this person, this row.
 * - `too_large`: send less at once.
 * - `credentials`: stop at once.
 * - `fail`: nothing that is documented; never a success.
 */
export type Verdict = 'success' | 'retry' | 'rate_limited' | 'refused' | 'too_large' | 'credentials' | 'fail';

export interface PolicyRow {
  readonly status: number;
  readonly verdict: Verdict;
  /** What it means, for people. */
  readonly meaning: string;
}
export type Policy = readonly PolicyRow[];

/** Statuses that mean the same at every server: rows for the tables of both halves. */
export const transientStatuses: Policy = [
  { status: 408, verdict: 'retry', meaning: 'the server gave up waiting for the request' },
  { status: 429, verdict: 'rate_limited', meaning: 'too many requests' },
  { status: 500, verdict: 'retry', meaning: 'a temporary fault of the server' },
  { status: 501, verdict: 'fail', meaning: 'the server does not know this request' },
  { status: 502, verdict: 'retry', meaning: 'a temporary fault of the gateway' },
  { status: 503, verdict: 'retry', meaning: 'the service is briefly unavailable' },
  { status: 504, verdict: 'retry', meaning: 'the gateway timed out' },
];

/** RFC 9110 section 15: an unknown status means what the first of its class means. CDNs answer 520–530, some servers 507. */
const serverFault: PolicyRow = { status: 500, verdict: 'retry', meaning: 'a temporary fault of the server' };

/** Network and parser codes that no second try fixes: a wrong certificate, a refused protocol, a proxy that wants a password. */
const hopeless =
  /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|ERR_INVALID_|PROXY_ANSWERED_4)/;

export function verdict(failure: Pick<Failure, 'status' | 'code'>, policy: Policy): Verdict {
  if (failure.status !== undefined) return rowOf(failure.status, policy)?.verdict ?? 'fail';
  return hopeless.test(failure.code ?? '') ? 'fail' : 'retry';
}

export function wordsFor(status: number, policy: Policy): string {
  return (
    rowOf(status, policy)?.meaning ??
    (status >= 300 && status < 400 ? 'a redirect, which is never followed: check the host' : 'an undocumented answer')
  );
}

function rowOf(status: number, policy: Policy): PolicyRow | undefined {
  const known = policy.find((row) => row.status === status);
  return known ?? (status >= 500 && status < 600 ? serverFault : undefined);
}
