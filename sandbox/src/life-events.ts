/** What happens to people: events that change rows as UKG Pro would, with the change dates it would (or would not) write. */
import type { Employment, JobEntry, Person } from './people.ts';
import type { World } from './world.ts';

export type LifeEvent =
  | { kind: 'join'; hireDate?: string; companyId?: string; set?: Partial<Person>; setEmployment?: Partial<Employment> }
  | { kind: 'leave'; employeeId: string; date?: string; status?: 'T' | 'R' }
  | { kind: 'rehire'; employeeId: string; date?: string }
  | { kind: 'transfer'; employeeId: string; companyId?: string; date?: string }
  | { kind: 'second-job'; employeeId: string; companyId?: string }
  | { kind: 'rename'; employeeId: string; lastName?: string; email?: string }
  | { kind: 'promote'; employeeId: string; job?: string; date?: string }
  | { kind: 'rename-department'; code?: string; description?: string }
  | { kind: 'change-supervisor'; employeeId: string; supervisor?: string | null }
  | { kind: 'correct'; employeeId: string; date?: string; silent?: boolean }
  | { kind: 'leave-of-absence'; employeeId: string; date?: string }
  | { kind: 'return'; employeeId: string; date?: string }
  | { kind: 'vanish'; employeeId: string }
  | { kind: 'reappear'; employeeId: string }
  | {
      kind: 'edit';
      employeeId: string;
      set?: Partial<Person>;
      setEmployment?: Partial<Employment>;
      companyId?: string;
      silent?: boolean;
    };

export interface Played {
  readonly kind: LifeEvent['kind'];
  /** The person it happened to; none for a department. */
  readonly employeeId?: string;
  readonly detail: string;
}

const RANK = 'AOLSRT';
/** The row an event is about: the most alive one, the home company's first. */
export function mainRow(person: Person): Employment {
  const rank = (row: Employment): number => RANK.indexOf(row.status) * 2 + (row.company === person.homeCompany ? 0 : 1);
  const [row] = [...person.employments].sort((a, b) => rank(a) - rank(b));
  if (!row) throw new Error(`${person.employeeId} has no employment`);
  return row;
}

function companyIndex(world: World, companyId: string | undefined, not: readonly number[]): number {
  const companies = world.tables.companies;
  const index =
    companyId === undefined
      ? companies.findIndex((_, at) => !not.includes(at))
      : companies.findIndex((row) => row.id === companyId);
  if (index < 0) throw new Error(companyId === undefined ? 'no other company left' : `unknown companyId ${companyId}`);
  return index;
}

/** Moves a row into another company: its country's job, place and number. */
function placeIn(world: World, row: Employment, company: number, number: string): void {
  const country = world.tables.companies[company]?.country ?? 'USA';
  const job =
    world.tables.jobs.find((item) => item.country === country && item.code === row.job) ?? world.tables.jobs[0];
  row.company = company;
  row.employeeNumber = number;
  row.location = world.tables.locations.find((item) => item.country === country)?.code ?? null;
  if (job) Object.assign(row, { job: job.code, jobDescription: job.title });
}

const alive = { status: 'A', termination: null, termReason: null, termType: null, leaveReason: null } as const;

function note(
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

/** Plays one event and says what it did. The row it touches gets the world's clock as change date, unless it is silent. */
export function playEvent(world: World, event: LifeEvent): Played {
  const now = world.wallNow();
  const day = `${('date' in event ? event.date : undefined)?.slice(0, 10) ?? now.slice(0, 10)}T00:00:00`;
  const told = (employeeId: string, detail: string): Played => ({ kind: event.kind, employeeId, detail });

  if (event.kind === 'rename-department') return renameDepartment(world, event);
  if (event.kind === 'join') return join(world, event, now);
  if (event.kind === 'reappear') {
    const index = [...Array(world.size).keys()].find(
      (at) => world.isHidden(at) && world.person(at).employeeId === event.employeeId,
    );
    if (index === undefined) throw new Error(`${event.employeeId} is not among the vanished`);
    world.hide(index, false);
    return told(event.employeeId, 'appears in answers again');
  }

  const found = world.find(event.employeeId);
  if (!found) throw new Error(`unknown employeeId ${event.employeeId}`);
  if (event.kind === 'vanish') {
    world.hide(found.index, true);
    return told(event.employeeId, 'appears in no answer any more');
  }
  const person = world.open(found.index);
  const row = mainRow(person);
  const say = (detail: string): Played => told(person.employeeId, detail);
  const silent = 'silent' in event && event.silent === true;
  const touchRow = (): void => {
    if (!silent) row.changed = now;
  };

  switch (event.kind) {
    case 'leave': {
      const gone = {
        status: event.status ?? 'T',
        statusStart: day,
        termination: day,
        termReason: '201',
        termType: 'V',
        leaveReason: null,
      };
      for (const job of person.employments) {
        if (job.status === 'T' || job.status === 'R') continue;
        Object.assign(job, gone, { changed: now });
      }
      return say(`left on ${day.slice(0, 10)}`);
    }
    case 'rehire':
      Object.assign(row, alive, { statusStart: day, lastHire: day, dateInJob: day });
      touchRow();
      note(world, person, row, { reason: '200', effective: day, isPromotion: false, isTransfer: false });
      return say(`rehired on ${day.slice(0, 10)}`);
    case 'transfer': {
      const company = companyIndex(
        world,
        event.companyId,
        person.employments.map((job) => job.company),
      );
      const moved: Employment = {
        ...row,
        ...alive,
        org: [...row.org],
        statusStart: day,
        lastHire: day,
        dateInJob: day,
        created: now,
        changed: now,
      };
      placeIn(world, moved, company, `${Number(row.employeeNumber) + 5_000_000}`.padStart(9, '0'));
      Object.assign(row, {
        status: 'T',
        statusStart: day,
        termination: day,
        termReason: 'TRI',
        termType: 'V',
        leaveReason: null,
        changed: now,
      });
      person.employments.push(moved);
      person.homeCompany = company;
      person.changed = now;
      note(world, person, moved, { reason: '301', effective: day, isPromotion: false, isTransfer: true });
      return say(`transferred to ${world.tables.companies[company]?.code}`);
    }
    case 'second-job': {
      const company = companyIndex(
        world,
        event.companyId,
        person.employments.map((job) => job.company),
      );
      const second: Employment = {
        ...row,
        ...alive,
        org: [...row.org],
        statusStart: day,
        originalHire: day,
        lastHire: day,
        dateInJob: day,
        created: now,
        changed: now,
      };
      placeIn(world, second, company, `${Number(row.employeeNumber) + 7_000_000}`.padStart(9, '0'));
      person.employments.push(second);
      return say(`took a second job in ${world.tables.companies[company]?.code}`);
    }
    case 'rename':
      person.formerName = person.lastName.trim();
      person.lastName = event.lastName ?? `${person.lastName.trim()}-Newname`;
      person.email = event.email ?? `renamed${person.index}.${world.version}@example.com`;
      person.changed = now;
      return say('renamed, with a new e-mail address');
    case 'promote': {
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
      });
      touchRow();
      note(world, person, row, { reason: '400', effective: day, isPromotion: true, isTransfer: false });
      return say(`promoted to ${job.code}`);
    }
    case 'change-supervisor': {
      const other = world.person((person.index * 7 + world.version) % world.population.count).employeeId;
      row.supervisor = event.supervisor === undefined ? (other === person.employeeId ? null : other) : event.supervisor;
      touchRow();
      return say('has another supervisor');
    }
    case 'correct': {
      const back = event.date === undefined ? `${Number(row.originalHire.slice(0, 4)) - 1}-03-01T00:00:00` : day;
      const moved = row.lastHire === row.originalHire;
      row.originalHire = back;
      row.seniority = back;
      if (moved) row.lastHire = back;
      touchRow();
      return say(`hire date corrected back to ${back.slice(0, 10)}${silent ? ', no change date written' : ''}`);
    }
    case 'leave-of-absence':
      Object.assign(row, { status: 'L', statusStart: day, leaveReason: 'FML' });
      touchRow();
      return say('went on leave');
    case 'return':
      Object.assign(row, alive, { statusStart: day });
      touchRow();
      return say('returned from leave');
    case 'edit': {
      if (event.set) {
        Object.assign(person, event.set);
        if (!silent) person.changed = now;
      }
      if (event.setEmployment) {
        const target =
          event.companyId === undefined
            ? row
            : person.employments.find((job) => world.tables.companies[job.company]?.id === event.companyId);
        if (!target) throw new Error(`${person.employeeId} has no employment in ${event.companyId}`);
        Object.assign(target, event.setEmployment);
        if (!silent) target.changed = now;
      }
      return say(`edited ${[...Object.keys(event.set ?? {}), ...Object.keys(event.setEmployment ?? {})].join(', ')}`);
    }
  }
}

function renameDepartment(world: World, event: Extract<LifeEvent, { kind: 'rename-department' }>): Played {
  const departments = world.tables.orgLevels.filter((row) => row.levelDescription === 'Department');
  const row =
    event.code === undefined
      ? departments[world.version % departments.length]
      : departments.find((item) => item.code === event.code);
  if (!row) throw new Error(`unknown department ${event.code}`);
  const before = row.description;
  row.description = event.description ?? `${before} & Partners`;
  world.touch();
  return { kind: event.kind, detail: `department ${row.code}: ${before} → ${row.description}` };
}

function join(world: World, event: Extract<LifeEvent, { kind: 'join' }>, now: string): Played {
  const day = `${event.hireDate?.slice(0, 10) ?? now.slice(0, 10)}T00:00:00`;
  const person = world.add();
  const row = mainRow(person);
  const start = {
    statusStart: day,
    originalHire: day,
    lastHire: day,
    dateInJob: day,
    seniority: day,
    created: now,
    changed: now,
  };
  Object.assign(row, alive, start);
  person.employments = [row];
  if (event.companyId !== undefined) placeIn(world, row, companyIndex(world, event.companyId, []), row.employeeNumber);
  person.homeCompany = row.company;
  Object.assign(person, { created: now, changed: now, email: `new.hire${person.index}@example.com` }, event.set);
  Object.assign(row, event.setEmployment);
  person.history = [];
  note(world, person, row, { reason: '100', effective: day, isPromotion: false, isTransfer: false });
  return { kind: 'join', employeeId: person.employeeId, detail: `joined on ${day.slice(0, 10)}` };
}
