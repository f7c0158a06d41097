import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OrgTree, treeStates } from './model.ts';
import { layOut } from './org-chart.ts';
import { orgHealth } from './org-health.ts';

const tree = (parent: number[], state: string[] = [], before?: number[]): OrgTree => ({
  size: parent.length,
  id: (position) => `e${position}`,
  parent: Int32Array.from(parent),
  state: Uint8Array.from(parent, (_, i) => treeStates.indexOf((state[i] ?? 'same') as 'same')),
  ...(before ? { before: Int32Array.from(before) } : {}),
});
const health = (t: OrgTree) => orgHealth(t, layOut(t));

/** Any graph in which each has at most one supervisor: loops, oneself, no one, out of range. */
const anyParents = fc
  .integer({ min: 1, max: 60 })
  .chain((size) => fc.array(fc.integer({ min: -1, max: size }), { minLength: size, maxLength: size }));

describe('organization chart', () => {
  it('gives everybody one place, within their supervisor’s, and as wide as the people below', () => {
    fc.assert(
      fc.property(anyParents, (parents) => {
        const t = tree(parents);
        const chart = layOut(t);
        expect([...chart.order].sort((a, b) => a - b)).toEqual(parents.map((_, i) => i));
        expect(chart.roots.reduce((sum, root) => sum + (chart.weight[root] as number), 0)).toBe(parents.length);
        for (let p = 0; p < parents.length; p++) {
          const up = chart.above[p] as number;
          if (up < 0) continue;
          const [from, to] = [chart.offset[p] as number, (chart.offset[p] as number) + (chart.weight[p] as number)];
          expect(from).toBeGreaterThanOrEqual(chart.offset[up] as number);
          expect(to).toBeLessThan((chart.offset[up] as number) + (chart.weight[up] as number));
          expect(chart.depth[p]).toBe((chart.depth[up] as number) + 1);
        }
      }),
    );
  });

  it('finds exactly the loops that a walk from everybody finds', () => {
    fc.assert(
      fc.property(anyParents, (parents) => {
        const inLoop = parents.map((_, start) => {
          let p = start;
          for (let i = 0; i <= parents.length; i++) {
            p = parents[p] ?? -1;
            if (p === start) return true;
            if (p < 0 || p >= parents.length) return false;
          }
          return false;
        });
        const { loops } = layOut(tree(parents));
        expect(loops.flat().sort((a, b) => a - b)).toEqual(inLoop.flatMap((yes, i) => (yes ? [i] : [])));
        for (const loop of loops)
          loop.forEach((p, i) => {
            expect(parents[p]).toBe(loop[(i + 1) % loop.length]);
          });
      }),
    );
  });

  it('draws the largest part first', () => {
    const { roots, offset } = layOut(tree([-1, -1, 1, 1, 2]));
    expect(roots).toEqual([1, 0]);
    expect([...offset]).toEqual([4, 0, 0, 2, 0]);
  });

  it('measures a hundred thousand people without comparing each with each', () => {
    const parents = Array.from({ length: 100_000 }, (_, i) => (i === 0 ? -1 : Math.floor((i - 1) / 8)));
    const began = performance.now();
    expect(health(tree(parents)).levels).toBe(7);
    // Quadratic work would take minutes; a busy machine takes seconds.
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('bears a chain as long as the company', () => {
    const parents = Array.from({ length: 50_000 }, (_, i) => i - 1);
    expect(health(tree(parents)).levels).toBe(50_000);
  });
});

describe('organization health', () => {
  it('counts tops, people alone, spans and levels', () => {
    expect(health(tree([-1, 0, 0, 0, 1, -1]))).toMatchObject({
      people: 6,
      tops: 1,
      alone: 1,
      levels: 3,
      managers: 2,
      medianSpan: 3,
      widest: { position: 0, span: 3 },
      loops: 0,
    });
  });

  it('names managers who leave while people report to them, and not those whose reports leave too', () => {
    const t = tree([-1, 0, 1, 1, 0, 4], ['same', 'leave', 'same', 'leave', 'leave', 'leave']);
    expect(health(t).leavingManagers).toEqual([{ position: 1, reports: 1 }]);
  });

  it('groups moves by former and present supervisor, largest first', () => {
    const t = tree([-1, 0, 0, 1, 1, 1], ['same', 'same', 'same', 'move', 'move', 'move'], [-1, 0, 0, 2, 2, -2]);
    expect(health(t).moves).toEqual([
      { from: 2, to: 1, people: 2 },
      { from: -2, to: 1, people: 1 },
    ]);
    expect(health(t).moved).toBe(3);
  });

  it('tells a jump in the number of reports only where all former supervisors are known', () => {
    const parents = [-1, 0, 0, ...Array.from({ length: 6 }, () => 1)];
    const moved = parents.map((_, i) => (i > 2 ? 'move' : 'same'));
    const before = [-1, 0, 0, ...Array.from({ length: 6 }, () => 2)];
    expect(health(tree(parents, moved, before)).jumps).toEqual([
      { position: 1, was: 0, now: 6 },
      { position: 2, was: 6, now: 0 },
    ]);
    expect(health(tree(parents, moved)).jumps).toEqual([]);
  });
});
