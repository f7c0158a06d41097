/** What a run leaves for people to read: the summary on stderr and as JSON, the HTML report. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConnectorError } from '@ukg-together/protocol/error';
import { isStream, replaceFile } from './replace-file.ts';
import { writeReport } from './report/html.ts';
import type { RedactionLevel } from './report/model.ts';
import { renderTerminal, terminalOptions } from './report/terminal.ts';
import { reportData } from './report-data.ts';
import type { RequestLog } from './request-log.ts';
import type { RunMemory } from './run-memory.ts';
import type { Io, Session } from './session.ts';
import type { RunResult } from './target.ts';

export interface OutputOptions {
  readonly summary?: string | undefined;
  readonly report?: string | undefined;
  readonly level: RedactionLevel;
  readonly quiet: boolean;
  readonly requests: RequestLog;
  readonly memory: RunMemory;
}

/** Refuses a file that could not be written at the end: by then people are sent. Throws ConnectorError `settings`. */
export async function checkPlaces(places: Readonly<Record<string, string | undefined>>): Promise<void> {
  for (const [flag, path] of Object.entries(places)) {
    if (path === undefined) continue;
    const why = await whyNot(path);
    if (why === undefined) continue;
    throw new ConnectorError('settings', `--${flag} ${path} can't be written: ${why}.`, {
      hint: 'Nothing was read and nothing was sent.',
    });
  }
}

async function whyNot(path: string): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return 'it is a folder';
  const folder = dirname(resolve(path));
  const stream = await isStream(path);
  return await access(stream ? path : folder, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => {
      if (stream)
        return error.code === 'ENOENT' ? 'it does not exist' : `it can't be opened for writing (${error.code})`;
      return error.code === 'ENOENT' ? `the folder ${folder} does not exist` : `the folder ${folder} can't be written`;
    },
  );
}

export async function writeOutputs(session: Session, result: RunResult, options: OutputOptions): Promise<void> {
  const { summary } = result;
  if (!options.quiet)
    sayToPeople(session.io, renderTerminal(summary, terminalOptions(session.io.stderr, session.io.env)));
  if (options.summary !== undefined) {
    const text = `${JSON.stringify(summary, null, 2)}\n`;
    // Who watches runs may be another user, whom somebody let read the file.
    await replaceFile(options.summary, (write) => write(text), { keepMode: true }).catch(cannotWrite(options.summary));
  }
  if (options.report === undefined) return;
  if (!result.plan || !result.findings) {
    session.io.log.warn(`No report was written to ${options.report}: the run ended before there was a plan.`);
    return;
  }
  await writeReport(
    options.report,
    reportData({
      summary,
      level: options.level,
      people: result.people,
      findings: result.findings,
      plan: result.plan,
      changes: result.changes,
      sensitiveFields: session.settings.sensitive_fields,
      requests: options.requests.points,
      history: options.memory.history ?? [],
    }),
  );
}

/** At a terminal and in a log file as it is; where somebody parses the log, as one of its messages. */
export function sayToPeople({ stderr, log, structured }: Io, text: string): void {
  if (structured) log.info(text.trimEnd());
  else stderr.write(text);
}

function cannotWrite(path: string) {
  return (cause: NodeJS.ErrnoException): never => {
    throw new ConnectorError('unexpected', `${path} can't be written (${cause.code}).`, {
      hint: 'Name a file in a folder that exists and can be written. What was sent and settled is not affected.',
      cause,
    });
  };
}
