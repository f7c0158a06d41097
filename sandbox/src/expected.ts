/**
 * What Together should hold for each person under the `ukg-pro` preset, computed from the world itself and not from any
 * answer, page or connector: the other side of an end-to-end comparison.
 */
import { fromWall } from './company/dates.ts';
import type { World } from './company/employer.ts';
import type { Employment, Person } from './company/people.ts';

export interface ExpectOptions {
  /** The zone in which zone-less stamps are meant. Default: the world's. */
  zone?: string;
  sensitiveFields?: readonly ('dateOfBirth' | 'gender')[];
  /** Whether job history is read: then `dateOfSeniority` is the day of the last promotion. Default false. */
  jobHistory?: boolean;
  /** hrisFields keys and the user-defined field (1–14) they come from. */
  hrisFields?: Readonly<Record<string, number>>;
  /** Only these companies are read. Default all. */
  companyIds?: readonly string[];
  /**
   * What was expected before. A field that has become empty is left out, and Together keeps what it held (`if_empty: keep`): a
   * rehired person keeps the old dateOfTermination, one who moves to a country without states the old addressState.
   */
  before?: ReadonlyMap<string, ExpectedPerson>;
}

export type NotSent = 'no-email' | 'invalid-email' | 'shared-email' | 'unknown-status';
export interface ExpectedPerson {
  readonly employeeId: string;
  /** Why the person is not sent; undefined where they are. */
  notSent?: NotSent;
  /** Why the supervisor is left out; undefined where one is sent. */
  supervisorOmitted?: 'none' | 'unknown' | 'not-sent' | 'self' | 'loop';
  /** companyId of the employment that counts. */
  readonly companyId: string;
  readonly user: Record<string, string>;
}

const STATUS: Readonly<Record<string, string>> = { A: 'A', O: 'A', L: 'L', S: 'L', R: 'T', T: 'T' };
const COUNTRY: Readonly<Record<string, string>> = { USA: 'US', CAN: 'CA', GBR: 'GB' };

/** Active before leave before terminated, then the home company, then the latest hire, then the company's id. */
export function countingEmployment(
  world: World,
  person: Person,
  companyIds?: readonly string[],
): Employment | undefined {
  const id = (job: Employment): string => world.tables.companies[job.company]?.id ?? '';
  const rank = (job: Employment): number => ['A', 'L', 'T'].indexOf(STATUS[job.status] ?? '') & 3; // unknown (-1) comes last
  return person.employments
    .filter((job) => companyIds === undefined || companyIds.includes(id(job)))
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        Number(b.company === person.homeCompany) - Number(a.company === person.homeCompany) ||
        (a.lastHire < b.lastHire ? 1 : a.lastHire > b.lastHire ? -1 : 0) ||
        (id(a) < id(b) ? -1 : 1),
    )[0];
}

/** Days that HRIS rows hold where there is none; no company hired anybody on them. */
const none = new Set(['1753-01-01', '1899-12-30', '1899-12-31', '1900-01-01', '1901-01-01']);
const standsForNone = (day: string): boolean => none.has(day) || day < '0002' || day >= '2099-12-31';

/** The tables by what is looked up in them. */
function lookups({ tables }: World) {
  const level = tables.orgLevels.find((row) => row.levelDescription.trim().toLowerCase() === 'department')?.level ?? 1;
  return {
    level,
    departments: new Map(
      tables.orgLevels.filter((row) => row.level === level).map((row) => [row.code, row.description]),
    ),
    titles: new Map(tables.jobs.map((row) => [`${row.country} ${row.code}`, row.title])),
    places: new Map(tables.locations.map((row) => [row.code, row])),
  };
}

function userOf(
  world: World,
  person: Person,
  job: Employment,
  options: ExpectOptions,
  look: ReturnType<typeof lookups>,
): Record<string, string> {
  const user: Record<string, string> = {};
  const put = (name: string, value: string | null | undefined): void => {
    const text = value?.trim();
    if (text) user[name] = text;
  };
  const name = (field: string, value: string | null): void => put(field, value?.normalize('NFC'));
  const day = (field: string, value: string | null | undefined): void => {
    const written = value?.slice(0, 10);
    if (written && !standsForNone(written)) put(field, `${written}T00:00:00.000Z`);
  };
  const { tables, zone } = world;

  put('employeeId', person.employeeId);
  name('firstName', person.firstName);
  name('middleName', person.middleName);
  name('lastName', person.lastName);
  name('preferredName', person.preferredName);
  put('email', person.email);
  put('employeeStatusCode', STATUS[job.status]);
  put('employeeTypeCode', job.employeeType);
  put('fullTimeOrPartTimeCode', job.fullTime);

  const title = look.titles.get(`${tables.companies[job.company]?.country} ${job.job}`);
  put(
    'title',
    [job.jobTitle, job.jobDescription, title].find((text) => text?.trim()),
  );

  const department = job.org[look.level - 1];
  put('departmentId', department);
  put('departmentName', look.departments.get(department ?? ''));

  const place = look.places.get(job.location ?? '');
  put('officeId', job.location);
  if (place) {
    const line = [place.line1, place.line2, place.city, place.state, place.zip, place.country];
    put('officeAddress', line.filter((part) => part?.trim()).join(', '));
    put('addressState', place.state);
    put('addressCountry', COUNTRY[place.country]);
  }

  day('originalHireDate', job.originalHire);
  day('lastHireDate', job.lastHire);
  day('dateInJob', job.dateInJob);
  // The day stays on the row of a rehired person, and means something with a leaver only.
  if (STATUS[job.status] === 'T') day('dateOfTermination', job.termination);
  if (options.jobHistory) {
    const promotions = world.history(person).filter((entry) => entry.isPromotion);
    day(
      'dateOfSeniority',
      promotions
        .map((entry) => entry.effective)
        .sort()
        .at(-1),
    );
  }
  if (options.sensitiveFields?.includes('dateOfBirth')) day('dateOfBirth', person.dateOfBirth);
  if (options.sensitiveFields?.includes('gender')) put('gender', person.gender);
  const changed = [person.changed, job.changed]
    .filter((stamp) => stamp !== null)
    .sort()
    .at(-1);
  if (changed !== undefined) put('lastUpdated', new Date(fromWall(changed, options.zone ?? zone)).toISOString());
  for (const [key, number] of Object.entries(options.hrisFields ?? {}))
    put(`hrisFields.${key}`, `${person.udf[number - 1] ?? ''}`);
  return user;
}

/** Everyone who appears in UKG's answers, by employeeId. */
export function expectedUsers(world: World, options: ExpectOptions = {}): Map<string, ExpectedPerson> {
  const people = new Map<string, ExpectedPerson>();
  const look = lookups(world);
  const links = new Map<string, string>();
  const byEmail = new Map<string, ExpectedPerson[]>();
  for (const person of world.people()) {
    const job = countingEmployment(world, person, options.companyIds);
    if (!job) continue;
    const user = userOf(world, person, job, options, look);
    const expected: ExpectedPerson = {
      employeeId: person.employeeId,
      companyId: world.tables.companies[job.company]?.id ?? '',
      user,
    };
    const { email } = user;
    if (email === undefined) expected.notSent = 'no-email';
    else if (!/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) expected.notSent = 'invalid-email';
    else if (STATUS[job.status] === undefined) expected.notSent = 'unknown-status';
    else byEmail.set(email.toLowerCase(), [...(byEmail.get(email.toLowerCase()) ?? []), expected]);
    people.set(person.employeeId, expected);
    if (job.supervisor?.trim()) links.set(person.employeeId, job.supervisor.trim());
  }
  for (const sharers of byEmail.values()) {
    if (sharers.length > 1) for (const expected of sharers) expected.notSent = 'shared-email';
  }
  const valid = new Map<string, string>();
  for (const [employeeId, expected] of people) {
    const supervisor = links.get(employeeId);
    const boss = supervisor === undefined ? undefined : people.get(supervisor);
    if (supervisor === undefined) expected.supervisorOmitted = 'none';
    else if (supervisor === employeeId) expected.supervisorOmitted = 'self';
    else if (!boss) expected.supervisorOmitted = 'unknown';
    else if (boss.notSent) expected.supervisorOmitted = 'not-sent';
    else if (!expected.notSent) valid.set(employeeId, supervisor);
  }
  const looped = loopMembers(valid);
  for (const [employeeId, supervisor] of valid) {
    const expected = people.get(employeeId);
    if (!expected) continue;
    if (looped.has(employeeId)) expected.supervisorOmitted = 'loop';
    else expected.user.supervisorId = supervisor;
  }
  for (const [employeeId, { notSent, user }] of options.before ?? []) {
    const now = people.get(employeeId);
    if (now && !now.notSent && !notSent) Object.assign(now.user, { ...user, ...now.user });
  }
  return people;
}

/** Those who are their own superior over any number of steps. */
function loopMembers(links: ReadonlyMap<string, string>): Set<string> {
  const done = new Set<string>();
  const looped = new Set<string>();
  for (const start of links.keys()) {
    const walk: string[] = [];
    const here = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && !done.has(at) && !here.has(at)) {
      here.add(at);
      walk.push(at);
      at = links.get(at);
    }
    if (at !== undefined && here.has(at)) for (const member of walk.slice(walk.indexOf(at))) looped.add(member);
    for (const member of walk) done.add(member);
  }
  return looped;
}
