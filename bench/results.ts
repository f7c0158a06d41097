/** What `npm run bench` measures, as results.json holds it, and the file itself. */
import { readFileSync } from 'node:fs';

/** One program beside ours, on the same work. */
export interface Compared {
  readonly program: string;
  readonly cpu: number;
  readonly mb: number;
  /** Our CPU by its CPU, the median of the pairs. */
  readonly ratio: number;
  /** What the ratio must not pass. */
  readonly most?: number;
  /** What it leaves out of what ours does. */
  readonly leavesOut: string;
}

export interface Work {
  readonly work: string;
  readonly people: number;
  readonly cpu: number;
  readonly mb: number;
  readonly others: readonly Compared[];
}

/** One size of a growing input. */
export interface Grown {
  readonly what: string;
  readonly size: number;
  readonly people: number;
  readonly cpu: number;
  readonly mb: number;
  /** What the memory must not pass. */
  readonly most?: number;
}

export interface Results {
  readonly day: string;
  readonly node: string;
  readonly machine: string;
  readonly people: number;
  readonly rounds: number;
  readonly works: readonly Work[];
  readonly growth: readonly Grown[];
}

export const resultsFile = new URL('results.json', import.meta.url);
export const readResults = (): Results => JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;

/** What grows with people and must not grow in memory: a tenth up or down. */
export const flat = 'one web service';

/** Promises that the figures break. */
export function broken({ works, growth }: Results): string[] {
  const slow = works.flatMap(({ work, others }) =>
    others
      .filter(({ ratio, most }) => most !== undefined && ratio > most)
      .map(({ program, ratio, most }) => `${work}: ${ratio.toFixed(2)} of ${program}, above ${most}`),
  );
  const large = growth
    .filter(({ mb, most }) => most !== undefined && mb > most)
    .map(({ what, size, mb, most }) => `${what}, ${size}: ${mb.toFixed(0)} MB, above ${most}`);
  const sizes = growth.filter(({ what }) => what === flat).map(({ mb }) => mb);
  const spread = Math.max(...sizes) / Math.min(...sizes);
  const grown = spread > 1.1 / 0.9 ? [`${flat}: its memory grows ${spread.toFixed(2)} times`] : [];
  return [...slow, ...large, ...grown];
}
