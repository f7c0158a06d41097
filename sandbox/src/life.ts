/** Days of life: random events, the same for the same seed and world. The events themselves are in events/. */
import { dayNumber, dayString } from './company/dates.ts';
import type { Day, World } from './company/employer.ts';
import type { Employment, Person } from './company/people.ts';
import { pick, sequence } from './company/rng.ts';
import type { LifeEvent, Played } from './events/event.ts';
import { playEvent } from './events/play.ts';
import { mainRow } from './events/rows.ts';

export type { LifeEvent, Played } from './events/event.ts';
export { playEvent } from './events/play.ts';

type Weights = readonly (readonly [kind: LifeEvent['kind'], weight: number])[];

// How often a day brings what, out of the sum of the weights.
const PLAIN: Weights = [
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
const ODD: Weights = [
  ...PLAIN,
  ['withdraw', 6],
  ['reschedule', 4],
  ['rehire-as-new', 4],
  ['arrive', 4],
  ['renumber', 3],
  ['second-id', 2],
  ['empty-address', 4],
  ['hand-over-address', 4],
  ['placeholder-date', 3],
  ['double-row', 2],
  ['hide-rows', 3],
  ['stamp', 6],
  ['vanish', 2],
];

type Test = (person: Person, row: Employment, at: { today: string; companies: number }) => boolean;

const isLeft: Test = (_, { status, termination }, { today }) =>
  (status === 'T' || status === 'R') && (termination ?? '') < today;
const isLeaver: Test = ({ email }, { status }) => status === 'T' && !!email;
const canMove: Test = ({ employments }, { status }, { companies }) => status === 'A' && employments.length < companies;
const isActive: Test = (_, { status }) => status === 'A';

/** The people that an event of a kind fits; all others fit who is active. */
const FITS: Partial<Record<LifeEvent['kind'], Test>> = {
  rehire: isLeft,
  'rehire-as-new': isLeft,
  withdraw: (_, { status, termination }, { today }) => status === 'T' && (termination ?? '') > today,
  return: (_, { status }) => status === 'L',
  arrive: ({ employments }, { status, termReason }, { companies }) =>
    status === 'T' && termReason === 'TRO' && employments.length < companies,
  'empty-address': isLeaver,
  'hand-over-address': isLeaver,
  transfer: canMove,
  'second-job': canMove,
};

/** The choices that an odd day makes for a kind: days ahead, rows that come later, what stays on a row. */
const CHOICES: Partial<Record<LifeEvent['kind'], (draw: number, ahead: (days: number) => string) => object>> = {
  join: (draw, ahead) => ({ hireDate: ahead(draw < 0.5 ? 0 : far(draw)) }),
  leave: (draw, ahead) => ({ date: ahead(draw < 0.4 ? -1 : far(draw)) }),
  withdraw: (draw) => ({ keepDate: draw < 0.5 }),
  rehire: (draw) => ({ keepDate: draw < 0.5 }),
  reschedule: (draw, ahead) => ({ which: 'start', date: ahead(far(draw)) }),
  transfer: (draw, ahead) => ({ arrives: draw < 0.3 ? null : ahead(draw < 0.6 ? 0 : far(draw)) }),
  'second-job': (draw, ahead) => ({ date: ahead(draw < 0.5 ? 0 : far(draw)) }),
  'hide-rows': (draw) => ({ rows: draw < 0.5 ? 'person' : 'employments' }),
  'double-row': (draw) => ({ rows: draw < 0.5 ? 'person' : 'employments' }),
  'hand-over-address': (draw) => ({ empties: draw < 0.5 }),
  'placeholder-date': (draw) => ({ field: draw < 0.5 ? 'termination' : 'lastHire' }),
};
const far = (draw: number): number => 1 + Math.floor(draw * 30);

const SEARCH = 500; // people looked at to find one that an event fits

/** A seeded day of `changes` events, each on another person who can undergo it; an event that fits no person is skipped. */
export function playDay(world: World, day: Day): Played[] {
  const next = sequence(day.seed ?? world.seed + world.version);
  const odd = day.kinds === 'odd';
  const weights = odd ? ODD : PLAIN;
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const touched = new Set<number>();
  const played: Played[] = [];
  const today = world.wallNow();
  const ahead = (days: number): string => dayString(dayNumber(today) + days);
  const eventOf = (kind: LifeEvent['kind'], employeeId: string): LifeEvent =>
    ({ kind, employeeId, ...(odd ? CHOICES[kind]?.(next(), ahead) : {}) }) as LifeEvent;
  const fits = (person: Person, kind: LifeEvent['kind']): boolean =>
    (FITS[kind] ?? isActive)(person, mainRow(person), { today, companies: world.tables.companies.length });
  for (let tries = 0; played.length < day.changes && tries < day.changes * 2 + 20; tries++) {
    let at = next() * total;
    const [kind] = weights.find(([, weight]) => (at -= weight) < 0) ?? pick(weights, 0);
    if (kind === 'join' || kind === 'rename-department') {
      played.push(playEvent(world, kind === 'join' ? eventOf(kind, '') : { kind }));
      if (kind === 'join') touched.add(world.size - 1);
      continue;
    }
    for (let looked = 0; looked < SEARCH; looked++) {
      const index = Math.floor(next() * world.size);
      if (touched.has(index) || world.isHidden(index) || !fits(world.person(index), kind)) continue;
      touched.add(index);
      const done = playEvent(world, eventOf(kind, world.person(index).employeeId));
      if (done.other !== undefined) touched.add(world.size - 1);
      played.push(done);
      break;
    }
  }
  return played;
}
