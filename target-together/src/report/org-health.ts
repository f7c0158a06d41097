import { type OrgTree, treeStates } from './model.ts';
import type { OrgChart } from './org-chart.ts';

export interface OrgHealth {
  readonly people: number;
  /** People without supervisor who have reports, and those without either. */
  readonly tops: number;
  readonly alone: number;
  readonly levels: number;
  readonly managers: number;
  readonly medianSpan: number;
  readonly widest: { position: number; span: number } | undefined;
  readonly loops: number;
  /** Who leaves while people still report to them, and who had left before and still has reports. */
  readonly leavingManagers: { position: number; reports: number }[];
  readonly goneManagers: { position: number; reports: number }[];
  /** People by their former and present supervisor; from -2: not known, -1: none. */
  readonly moves: { from: number; to: number; people: number }[];
  readonly moved: number;
  /** Managers whose number of reports jumped by half and by five or more, where the former supervisors are known. */
  readonly jumps: { position: number; was: number; now: number }[];
}

const leave = treeStates.indexOf('leave');
const join = treeStates.indexOf('join');
const move = treeStates.indexOf('move');
const rehire = treeStates.indexOf('rehire');
const gone = treeStates.indexOf('gone');
const absent = treeStates.indexOf('absent');

/** Measures an organization. Spans count people who stay: leavers report to no manager any more. */
export function orgHealth(tree: OrgTree, chart: OrgChart): OrgHealth {
  const { size, parent, before, state } = tree;
  const span = new Int32Array(size);
  const was = new Int32Array(size);
  const isGhost = (i: number) => state[i] === gone || state[i] === absent;
  let unknown = 0;
  let ghosts = 0;
  let deepest = -1;
  let tops = 0;
  let alone = 0;
  let moved = 0;
  const moves = new Map<number, Map<number, number>>();
  for (let i = 0; i < size; i++) {
    const now = parent[i] as number;
    const then = before ? (before[i] as number) : state[i] === move ? -2 : now;
    if (now >= 0 && now < size && state[i] !== leave) span[now] = (span[now] as number) + 1;
    if (then === -2 && state[i] !== join) unknown++;
    if (then >= 0 && then < size && state[i] !== join) was[then] = (was[then] as number) + 1;
    deepest = Math.max(deepest, chart.depth[i] as number);
    if (isGhost(i)) {
      ghosts++;
      continue;
    }
    if (now < 0 && chart.weight[i] === 1) alone++;
    else if (now < 0) tops++;
    if (state[i] === move) {
      moved++;
      const to = moves.get(then) ?? new Map<number, number>();
      to.set(now, (to.get(now) ?? 0) + 1);
      moves.set(then, to);
    }
  }
  const spans: number[] = [];
  let widest: OrgHealth['widest'];
  const leavingManagers: OrgHealth['leavingManagers'] = [];
  const goneManagers: OrgHealth['goneManagers'] = [];
  const jumps: OrgHealth['jumps'] = [];
  for (let i = 0; i < size; i++) {
    const now = span[i] as number;
    const then = was[i] as number;
    if (state[i] === gone && now > 0) goneManagers.push({ position: i, reports: now });
    if (isGhost(i)) continue;
    // Of who is new, every number of reports is.
    const isNew = state[i] === join || state[i] === rehire;
    if (!isNew && unknown === 0 && Math.abs(now - then) >= 5 && Math.abs(now - then) * 2 >= Math.max(now, then))
      jumps.push({ position: i, was: then, now });
    if (now === 0) continue;
    spans.push(now);
    if (widest === undefined || now > widest.span) widest = { position: i, span: now };
    if (state[i] === leave) leavingManagers.push({ position: i, reports: now });
  }
  spans.sort((a, b) => a - b);
  return {
    people: size - ghosts,
    tops,
    alone,
    levels: deepest + 1,
    managers: spans.length,
    medianSpan: spans[Math.floor(spans.length / 2)] ?? 0,
    widest,
    loops: chart.loops.length,
    leavingManagers: leavingManagers.sort((a, b) => b.reports - a.reports),
    goneManagers: goneManagers.sort((a, b) => b.reports - a.reports),
    moves: [...moves]
      .flatMap(([from, targets]) => [...targets].map(([to, count]) => ({ from, to, people: count })))
      .sort((a, b) => b.people - a.people),
    moved,
    jumps: jumps.sort((a, b) => Math.abs(b.now - b.was) - Math.abs(a.now - a.was)),
  };
}
