/** Random lives against the product, until one parts from the oracle; that one is made small. */
import fc from 'fast-check';
import { type Life, lives } from './arbitrary.ts';
import { type Divergence, playLife } from './life.ts';

export interface Result {
  readonly nights: number;
  readonly lives: number;
  readonly found?: { readonly life: Life; readonly divergence: Divergence };
}

/** Plays at least so many nights, unless a divergence ends it. The same seed plays the same lives. */
export async function playNights(nights: number, seed: number, mostInALife = 60): Promise<Result> {
  let [played, count] = [0, 0];
  let smallest: { life: Life; divergence: Divergence } | undefined;
  // fast-check's own run counts lives, not nights: it is stopped when the nights are played.
  for (let round = 0; played < nights && !smallest; round++) {
    await fc
      .assert(
        fc.asyncProperty(lives(mostInALife), async (life) => {
          const divergence = await playLife(life);
          if (!smallest) {
            played += divergence ? divergence.night + 1 : life.nights.length;
            count++;
          }
          if (divergence) smallest = { life, divergence };
          return divergence === undefined;
        }),
        { seed: seed + round, numRuns: 5, endOnFailure: false, interruptAfterTimeLimit: 300_000 },
      )
      .catch(() => undefined);
  }
  return { nights: played, lives: count, ...(smallest ? { found: smallest } : {}) };
}
