import type { Clock } from '@ukg-together/kit/clock';
import { AttemptError, type Failure } from '@ukg-together/transport/http/failure';
import type { HttpResponse } from '@ukg-together/transport/http/request';
import { verdict } from '@ukg-together/transport/retry/policy';
import { retryAfterMs } from '@ukg-together/transport/retry/retry';
import { ukgPolicy } from './status-policy.ts';

/** The body of a refusal is looked at for one thing only, whether it complains of the page size; it is never repeated. */
export async function refusal(response: HttpResponse, clock: Clock): Promise<AttemptError> {
  const { status } = response;
  const wish = retryAfterMs(response.headers, clock.now());
  const failure: Failure = { status, phase: 'answer', ...(wish === undefined ? {} : { retryAfterMs: wish }) };
  if (status !== 400) {
    await response.discard();
    return new AttemptError(failure);
  }
  let complains = false;
  try {
    complains = /per_?page/i.test(await response.text(64 * 1024));
  } catch {
    // An unreadable complaint is a plain 400.
  }
  return new AttemptError(complains ? { ...failure, code: pageSizeRefused } : failure);
}

/** A failed attempt that no retry fixes, and the web service that it was about. */
export class RefusedError extends AttemptError {
  readonly stream: string;
  constructor(stream: string, cause: AttemptError) {
    super(cause.failure, { cause });
    this.stream = stream;
  }
}

/** A 400 whose body names per_page. */
export const pageSizeRefused = 'PAGE_SIZE_REFUSED';

/** Whether a failure means credentials or rights, as opposed to anything a later try could fix. */
export function isDenied(thrown: unknown): thrown is AttemptError {
  return thrown instanceof AttemptError && verdict(thrown.failure, ukgPolicy) === 'credentials';
}
