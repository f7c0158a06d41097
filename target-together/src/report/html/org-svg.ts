import { number, people } from '../../model/text/number-text.ts';
import { type OrgTree, treeStates } from '../model.ts';
import type { OrgChart } from '../org-chart.ts';

import { html, type Markup } from './markup.ts';

const width = 960;
const level = 26;
const maxLevels = 12;
/** Narrower boxes are drawn together as one of many. */
const narrow = 6;
const bins = 240;
const rail = 22;
const gap = 14;
const labelHeight = 16;
const charWidth = 6.7;

/** Whether a person of this weight gets a box of their own. */
export const hasBox = (weight: number, size: number): boolean => weight * (width / Math.max(1, size)) >= narrow;

interface Rail {
  readonly label: string;
  readonly gone: boolean;
  /** Where a person of this rail stands, as positions on the chart; undefined: not on this rail. */
  readonly at: (position: number) => number | undefined;
}

const is = (tree: OrgTree, ...names: (typeof treeStates)[number][]) => {
  const wanted = new Set(names.map((name) => treeStates.indexOf(name)));
  return (position: number) => wanted.has(tree.state[position] as number);
};

function rails(tree: OrgTree): Rail[] {
  const { parent, before } = tree;
  const joined = is(tree, 'join', 'rehire');
  const left = is(tree, 'leave');
  const moved = is(tree, 'move');
  const changed = is(tree, 'change');
  const former = (p: number) => (before && (before[p] as number) >= 0 ? (before[p] as number) : undefined);
  return [
    { label: 'leave', gone: true, at: (p) => (left(p) ? p : undefined) },
    { label: 'join, come back', gone: false, at: (p) => (joined(p) ? p : undefined) },
    { label: 'move away from', gone: true, at: (p) => (moved(p) ? former(p) : undefined) },
    { label: 'move to', gone: false, at: (p) => (moved(p) && (parent[p] as number) >= 0 ? p : undefined) },
    { label: 'change otherwise', gone: false, at: (p) => (changed(p) ? p : undefined) },
  ];
}

/**
 * The organization as an icicle: each person a box as wide as the people below, supervisors above their reports. Below it,
 * on the same scale, a line for each kind of change shows where it happens.
 */
export function treePicture(tree: OrgTree, chart: OrgChart, showNames: boolean): Markup {
  const { size, state } = tree;
  const scale = width / Math.max(1, size);
  const touched = subtreeTouched(tree, chart);
  const looped = new Set(chart.loops.flat());
  const boxes: Markup[] = [];
  let deepest = 0;

  const box = (x: number, y: number, w: number, kind: string, label: string, title: string) => {
    deepest = Math.max(deepest, y);
    const fits = label !== '' && label.length * charWidth + 8 <= w;
    boxes.push(html`<g><title>${title}</title><rect x="${x.toFixed(1)}" y="${y * level}" width="${w.toFixed(1)}" height="${level - 2}"${
      kind !== '' && html` class="${kind}"`
    }/>${fits && html`<text class="label${kind === 'self' && ' on'}" x="${(x + 5).toFixed(1)}" y="${y * level + 16}">${label}</text>`}</g>
`);
  };
  const drawAll = (siblings: ArrayLike<number>, y: number) => {
    let merged = { from: 0, people: 0, boxes: 0 };
    const flush = () => {
      if (merged.boxes > 0)
        box(
          merged.from * scale,
          y,
          Math.max(merged.people * scale, 0.8),
          'many',
          '',
          `${people(merged.people)} in small teams or alone`,
        );
      merged = { from: 0, people: 0, boxes: 0 };
    };
    for (let i = 0; i < siblings.length; i++) {
      const p = siblings[i] as number;
      const weight = chart.weight[p] as number;
      const from = chart.offset[p] as number;
      if (!hasBox(weight, size)) {
        if (merged.boxes === 0) merged.from = from;
        merged.people += weight;
        merged.boxes++;
        continue;
      }
      flush();
      const name = showNames ? tree.name?.(p) : undefined;
      const id = tree.id(p);
      const word = treeStates[state[p] as number] ?? 'same';
      const below = (touched[p] as number) > 0 ? 'touched' : '';
      const kind = looped.has(p) ? 'loop' : word in stands ? 'ghost' : word !== 'same' ? 'self' : below;
      const title = [
        name === undefined ? id : `${name} (${id})`,
        weight > 1 ? `${number(weight - 1)} below` : '',
        word === 'same' ? '' : (stands[word] ?? word),
        (touched[p] as number) > 0 ? `${number(touched[p] as number)} changed below` : '',
        looped.has(p) ? 'in a loop of supervisors' : '',
      ]
        .filter(Boolean)
        .join(' · ');
      box(from * scale, y, weight * scale, kind, name ?? id, title);
      if (y + 1 < maxLevels)
        drawAll(chart.child.subarray(chart.first[p] as number, chart.first[p + 1] as number), y + 1);
    }
    flush();
  };
  drawAll(chart.roots, 0);

  let y = (deepest + 1) * level + gap + labelHeight;
  const lines: Markup[] = [];
  for (const line of rails(tree)) {
    const counts = new Int32Array(bins);
    let total = 0;
    for (let p = 0; p < size; p++) {
      if (state[p] === 0) continue;
      const at = line.at(p);
      if (at === undefined) continue;
      const bin = Math.min(bins - 1, Math.floor(((chart.offset[at] as number) / Math.max(1, size)) * bins));
      counts[bin] = (counts[bin] as number) + 1;
      total++;
    }
    if (total === 0) continue;
    const most = counts.reduce((a, b) => Math.max(a, b), 1);
    let path = '';
    counts.forEach((count, bin) => {
      if (count === 0) return;
      const h = Math.max(5, rail * Math.sqrt(count / most));
      path += `M${(bin * width) / bins} ${(y + rail).toFixed(1)}v${(-h).toFixed(1)}h3v${h.toFixed(1)}z`;
    });
    lines.push(html`<g><text class="num" x="0" y="${y - 4}">${number(total)} ${line.label}</text><line class="base" x1="0" x2="${width}" y1="${y + rail}" y2="${y + rail}"/><path class="tick${line.gone && ' gone'}" d="${path}"/></g>
`);
    y += rail + gap + labelHeight;
  }
  return html`<svg class="tree" viewBox="0 0 ${width} ${y - labelHeight}" width="${width}" role="img" aria-labelledby="tree-t tree-d">
<title id="tree-t">The organization, and where it changes</title>
<desc id="tree-d">${people(size)} by supervisor. The tables below say the same in words.</desc>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatchline" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>
${boxes}${lines}</svg>`;
}

/** Words for who is in the chart only to hang others under. */
const stands: Readonly<Record<string, string>> = { absent: 'not among those read', gone: 'has left' };

const isTouched = ({ state }: OrgTree, p: number): boolean => {
  const word = treeStates[state[p] as number] as string;
  return word !== 'same' && !(word in stands);
};

/** How many below each person changed in any way. */
function subtreeTouched(tree: OrgTree, chart: OrgChart): Int32Array {
  const touched = new Int32Array(tree.size);
  for (let i = chart.order.length - 1; i >= 0; i--) {
    const p = chart.order[i] as number;
    const up = chart.above[p] as number;
    if (up >= 0) touched[up] = (touched[up] as number) + (touched[p] as number) + (isTouched(tree, p) ? 1 : 0);
  }
  return touched;
}
