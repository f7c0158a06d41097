import type { Cause } from '../../model/run-summary.ts';
import { number } from '../../model/text/number-text.ts';
import type { ReportData } from '../model.ts';
import { redactCause } from '../redaction.ts';
import { causeCount, causeIsChange, sharedCauses } from '../text.ts';
import { html, type Markup, nothing, section } from './markup.ts';

/** From so many lines on that differ in one value only, they are one line. */
const alike = 3;

/** Causes of one line: the same people with several fields, or several values of one field. */
export function causeLines(causes: readonly Cause[]): Cause[][] {
  const lines: Cause[][] = [];
  const size = (own: (other: Cause) => boolean) => causes.filter(own).length;
  for (const cause of causes) {
    const sameField = ({ action, field }: Cause) => action === cause.action && field === cause.field;
    const samePeople = ({ action, people }: Cause) => action === cause.action && people === cause.people;
    const isMany = size(sameField) >= alike;
    const line = lines.find(([first]) => first && (isMany ? sameField(first) : samePeople(first) && !sameField(first)));
    const takes = line && (isMany || size((other) => sameField(other)) === 1);
    if (takes) line.push(cause);
    else lines.push([cause]);
  }
  return lines;
}

export function causeSection({ summary }: ReportData): Markup {
  const causes = sharedCauses(summary.causes).map(redactCause);
  if (causes.length === 0) return section('causes', 'Causes', 'No group of people shares a change.', nothing);
  return section(
    'causes',
    'Causes',
    'What many people share, as one entry each.',
    html`<ul class="causes">${causeLines(causes).map(causeLine)}</ul>`,
  );
}

function causeLine(line: readonly Cause[]): Markup {
  const [first] = line as [Cause];
  const isOneField = line.length > 1 && line.every(({ field }) => field === first.field);
  const total = isOneField ? line.reduce((sum, { people }) => sum + people, 0) : first.people;
  const text = isOneField
    ? html`<code>${first.field}</code> ${line.map((cause, i) => html`${i > 0 && ', '}${i > 0 && cause.from === line[i - 1]?.from ? html`<bdi>${cause.to ?? 'empty'}</bdi>` : causeValues(cause)} (${number(cause.people)})`)}`
    : html`${line.map((cause, i) => html`${i > 0 && ', '}<code>${cause.field}</code> ${causeValues(cause)}`)}`;
  return html`<li data-action="${first.action}"><strong>${causeCount({ ...first, people: Math.min(total, first.of) })}</strong> ${text}<svg viewBox="0 0 400 6" width="400" height="6" aria-hidden="true"><rect class="bar-bg" width="400" height="6"/><rect class="bar" width="${((400 * Math.min(total, first.of)) / Math.max(1, first.of)).toFixed(1)}" height="6"/></svg></li>
`;
}

function causeValues(cause: Cause): Markup {
  if (cause.from === null && cause.to === null) return html`<span class="was">all to one new value</span>`;
  const to = html`<bdi>${cause.to ?? 'empty'}</bdi>`;
  if (!causeIsChange(cause)) return to;
  return html`${cause.from !== null && html`<bdi class="was">${cause.from}</bdi>`}<span class="arrow">→</span>${to}`;
}
