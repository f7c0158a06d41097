/** The run's summary for an operator at a terminal at 3 a.m., or for a log: ids only, no meaning in colour alone. */

import type { RunSummary } from '../../model/run-summary.ts';
import { number, people } from '../../model/text/number-text.ts';
import { duration, moment, outcomeLabel } from '../text.ts';
import { upcomingLines } from '../upcoming-text.ts';
import { outcomeList, type Step, type Tone, verdictOf } from '../verdict.ts';
import { ascii, labelWidth, type TerminalOptions } from './layout.ts';
import { causeLines, guardLines, planLines } from './plan-lines.ts';
import { lookLines, sentLines } from './problem-lines.ts';

const toneSign: Record<Tone, string> = { good: '✓', attention: '!', stop: '✗', failed: '✗' };
const toneColor: Record<Tone, string> = { good: '32', attention: '33', stop: '31', failed: '31' };

/** The summary as text that ends with a newline. An error is reported after it, as the last thing said, and not here too. */
export function renderTerminal(summary: RunSummary, options: TerminalOptions): string {
  const verdict = verdictOf(summary);
  const spent = duration(Date.parse(summary.finished_at) - Date.parse(summary.started_at));
  const { tool, destination } = summary;
  const head = [
    `${tool.name} ${tool.version}`,
    `${summary.mode} ${summary.run_id}`,
    `to ${destination.host} (${destination.organization_id})`,
    `${moment(summary.started_at)}, ${spent}`,
  ].join('  ');
  const plain = (text: string) => {
    const safe = text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\uFFFD');
    return options.unicode ? safe : safe.replace(/[^ -~\u00A0]/g, (sign) => ascii[sign] ?? sign);
  };
  const paint = (text: string, code: string) => (options.color ? `\u001B[${code}m${text}\u001B[0m` : text);

  const lines = wrap(plain(head), options.columns, '  ');
  lines.push('');
  lines.push(
    ...wrap(
      plain(
        `${toneSign[verdict.tone]} ${summary.error === null ? verdict.sentence : (verdict.brief ?? verdict.sentence)}`,
      ),
      options.columns,
      '  ',
    ).map((line) => paint(line, `1;${toneColor[verdict.tone]}`)),
  );
  lines.push('');
  for (const [label, entries] of sections(summary, summary.error === null ? verdict.next : [])) {
    entries.forEach((entry, i) => {
      const [first = '', ...more] = wrap(plain(entry), options.columns - labelWidth, '  ');
      const name = i === 0 ? label : '';
      lines.push(paint(name.padEnd(labelWidth), '1') + first);
      for (const line of more) lines.push(' '.repeat(labelWidth) + line);
    });
  }
  return `${lines.map((line) => line.trimEnd().replaceAll('\u00A0', ' ')).join('\n')}\n`;
}

/** Label → lines, those with nothing to say left out. */
function sections(summary: RunSummary, next: readonly Step[]): [string, string[]][] {
  const all: [string, string[]][] = [
    ['Read', readLines(summary)],
    ['Scope', scopeLines(summary)],
    ['Ahead', upcomingLines(summary)],
    ['Plan', planLines(summary)],
    ['Causes', causeLines(summary)],
    ['Guards', guardLines(summary.guards, summary.baseline_note)],
    ['Sent', sentLines(summary)],
    [
      'Outcome',
      [
        `${
          outcomeList(summary)
            .map((o) => `${number(o.people)} ${outcomeLabel(o.outcome, summary.mode)}`)
            .join(' · ') || 'no people'
        } = ${people(summary.people_read)} ${summary.mode === 'apply' ? 'of the plan' : 'read'}`,
      ],
    ],
    ['Look at', lookLines(summary)],
    ['Next', next.map(stepLine)],
    ['Audit', summary.audit_head === null ? [] : [`the log ends at ${summary.audit_head}`]],
  ];
  return all.filter(([, lines]) => lines.length > 0);
}

/** A command stays on one line, to be copied. */
const stepLine = ({ text, command }: Step): string =>
  command === undefined ? text : `${text} ${command.replaceAll(' ', '\u00A0')}`;

function readLines({ mode, source, people_read, guards, files }: RunSummary): string[] {
  if (mode === 'apply') return [`${people(people_read)} of the plan ${files.plan ?? ''}`];
  const rows = guards.find(({ name }) => name === 'min_rows_percent')?.baseline ?? null;
  const before = rows === null || !source.complete ? '' : `, ${number(rows)} in the last complete read`;
  const extent = source.complete ? 'complete' : `partial${source.why === null ? '' : ` (${source.why})`}`;
  const ignored = source.streams.filter((stream) => !stream.mapped);
  return [
    `${people(people_read)}, ${extent}${before}`,
    ...(ignored.length > 0
      ? [`ignored, no mapping takes them: ${ignored.map((s) => `${s.stream} (${number(s.records)})`).join(', ')}`]
      : []),
  ];
}

function scopeLines({ excluded_by, people_read, outcomes }: RunSummary): string[] {
  const reasons = Object.entries(excluded_by).sort((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return [];
  const list = reasons.map(([name, count]) => `${name} ${number(count)}`).join(' · ');
  return [`${number(people_read - outcomes.excluded)} in, ${number(outcomes.excluded)} excluded: ${list}`];
}

/** Breaks at spaces; a word longer than a line stays whole, so that ids and hashes can be copied. */
function wrap(text: string, columns: number, hanging: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)(?= )/)) {
    if (line !== '' && line.length + word.length > columns) {
      lines.push(line);
      line = hanging + word.trimStart();
    } else line += word;
  }
  if (line !== '') lines.push(line);
  return lines;
}
