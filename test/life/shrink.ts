/** Makes a life small that parts from the oracle: nights, events and mishaps are left out while the same kind of line stays. */
import type { Life, Night } from './arbitrary.ts';
import type { Divergence } from './life.ts';

export interface Found {
  readonly life: Life;
  readonly divergence: Divergence;
}

type Play = (life: Life) => Promise<Divergence | undefined>;

/** A line without its ids and values. */
const kindOf = (line: string): string => line.replace(/\b[EN]\d+(x\d+)?\b/g, 'id').replace(/ (is|:) .*/, '');

const quiet: readonly Partial<Night>[] = [
  { mishap: 'none' },
  { refusals: [] },
  { apart: false },
  { accept: false },
  { hours: 24 },
  { ahead: 0 },
  { reads: 'all' },
];
const usual: readonly Partial<Life>[] = [
  { size: 8 },
  { size: 4 },
  { lead: 0 },
  { end: 'day_after' },
  { onNewId: 'hold' },
  { vanished: 'report' },
  { outOfScope: 'report' },
  { leaverEmail: false },
  { completeReads: 'declared' },
  { prefilled: { byId: 0, byAddress: 0 } },
  { zone: 'UTC' },
];

/** Tries no more than so many smaller lives. */
export async function shrink(found: Found, play: Play, tries = 150): Promise<Found> {
  const kinds = new Set(found.divergence.lines.map(kindOf));
  const upTo = ({ life, divergence }: Found): Found => ({
    divergence,
    life: { ...life, nights: life.nights.slice(0, divergence.night + 1) },
  });
  let best = upTo(found);
  let left = tries;
  const attempt = async (life: Life): Promise<boolean> => {
    if (left-- <= 0 || JSON.stringify(life) === JSON.stringify(best.life)) return false;
    const divergence = await play(life);
    if (!divergence?.lines.some((line) => kinds.has(kindOf(line)))) return false;
    best = upTo({ life, divergence });
    return true;
  };
  // What all nights can do without at once makes the tries after it short.
  for (const change of quiet)
    await attempt({ ...best.life, nights: best.life.nights.map((night) => ({ ...night, ...change })) });
  for (let size = best.life.nights.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < best.life.nights.length - 1; ) {
      const nights = best.life.nights.filter((_, night) => night < at || night >= at + size);
      if (!(await attempt({ ...best.life, nights }))) at += size;
    }
  }
  for (const change of usual) if ((change.size ?? 0) < best.life.size) await attempt({ ...best.life, ...change });
  for (let at = 0; at < best.life.nights.length; at++) {
    const changed = (change: Partial<Night>): Life => ({
      ...best.life,
      nights: best.life.nights.map((night, index) => (index === at ? { ...night, ...change } : night)),
    });
    for (const change of quiet) await attempt(changed(change));
    for (const event of best.life.nights[at]?.events ?? []) {
      const events = (best.life.nights[at]?.events ?? []).filter((one) => one !== event);
      await attempt(changed({ events }));
    }
  }
  return best;
}
