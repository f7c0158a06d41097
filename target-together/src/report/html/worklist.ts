import { type OutcomeName, outcomes } from '../../model/outcome.ts';
import type { Problem, ProblemGroup, RunSummary } from '../../model/run-summary.ts';
import { number, people, plural } from '../../model/text/number-text.ts';
import { isHidden } from '../../model/text/shown-value.ts';
import { type FaultText, faultText, fieldLabel, quoted, spellingLabel, systemName } from '../fault-text.ts';
import type { ReportData } from '../model.ts';
import { faultOf, mergeGroups, namedCodes } from '../problems.ts';
import { redactRow } from '../redaction.ts';
import { remarkText } from '../remark-text.ts';
import { days } from '../text.ts';
import { html, type Markup, nothing, section } from './markup.ts';

type Dropped = RunSummary['supervisors']['dropped'][number];

const supervisorWords: Record<Dropped['reason'], FaultText> = {
  unknown: {
    title: 'Together does not know the supervisor',
    source: 'choose a supervisor who is employed, or find out why the supervisor is missing.',
  },
  excluded: {
    title: 'A filter of the settings leaves the supervisor out',
    settings: 'let the filter pass supervisors, or accept that these people have none in Together.',
  },
  invalid: {
    title: 'The supervisor could not be sent',
    source: 'correct the supervisor’s own record, which stands above in this list.',
  },
  self: { title: 'The person is their own supervisor', source: 'choose another supervisor.' },
  loop: {
    title: 'Supervisors in a loop',
    source: 'one of each loop reports to the wrong person: choose another supervisor.',
  },
  address: {
    title: 'The supervisor is named by an e-mail address that no known person has',
    source: 'give the supervisor’s employee id, or the address that the supervisor has.',
    settings: 'set match to "email" in mapping.fields.supervisorId, if the column holds addresses.',
  },
  name: {
    title: 'The supervisor is named by a name',
    source: 'give the supervisor’s employee id: two people may have one name.',
    settings: 'map supervisorId from another field: an id, or an address with match "email".',
  },
  spelling: {
    title: 'The supervisor’s employee id is written another way (1 for 000001)',
    source: 'write it as in the supervisor’s own row: give the column the format Text.',
    settings: 'set match to "employeeNumber" in mapping.fields.supervisorId.',
  },
  unmatched: {
    title: 'No person read has the number that names the supervisor',
    source: 'choose a supervisor who is employed, or find out why the supervisor is missing.',
  },
  ambiguous: {
    title: 'Several people have the address or number that names the supervisor',
    source: 'give each person an address and a number of their own.',
  },
};

interface Item extends FaultText {
  /** Where `source` and `settings` say nothing. */
  readonly fix?: string;
  readonly total: number;
  readonly tag?: string | undefined;
  /** How its people ended. */
  readonly outcome?: OutcomeName;
  readonly ids: readonly Chip[];
}

/** A person of an entry. */
interface Chip {
  readonly id: string;
  readonly number?: string | undefined;
  readonly name?: string | undefined;
  /** The supervisor's id. */
  readonly to?: string;
}

function shownWho({ who, level }: Pick<ReportData, 'who' | 'level'>, id: string): Omit<Chip, 'id'> {
  const { number, name } = redactRow({ id, ...who(id) }, level);
  return { number, name };
}

const kindWords: Record<Problem['kind'], string> = {
  invalid: 'not sent',
  rejected: 'refused by Together',
  undelivered: 'not delivered',
  note: 'sent all the same',
};

function problemItem(group: ProblemGroup, { summary, ...data }: ReportData): Item {
  const ids: Chip[] = [];
  let oldest: string | undefined;
  let value: string | undefined;
  let source: string | undefined;
  for (const problem of summary.problems) {
    const fault = faultOf(problem, group);
    if (!fault) continue;
    const id = problem.id ?? (problem.line === undefined ? 'without id' : `line ${problem.line}`);
    const hidden = fault.value === undefined || isHidden(fault.value);
    ids.push({
      id: fault.value === undefined ? id : hidden ? `${id} ${fault.value}` : `${id} (${fault.value})`,
      ...(problem.id === null ? {} : shownWho(data, problem.id)),
    });
    if (!hidden) value ??= fault.value;
    source ??= fault.source;
    if (problem.since !== undefined && (oldest === undefined || problem.since < oldest)) oldest = problem.since;
  }
  const age = oldest === undefined ? 0 : days(oldest, summary.finished_at);
  const words = faultText(group.code, group.field, value);
  return {
    ...(words ?? { title: group.message, fix: group.fix }),
    ...(words?.source !== undefined && source !== undefined
      ? { source: words.source.replace(/\.?$/, ` (field ${source}).`) }
      : {}),
    total: group.people,
    ...(group.kind === 'note' ? {} : { outcome: group.kind }),
    tag: [kindWords[group.kind], ...(age > 0 ? [`open for ${plural(age, 'day')}`] : [])].join(' · '),
    ids,
  };
}

function otherItems(data: ReportData): Item[] {
  const { supervisors, unmapped_codes, data_quality, stale, code_spellings, problems } = data.summary;
  const byReason = new Map<Dropped['reason'], Dropped[]>();
  for (const entry of supervisors.dropped) byReason.set(entry.reason, [...(byReason.get(entry.reason) ?? []), entry]);
  const named = namedCodes(problems);
  return [
    ...[...byReason].map(([reason, list]) => ({
      ...supervisorWords[reason],
      total: list.length,
      tag: 'sent without supervisor, and linked on the first run in which it is valid',
      ids: list.map((d) => ({ id: d.id, ...shownWho(data, d.id), to: d.supervisor_id })),
    })),
    ...unmapped_codes
      .filter((code) => !named.has(code))
      .map((code) => ({
        ...(faultText('unknown_code', code.field, isHidden(code.value) ? undefined : code.value) as FaultText),
        total: code.people,
        ids: [],
      })),
    ...data_quality.map(({ field, code, people: total }) => ({
      ...remarkText(code, field),
      total,
      tag: kindWords.note,
      ids: [],
    })),
    ...stale.map(({ field, people: total }) => ({
      title: `Together still has the ${fieldLabel(field)}, which the HRIS has emptied`,
      settings: `set if_empty to "clear" in mapping.fields.${field} to empty it in Together.`,
      total,
      tag: kindWords.note,
      ids: [],
    })),
    ...code_spellings.map((code) => ({
      title: `${capital(spellingLabel(code.field))}: ${code.spellings.map((s) => `${quoted(s.value)} (${number(s.people)})`).join(', ')}`,
      source: 'agree on one. Together shows them as different.',
      total: code.spellings.reduce((sum, s) => sum + s.people, 0),
      ids: [],
    })),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const inline = 12;

function chips(item: Item): Markup {
  if (item.ids.length === 0) return nothing;
  const rest = item.total - item.ids.length;
  const all = html`<ul class="chips">${item.ids.map(
    ({ id, number: own, name, to }) =>
      html`<li><span class="id">${id}</span>${own !== undefined && html` <span class="no">no. ${own}</span>`}${name !== undefined && html` <bdi>${name}</bdi>`}${to !== undefined && html`<span class="arrow">→</span><span class="id">${to}</span>`}</li>`,
  )}</ul>${rest > 0 && html`<p class="more">And ${number(rest)} more: the summary has counts for everybody.</p>`}`;
  return item.ids.length <= inline ? all : html`<details><summary>${people(item.total)}</summary>${all}</details>`;
}

/** What HR can fix, most people first, in plain words. */
export function worklistItems(data: ReportData): Item[] {
  return [...mergeGroups(data.summary.problem_groups).map((group) => problemItem(group, data)), ...otherItems(data)];
}

export function worklistSection(data: ReportData): Markup {
  const { summary } = data;
  const items = worklistItems(data);
  if (items.length === 0) return section('worklist', 'Worklist for HR', 'Nothing to correct.', nothing);
  const system = systemName(summary.source.streams.find(({ mapped }) => mapped)?.preset);
  const todo = ({ source, settings, fix }: Item): Markup =>
    html`${source !== undefined && html`<p><strong>Fix in ${system}:</strong> ${source}</p>`}${
      settings !== undefined &&
      html`<p><strong>${source === undefined ? 'In the settings:' : 'Or in the settings:'}</strong> ${settings}</p>`
    }${fix !== undefined && html`<p>${fix}</p>`}`;
  return section(
    'worklist',
    'Worklist for HR',
    'What to correct at the source. Each entry closes by itself on the first run after it was corrected.',
    html`<ol class="work">${items.map(
      (
        item,
      ) => html`<li${item.outcome !== undefined && html` data-ended="${outcomes.indexOf(item.outcome)}"`}><h3>${item.title}</h3><p class="do">${people(item.total)}${item.tag !== undefined && ` · ${item.tag}`}</p>${todo(item)}${chips(item)}</li>
`,
    )}</ol>`,
  );
}
