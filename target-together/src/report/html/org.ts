import type { OrgTree, ReportData } from '../model.ts';
import { layOut } from '../org-chart.ts';
import { orgHealth } from '../org-health.ts';
import { number, people, plural } from '../words.ts';
import { html, type Markup, nothing, section } from './markup.ts';
import { hasBox, treePicture } from './tree-picture.ts';

const shown = 10;

export function orgSection({ tree, level, summary }: ReportData): Markup {
  if (tree === undefined || tree.size === 0)
    return section('org', 'Organization chart', 'Nobody was read whose supervisor could be placed.', nothing);
  const chart = layOut(tree);
  const health = orgHealth(tree, chart);
  const names = level !== 'ids';
  const who = (position: number): Markup => {
    if (position === -1) return html`<span class="was">nobody</span>`;
    if (position === -2) return html`<span class="was">not known</span>`;
    const name = names ? tree.name?.(position) : undefined;
    return html`<span class="id">${tree.id(position)}</span>${name !== undefined && html` <bdi>${name}</bdi>`}`;
  };
  const facts: [string, Markup | string][] = [
    ['People', number(health.people)],
    ['At the top', number(health.tops)],
    ['Alone, no supervisor', number(health.alone)],
    ['Levels', number(health.levels)],
    ['Managers', number(health.managers)],
    ['Reports, median', number(health.medianSpan)],
    [
      'Reports, most',
      health.widest === undefined ? '0' : html`${number(health.widest.span)} (${who(health.widest.position)})`,
    ],
    ['Sent without supervisor', number(summary.supervisors.dropped_total)],
    ['Loops', number(health.loops)],
  ];
  return section(
    'org',
    'Organization chart',
    'Matching depends on who reports to whom. Supervisors stand above their reports; a box is as wide as the people below it.',
    [
      html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<figure><div class="scroll">${treePicture(tree, chart, names)}</div>
<ul class="legend"><li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="self"/></svg>changes</li><li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="touched"/></svg>somebody below changes</li><li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="many"/></svg>many small ones drawn as one</li>${
        chart.loops.some(([top]) => hasBox(chart.weight[top as number] as number, tree.size)) &&
        html`<li><svg width="14" height="12" class="tree" aria-hidden="true"><rect width="14" height="12" class="loop"/></svg>in a loop of supervisors</li>`
      }</ul>
<figcaption>Below the boxes, on the same scale: where people leave, join and move. Taller marks are more people.</figcaption></figure>
`,
      loopList(tree, chart.loops, who),
      list('Leave while people report to them', ['Manager', 'Reports that stay'], health.leavingManagers, (m) => [
        who(m.position),
        number(m.reports),
      ]),
      list(`Moves: ${people(health.moved)} with another supervisor`, ['From', 'To', 'People'], health.moves, (m) => [
        who(m.from),
        who(m.to),
        number(m.people),
      ]),
      list('Jumps in the number of reports', ['Manager', 'Before', 'Now'], health.jumps, (j) => [
        who(j.position),
        number(j.was),
        number(j.now),
      ]),
    ],
  );
}

function loopList(tree: OrgTree, loops: readonly number[][], who: (position: number) => Markup): Markup {
  if (loops.length === 0) return nothing;
  const items = loops
    .slice(0, shown)
    .map(
      (loop) =>
        html`<li>${loop.slice(0, 12).map((p) => html`${who(p)}<span class="arrow">→</span>`)}${
          loop.length > 12 ? html`${number(loop.length - 12)} more <span class="arrow">→</span>` : nothing
        }<span class="id">${tree.id(loop[0] as number)}</span></li>`,
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
