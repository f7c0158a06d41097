/**
 * Makes people. A person is a function of (seed, index), made when asked for: a million of them cost nothing until read.
 */
import { dayAsDateTime, dayNumber, wallString } from './dates.ts';
import { emailOf, employeeIdOf, MAX_PEOPLE, nameOf, SALT, supervisorOf } from './identity.ts';
import { FIRST_NAMES, PREFERRED_NAMES, STREETS } from './names.ts';
import type { Employment, JobEntry, Person, Population } from './people.ts';
import { hash, pick, unit, uuid } from './rng.ts';

/** How many employments person `index` starts with, without making the person. */
export function employmentCountOf({ seed, mix, tables }: Population, index: number): number {
  if (tables.companies.length < 2) return 1;
  const draw = unit(seed, index, SALT.jobs);
  return draw < mix.secondJob + mix.transferred ? 2 : 1;
}

function statusOf({ seed, mix }: Population, index: number): string {
  let draw = unit(seed, index, SALT.status);
  if (draw < mix.terminated) return 'T';
  draw -= mix.terminated;
  if (draw < mix.released) return 'R';
  draw -= mix.released;
  if (draw < mix.onLeave) return 'L';
  draw -= mix.onLeave;
  if (draw < mix.onStrike) return 'O';
  draw -= mix.onStrike;
  if (draw < mix.suspended) return 'S';
  return draw - mix.suspended < mix.unknownStatus ? 'X' : 'A';
}

const FIRST_HIRE = dayNumber('1985-01-01');
const YEAR_1900 = dayNumber('1900-01-01');
const SYSTEM_START = dayNumber('2010-05-27');

/** When a row last changed, or null for one that never did; `always` leaves no null. */
function changedOf(
  { seed, mix, asOf }: Population,
  index: number,
  salt: number,
  fromDay: number,
  created: string,
  always = false,
): string | null {
  if (!always && unit(seed, index, salt) < mix.neverChanged) return null;
  const bits = hash(seed, index, salt);
  const day = fromDay + (bits % Math.max(1, asOf - fromDay));
  const at = wallString(
    day,
    Math.floor(unit(seed, index, salt + 1) * 86_400) * 1000 + (bits % 4 ? (bits >>> 8) % 1000 : 0),
  );
  return day === fromDay && at < created ? created : at;
}

/** The person at `index` as the world begins. */
export function derivePerson(population: Population, index: number): Person {
  const { seed, mix, tables, asOf } = population;
  const { first, last } = nameOf(population, index);
  const padded = unit(seed, index, SALT.padded) < mix.padded;

  const homeCompany = Math.floor(unit(seed, index, SALT.company) ** 1.6 * tables.companies.length);
  const company = tables.companies[homeCompany];
  if (!company) throw new RangeError('a world needs at least one company');
  const ancient = unit(seed, index, SALT.hire) < mix.year1900;
  const hireDay = ancient
    ? YEAR_1900
    : FIRST_HIRE + Math.floor(unit(seed, index, SALT.hire) ** 0.5 * (asOf - 30 - FIRST_HIRE));
  const birthDay = Math.min(hireDay, asOf - 10_000) - 6600 - Math.floor(unit(seed, index, SALT.birth) * 14_000);
  const leapYear = 1948 + 4 * Math.floor(unit(seed, index, SALT.birth) * 13);
  const createdDay = Math.max(hireDay, SYSTEM_START);
  const created = wallString(
    createdDay,
    Math.floor(unit(seed, index, SALT.created) * 86_400) * 1000 + (hash(seed, index, SALT.created) % 100) * 10,
  );
  const changed = changedOf(population, index, SALT.changed, createdDay, created);
  // Of a person's rows only one at a time was never changed, so that there is always a last change.

  const person: Person = {
    index,
    employeeId: employeeIdOf(seed, index),
    personId: uuid(seed, index, SALT.uuid),
    userName: `${last[1]}${index}`,
    firstName: padded ? ` ${first[0]}   ` : first[0],
    middleName:
      unit(seed, index, SALT.middle) < mix.middleName
        ? pick(FIRST_NAMES, unit(seed, index, SALT.middle) / mix.middleName)[0]
        : unit(seed, index, SALT.middle) > 0.97
          ? ''
          : null,
    lastName: padded ? ` ${last[0]}   ` : last[0],
    preferredName:
      unit(seed, index, SALT.preferred) < mix.preferredName
        ? pick(PREFERRED_NAMES, unit(seed, index, SALT.preferred) / mix.preferredName)
        : null,
    formerName: null,
    prefix: unit(seed, index, SALT.gender) < 0.1 ? 'DR' : null,
    suffix: unit(seed, index, SALT.gender + 1) < 0.02 ? 'JR' : null,
    email: ((email) => (email && padded ? `${email}  ` : email))(emailOf(population, index)),
    alternateEmail: unit(seed, index, SALT.email + 1) < 0.5 ? `private${index}@mail.example.com` : null,
    homePhone: unit(seed, index, SALT.address + 1) < 0.7 ? `555${`${index % 10_000_000}`.padStart(7, '0')}` : null,
    line1: `${1 + (hash(seed, index, SALT.address) % 999)} ${pick(STREETS, unit(seed, index, SALT.address + 2))}`,
    line2: unit(seed, index, SALT.address + 3) < 0.1 ? 'Apt 4' : null,
    city: 'Exampleton',
    state: company.country === 'CAN' ? 'ON' : company.country === 'USA' ? 'NM' : null,
    zip: company.country === 'USA' ? `${10_000 + (hash(seed, index, SALT.address + 4) % 80_000)}    ` : 'K1A 0B1  ',
    country: company.country,
    dateOfBirth:
      unit(seed, index, SALT.birth + 1) < mix.leapBirthday
        ? `${leapYear}-02-29T00:00:00`
        : ancient
          ? '1900-01-01T00:00:00'
          : dayAsDateTime(birthDay),
    gender:
      unit(seed, index, SALT.gender) < 0.48
        ? 'F'
        : unit(seed, index, SALT.gender) < 0.96
          ? 'M'
          : unit(seed, index, SALT.gender) < 0.98
            ? 'D'
            : null,
    maritalStatus: unit(seed, index, SALT.gender + 1) < 0.5 ? 'M' : 'S',
    ethnicCode: `${1 + (hash(seed, index, SALT.gender) % 4)}`,
    ssn: `900${`${index}`.padStart(6, '0').slice(-6)}`,
    created,
    changed,
    homeCompany,
    udf: [
      pick(['Lift Systems', 'Ground', 'Air', 'Überlandverkehr'], unit(seed, index, SALT.udf)),
      unit(seed, index, SALT.udf + 1) < 0.7 ? pick(['S', 'M', 'L', 'XL'], unit(seed, index, SALT.udf + 1) / 0.7) : null,
      unit(seed, index, SALT.udf + 2) < 0.5 ? Math.floor(unit(seed, index, SALT.udf + 2) * 1000) : null,
      null,
      unit(seed, index, SALT.udf + 3) < 0.6
        ? dayAsDateTime(asOf + Math.floor(unit(seed, index, SALT.udf + 3) * 900))
        : null,
      null,
    ],
    employments: [],
  };

  const base = employmentOf(population, index, {
    company: homeCompany,
    slot: 0,
    hireDay,
    created,
    changed: changedOf(population, index, SALT.changed + 20, createdDay, created, changed === null),
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
      changed: changedOf(population, index, SALT.changed + 30, createdDay, created, changed === null),
      padded,
    });
    if (unit(seed, index, SALT.jobs) >= mix.secondJob) {
      // Transferred: the old company's row stays, terminated on the day on which the new one begins.
      const day = hireDay + Math.floor(unit(seed, index, SALT.term) * (asOf - hireDay));
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
    } else if (unit(seed, index, SALT.jobs + 1) < 0.8) {
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
  const country = tables.companies[at.company]?.country ?? 'USA';
  const job = pick(choices.jobs.get(country) ?? tables.jobs, unit(seed, index, SALT.job + shift));
  const places = choices.locations.get(country) ?? [];
  const status = statusOf(population, at.slot === 0 ? index : index + MAX_PEOPLE);
  const span = Math.max(1, asOf - at.hireDay);
  const rehired = unit(seed, index, SALT.rehire + shift) < mix.rehired;
  const lastHireDay = rehired
    ? at.hireDay + Math.floor((unit(seed, index, SALT.rehire + 1 + shift) * span) / 2)
    : at.hireDay;
  const gone = status === 'T' || status === 'R';
  const endDay = gone ? lastHireDay + Math.floor(unit(seed, index, SALT.term + shift) * (asOf - lastHireDay)) : asOf;
  const inJobDay = lastHireDay + Math.floor(unit(seed, index, SALT.history + shift) ** 2 * (endDay - lastHireDay));
  const statusDay =
    gone || status === 'L'
      ? endDay - (gone ? 0 : Math.floor(unit(seed, index, SALT.leave + shift) * Math.min(200, asOf - lastHireDay)))
      : lastHireDay;
  const hourly = unit(seed, index, SALT.salary + shift) < 0.4;
  return {
    company: at.company,
    employeeNumber: `${100_000 + index * 2 + at.slot}`.padStart(9, '0'),
    status,
    statusStart: dayAsDateTime(statusDay),
    job: job.code,
    jobDescription: unit(seed, index, SALT.title + shift) < mix.noJobDescription ? null : job.title,
    jobTitle:
      unit(seed, index, SALT.title + 1 + shift) < mix.alternateTitle
        ? `${job.title}, Special Projects${at.padded ? ' ' : ''}`
        : unit(seed, index, SALT.title + 1 + shift) > 0.97
          ? ''
          : null,
    org: choices.levels.map((rows, level) =>
      unit(seed, index, SALT.org + level + shift) < mix.noOrgLevel
        ? null
        : pick(rows, unit(seed, index, SALT.org + 200 + level + 4 * at.slot)).code,
    ),
    location:
      unit(seed, index, SALT.location + shift) < mix.noLocation || places.length === 0
        ? null
        : pick(places, unit(seed, index, SALT.location + 30 + shift)).code,
    employeeType: pick(['REG', 'REG', 'REG', 'REG', 'TMP', 'CON', 'INT', 'FTC'], unit(seed, index, SALT.type + shift)),
    fullTime: unit(seed, index, SALT.type + 1 + shift) < 0.85 ? 'F' : 'P',
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
    workPhone: unit(seed, index, SALT.address + 1 + shift) < 0.5 ? ' '.repeat(50) : '5550100000',
    annualSalary: 30_000 + Math.floor(unit(seed, index, SALT.salary + shift) * 120_000),
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
