/** The bar that searches and filters the page. Its script shows it. */
import { outcomes } from '../../../model/outcome.ts';
import { number } from '../../../model/text/number-text.ts';
import type { ReportData } from '../../model.ts';
import { outcomeLabel } from '../../text.ts';
import { html, type Markup } from '../markup.ts';
import { kinds, later } from './people.ts';

type Option = readonly [value: string, label: string, count: number];

const select = (id: string, label: string, options: readonly Option[]): Markup | false =>
  options.length > 1 &&
  html`<span class="by"><label for="${id}">${label}</label> <select id="${id}"><option value="">all</option>${options.map(
    ([value, text, count]) => html`<option value="${value}">${text} (${number(count)})</option>`,
  )}</select></span>
`;

/** People with nothing new are in no list, so that there is nothing to find of them. */
const unlisted = new Set(['skipped', 'unchanged']);

export function findBox(data: ReportData): Markup {
  const { summary } = data;
  const kindOption = ({ action, title, key }: (typeof kinds)[number]): Option => [action, title, data[key].total];
  const actions: Option[] = [
    ...kinds.map(kindOption),
    ['change', 'Changes', data.changes.total],
    ...later.map(kindOption),
    ['invalid', 'Invalid', summary.outcomes.invalid],
  ];
  const fields = Object.entries(summary.changes_by_field).sort(([, a], [, b]) => b - a);
  const isThere = ([, , count]: Option) => count > 0;
  return html`<div class="find" role="search" hidden><label for="find">Find people</label>
<input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="id, number, name or value">
${select('by-action', 'Action', actions.filter(isThere))}${select(
  'by-field',
  'Changed field',
  fields.map(([field, people]): Option => [field, field, people]),
)}${select(
  'by-outcome',
  'Outcome',
  outcomes
    .map(
      (name, at): Option => [
        `${at}`,
        outcomeLabel(name, summary.mode),
        unlisted.has(name) ? 0 : summary.outcomes[name],
      ],
    )
    .filter(isThere),
)}<span class="by"><button type="button" id="clear" hidden>Show everybody</button> <button type="button" id="copy">Copy link</button> <button type="button" id="save">Save as CSV</button></span>
<output id="found" for="find by-action by-field by-outcome" aria-live="polite"></output></div>
`;
}
