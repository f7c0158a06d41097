/** A wall clock that is wrong or jumps while a run is under way. */
import { fileURLToPath } from 'node:url';
import { type Case, firstDay, judge, playDay, syncWithin } from './cell.ts';
import { machineCase } from './machine.ts';

const preload = fileURLToPath(new URL('support/clock-jump.cjs', import.meta.url));
const day = 86_400_000;

const jumps = [
  ['an hour back', -day / 24],
  ['a day ahead', day],
  ['a year ahead', 365 * day],
  ['ten years ahead', 3650 * day],
  ['back to 1971', -20_400 * day],
] as const;

function clockEnv(byMs: number, after: number): { tapEnv: NodeJS.ProcessEnv; targetEnv: NodeJS.ProcessEnv } {
  const env = {
    NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
    CLOCK_JUMP_MS: `${byMs}`,
    CLOCK_JUMP_AFTER: `${after}`,
  };
  return { tapEnv: env, targetEnv: env };
}

export const clockCases: readonly Case[] = jumps.flatMap(([how, byMs]) => [
  machineCase(`clock ${how}`, 'from the start', async (house) =>
    judge(house, await syncWithin(house, clockEnv(byMs, 0)), 'together'),
  ),
  machineCase(`clock ${how}`, 'in the middle', async (house) =>
    judge(house, await syncWithin(house, clockEnv(byMs, 12)), 'together'),
  ),
  machineCase(`clock ${how}`, 'next day', async (house) => {
    await firstDay(house);
    playDay(house.ukg.world);
    return judge(house, await syncWithin(house, clockEnv(byMs, 0)), 'together');
  }),
  // What a run under a wrong clock writes down must not hide the changes that come after it.
  machineCase(`clock ${how}`, 'the day before', async (house) => {
    const first = await syncWithin(house, clockEnv(byMs, 0));
    if (first.target.code !== 0) return judge(house, first, 'together');
    playDay(house.ukg.world);
    return judge(house, await syncWithin(house), 'together');
  }),
]);
