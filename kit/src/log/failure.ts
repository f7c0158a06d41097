/** The end of a run that failed: one clear sentence for the log, and the exit code. */
import { asConnectorError, type ExitCode } from '../error.ts';
import { isClosedPipe } from '../lines/read-lines.ts';
import type { Logger } from './log.ts';

/**
 * Logs what a run ended with and gives the exit code. The stack comes with LOGLEVEL=DEBUG only. Whose reader is gone ends
 * quietly: the reader's own message is the one that counts, and broken-pipe noise would hide it.
 */
export function logFailure(logger: Logger, thrown: unknown): ExitCode {
  const error = asConnectorError(thrown);
  logger.progress('');
  if (isClosedPipe(error)) {
    logger.debug(error.message);
    return error.exitCode;
  }
  const log = error.stream === undefined ? logger : logger.child(error.stream);
  const { message, hint } = error;
  log.error(message, { ...(hint !== undefined && { hint }), ...(error.kind === 'unexpected' && { error }) });
  log.debug('What happened inside:', { error });
  return error.exitCode;
}
