/** The shrinker against a property of its own: what is left is what the divergence needs, and no more. No product in here. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Life, lives } from './arbitrary.ts';
import type { Divergence } from './life.ts';
import { shrink } from './shrink.ts';

/** Parts on the first night with a `delete`, where an earlier night has lost the state and another read brought changes alone. */
async function play({ nights, leaverEmail }: Life): Promise<Divergence | undefined> {
  const night = nights.findIndex(
    ({ events }, at) =>
      events.some((event) => event.do === 'delete') &&
      nights.slice(0, at).some(({ mishap }) => mishap === 'lost-state'),
  );
  if (night < 0) return undefined;
  const lines = [`E${night} is missing`, ...(leaverEmail ? [] : [`E${night + 1} title is A, not B`])];
  return { night, lines, said: '' };
}

const long = fc
  .sample(lives(40), { seed: 5, numRuns: 60 })
  .map((life): Life => ({ ...life, leaverEmail: true, size: 30, zone: 'Asia/Kolkata' }));

async function found() {
  for (const life of long) {
    const divergence = await play(life);
    if (divergence && divergence.night > 8) return { life, divergence };
  }
  throw new Error('no life of the sample parts');
}

it('leaves the two nights and the one event that the divergence needs, and the usual settings', async () => {
  const before = await found();
  const { life, divergence } = await shrink(before, play, 500);
  expect(before.life.nights.length).toBeGreaterThan(9);
  expect(
    life.nights.map(({ events, mishap, refusals }) => ({ events: events.map((one) => one.do), mishap, refusals })),
  ).toEqual([
    { events: [], mishap: 'lost-state', refusals: [] },
    { events: ['delete'], mishap: 'none', refusals: [] },
  ]);
  expect({ size: life.size, zone: life.zone, leaverEmail: life.leaverEmail }).toEqual({
    size: 4,
    zone: 'UTC',
    leaverEmail: false,
  });
  expect(divergence.night).toBe(1);
});

it('gives back a life that parts, whatever the number of tries, and plays no more often', async () => {
  const before = await found();
  let played = 0;
  const { life } = await shrink(
    before,
    (one) => {
      played++;
      return play(one);
    },
    7,
  );
  expect(played).toBeLessThanOrEqual(7);
  expect(await play(life)).toBeDefined();
});

it('does not trade one divergence for another', async () => {
  const before = await found();
  const other = async (life: Life): Promise<Divergence | undefined> => {
    const divergence = await play(life);
    if (!divergence) return { night: 0, lines: ['exit 4, not 0'], said: '' };
    return divergence;
  };
  const { divergence } = await shrink(before, other, 500);
  expect(divergence.lines.join()).toContain('is missing');
});
