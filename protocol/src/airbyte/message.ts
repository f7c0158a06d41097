/**
 * Airbyte messages, built once for both halves. https://docs.airbyte.com/platform/understanding-airbyte/airbyte-protocol
 */
import type { Clock } from '@ukg-together/kit/clock';
import { type ConnectorError, type ErrorKind, ExitCode } from '@ukg-together/kit/error';
import type { LineWriter } from '@ukg-together/kit/lines/write-lines';
import type { LogLevel } from '@ukg-together/kit/log/entry';
import { internals } from '@ukg-together/kit/log/format';
import type { Redactor } from '@ukg-together/kit/log/redact';
import type { Environment } from '@ukg-together/kit/text/environment';
import { visible } from '@ukg-together/kit/text/visible';

export type AirbyteMessage = Readonly<Record<string, unknown>> & { readonly type: string };

/** Who can fix it decides whether Airbyte tries again: after a config_error it does not. */
const failureTypes: Record<ErrorKind, 'config_error' | 'transient_error' | 'system_error'> = {
  settings: 'config_error',
  credentials: 'config_error',
  guard: 'config_error',
  refused: 'config_error',
  unreachable: 'transient_error',
  locked: 'transient_error',
  sigint: 'transient_error',
  sigterm: 'transient_error',
  input: 'system_error',
  unexpected: 'system_error',
};

const sentences = (error: ConnectorError): string => [error.message, ...error.advice].join(' ');

export function traceError(error: ConnectorError, deps: { clock: Clock; redactor: Redactor }): AirbyteMessage {
  const mask = (text: string) => deps.redactor.text(visible(text));
  return {
    type: 'TRACE',
    trace: {
      type: 'ERROR',
      emitted_at: deps.clock.now(),
      error: {
        message: mask(sentences(error)),
        ...(error.internal !== undefined && { internal_message: mask(error.internal.split('\n', 1)[0] as string) }),
        stack_trace: mask(internals(error)),
        failure_type: failureTypes[error.kind],
        ...(error.stream !== undefined && { stream_descriptor: { name: error.stream } }),
      },
    },
  };
}

export function connectionStatus(failure: ConnectorError | undefined, redactor: Redactor): AirbyteMessage {
  if (failure === undefined) return { type: 'CONNECTION_STATUS', connectionStatus: { status: 'SUCCEEDED' } };
  return {
    type: 'CONNECTION_STATUS',
    connectionStatus: { status: 'FAILED', message: redactor.text(visible(sentences(failure))) },
  };
}

/** What a check reports as FAILED: something that the user, or the other side, can fix. Anything else is a fault of ours. */
export function isCheckFailure(error: ConnectorError): boolean {
  return error.exitCode !== ExitCode.unexpected && error.kind !== 'sigint' && error.kind !== 'sigterm';
}

/** The log level is `--debug`, else our own variables, else the one that the platform sets. */
export function airbyteEnv(env: Environment, { debug }: { readonly debug: boolean }): Environment {
  const level = debug ? 'DEBUG' : (env['LOGLEVEL'] ?? env['LOG_LEVEL']);
  return level === undefined ? env : { ...env, LOGLEVEL: level };
}

const logLevels: Record<LogLevel, string> = { debug: 'DEBUG', info: 'INFO', warning: 'WARN', error: 'ERROR' };

/** A log's sink: whatever stands on stderr, Airbyte shows as an error, so logs travel as messages. */
export function logSink(writer: LineWriter): (level: LogLevel, message: string, stack?: string) => void {
  return (level, message, stack) => {
    const log = { level: logLevels[level], message, ...(stack !== undefined && { stack_trace: stack }) };
    // A log must neither wait nor fail: the next record meets the same closed pipe.
    void writeThrough(writer, { type: 'LOG', log }).catch(() => {});
  };
}

export const writeThrough = (writer: LineWriter, message: AirbyteMessage): Promise<void> =>
  writeLineThrough(writer, JSON.stringify(message));

/** The same for a message that is text already. */
export async function writeLineThrough(writer: LineWriter, line: string): Promise<void> {
  const wait = writer.write(line);
  if (wait !== undefined) await wait;
  await writer.flush();
}
