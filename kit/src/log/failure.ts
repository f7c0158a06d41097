/** The end of a run that failed: one clear sentence for the log, and the exit code. */
import { asConnectorError, type ConnectorError, type ExitCode } from '../error.ts';
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
  logError(logger, error);
  return error.exitCode;
}

/**
 * Of a command whose answer on stdout reports the failure already: a terminal shows that once, a program that keeps stderr alone finds it
 * there as well.
 */
export function logAnswered(
  logger: Logger,
  stdout: object,
  failure:
    | {
        readonly message: string;
        readonly hint?: string | undefined;
        readonly docs?: string | undefined;
        readonly advice?: readonly string[];
      }
    | undefined,
): void {
  if (failure === undefined || (stdout as { isTTY?: boolean }).isTTY) return;
  const { message, hint, docs, advice } = failure;
  const next = advice ?? [...(hint === undefined ? [] : [hint]), ...(docs === undefined ? [] : [`See ${docs}`])];
  logger.error(message, next.length === 0 ? {} : { hint: next });
}

/** Its sentence, and with LOGLEVEL=DEBUG what happened inside. */
export function logError(logger: Logger, error: ConnectorError): void {
  const log = error.stream === undefined ? logger : logger.child(error.stream);
  log.error(error.message, { hint: error.advice, ...(error.kind === 'unexpected' && { error }) });
  log.debug('What happened inside:', { error });
}
