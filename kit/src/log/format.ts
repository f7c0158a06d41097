/** One log entry in each of its spellings. */

import { ConnectorError, safeStack } from '../error.ts';
import { visible } from '../text/visible.ts';
import type { Entry, LogMode } from './entry.ts';

/** The entry with its line ends. */
export function formatEntry(entry: Entry, mode: LogMode, color: boolean): string {
  // The one who renders the line reads the message out of the JSON again.
  if (mode === 'json') return `${visible(jsonLine({ ...entry, message: visible(entry.message) }))}\n`;
  const text = entry.metric === undefined ? messageText(entry) : `METRIC: ${JSON.stringify(entry.metric)}`;
  return text
    .split('\n')
    .map((line) => `${prefix(entry, mode, color)}${visible(line)}\n`)
    .join('');
}

function messageText(entry: Entry): string {
  const extra = entry.extra === undefined ? '' : ` ${JSON.stringify(entry.extra)}`;
  const stack = entry.level === 'debug' && entry.exception instanceof Error ? `\n${internals(entry.exception)}` : '';
  return `${entry.message}${extra}${stack}`;
}

/** What stands in for a stack in logs and traces. */
export function internals(error: Error): string {
  return (error instanceof ConnectorError ? error.internal : undefined) ?? safeStack(error);
}

const colors = { debug: '\x1b[2m', info: '', warning: '\x1b[33m', error: '\x1b[31m' };

/** The Singer SDK's layout in a pipe; at a terminal the clock, and the level where it matters. */
function prefix(entry: Entry, mode: LogMode, color: boolean): string {
  if (mode === 'bare') return '';
  if (mode === 'plain') {
    const logger = entry.metric === undefined ? entry.name : 'singer_sdk.metrics';
    return `${localTime(entry.time).replace('.', ',')} | ${entry.level.toUpperCase().padEnd(8)} | ${logger.padEnd(20)} | `;
  }
  const level = entry.level === 'info' ? '' : `${entry.level}: `;
  const marked = color && level !== '' ? `${colors[entry.level]}${level}\x1b[0m` : level;
  // Most messages name their stream, since log files show no mark.
  const isNamed = entry.stream === undefined || entry.message.startsWith(`${entry.stream}: `);
  return `${localTime(entry.time).slice(11, 19)}  ${marked}${isNamed ? '' : `${entry.stream}: `}`;
}

/** `2026-11-22 06:00:00.123` on this machine's clock: what stands beside it in other logs. */
function localTime(time: number): string {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 23).replace('T', ' ');
}

/** The Singer SDK's structured log, which Meltano renders. */
function jsonLine(entry: Entry): string {
  return JSON.stringify({
    level: entry.level,
    pid: entry.pid,
    logger_name: entry.metric === undefined ? entry.name : 'singer_sdk.metrics',
    ts: entry.time / 1000,
    thread_name: 'MainThread',
    app_name: entry.name,
    stream_name: entry.stream ?? null,
    message: entry.message,
    extra: entry.extra ?? {},
    ...(entry.metric !== undefined && { metric_info: entry.metric }),
    ...(entry.exception !== undefined && { exception: exceptionInfo(entry.exception, 0) }),
  });
}

/** Only our own errors' messages are known to hold nothing personal; of any other, its class and where it happened. */
function exceptionInfo(thrown: unknown, depth: number): Record<string, unknown> {
  const error = thrown instanceof Error ? thrown : undefined;
  return {
    type: error?.name ?? typeof thrown,
    module: 'node',
    message: thrown instanceof ConnectorError ? thrown.message : '',
    traceback: frames(error?.stack),
    ...(error?.cause instanceof Error && depth < 5 && { cause: exceptionInfo(error.cause, depth + 1) }),
  };
}

function frames(stack: string | undefined): Record<string, unknown>[] {
  return [...(stack ?? '').matchAll(/^\s+at (?:(.*?) \()?(?:file:\/\/)?([^()\n]*?):(\d+):\d+\)?$/gm)].map(
    ([, called, filename, line]) => ({
      filename,
      function: called ?? '<anonymous>',
      lineno: Number(line),
      line: '',
    }),
  );
}
