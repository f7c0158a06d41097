/** The employer as UKG Pro holds it, as events and answers see it; `createWorld` makes one. */
import type { LifeEvent, Played, Rows } from '../events/event.ts';
import type { JobEntry, Person, Population } from './people.ts';
import type { Tables } from './tables.ts';

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
  /** How many rows a person has in answers by person and by employment, without making the person. */
  personRowCount(index: number): number;
  employmentCount(index: number): number;
  history(person: Person): JobEntry[];
  /** Everyone who appears in answers, in row order. */
  people(): Generator<Person>;
  play(event: LifeEvent): Played;
  /** A day of random life: `changes` events, the same for the same seed and world. */
  playDay(day: Day): Played[];
  /** Back to the beginning. */
  reset(): void;
  /** For events: a person to change in place (kept from now on). */
  open(index: number): Person;
  /** For events: a new person's index. */
  add(): Person;
  hide(index: number, hidden: boolean): void;
  hideRows(index: number, rows: Rows, hidden: boolean): void;
  /** For events: another id, in this person's rows and as the supervisor of others. */
  renumber(index: number, employeeId: string): void;
  touch(): void;
}

export interface Day {
  changes: number;
  seed?: number;
  /** `plain` (the default): what any employer's day brings. `odd`: also what goes wrong between an HRIS and Together. */
  kinds?: 'plain' | 'odd';
}
