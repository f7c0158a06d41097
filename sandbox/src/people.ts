/**
 * Invented people. A person is a function of (seed, index), made when asked for: a million of them cost nothing until read.
 * Values are what UKG Pro's database would hold: padded, empty, wrong or missing where the mix says so.
 */
import { dayAsDateTime, dayNumber, wallString } from './dates.ts';
import {
  DECOMPOSED_FIRST_NAMES,
  FIRST_NAMES,
  LAST_NAMES,
  PREFERRED_NAMES,
  STREETS,
  WIDE_FIRST_NAMES,
  WIDE_LAST_NAMES,
} from './names.ts';
import { hash, pick, unit, uuid } from './rng.ts';
import type { Job, Location, OrgLevel, Tables } from './tables.ts';

/** One person in one company. Dates are wall times without a zone. */
export interface Employment {
  company: number;
  employeeNumber: string;
  status: string;
  statusStart: string;
  job: string;
  jobDescription: string | null;
  jobTitle: string | null;
  org: (string | null)[];
  location: string | null;
  employeeType: string;
  fullTime: 'F' | 'P';
  salaryOrHourly: 'S' | 'H';
  /** The supervisor's employeeId, right or wrong. */
  supervisor: string | null;
  originalHire: string;
  lastHire: string;
  dateInJob: string;
  seniority: string;
  termination: string | null;
  termReason: string | null;
  termType: string | null;
  leaveReason: string | null;
  workPhone: string | null;
  annualSalary: number;
  weeklyHours: number;
  created: string;
  changed: string | null;
}

export interface JobEntry {
  company: number;
  systemId: string;
  effective: string;
  created: string;
  job: string;
  reason: string;
  isPromotion: boolean;
  isTransfer: boolean;
  status: string;
}

export interface Person {
  readonly index: number;
  readonly employeeId: string;
  readonly personId: string;
  userName: string;
  firstName: string;
  middleName: string | null;
  lastName: string;
  preferredName: string | null;
  formerName: string | null;
  prefix: string | null;
  suffix: string | null;
  email: string | null;
  alternateEmail: string | null;
  homePhone: string | null;
  line1: string;
  line2: string | null;
  city: string;
  state: string | null;
  zip: string;
  country: string;
  dateOfBirth: string;
  gender: string | null;
  maritalStatus: string | null;
  ethnicCode: string | null;
  ssn: string;
  created: string;
  changed: string | null;
  homeCompany: number;
  udf: (string | number | null)[];
  employments: Employment[];
  /** Job history once an event has touched it; before that it is derived. */
  history?: JobEntry[];
}

/** Shares of people, 0 to 1. */
export interface Mix {
  secondJob: number;
  transferred: number;
  rehired: number;
  terminated: number;
  released: number;
  onLeave: number;
  onStrike: number;
  suspended: number;
  unknownStatus: number;
  noSupervisor: number;
  unknownSupervisor: number;
  ownSupervisor: number;
  supervisorLoop: number;
  noEmail: number;
  invalidEmail: number;
  sharedEmail: number;
  padded: number;
  wideNames: number;
  decomposedNames: number;
  middleName: number;
  preferredName: number;
  alternateTitle: number;
  noJobDescription: number;
  noOrgLevel: number;
  noLocation: number;
  leapBirthday: number;
  year1900: number;
  neverChanged: number;
}

export const EVERYDAY_MIX: Readonly<Mix> = {
  secondJob: 0.03,
  transferred: 0.03,
  rehired: 0.04,
  terminated: 0.1,
  released: 0.01,
  onLeave: 0.025,
  onStrike: 0.002,
  suspended: 0.002,
  unknownStatus: 0.0005,
  noSupervisor: 0.005,
  unknownSupervisor: 0.003,
  ownSupervisor: 0.001,
  supervisorLoop: 0.001,
  noEmail: 0.005,
  invalidEmail: 0.002,
  sharedEmail: 0.002,
  padded: 0.04,
  wideNames: 0.12,
  decomposedNames: 0.01,
  middleName: 0.35,
  preferredName: 0.15,
  alternateTitle: 0.2,
  noJobDescription: 0.02,
  noOrgLevel: 0.02,
  noLocation: 0.01,
  leapBirthday: 0.003,
  year1900: 0.003,
  neverChanged: 0.05,
};

/** The same people without mistakes in their data: everyone can be sent, with a supervisor who is known. */
export const CLEAN_MIX: Readonly<Mix> = {
  ...EVERYDAY_MIX,
  unknownStatus: 0,
  noSupervisor: 0,
  unknownSupervisor: 0,
  ownSupervisor: 0,
  supervisorLoop: 0,
  noEmail: 0,
  invalidEmail: 0,
  sharedEmail: 0,
  padded: 0,
};

export interface Population {
  readonly seed: number;
  readonly count: number;
  readonly mix: Mix;
  readonly tables: Tables;
  /** Day on which the invented history ends; everything before any event lies before it. */
  readonly asOf: number;
  /** The tables by what people choose from. */
  readonly choices: Choices;
}
export interface Choices {
  readonly jobs: ReadonlyMap<string, Job[]>;
  readonly locations: ReadonlyMap<string, Location[]>;
  readonly levels: readonly OrgLevel[][];
}

export function choicesOf(tables: Tables): Choices {
  const by = <T extends { country: string }>(rows: readonly T[]): Map<string, T[]> => {
    const map = new Map<string, T[]>();
    for (const row of rows) map.set(row.country, [...(map.get(row.country) ?? []), row]);
    return map;
  };
  const levels = [1, 2, 3, 4].map((level) => tables.orgLevels.filter((row) => row.level === level));
  return { jobs: by(tables.jobs), locations: by(tables.locations), levels };
}

// What a draw is for. Each is its own random number, so that one share can change without moving the others.
const SALT = {
  id: 1, jobs: 2, status: 3, hire: 4, company: 5, job: 6, location: 7, org: 8, supervisor: 12, name: 20, wide: 22, middle: 23,
  preferred: 24, email: 25, padded: 27, birth: 28, gender: 30, type: 31, title: 33, changed: 36, created: 38, address: 40,
  udf: 44, rehire: 50, term: 51, loop: 55, share: 56, uuid: 60, salary: 70, history: 72, leave: 74,
} as const; // biome-ignore format: a table

const ID_SPACE = 36 ** 6;
const ID_STEP = 2_654_435; // coprime with 36^6 (neither even nor a multiple of 3)
const SPAN = 8;
const MAX_PEOPLE = 2 ** 21;

function inverse(value: number, modulus: number): number {
  let [a, b, x, y] = [BigInt(value), BigInt(modulus), 1n, 0n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return Number(((x % BigInt(modulus)) + BigInt(modulus)) % BigInt(modulus));
}
const ID_BACK = BigInt(inverse(ID_STEP, ID_SPACE));

/** The 12-character system id of a person: scattered, so that neither rows nor ranks are in its order. */
export function employeeIdOf(seed: number, index: number): string {
  const n = (index * ID_STEP + hash(seed, 0, SALT.id)) % ID_SPACE;
  return `${n.toString(36).toUpperCase().padStart(6, '0')}0000K0`;
}

/** The index behind a system id, or -1 where the id is not of this seed's making. */
export function indexOfEmployeeId(seed: number, employeeId: string): number {
  if (!/^[0-9A-Z]{6}0000K0$/.test(employeeId)) return -1;
  const n = Number.parseInt(employeeId.slice(0, 6), 36) - (hash(seed, 0, SALT.id) % ID_SPACE);
  const index = Number((BigInt((n + ID_SPACE) % ID_SPACE) * ID_BACK) % BigInt(ID_SPACE));
  return index < MAX_PEOPLE ? index : -1;
}

/** How many employments person `index` starts with, without making the person. */
export function employmentCountOf({ seed, mix, tables }: Population, index: number): number {
  if (tables.companies.length < 2) return 1;
  const draw = unit(seed, index, SALT.jobs);
  return draw < mix.secondJob + mix.transferred ? 2 : 1;
}

function supervisorOf(population: Population, index: number): string | null {
  const { seed, count, mix } = population;
  if (unit(seed, index >> 1, SALT.loop) < mix.supervisorLoop && (index ^ 1) < count)
    return employeeIdOf(seed, index ^ 1);
  const draw = unit(seed, index, SALT.supervisor);
  let edge = mix.unknownSupervisor;
  if (draw < edge) return employeeIdOf(seed, MAX_PEOPLE - 1 - index);
  edge += mix.ownSupervisor;
  if (draw < edge) return employeeIdOf(seed, index);
  edge += mix.noSupervisor;
  if (draw < edge) return null;
  // A tree over ranks: the rank of a person is (index × step) mod count, so managers are spread over all pages.
  const step = stepFor(count);
  const rank = (index * step.forth) % count;
  if (rank === 0) return null;
  return employeeIdOf(seed, (Math.floor((rank - 1) / SPAN) * step.back) % count);
}

const steps = new Map<number, { forth: number; back: number }>();
function stepFor(count: number): { forth: number; back: number } {
  let step = steps.get(count);
  if (!step) {
    let forth = Math.max(1, Math.floor(count * 0.618)) | 1;
    const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
    while (gcd(forth, count) !== 1) forth += 2;
    step = { forth: forth % count || 1, back: count === 1 ? 1 : inverse(forth, count) };
    steps.set(count, step);
  }
  return step;
}

function nameOf(
  { seed, mix }: Population,
  index: number,
): { first: readonly [string, string]; last: readonly [string, string] } {
  const kind = unit(seed, index, SALT.wide);
  const a = unit(seed, index, SALT.name);
  const b = unit(seed, index, SALT.name + 1);
  if (kind < mix.decomposedNames) return { first: pick(DECOMPOSED_FIRST_NAMES, a), last: pick(LAST_NAMES, b) };
  if (kind < mix.decomposedNames + mix.wideNames)
    return { first: pick(WIDE_FIRST_NAMES, a), last: pick(WIDE_LAST_NAMES, b) };
  return { first: pick(FIRST_NAMES, a), last: pick(LAST_NAMES, b) };
}

const addressOf = (population: Population, index: number): string => {
  const { first, last } = nameOf(population, index);
  return `${first[1]}.${last[1]}${index}@example.com`;
};

function emailOf(population: Population, index: number): string | null {
  const { seed, mix } = population;
  const draw = unit(seed, index, SALT.email);
  if (draw < mix.noEmail) return draw < mix.noEmail / 2 ? null : '';
  if (draw < mix.noEmail + mix.invalidEmail)
    return addressOf(population, index).replace('@', (draw * 1e6) % 2 < 1 ? ' at ' : '@@');
  if (index % 2 && unit(seed, index >> 1, SALT.share) < mix.sharedEmail)
    return addressOf(population, index - 1).toUpperCase();
  return addressOf(population, index);
}

function statusOf({ seed, mix }: Population, index: number): string {
  let draw = unit(seed, index, SALT.status);
  for (const [code, share] of [
    ['T', mix.terminated],
    ['R', mix.released],
    ['L', mix.onLeave],
    ['O', mix.onStrike],
    ['S', mix.suspended],
    ['X', mix.unknownStatus],
  ] as const) {
    if (draw < share) return code;
    draw -= share;
  }
  return 'A';
}

const FIRST_HIRE = dayNumber('1985-01-01');

/** The person at `index` as the world begins. */
export function derivePerson(population: Population, index: number): Person {
  const { seed, mix, tables, asOf } = population;
  const draw = (salt: number): number => unit(seed, index, salt);
  const { first, last } = nameOf(population, index);
  const padded = draw(SALT.padded) < mix.padded;
  const spaced = (text: string): string => (padded ? ` ${text}   ` : text);

  const homeCompany = Math.floor(draw(SALT.company) ** 1.6 * tables.companies.length);
  const company = tables.companies[homeCompany];
  if (!company) throw new RangeError('a world needs at least one company');
  const ancient = draw(SALT.hire) < mix.year1900;
  const hireDay = ancient
    ? dayNumber('1900-01-01')
    : FIRST_HIRE + Math.floor(draw(SALT.hire) ** 0.5 * (asOf - 30 - FIRST_HIRE));
  const birthDay = Math.min(hireDay, asOf - 10_000) - 6600 - Math.floor(draw(SALT.birth) * 14_000);
  const leapYear = 1948 + 4 * Math.floor(draw(SALT.birth) * 13);
  const createdDay = Math.max(hireDay, dayNumber('2010-05-27'));
  const moment = (salt: number): string => {
    const h = hash(seed, index, salt);
    const day = createdDay + (h % Math.max(1, asOf - createdDay));
    return wallString(day, Math.floor(unit(seed, index, salt + 1) * 86_400) * 1000 + (h % 4 ? (h >>> 8) % 1000 : 0));
  };
  const created = wallString(
    createdDay,
    Math.floor(draw(SALT.created) * 86_400) * 1000 + (hash(seed, index, SALT.created) % 100) * 10,
  );
  const changedOf = (salt: number): string | null => {
    if (unit(seed, index, salt) < mix.neverChanged) return null;
    return [created, moment(salt)].sort()[1] ?? created;
  };

  const changed = changedOf(SALT.changed);
  // Of a person's rows only one at a time was never changed, so that there is always a last change.
  const rowChanged = (salt: number): string | null => changedOf(salt) ?? (changed === null ? moment(salt) : null);

  const person: Person = {
    index,
    employeeId: employeeIdOf(seed, index),
    personId: uuid(seed, index, SALT.uuid),
    userName: `${last[1]}${index}`,
    firstName: spaced(first[0]),
    middleName:
      draw(SALT.middle) < mix.middleName
        ? pick(FIRST_NAMES, draw(SALT.middle) / mix.middleName)[0]
        : draw(SALT.middle) > 0.97
          ? ''
          : null,
    lastName: spaced(last[0]),
    preferredName:
      draw(SALT.preferred) < mix.preferredName ? pick(PREFERRED_NAMES, draw(SALT.preferred) / mix.preferredName) : null,
    formerName: null,
    prefix: draw(SALT.gender) < 0.1 ? 'DR' : null,
    suffix: draw(SALT.gender + 1) < 0.02 ? 'JR' : null,
    email: ((email) => (email && padded ? `${email}  ` : email))(emailOf(population, index)),
    alternateEmail: draw(SALT.email + 1) < 0.5 ? `private${index}@mail.example.com` : null,
    homePhone: draw(SALT.address + 1) < 0.7 ? `555${`${index % 10_000_000}`.padStart(7, '0')}` : null,
    line1: `${1 + (hash(seed, index, SALT.address) % 999)} ${pick(STREETS, draw(SALT.address + 2))}`,
    line2: draw(SALT.address + 3) < 0.1 ? 'Apt 4' : null,
    city: 'Exampleton',
    state: company.country === 'CAN' ? 'ON' : company.country === 'USA' ? 'NM' : null,
    zip: company.country === 'USA' ? `${10_000 + (hash(seed, index, SALT.address + 4) % 80_000)}    ` : 'K1A 0B1  ',
    country: company.country,
    dateOfBirth:
      draw(SALT.birth + 1) < mix.leapBirthday
        ? `${leapYear}-02-29T00:00:00`
        : ancient
          ? '1900-01-01T00:00:00'
          : dayAsDateTime(birthDay),
    gender: draw(SALT.gender) < 0.48 ? 'F' : draw(SALT.gender) < 0.96 ? 'M' : draw(SALT.gender) < 0.98 ? 'D' : null,
    maritalStatus: draw(SALT.gender + 1) < 0.5 ? 'M' : 'S',
    ethnicCode: `${1 + (hash(seed, index, SALT.gender) % 4)}`,
    ssn: `900${`${index}`.padStart(6, '0').slice(-6)}`,
    created,
    changed,
    homeCompany,
    udf: [
      pick(['Lift Systems', 'Ground', 'Air', 'Überlandverkehr'], draw(SALT.udf)),
      draw(SALT.udf + 1) < 0.7 ? pick(['S', 'M', 'L', 'XL'], draw(SALT.udf + 1) / 0.7) : null,
      draw(SALT.udf + 2) < 0.5 ? Math.floor(draw(SALT.udf + 2) * 1000) : null,
      null,
      draw(SALT.udf + 3) < 0.6 ? dayAsDateTime(asOf + Math.floor(draw(SALT.udf + 3) * 900)) : null,
      null,
    ],
    employments: [],
  };

  const base = employmentOf(population, index, {
    company: homeCompany,
    slot: 0,
    hireDay,
    created,
    changed: rowChanged(SALT.changed + 20),
    padded,
  });
  person.employments.push(base);
  if (employmentCountOf(population, index) === 2) {
    const otherCompany =
      (homeCompany + 1 + (hash(seed, index, SALT.jobs) % (tables.companies.length - 1))) % tables.companies.length;
    const other = employmentOf(population, index, {
      company: otherCompany,
      slot: 1,
      hireDay,
      created,
      changed: rowChanged(SALT.changed + 30),
      padded,
    });
    if (draw(SALT.jobs) >= mix.secondJob) {
      // Transferred: the old company's row stays, terminated on the day on which the new one begins.
      const day = hireDay + Math.floor(draw(SALT.term) * (asOf - hireDay));
      Object.assign(other, {
        status: 'T',
        statusStart: dayAsDateTime(day),
        termination: dayAsDateTime(day),
        termReason: 'TRI',
        termType: 'V',
        leaveReason: null,
      });
      base.lastHire = dayAsDateTime(day);
      if (base.dateInJob < base.lastHire) base.dateInJob = base.lastHire;
      if (base.termination && base.termination < base.lastHire) {
        base.termination = dayAsDateTime(asOf - 1);
        base.statusStart = base.termination;
      }
    } else if (draw(SALT.jobs + 1) < 0.8) {
      Object.assign(other, {
        status: 'A',
        statusStart: other.lastHire,
        termination: null,
        termReason: null,
        termType: null,
        leaveReason: null,
      });
    }
    if (hash(seed, index, SALT.jobs) & 1) person.employments.push(other);
    else person.employments.unshift(other);
  }
  return person;
}

interface Slot {
  company: number;
  slot: number;
  hireDay: number;
  created: string;
  changed: string | null;
  padded: boolean;
}

function employmentOf(population: Population, index: number, at: Slot): Employment {
  const { seed, mix, tables, asOf, choices } = population;
  const shift = at.slot * 100;
  const draw = (salt: number): number => unit(seed, index, salt + shift);
  const country = tables.companies[at.company]?.country ?? 'USA';
  const job = pick(choices.jobs.get(country) ?? tables.jobs, draw(SALT.job));
  const places = choices.locations.get(country) ?? [];
  const status = statusOf(population, at.slot === 0 ? index : index + MAX_PEOPLE);
  const span = Math.max(1, asOf - at.hireDay);
  const rehired = draw(SALT.rehire) < mix.rehired;
  const lastHireDay = rehired ? at.hireDay + Math.floor((draw(SALT.rehire + 1) * span) / 2) : at.hireDay;
  const gone = status === 'T' || status === 'R';
  const endDay = gone ? lastHireDay + Math.floor(draw(SALT.term) * (asOf - lastHireDay)) : asOf;
  const inJobDay = lastHireDay + Math.floor(draw(SALT.history) ** 2 * (endDay - lastHireDay));
  const statusDay =
    gone || status === 'L'
      ? endDay - (gone ? 0 : Math.floor(draw(SALT.leave) * Math.min(200, asOf - lastHireDay)))
      : lastHireDay;
  const hourly = draw(SALT.salary) < 0.4;
  return {
    company: at.company,
    employeeNumber: `${100_000 + index * 2 + at.slot}`.padStart(9, '0'),
    status,
    statusStart: dayAsDateTime(statusDay),
    job: job.code,
    jobDescription: draw(SALT.title) < mix.noJobDescription ? null : job.title,
    jobTitle:
      draw(SALT.title + 1) < mix.alternateTitle
        ? `${job.title}, Special Projects${at.padded ? ' ' : ''}`
        : draw(SALT.title + 1) > 0.97
          ? ''
          : null,
    org: choices.levels.map((rows, level) =>
      draw(SALT.org + level) < mix.noOrgLevel
        ? null
        : pick(rows, unit(seed, index, SALT.org + 200 + level + 4 * at.slot)).code,
    ),
    location:
      draw(SALT.location) < mix.noLocation || places.length === 0 ? null : pick(places, draw(SALT.location + 30)).code,
    employeeType: pick(['REG', 'REG', 'REG', 'REG', 'TMP', 'CON', 'INT', 'FTC'], draw(SALT.type)),
    fullTime: draw(SALT.type + 1) < 0.85 ? 'F' : 'P',
    salaryOrHourly: hourly ? 'H' : 'S',
    supervisor: supervisorOf(population, index),
    originalHire: dayAsDateTime(at.hireDay),
    lastHire: dayAsDateTime(lastHireDay),
    dateInJob: dayAsDateTime(inJobDay),
    seniority: dayAsDateTime(at.hireDay),
    termination: gone ? dayAsDateTime(endDay) : null,
    termReason: gone ? (status === 'R' ? '203' : '201') : null,
    termType: gone ? (status === 'R' ? 'I' : 'V') : null,
    leaveReason: status === 'L' ? 'FML' : null,
    workPhone: draw(SALT.address + 1) < 0.5 ? ' '.repeat(50) : '5550100000',
    annualSalary: 30_000 + Math.floor(draw(SALT.salary) * 120_000),
    weeklyHours: 40,
    created: at.created,
    changed: at.changed,
  };
}

/** A person's job history, oldest first: hire, perhaps a promotion, a transfer. */
export function historyOf({ seed }: Population, person: Person): JobEntry[] {
  if (person.history) return person.history;
  const entries: JobEntry[] = [];
  for (const job of person.employments) {
    const entry = (n: number, effective: string, reason: string, isPromotion: boolean): JobEntry => ({
      company: job.company,
      systemId: `${person.employeeId.slice(0, 6)}${entries.length}${n}0${job.company}K0`,
      effective,
      created: job.created,
      job: job.job,
      reason,
      isPromotion,
      isTransfer: reason === '301',
      status: 'A',
    });
    entries.push(entry(0, job.originalHire, '100', false));
    if (job.lastHire > job.originalHire) entries.push(entry(1, job.lastHire, '200', false));
    if (job.dateInJob > job.lastHire) {
      const promoted = unit(seed, person.index, SALT.history + 1) < 0.6;
      entries.push(entry(2, job.dateInJob, promoted ? '400' : '301', promoted));
    }
  }
  return entries;
}
