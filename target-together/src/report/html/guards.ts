import { type Guard, guardKey, type RunPoint } from '../../model/run-summary.ts';
import { percent, plural } from '../../model/text/number-text.ts';
import type { ReportData } from '../model.ts';
import { guardFound, guardLimit, guardTitle, verdictLabels } from '../text.ts';
import { html, type Markup, nothing, section } from './markup.ts';

const width = 160;
const height = 28;
const runs = 30;

/** The last runs' values as a line; the dot is this run, the dashes the limit where it is near. */
function sparkline(guard: Guard, history: readonly RunPoint[]): Markup {
  const key = guardKey(guard);
  const past = history.slice(-runs).flatMap((run) => run.guards[key] ?? []);
  const values = guard.percent === null ? past : [...past, guard.percent];
  if (values.length < 3 || past.length === 0) return html`<span class="was">too few runs</span>`;
  const low = Math.min(...values);
  const high = Math.max(...values);
  const share = guard.limit.percent;
  const limit = share !== null && share <= high * 1.5 && share >= low * 0.7 ? share : undefined;
  const top = Math.max(high, limit ?? high);
  const bottom = Math.min(low, limit ?? low);
  // A tenth of the limit is the least that fills the height: a change that does not matter should not look like one.
  const range = Math.max(top - bottom, (share ?? 10) / 10);
  const middle = (top + bottom) / 2;
  const y = (value: number) => height / 2 - ((value - middle) / range) * (height - 6);
  const x = (i: number) => 3 + (i / (values.length - 1)) * (width - 6);
  const path = values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const label = `Last ${plural(past.length, 'run')}: ${percent(Math.min(...past))} to ${percent(Math.max(...past))}`;
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${
    limit !== undefined && html`<path class="limit" d="M0 ${y(limit).toFixed(1)}H${width}"/>`
  }<path d="${path}"/>${
    guard.percent !== null &&
    html`<circle class="${guard.verdict === 'tripped' ? 'tripped' : 'now'}" r="3" cx="${x(values.length - 1).toFixed(1)}" cy="${y(guard.percent).toFixed(1)}"/>`
  }</svg>`;
}

function guardRow(guard: Guard, history: readonly RunPoint[], note: string | null): Markup {
  const { sign, word } = verdictLabels[guard.verdict];
  const reason = guard.cause ?? (guard.reason === note ? null : guard.reason);
  return html`<tr${guard.verdict === 'tripped' && html` class="loud"`}><th scope="row" class="say">${guardTitle(guard)}</th><td>${guardFound(guard)}${
    reason !== null && html`<br><span class="was">${reason}</span>`
  }</td><td>${guardLimit(guard)}</td><td>${sparkline(guard, history)}</td><td class="word">${sign} ${word}</td></tr>
`;
}

/** `note`: a reason that stands above the table already. */
const guardTable = (
  guards: readonly Guard[],
  history: readonly RunPoint[],
  caption: string,
  note: string | null,
): Markup =>
  html`<div class="scroll"><table class="wide"><caption>${caption}</caption><thead><tr><th scope="col">Guard</th><th scope="col">Found</th><th scope="col">Limit</th><th scope="col">Last runs</th><th scope="col">Verdict</th></tr></thead><tbody>
${guards.map((guard) => guardRow(guard, history, note))}</tbody></table></div>
`;

export function guardSection({ summary, history }: ReportData): Markup {
  const loud = (guard: Guard) => guard.verdict === 'tripped' || guard.verdict === 'accepted';
  const main = summary.guards.filter((guard) => guard.field === null || loud(guard));
  const fields = summary.guards.filter((guard) => guard.field !== null && !loud(guard));
  main.sort((a, b) => Number(loud(b)) - Number(loud(a)));
  fields.sort((a, b) => (a.percent ?? 101) - (b.percent ?? 101));
  const tripped = summary.guards.filter((guard) => guard.verdict === 'tripped').length;
  const note = summary.baseline === null ? summary.baseline_note : null;
  const lead =
    summary.baseline === null
      ? `Nothing to compare with: ${summary.baseline_note ?? 'no run has ended well yet'}.`
      : `Checked before the first write, all or nothing. ${tripped > 0 ? `${plural(tripped, 'guard')} stopped the run.` : 'None stopped the run.'}`;
  return section('guards', 'Guards', lead, [
    main.length > 0
      ? guardTable(main, history, 'A guard of people trips when its count and its share are both passed.', note)
      : nothing,
    fields.length > 0
      ? html`<details><summary>How filled each field is: ${plural(fields.length, 'field')} checked</summary>${guardTable(fields, history, 'Share of people with a value, last successful run → now', note)}</details>`
      : nothing,
  ]);
}
