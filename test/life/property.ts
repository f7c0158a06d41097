/** Random lives against the product, until one parts from the oracle; that one is made small. */
import fc from 'fast-check';
import { type Life, lives } from './arbitrary.ts';
import { type Divergence, playLife } from './life.ts';
import { ukgSource } from './ukg.ts';

export interface Result {
  readonly nights: number;
  readonly lives: number;
  readonly found?: { readonly life: Life; readonly divergence: Divergence };
}

export type Play = (life: Life) => Promise<Divergence | undefined>;

/** A life whose rows come from UKG's sandbox through the real tap: every read of everybody, a day apart. */
export const throughTap =
  (seed: number): Play =>
  async (life) => {
    const nights = life.nights.map((night) => ({ ...night, reads: 'all' as const, hours: 24 }));
    const usual = { ...life, lead: 0, size: Math.max(12, life.size), nights };
    const source = await ukgSource(usual, seed);
    try {
      return await playLife(usual, undefined, source);
    } finally {
      await source.close();
    }
  };

/** Plays at least so many nights, unless a divergence ends it. The same seed plays the same lives. */
export async function playNights(
  nights: number,
  seed: number,
  { play = playLife, mostInALife = 60 }: { play?: Play; mostInALife?: number } = {},
): Promise<Result> {
  let [played, count] = [0, 0];
  let smallest: { life: Life; divergence: Divergence } | undefined;
  const property = fc.asyncProperty(lives(mostInALife), async (life) => {
    const divergence = await play(life);
    if (!smallest) {
      played += divergence ? divergence.night + 1 : life.nights.length;
      count++;
    }
    // While it is made small, each smaller one that parts takes its place.
    if (divergence) smallest = { life, divergence };
    return divergence === undefined;
  });
  // A run of fast-check counts lives, not nights: a few at a time, until the nights are played.
  for (let round = 0; played < nights && !smallest; round++)
    await fc.check(property, { seed: seed + round, numRuns: 3, interruptAfterTimeLimit: 600_000 });
  return { nights: played, lives: count, ...(smallest ? { found: smallest } : {}) };
}
