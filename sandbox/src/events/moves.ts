/** Changes of company and job. */
import type { Employment } from '../company/people.ts';
import type { EventOf } from './event.ts';
import { companiesOf, companyIndex, midnight, note, rowIn, type Scene } from './rows.ts';

const numberIn = (row: Employment, step: number): string => `${Number(row.employeeNumber) + step}`.padStart(9, '0');

/** The old company's row says T with the reason TRO, the new one's row begins: at once, later, or not yet. */
export function transfer(scene: Scene, event: EventOf<'transfer'>): string {
  const { world, person, row, day, now } = scene;
  const company = companyIndex(world, event.companyId, companiesOf(person));
  const before = { ...row };
  Object.assign(row, {
    status: 'T',
    statusStart: day,
    termination: day,
    termReason: 'TRO',
    termType: 'V',
    leaveReason: null,
    changed: now,
  });
  if (event.arrives === null) return `transferred away on ${day.slice(0, 10)}, the other company's row to come`;
  begin(scene, before, company, event.arrives === undefined ? day : midnight(event.arrives));
  return `transferred to ${world.tables.companies[company]?.code}`;
}

export function arrive(scene: Scene, event: EventOf<'arrive'>): string {
  const { world, person, row, day } = scene;
  const company = companyIndex(world, event.companyId, companiesOf(person));
  begin(scene, row, company, day);
  return `arrived in ${world.tables.companies[company]?.code}`;
}

function begin({ world, person, now }: Scene, like: Employment, company: number, day: string): void {
  const moved = rowIn(world, like, { company, day, number: numberIn(like, 5_000_000) });
  person.employments.push(moved);
  person.homeCompany = company;
  person.changed = now;
  note(world, person, moved, { reason: '301', effective: day, isPromotion: false, isTransfer: true });
}

export function secondJob({ world, person, row, day }: Scene, event: EventOf<'second-job'>): string {
  const company = companyIndex(world, event.companyId, companiesOf(person));
  const second = rowIn(world, row, { company, day, number: numberIn(row, 7_000_000) });
  second.originalHire = day;
  person.employments.push(second);
  return `took a second job in ${world.tables.companies[company]?.code}`;
}

export function promote({ world, person, row, day, now }: Scene, event: EventOf<'promote'>): string {
  const country = world.tables.companies[row.company]?.country;
  const jobs = world.tables.jobs.filter((job) => job.country === country);
  const at =
    event.job === undefined
      ? jobs.findIndex((job) => job.code === row.job) + 1
      : jobs.findIndex((job) => job.code === event.job);
  const job = jobs[at % jobs.length];
  if (!job || at < 0) throw new Error(`unknown job ${event.job}`);
  Object.assign(row, {
    job: job.code,
    jobDescription: job.title,
    jobTitle: null,
    dateInJob: day,
    annualSalary: row.annualSalary + 5000,
    changed: now,
  });
  note(world, person, row, { reason: '400', effective: day, isPromotion: true, isTransfer: false });
  return `promoted to ${job.code}`;
}

export function changeSupervisor({ world, person, row, now }: Scene, event: EventOf<'change-supervisor'>): string {
  const other = world.person((person.index * 7 + world.version) % world.population.count).employeeId;
  row.supervisor = event.supervisor === undefined ? (other === person.employeeId ? null : other) : event.supervisor;
  row.changed = now;
  return 'has another supervisor';
}
