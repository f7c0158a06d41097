/** What events do to rows: which one they are about, another company's, a line of job history. */
import type { World } from '../company/employer.ts';
import type { Employment, JobEntry, Person } from '../company/people.ts';

const RANK = 'AOLSRT';
/** The row an event is about: the most alive one, the home company's first. */
export function mainRow(person: Person): Employment {
  const rank = (row: Employment): number => RANK.indexOf(row.status) * 2 + (row.company === person.homeCompany ? 0 : 1);
  const [row] = [...person.employments].sort((a, b) => rank(a) - rank(b));
  if (!row) throw new Error(`${person.employeeId} has no employment`);
  return row;
}

/** The company of that id, or the first that is none of `not`. */
export function companyIndex(world: World, companyId: string | undefined, not: readonly number[]): number {
  const companies = world.tables.companies;
  const index =
    companyId === undefined
      ? companies.findIndex((_, at) => !not.includes(at))
      : companies.findIndex((row) => row.id === companyId);
  if (index < 0) throw new Error(companyId === undefined ? 'no other company left' : `unknown companyId ${companyId}`);
  return index;
}

export const companiesOf = (person: Person): number[] => person.employments.map((job) => job.company);

/** Moves a row into another company: its country's job, place and number. */
export function placeIn(world: World, row: Employment, company: number, number: string): void {
  const country = world.tables.companies[company]?.country ?? 'USA';
  const job =
    world.tables.jobs.find((item) => item.country === country && item.code === row.job) ?? world.tables.jobs[0];
  row.company = company;
  row.employeeNumber = number;
  row.location = world.tables.locations.find((item) => item.country === country)?.code ?? null;
  if (job) Object.assign(row, { job: job.code, jobDescription: job.title });
}

/** A row like another one that begins in a company on a day. */
export function rowIn(
  world: World,
  like: Employment,
  at: { company: number; day: string; number: string },
): Employment {
  const now = world.wallNow();
  const row: Employment = {
    ...like,
    ...alive,
    org: [...like.org],
    statusStart: at.day,
    lastHire: at.day,
    dateInJob: at.day,
    created: now,
    changed: now,
  };
  placeIn(world, row, at.company, at.number);
  return row;
}

export const alive = { status: 'A', termination: null, termReason: null, termType: null, leaveReason: null } as const;

export function note(
  world: World,
  person: Person,
  row: Employment,
  entry: Pick<JobEntry, 'reason' | 'effective' | 'isPromotion' | 'isTransfer'>,
): void {
  person.history = [...world.history(person)];
  person.history.push({
    ...entry,
    company: row.company,
    systemId: `${person.employeeId.slice(0, 6)}${`${person.history.length}`.padStart(3, '0')}${row.company}H0`,
    created: world.wallNow(),
    job: row.job,
    status: row.status,
  });
}

/** Everything an event on one person works with. */
export interface Scene {
  readonly world: World;
  readonly person: Person;
  /** The row the event is about. */
  readonly row: Employment;
  /** The event's day at midnight, zone-less. */
  readonly day: string;
  /** The world's clock as rows carry it. */
  readonly now: string;
}

export const midnight = (day: string): string => `${day.slice(0, 10)}T00:00:00`;
