import type { Problem, ProblemGroup, ReportData, RunSummary } from '../model.ts';
import { faultOf } from '../problems.ts';
import { days, number, people, plural } from '../words.ts';
import { html, type Markup, nothing, section } from './markup.ts';

const reasons: Record<RunSummary['supervisors']['dropped'][number]['reason'], string> = {
  unknown: 'not among the people read, nor known from before',
  excluded: 'taken out by a filter',
  invalid: 'could not be sent',
  self: 'the person is their own supervisor',
  loop: 'supervisors in a loop',
  terminated: 'has left',
};

interface Item {
  readonly title: string;
  readonly remedy: string;
  readonly total: number;
  readonly tag?: string | undefined;
  readonly ids: readonly string[];
}

const kindWords: Record<Problem['kind'], string> = {
  invalid: 'not sent',
  rejected: 'refused by Together',
  undelivered: 'not delivered',
  note: 'sent all the same',
};

function problemItem(group: ProblemGroup, summary: RunSummary): Item {
  const ids: string[] = [];
  let oldest: string | undefined;
  for (const problem of summary.problems) {
    const fault = faultOf(problem, group);
    if (!fault) continue;
    const id = problem.id ?? (problem.line === undefined ? 'without id' : `line ${problem.line}`);
    ids.push(fault.value === undefined ? id : `${id} (${fault.value})`);
    if (problem.since !== undefined && (oldest === undefined || problem.since < oldest)) oldest = problem.since;
  }
  const age = oldest === undefined ? 0 : days(oldest, summary.finished_at);
  return {
    title: group.message,
    remedy: group.remedy,
    total: group.people,
    tag: [kindWords[group.kind], ...(age > 0 ? [`open for ${plural(age, 'day')}`] : [])].join(' · '),
    ids,
  };
}

function otherItems({ supervisors, unmapped_codes, code_spellings }: RunSummary): Item[] {
  const byReason = new Map<keyof typeof reasons, typeof supervisors.dropped>();
  for (const entry of supervisors.dropped) byReason.set(entry.reason, [...(byReason.get(entry.reason) ?? []), entry]);
  return [
    ...[...byReason].map(([reason, list]) => ({
      title: `The supervisor is not valid: ${reasons[reason]}.`,
      remedy:
        'Correct the supervisor at the source. The person is sent without one, and linked on the first run in which it is valid.',
      total: list.length,
      tag: 'sent without supervisor',
      ids: list.map((d) => `${d.id} → ${d.supervisor_id}`),
    })),
    ...unmapped_codes.map((code) => ({
      title: `The code “${code.value}” of ${code.field} has no translation.`,
      remedy: `Correct it at the source, or add it to the table of mapping.fields.${code.field}. It is never guessed.`,
      total: code.people,
      ids: [],
    })),
    ...code_spellings.map((code) => ({
      title: `${code.field} has one code in several spellings: ${code.spellings.map((s) => `“${s.value}” (${number(s.people)})`).join(', ')}.`,
      remedy: 'Agree on one spelling at the source: Together shows them as different.',
      total: code.spellings.reduce((sum, s) => sum + s.people, 0),
      ids: [],
    })),
  ];
}

const inline = 12;

function chips(item: Item): Markup {
  if (item.ids.length === 0) return nothing;
  const rest = item.total - item.ids.length;
  const all = html`<ul class="chips">${item.ids.map((id) => html`<li class="id">${id}</li>`)}</ul>${
    rest > 0 && html`<p class="more">And ${number(rest)} more: the summary has counts for everybody.</p>`
  }`;
  return item.ids.length <= inline ? all : html`<details><summary>${people(item.total)}</summary>${all}</details>`;
}

/** What HR can mend, most people first, in plain words. */
export function worklistItems(summary: RunSummary): Item[] {
  return [...summary.problem_groups.map((group) => problemItem(group, summary)), ...otherItems(summary)];
}

export function worklistSection({ summary }: ReportData): Markup {
  const items = worklistItems(summary);
  if (items.length === 0) return section('worklist', 'Worklist for HR', 'Nothing to correct.', nothing);
  return section(
    'worklist',
    'Worklist for HR',
    'What to correct at the source. Each entry closes by itself on the first run after it was corrected.',
    html`<ol class="work">${items.map(
      (
        item,
      ) => html`<li><h3>${item.title}</h3><p class="do">${people(item.total)}${item.tag !== undefined && ` · ${item.tag}`}</p><p>${item.remedy}</p>${chips(item)}</li>
`,
    )}</ol>`,
  );
}
