/** A check-up as text for a tired person: the verdict first, then each web service, then what to do. */
import type { Checkup, ServiceReport } from './checkup.ts';

const marks: Record<ServiceReport['result'], string> = { ok: 'ok', denied: 'DENIED', failed: 'FAILED', not_tried: '-' };

export function renderCheckup(report: Checkup): string {
  const width = Math.max(...report.services.map(({ service }) => service.length), 0);
  const lines = report.services.map(({ service, right, result, status, problem, streams }) => {
    const code = status === undefined ? '' : ` (${status})`;
    const line = `  ${`${marks[result]}${code}`.padEnd(13)} ${service.padEnd(width)}  View: ${right}`;
    const lost =
      result === 'denied' || result === 'failed'
        ? `\n${' '.repeat(16)}without it there is no ${streams.join(', ')}`
        : '';
    return line + lost + (problem === undefined ? '' : `\n${' '.repeat(16)}${problem}`);
  });
  return [report.sentence.text, '', ...lines, ...(report.hint === undefined ? [] : ['', report.hint])].join('\n');
}
