/** The organization's shape and health from flat arrays: linear in people, no object for each. */
import type { OrgTree } from './model.ts';

export interface OrgChart {
  /** Children of p: `child[first[p] … first[p + 1]]`, largest subtree first. */
  readonly first: Int32Array;
  readonly child: Int32Array;
  /** People in the subtree, oneself included. */
  readonly weight: Int32Array;
  /** 0 for the top. */
  readonly depth: Int32Array;
  /** Where a person begins on a line on which each takes one unit. */
  readonly offset: Int32Array;
  /** Everybody, supervisors before their reports. */
  readonly order: Int32Array;
  /** Supervisor in the drawing, or -1: as sent, but for the loops that are cut. */
  readonly above: Int32Array;
  /** Tops of the drawing: people without supervisor, and one of each loop. Largest first. */
  readonly roots: number[];
  /** Each loop, beginning with its lowest position. */
  readonly loops: number[][];
}

/** Lays a tree out. A loop is cut above its lowest position, which becomes a root. */
export function layOut({ size, parent }: OrgTree): OrgChart {
  const above = Int32Array.from(parent, (p, i) => (p >= 0 && p < size && p !== i ? p : -1));
  const loops = cutLoops(above, size);
  for (let i = 0; i < size; i++) if (parent[i] === i) loops.push([i]);

  const first = new Int32Array(size + 1);
  for (const p of above) if (p >= 0) first[p + 1] = (first[p + 1] as number) + 1;
  for (let i = 0; i < size; i++) first[i + 1] = (first[i + 1] as number) + (first[i] as number);
  const fill = first.slice(0, size);
  const child = new Int32Array(first[size] as number);
  const roots: number[] = [];
  for (let i = 0; i < size; i++) {
    const p = above[i] as number;
    if (p < 0) roots.push(i);
    else {
      child[fill[p] as number] = i;
      fill[p] = (fill[p] as number) + 1;
    }
  }

  // Breadth first, so that backwards every child comes before its supervisor.
  const order = new Int32Array(size);
  const depth = new Int32Array(size).fill(-1);
  let end = 0;
  for (const root of roots) {
    order[end++] = root;
    depth[root] = 0;
  }
  for (let i = 0; i < end; i++) {
    const p = order[i] as number;
    for (let c = first[p] as number; c < (first[p + 1] as number); c++) {
      const kid = child[c] as number;
      depth[kid] = (depth[p] as number) + 1;
      order[end++] = kid;
    }
  }
  const weight = new Int32Array(size).fill(1);
  for (let i = end - 1; i >= 0; i--) {
    const position = order[i] as number;
    const p = above[position] as number;
    if (p >= 0) weight[p] = (weight[p] as number) + (weight[position] as number);
  }

  const heavier = (a: number, b: number) => (weight[b] as number) - (weight[a] as number) || a - b;
  roots.sort(heavier);
  const offset = new Int32Array(size);
  let at = 0;
  for (const root of roots) {
    offset[root] = at;
    at += weight[root] as number;
  }
  for (let i = 0; i < end; i++) {
    const p = order[i] as number;
    const kids = child.subarray(first[p] as number, first[p + 1] as number).sort(heavier);
    let from = offset[p] as number;
    for (const kid of kids) {
      offset[kid] = from;
      from += weight[kid] as number;
    }
  }
  return { first, child, weight, depth, offset, order, above, roots, loops };
}

/** Finds loops by walking up from everybody once; cuts each above its lowest position. */
function cutLoops(above: Int32Array, size: number): number[][] {
  const seen = new Int32Array(size);
  const loops: number[][] = [];
  for (let i = 0; i < size; i++) {
    let p = i;
    while (p >= 0 && seen[p] === 0) {
      seen[p] = i + 1;
      p = above[p] as number;
    }
    if (p < 0 || seen[p] !== i + 1) continue;
    const loop = [p];
    for (let q = above[p] as number; q !== p; q = above[q] as number) loop.push(q);
    const lowest = loop.indexOf(loop.reduce((least, q) => Math.min(least, q)));
    const turned = [...loop.slice(lowest), ...loop.slice(0, lowest)];
    above[turned[0] as number] = -1;
    loops.push(turned);
  }
  return loops;
}
