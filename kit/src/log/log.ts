/**
 * Logs on stderr for their readers: people at a terminal, log files in a pipe, Meltano's renderer (through the file
 * that SINGER_SDK_LOG_CONFIG names), or Airbyte (through a sink). Every finished line is masked; a broken stderr never
 * ends a run.
 */

import type { Clock } from '../clock.ts';
import { type Environment, envPrefix } from '../text/environment.ts';
import { visible } from '../text/visible.ts';
import { type Entry, type Extra, type LogLevel, type LogMode, levels, type Metric, type Tags } from './entry.ts';
import { formatEntry, internals } from './format.ts';
import { levelOf, readLogConfig } from './log-config.ts';
import type { Redactor } from './redact.ts';

export interface Logger {
  debug(message: string, extra?: Extra): void;
  info(message: string, extra?: Extra): void;
  warn(message: string, extra?: Extra): void;
  error(message: string, extra?: Extra): void;
  metric(point: Metric): void;
  /** How far the run is: one line rewritten at a terminal, elsewhere at most one line a minute. `''` clears it. */
  progress(text: string): void;
  /** The same log, each line marked with a stream. */
  child(stream: string): Logger;
  /** Where telemetry is on: runs `job` as a span below the one around it; what it throws is reported by its kind only. */
  readonly span?: <T>(name: string, options: SpanOptions, job: () => Promise<T>) => Promise<T>;
  /** Where telemetry is on: adds to the innermost open span; `error.type` makes it a failed one. */
  readonly mark?: (attributes: Tags) => void;
}

export interface SpanOptions {
  readonly attributes?: Tags;
  /** A request to another system. */
  readonly client?: boolean;
}

export interface LogStream {
  write(text: string): unknown;
  on?(event: 'error', listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface LogOptions {
  /** The executable's name. */
  readonly name: string;
  readonly env: Environment;
  readonly stream: LogStream;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly pid?: number;
  /** Whether stdout is the same terminal, and full of messages: then no progress is drawn between them. */
  readonly stdoutIsTerminal?: boolean;
  /** Takes entries instead of `stream`: the Airbyte adapter turns them into LOG messages. */
  readonly sink?: (level: LogLevel, message: string, stack?: string) => void;
}

/** A terminal's line is redrawn at most this often, elsewhere progress is a log line at most this often. */
const redrawMs = 100;
const progressLineMs = 60_000;

export function createLogger(options: LogOptions): Logger {
  const { name, env, stream, clock, redactor, sink } = options;
  const config = readLogConfig(env['SINGER_SDK_LOG_CONFIG']);
  const threshold =
    levels[levelOf(env[`${envPrefix(name)}_LOGLEVEL`]) ?? levelOf(env['LOGLEVEL']) ?? config.level ?? 'info'];
  const mode: LogMode = config.mode ?? (stream.isTTY ? 'human' : 'plain');
  const cursor = mode === 'human' && env['TERM'] !== 'dumb';
  const color = cursor && !env['NO_COLOR'];
  // Another program of the pipe may have drawn its progress into the line that begins here.
  const clear = cursor && stream.isTTY ? '\r\x1b[K' : '';
  const pid = options.pid ?? process.pid;
  let drawn = '';
  let drawnAt = Number.NEGATIVE_INFINITY;
  // No one reads the log any more: the run goes on without it.
  stream.on?.('error', () => {});

  const put = (text: string) => {
    try {
      stream.write(text);
    } catch {
      // As above.
    }
  };
  const log = (entry: Omit<Entry, 'time' | 'name' | 'pid'>) => {
    if (levels[entry.level] < threshold) return;
    const full: Entry = { ...entry, time: clock.now(), name, pid };
    if (sink !== undefined) {
      const stack = entry.exception instanceof Error ? internals(entry.exception) : undefined;
      sink(
        entry.level,
        redactor.text(visible(entry.metric ? `METRIC: ${JSON.stringify(entry.metric)}` : entry.message)),
        stack && redactor.text(stack),
      );
      return;
    }
    // A person at a terminal has the progress line; numbers for machines only clutter it.
    if (mode === 'human' && entry.metric !== undefined && threshold > levels.debug) return;
    const text = redactor.text(formatEntry(full, mode, color));
    put(`${clear}${text}${drawn}`);
  };
  const progress = (text: string) => {
    const now = clock.monotonic();
    if (sink !== undefined || mode !== 'human') {
      if (text === '' || now - drawnAt < progressLineMs) return;
      drawnAt = now;
      log({ level: 'info', message: text });
      return;
    }
    if (clear === '' || options.stdoutIsTerminal) return;
    if (text !== '' && drawn !== '' && now - drawnAt < redrawMs) return;
    drawnAt = now;
    const cut = redactor.text(visible(text)).slice(0, Math.max(10, (stream.columns ?? 80) - 1));
    if (cut === drawn) return;
    put(`${clear}${cut}`);
    drawn = cut;
  };

  const logger = (streamName: string | undefined): Logger => {
    const at = (level: LogLevel) => (message: string, extra?: Extra) => {
      const { error: exception, hint, ...rest } = extra ?? {};
      log({
        level,
        // Runners show the last line alone.
        message:
          hint === undefined
            ? message
            : [message, hint].flat().join(mode === 'human' && sink === undefined ? '\n' : ' '),
        ...(streamName !== undefined && { stream: streamName }),
        ...(Object.keys(rest).length > 0 && { extra: rest }),
        // Renderers draw it as a box of frames over the sentence. Airbyte's sink keeps it apart from the message.
        ...(exception !== undefined && (sink !== undefined || threshold <= levels.debug) && { exception }),
      });
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warning'),
      error: at('error'),
      metric: (point) => {
        const tags = { ...(streamName !== undefined && { stream: streamName }), ...point.tags, pid };
        log({
          level: point.type === 'gauge' ? 'debug' : 'info',
          message: 'METRIC',
          metric: { ...point, tags },
          ...(streamName !== undefined && { stream: streamName }),
        });
      },
      progress,
      child: (child) => logger(child),
    };
  };
  return logger(undefined);
}
