/** Random lives against the product, until one parts from the oracle; that one is made small. */
import fc from 'fast-check';
import { type Life, lives } from './arbitrary.ts';
import { type Divergence, playLife } from './life.ts';
import { type Found, shrink } from './shrink.ts';
import { ukgSource } from './ukg.ts';

export interface Result {
  readonly nights: number;
  readonly lives: number;
  readonly found?: Found;
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
  for (let round = 0; played < nights; round++) {
    // A few at a time: small lives come first.
    for (const life of fc.sample(lives(mostInALife), { seed: seed + round, numRuns: 6 })) {
      const divergence = await play(life);
      played += divergence ? divergence.night + 1 : life.nights.length;
      count++;
      if (divergence) return { nights: played, lives: count, found: await shrink({ life, divergence }, play) };
      if (played >= nights) break;
    }
  }
  return { nights: played, lives: count };
}
