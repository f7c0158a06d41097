/** One attempt that did not get a usable answer. Thrown by `attempt.ts` and by clients; `retry.ts` decides what becomes of it. */
import { ConnectorError } from '@ukg-together/kit/error';
import { codeText } from '@ukg-together/kit/text/error-code';

export type Phase = 'connect' | 'headers' | 'body' | 'answer';

export interface Failure {
  /** HTTP status, where an answer came. */
  readonly status?: number;
  /** Network, TLS or parser code (`ECONNREFUSED`, `HPE_INVALID_CHUNK_SIZE`, `TRUNCATED`, `NOT_JSON` …). */
  readonly code?: string;
  readonly phase: Phase;
  /** Where no connection was made: host and port, and what the name was resolved to. */
  readonly to?: string;
  /** The server's wish, in milliseconds from now; see `retryAfterMs`. */
  readonly retryAfterMs?: number;
}

/** Carries a Failure through `await`. Its message never holds a body, a query value or a header. */
export class AttemptError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(`attempt failed: ${describe(failure)}`, options);
    this.name = 'AttemptError';
    this.failure = failure;
  }
}

/** "HTTP 503", "the connection was cut (ECONNRESET) while reading the answer": the words every log line and error uses. */
export function describe(failure: Failure): string {
  if (failure.status !== undefined)
    return failure.code ? `HTTP ${failure.status} (${failure.code})` : `HTTP ${failure.status}`;
  const where: Record<Phase, string> = {
    connect: failure.to === undefined ? 'while connecting' : `while connecting to ${failure.to}`,
    headers: 'while waiting for the answer',
    body: 'while reading the answer',
    answer: 'in the answer',
  };
  return `${failure.code === undefined ? 'a network failure' : codeText(failure.code)} ${where[failure.phase]}`;
}

/** Anything thrown during an attempt as an AttemptError that says how far it got; ours pass as they are. */
export function attemptError(thrown: unknown, phase: Phase, to?: string): Error {
  if (thrown instanceof AttemptError || thrown instanceof ConnectorError) return thrown;
  return new AttemptError(
    { phase, code: codeOf(thrown), ...(phase === 'connect' && to !== undefined && { to }) },
    { cause: thrown },
  );
}

/** "api.example.com:8443 (10.0.0.7)": a host with the addresses that were tried, `resolved` and those that the failure names. */
export function placeOf(url: URL, thrown: unknown, resolved: Iterable<string>): string {
  const { hostname, address, errors = [] } = (thrown ?? {}) as Named & { readonly errors?: readonly Named[] };
  const own = url.hostname.replace(/^\[|\]$/g, '');
  // A proxy's name may be the one that is unknown.
  const host = hostname === undefined || hostname === own ? url.host : `${hostname}, on the way to ${url.host}`;
  const tried = new Set([...resolved, address, ...errors.map((error) => error.address)]);
  const addresses = [...tried].filter((one) => one !== undefined && one !== own);
  return addresses.length === 0 ? host : `${host} (${addresses.join(', ')})`;
}

interface Named {
  readonly hostname?: string;
  readonly address?: string;
}

function codeOf(thrown: unknown): string {
  const { code, cause, name } = (thrown ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  for (const candidate of [code, cause?.code, name]) {
    if (typeof candidate === 'string' && candidate !== 'Error') return candidate;
  }
  return 'NETWORK';
}
