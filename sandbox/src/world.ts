/** The employer as UKG Pro holds it: derived people, what events have changed since, and a clock. */
import { dayNumber, toWall } from './dates.ts';
import { derivePerson, employmentCountOf, historyOf } from './derive.ts';
import { indexOfEmployeeId } from './identity.ts';
import { playDay } from './life.ts';
import { type LifeEvent, type Played, playEvent } from './life-events.ts';
import { CLEAN_MIX, EVERYDAY_MIX, type Mix } from './mix.ts';
import { choicesOf, type JobEntry, type Person, type Population } from './people.ts';
import { createTables, type Tables } from './tables.ts';

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

export interface World {
  readonly population: Population;
  readonly tables: Tables;
  readonly seed: number;
  readonly zone: string;
  /** People ever known: those of the beginning and those who joined. */
  readonly size: number;
  /** Grows with every event; what is cached for an older version is stale. */
  readonly version: number;
  now(): number;
  /** The server's wall time now, zone-less. */
  wallNow(): string;
  /** Moves the world's clock ahead of the machine's. */
  advance(ms: number): void;
  person(index: number): Person;
  find(employeeId: string): Person | undefined;
  /** True where the person no longer appears in any answer. */
  isHidden(index: number): boolean;
  employmentCount(index: number): number;
  history(person: Person): JobEntry[];
  /** Everyone who appears in answers, in row order. */
  people(): Generator<Person>;
  play(event: LifeEvent): Played;
  /** A day of random life: `changes` events, the same for the same seed and world. */
  playDay(day: { changes: number; seed?: number }): Played[];
  /** Back to the beginning. */
  reset(): void;
  /** For events: a person to change in place (kept from now on). */
  open(index: number): Person;
  /** For events: a new person's index. */
  add(): Person;
  hide(index: number, hidden: boolean): void;
  touch(): void;
}

export function createWorld(options: WorldOptions = {}): World {
  const { people = 100, seed = 1, companies = 4, departmentLevel = 2, zone = 'America/New_York' } = options;
  if (!Number.isInteger(people) || people < 1 || people > 1_000_000) throw new RangeError('people: 1 to 1,000,000');
  if (companies < 1 || companies > 9) throw new RangeError('companies: 1 to 9');
  if (departmentLevel < 1 || departmentLevel > 4) throw new RangeError('departmentLevel: 1 to 4');
  const mix = { ...(options.clean ? CLEAN_MIX : EVERYDAY_MIX), ...options.mix };
  const asOf = dayNumber(options.asOf ?? '2025-06-30');
  const changed = new Map<number, Person>();
  const hidden = new Set<number>();
  let [size, version, ahead] = [people, 0, 0];
  const fresh = (): Population => {
    const tables = createTables(seed, { companies, departmentLevel });
    return { seed, count: people, mix, tables, asOf, choices: choicesOf(tables) };
  };
  let population = fresh();
  let last: Person | undefined; // the same person is asked for once per row of theirs

  const world: World = {
    get population() {
      return population;
    },
    get tables() {
      return population.tables;
    },
    get size() {
      return size;
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
    person: (index) => {
      const kept = changed.get(index);
      if (kept) return kept;
      if (last?.index !== index) last = derivePerson(population, index);
      return last;
    },
    find: (employeeId) => {
      const index = indexOfEmployeeId(seed, employeeId);
      return index >= 0 && index < size && !hidden.has(index) ? world.person(index) : undefined;
    },
    isHidden: (index) => hidden.has(index),
    employmentCount: (index) =>
      hidden.has(index) ? 0 : (changed.get(index)?.employments.length ?? employmentCountOf(population, index)),
    history: (person) => historyOf(population, person),
    *people() {
      for (let index = 0; index < size; index++) if (!hidden.has(index)) yield world.person(index);
    },
    play: (event) => playEvent(world, event),
    playDay: (day) => playDay(world, day),
    reset: () => {
      changed.clear();
      hidden.clear();
      size = people;
      ahead = 0;
      last = undefined;
      population = fresh();
      version++;
    },
    open: (index) => {
      const person = world.person(index);
      changed.set(index, person);
      last = undefined;
      version++;
      return person;
    },
    add: () => world.open(size++),
    hide: (index, yes) => {
      if (yes) hidden.add(index);
      else hidden.delete(index);
      version++;
    },
    touch: () => {
      version++;
    },
  };
  return world;
}
