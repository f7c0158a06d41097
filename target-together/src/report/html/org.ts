import { number, people, plural } from '../../model/text/number-text.ts';
import { type OrgTree, type ReportData, treeStates } from '../model.ts';
import { layOut } from '../org-chart.ts';
import { orgHealth } from '../org-health.ts';

import { html, type Markup, nothing, section } from './markup.ts';
import { hasBox, treePicture } from './org-svg.ts';

const shown = 10;

export function orgSection({ tree, level, summary }: ReportData): Markup {
  if (tree === undefined || tree.size === 0)
    return section(
      'org',
      'Organization chart',
      summary.mode === 'apply' ? 'The report of the plan has it.' : 'No person read has a place in it.',
      nothing,
    );
  const { complete } = summary.source;
  const chart = layOut(tree);
  const health = orgHealth(tree, chart);
  const names = level !== 'ids';
  const who = (position: number): Markup => {
    if (position === -1) return html`<span class="was">none</span>`;
    if (position === -2) return html`<span class="was">not known</span>`;
    const name = names ? tree.name?.(position) : undefined;
    const own = tree.number?.(position);
    return html`<span class="id">${tree.id(position)}</span>${own !== undefined && html` <span class="no">no. ${own}</span>`}${name !== undefined && html` <bdi>${name}</bdi>`}`;
  };
  const shape: [string, Markup | string][] = [
    ['At the top', number(health.tops)],
    ['Alone, no supervisor', number(health.alone)],
    ['Levels', number(health.levels)],
    ['Managers', number(health.managers)],
    ['Reports, median', number(health.medianSpan)],
    [
      'Reports, most',
      health.widest === undefined ? '0' : html`${number(health.widest.span)} (${who(health.widest.position)})`,
    ],
  ];
  const facts: [string, Markup | string][] = [
    ['People', number(health.people)],
    // For a part of the company they would mean nothing.
    ...(complete ? shape : []),
    ['Sent without supervisor', number(summary.supervisors.dropped_total)],
    ['Loops', number(summary.supervisors.loops.length)],
  ];
  return section(
    'org',
    'Organization chart',
    complete
      ? 'Matching depends on who reports to whom. Supervisors stand above their reports; a box is as wide as the people below it.'
      : 'Not everybody was read: this shows who was, under their supervisors. The report of the next complete read shows the whole organization.',
    [
      html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<figure><div class="scroll">${treePicture(tree, chart, names)}</div>
<ul class="legend"><li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="self"/></svg>changes</li><li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="touched"/></svg>a person below changes</li><li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="many"/></svg>many small ones drawn as one</li>${
        hasGhosts(tree) &&
        html`<li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="13" height="11" x=".5" y=".5" class="ghost"/></svg>supervisor who is not among them: not read, or gone before</li>`
      }${
        chart.loops.some(([top]) => hasBox(chart.weight[top as number] as number, tree.size)) &&
        html`<li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="loop"/></svg>in a loop of supervisors</li>`
      }</ul>
<figcaption>Below the boxes, on the same scale: where people leave, join and move. Taller marks are more people.</figcaption></figure>
`,
      list('Report to a manager who has left', ['Former manager', 'Reports'], health.goneManagers, (m) => [
        who(m.position),
        number(m.reports),
      ]),
      loopList(loopsOf(tree, summary.supervisors.loops), who),
      list('Leave while people report to them', ['Manager', 'Reports that stay'], health.leavingManagers, (m) => [
        who(m.position),
        number(m.reports),
      ]),
      list(`Moves: ${people(health.moved)} with another supervisor`, ['From', 'To', 'People'], health.moves, (m) => [
        who(m.from),
        who(m.to),
        number(m.people),
      ]),
      list('Jumps in the number of reports', ['Manager', 'Before', 'Now'], complete ? health.jumps : [], (j) => [
        who(j.position),
        number(j.was),
        number(j.now),
      ]),
    ],
  );
}

const ghosts = new Set([treeStates.indexOf('absent'), treeStates.indexOf('gone')]);
const hasGhosts = ({ state }: OrgTree): boolean => state.some((one) => ghosts.has(one));

type Member = number | string;

/** Loops as positions on the chart, to have names; their links are left out, so that the chart itself has none. */
function loopsOf(tree: OrgTree, loops: readonly (readonly string[])[]): Member[][] {
  const places = new Map<string, number>();
  const wanted = new Set(loops.flat());
  for (let place = 0; wanted.size > 0 && place < tree.size; place++)
    if (wanted.has(tree.id(place))) places.set(tree.id(place), place);
  return loops.map((loop) => loop.map((id) => places.get(id) ?? id));
}

function loopList(loops: readonly Member[][], who: (position: number) => Markup): Markup {
  if (loops.length === 0) return nothing;
  const person = (member: Member) =>
    typeof member === 'string' ? html`<span class="id">${member}</span>` : who(member);
  const items = loops
    .slice(0, shown)
    .map(
      (loop) =>
        html`<li>${loop.slice(0, 12).map((p) => html`${person(p)}<span class="arrow">→</span>`)}${
          loop.length > 12 ? html`${number(loop.length - 12)} more <span class="arrow">→</span>` : nothing
        }${person(loop[0] as Member)}</li>`,
    );
  const rest = loops.length - items.length;
  return html`<h3>Loops of supervisors</h3><ul class="causes">${items}</ul>${rest > 0 && html`<p class="more">And ${plural(rest, 'more loop')}.</p>`}`;
}

function list<T>(
  title: string,
  columns: readonly string[],
  rows: readonly T[],
  cells: (row: T) => readonly (Markup | string)[],
): Markup {
  if (rows.length === 0) return nothing;
  const rest = rows.length - shown;
  return html`<h3>${title}</h3><div class="scroll"><table><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows
    .slice(0, shown)
    .map((row) => html`<tr>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>${
    rest > 0 && html`<p class="more">And ${number(rest)} more.</p>`
  }
`;
}
