import { AttemptError } from '../http/failure.ts';

/** An answer that is no list of rows, by a code; it never holds any of the content. */
export function pageFault(code: string): AttemptError {
  return new AttemptError({ phase: 'answer', code });
}
