import { ConnectorError } from '@ukg-together/kit/error';
import { replaceFile } from '../files/replace-file.ts';
import type { RedactionLevel } from '../model/run-summary.ts';
import { writeReport } from '../report/html/html.ts';
import { reportData } from '../report/report-data.ts';
import { terminalOptions } from '../report/terminal/layout.ts';
import { renderTerminal } from '../report/terminal/terminal.ts';
import type { Ended } from '../run/end-step.ts';
import type { RunMemory } from '../state/run-history.ts';
import type { RequestLog } from '../together/request-log.ts';
import type { Io } from './io.ts';
import type { Session } from './session.ts';

export interface OutputOptions {
  readonly summary?: string | undefined;
  readonly report?: string | undefined;
  readonly level: RedactionLevel;
  readonly quiet: boolean;
  readonly requests: RequestLog;
  readonly memory: RunMemory;
}

export async function writeOutputs(session: Session, result: Ended, options: OutputOptions): Promise<void> {
  const { summary, planned } = result;
  if (!options.quiet)
    sayToPeople(session.io, renderTerminal(summary, terminalOptions(session.io.stderr, session.io.env)));
  if (options.summary !== undefined) {
    const text = `${JSON.stringify(summary, null, 2)}\n`;
    // Who watches runs may be another user, whom somebody let read the file.
    await replaceFile(options.summary, (write) => write(text), { keepMode: true }).catch(cannotWrite(options.summary));
  }
  if (options.report === undefined) return;
  if (!planned) {
    session.io.log.warn(`No report was written to ${options.report}: the run ended before there was a plan.`);
    return;
  }
  await writeReport(
    options.report,
    reportData({
      summary,
      level: options.level,
      people: result.read.people,
      findings: planned.findings,
      plan: planned.plan,
      changes: (person) => planned.changes.get(person) ?? [],
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
