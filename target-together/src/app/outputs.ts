/** What a run leaves where people and monitors look: the summary on stderr and as a file, the HTML report. */
import { ConnectorError, errorText, said } from '@ukg-together/kit/error';
import { replaceFile } from '../files/replace-file.ts';
import type { RedactionLevel, RequestPoint, RunPoint, RunSummary } from '../model/run-summary.ts';
import { writeReport } from '../report/html/html.ts';
import { reportData } from '../report/report-data.ts';
import { terminalOptions } from '../report/terminal/layout.ts';
import { renderTerminal } from '../report/terminal/terminal.ts';
import type { Ended } from '../run/end-step.ts';
import type { Planned } from '../run/plan-step.ts';
import type { Io } from './io.ts';

/** At a terminal and in a log file as it is; where a program reads the log, as one of its messages. */
export function printSummary({ stderr, log, structured, env }: Io, summary: RunSummary): void {
  log.progress('');
  const text = renderTerminal(summary, terminalOptions(stderr, env));
  if (structured) log.info(text.trimEnd());
  else stderr.write(text);
}

export async function writeSummary(path: string, summary: RunSummary): Promise<void> {
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  try {
    // A monitor may run as another user, who was given the right to read the file.
    await replaceFile(path, (write) => write(text), { keepMode: true });
  } catch (cause) {
    throw new ConnectorError('unexpected', said`${path} can't be written: ${errorText(cause)}.`, {
      hint: 'Name a file in a folder that exists and can be written. What was sent is kept all the same.',
      cause,
    });
  }
}

export interface ReportOptions {
  readonly level: RedactionLevel;
  readonly sensitiveFields: readonly string[];
  readonly requests: readonly RequestPoint[];
  readonly history: readonly RunPoint[];
}

export async function writeRunReport(
  path: string,
  { summary, read, sent }: Ended,
  { findings, plan, changes }: Planned,
  options: ReportOptions,
): Promise<void> {
  await writeReport(
    path,
    reportData({
      ...options,
      summary,
      people: read.people,
      findings,
      plan,
      changes: (person) => changes.get(person) ?? [],
      outcome: (person) => sent?.outcomes.get(person),
    }),
  );
}
