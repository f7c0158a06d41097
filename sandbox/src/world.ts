/** Makes the employer: derived people, what events have changed since, and a clock. */
import { dayNumber, toWall } from './company/dates.ts';
import { historyOf } from './company/derive.ts';
import type { World } from './company/employer.ts';
import { CLEAN_MIX, EVERYDAY_MIX, type Mix } from './company/mix.ts';
import { choicesOf, type Population } from './company/people.ts';
import { createRoster } from './company/roster.ts';
import { createTables } from './company/tables.ts';
import { playEvent } from './events/play.ts';
import { playDay } from './life.ts';

export type { World } from './company/employer.ts';

export interface WorldOptions {
  /** People at the beginning, 1 to 1,000,000. Default 100. */
  people?: number;
  seed?: number;
  /** Companies, default 4 (two American, a Canadian, a British one). */
  companies?: number;
  /** Shares of people with this or that; laid over the everyday mix, or over the clean one. */
  mix?: Partial<Mix>;
  /** No mistakes in the data: everyone can be sent. */
  clean?: boolean;
  /** Which organization level is called "Department". Default 2. */
  departmentLevel?: number;
  /** The zone in which the server writes its zone-less times. Default America/New_York. */
  zone?: string;
  /** The last day of the invented past, `YYYY-MM-DD`. Default 2025-06-30. */
  asOf?: string;
  /** Milliseconds since 1970. Default: the machine's clock. */
  now?: () => number;
}

export function createWorld(options: WorldOptions = {}): World {
  const { people = 100, seed = 1, companies = 4, departmentLevel = 2, zone = 'America/New_York' } = options;
  if (!Number.isInteger(people) || people < 1 || people > 1_000_000) throw new RangeError('people: 1 to 1,000,000');
  if (companies < 1 || companies > 9) throw new RangeError('companies: 1 to 9');
  if (departmentLevel < 1 || departmentLevel > 4) throw new RangeError('departmentLevel: 1 to 4');
  const mix = { ...(options.clean ? CLEAN_MIX : EVERYDAY_MIX), ...options.mix };
  const asOf = dayNumber(options.asOf ?? '2025-06-30');
  const fresh = (): Population => {
    const tables = createTables(seed, { companies, departmentLevel });
    return { seed, count: people, mix, tables, asOf, choices: choicesOf(tables) };
  };
  let [version, ahead] = [0, 0];
  let population = fresh();
  let roster = createRoster(() => population, people);

  const world: World = {
    get population() {
      return population;
    },
    get tables() {
      return population.tables;
    },
    get size() {
      return roster.size;
    },
    get version() {
      return version;
    },
    seed,
    zone,
    now: () => (options.now ?? Date.now)() + ahead,
    wallNow: () => toWall(world.now(), zone),
    advance: (ms) => {
      ahead += ms;
    },
    person: (index) => roster.person(index),
    find: (employeeId) =>
      ((index) => (index === undefined ? undefined : roster.person(index)))(roster.find(employeeId)),
    isHidden: (index) => roster.isHidden(index),
    personRowCount: (index) => roster.personRowCount(index),
    employmentCount: (index) => roster.employmentCount(index),
    history: (person) => historyOf(population, person),
    *people() {
      for (let index = 0; index < roster.size; index++) if (!roster.isHidden(index)) yield roster.person(index);
    },
    play: (event) => playEvent(world, event),
    playDay: (day) => playDay(world, day),
    reset: () => {
      ahead = 0;
      population = fresh();
      roster = createRoster(() => population, people);
      version++;
    },
    open: (index) => {
      version++;
      return roster.open(index);
    },
    add: () => world.open(roster.add()),
    hide: (index, yes) => {
      roster.hide(index, yes);
      version++;
    },
    hideRows: (index, rows, yes) => {
      roster.hideRows(index, rows, yes);
      version++;
    },
    renumber: (index, employeeId) => {
      roster.renumber(index, employeeId);
      version++;
    },
    touch: () => {
      version++;
    },
  };
  return world;
}
