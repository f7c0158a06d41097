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

/** Whether a person can undergo an event of this kind. */
function fits(world: World, index: number, kind: LifeEvent['kind']): boolean {
  const person = world.person(index);
  const { status } = mainRow(person);
  if (kind === 'rehire') return status === 'T' || status === 'R';
  if (kind === 'return') return status === 'L';
  if (kind === 'transfer' || kind === 'second-job')
    return status === 'A' && person.employments.length < world.tables.companies.length;
  return status === 'A';
}

const SEARCH = 500; // people looked at to find one whom an event fits

/** A seeded day of `changes` events, each on another person who can undergo it; an event that fits nobody is skipped. */
export function playDay(world: World, day: { changes: number; seed?: number }): Played[] {
  const next = sequence(day.seed ?? world.seed + world.version);
  const total = DAY.reduce((sum, [, weight]) => sum + weight, 0);
  const touched = new Set<number>();
  const played: Played[] = [];
  for (let tries = 0; played.length < day.changes && tries < day.changes * 2 + 20; tries++) {
    let at = next() * total;
    const [kind] = DAY.find(([, weight]) => (at -= weight) < 0) ?? pick(DAY, 0);
    if (kind === 'join' || kind === 'rename-department') {
      played.push(playEvent(world, { kind }));
      if (kind === 'join') touched.add(world.size - 1);
      continue;
    }
    for (let looked = 0; looked < SEARCH; looked++) {
      const index = Math.floor(next() * world.size);
      if (touched.has(index) || world.isHidden(index) || !fits(world, index, kind)) continue;
      touched.add(index);
      played.push(playEvent(world, { kind, employeeId: world.person(index).employeeId } as LifeEvent));
      break;
    }
  }
  return played;
}
