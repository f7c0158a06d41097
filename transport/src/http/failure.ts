/** One attempt that did not get a usable answer. Thrown by `attempt.ts` and by clients; `retry.ts` decides what becomes of it. */
import { ConnectorError } from '@ukg-together/kit/error';

export type Phase = 'connect' | 'headers' | 'body' | 'answer';

export interface Failure {
  /** HTTP status, where an answer came. */
  readonly status?: number;
  /** Network, TLS or parser code (`ECONNREFUSED`, `HPE_INVALID_CHUNK_SIZE`, `TRUNCATED`, `NOT_JSON` …). */
  readonly code?: string;
  readonly phase: Phase;
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

/** "HTTP 503", "ECONNRESET while reading the answer": the words every log line and error uses. */
export function describe(failure: Failure): string {
  if (failure.status !== undefined)
    return failure.code ? `HTTP ${failure.status} (${failure.code})` : `HTTP ${failure.status}`;
  const where: Record<Phase, string> = {
    connect: 'while connecting',
    headers: 'while waiting for the answer',
    body: 'while reading the answer',
    answer: 'in the answer',
  };
  return `${failure.code ?? 'a network failure'} ${where[failure.phase]}`;
}

/** Anything thrown during an attempt as an AttemptError that says how far it got; ours pass as they are. */
export function attemptError(thrown: unknown, phase: Phase): Error {
  if (thrown instanceof AttemptError || thrown instanceof ConnectorError) return thrown;
  return new AttemptError({ phase, code: codeOf(thrown) }, { cause: thrown });
}

function codeOf(thrown: unknown): string {
  const { code, cause, name } = (thrown ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  for (const candidate of [code, cause?.code, name]) {
    if (typeof candidate === 'string' && candidate !== 'Error') return candidate;
  }
  return 'NETWORK';
}
