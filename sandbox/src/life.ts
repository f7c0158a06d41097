/** Days of life: random events, the same for the same seed and world. The events themselves are in life-events.ts. */
import { type LifeEvent, mainRow, type Played, playEvent } from './life-events.ts';
import { pick, sequence } from './rng.ts';
import type { World } from './world.ts';

export { type LifeEvent, type Played, playEvent } from './life-events.ts';

// How often a day brings what, out of the sum of the weights.
const DAY: readonly (readonly [kind: LifeEvent['kind'], weight: number])[] = [
  ['join', 18],
  ['leave', 12],
  ['rehire', 4],
  ['transfer', 6],
  ['second-job', 2],
  ['rename', 12],
  ['promote', 14],
  ['rename-department', 1],
  ['change-supervisor', 18],
  ['correct', 4],
  ['leave-of-absence', 5],
  ['return', 4],
];

/** A seeded day of `changes` events, each on another person who can undergo it; an event that fits nobody is skipped. */
export function playDay(world: World, day: { changes: number; seed?: number }): Played[] {
  const next = sequence(day.seed ?? world.seed + world.version);
  const total = DAY.reduce((sum, [, weight]) => sum + weight, 0);
  const touched = new Set<number>();
  const played: Played[] = [];
  for (let tries = 0; played.length < day.changes && tries < day.changes * 200; tries++) {
    let at = next() * total;
    const kind = (DAY.find(([, weight]) => (at -= weight) < 0) ?? pick(DAY, 0))[0];
    if (kind === 'join' || kind === 'rename-department') {
      played.push(playEvent(world, { kind }));
      if (kind === 'join') touched.add(world.size - 1);
      continue;
    }
    const index = Math.floor(next() * world.size);
    if (touched.has(index) || world.isHidden(index)) continue;
    const person = world.person(index);
    const status = mainRow(person).status;
    const fits =
      kind === 'rehire'
        ? status === 'T' || status === 'R'
        : kind === 'return'
          ? status === 'L'
          : kind === 'transfer' || kind === 'second-job'
            ? status === 'A' && person.employments.length < world.tables.companies.length
            : status === 'A';
    if (!fits) continue;
    touched.add(index);
    played.push(playEvent(world, { kind, employeeId: person.employeeId } as LifeEvent));
  }
  return played;
}
