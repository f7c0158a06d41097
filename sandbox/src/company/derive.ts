/**
 * Makes people. A person is a function of (seed, index), made when asked for: a million of them cost nothing until read.
 */
import { dayAsDateTime, dayNumber, wallString } from './dates.ts';
import { changedOf, employmentOf, secondOf } from './derive-employment.ts';
import { emailOf, employeeIdOf, nameOf, SALT } from './identity.ts';
import { FIRST_NAMES, PREFERRED_NAMES, STREETS } from './names.ts';
import type { JobEntry, Person, Population } from './people.ts';
import { hash, pick, unit, uuid } from './rng.ts';

/** How many employments person `index` starts with, without making the person. */
export function employmentCountOf({ seed, mix, tables }: Population, index: number): number {
  if (tables.companies.length < 2) return 1;
  const draw = unit(seed, index, SALT.jobs);
  return draw < mix.secondJob + mix.transferred ? 2 : 1;
}

const FIRST_HIRE = dayNumber('1985-01-01');
const YEAR_1900 = dayNumber('1900-01-01');
const SYSTEM_START = dayNumber('2010-05-27');

const genderOf = (draw: number): string | null => (draw < 0.48 ? 'F' : draw < 0.96 ? 'M' : draw < 0.98 ? 'D' : null);

function namesOf(population: Population, index: number, padded: boolean) {
  const { seed, mix } = population;
  const { first, last } = nameOf(population, index);
  return {
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
  };
}

function homeOf({ seed }: Population, index: number, country: string) {
  return {
    line1: `${1 + (hash(seed, index, SALT.address) % 999)} ${pick(STREETS, unit(seed, index, SALT.address + 2))}`,
    line2: unit(seed, index, SALT.address + 3) < 0.1 ? 'Apt 4' : null,
    city: 'Exampleton',
    state: country === 'CAN' ? 'ON' : country === 'USA' ? 'NM' : null,
    zip: country === 'USA' ? `${10_000 + (hash(seed, index, SALT.address + 4) % 80_000)}    ` : 'K1A 0B1  ',
    country,
  };
}

function udfOf({ seed, asOf }: Population, index: number): Person['udf'] {
  return [
    pick(['Lift Systems', 'Ground', 'Air', 'Überlandverkehr'], unit(seed, index, SALT.udf)),
    unit(seed, index, SALT.udf + 1) < 0.7 ? pick(['S', 'M', 'L', 'XL'], unit(seed, index, SALT.udf + 1) / 0.7) : null,
    unit(seed, index, SALT.udf + 2) < 0.5 ? Math.floor(unit(seed, index, SALT.udf + 2) * 1000) : null,
    null,
    unit(seed, index, SALT.udf + 3) < 0.6
      ? dayAsDateTime(asOf + Math.floor(unit(seed, index, SALT.udf + 3) * 900))
      : null,
    null,
  ];
}

/** The person at `index` as the world begins. */
export function derivePerson(population: Population, index: number): Person {
  const { seed, mix, tables, asOf } = population;
  const { last } = nameOf(population, index);
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
    ...namesOf(population, index, padded),
    formerName: null,
    prefix: unit(seed, index, SALT.gender) < 0.1 ? 'DR' : null,
    suffix: unit(seed, index, SALT.gender + 1) < 0.02 ? 'JR' : null,
    email: ((email) => (email && padded ? `${email}  ` : email))(emailOf(population, index)),
    alternateEmail: unit(seed, index, SALT.email + 1) < 0.5 ? `private${index}@mail.example.com` : null,
    homePhone: unit(seed, index, SALT.address + 1) < 0.7 ? `555${`${index % 10_000_000}`.padStart(7, '0')}` : null,
    ...homeOf(population, index, company.country),
    dateOfBirth:
      unit(seed, index, SALT.birth + 1) < mix.leapBirthday
        ? `${leapYear}-02-29T00:00:00`
        : ancient
          ? '1900-01-01T00:00:00'
          : dayAsDateTime(birthDay),
    gender: genderOf(unit(seed, index, SALT.gender)),
    maritalStatus: unit(seed, index, SALT.gender + 1) < 0.5 ? 'M' : 'S',
    ethnicCode: `${1 + (hash(seed, index, SALT.gender) % 4)}`,
    ssn: `900${`${index}`.padStart(6, '0').slice(-6)}`,
    created,
    changed,
    homeCompany,
    udf: udfOf(population, index),
    employments: [],
  };

  const rowChanged = (salt: number): string | null =>
    changedOf(population, index, SALT.changed + salt, createdDay, created, changed === null);
  const base = employmentOf(population, index, {
    company: homeCompany,
    slot: 0,
    hireDay,
    created,
    changed: rowChanged(20),
    padded,
  });
  person.employments.push(base);
  if (employmentCountOf(population, index) === 2) {
    const otherCompany =
      (homeCompany + 1 + (hash(seed, index, SALT.jobs) % (tables.companies.length - 1))) % tables.companies.length;
    const other = secondOf(population, index, base, {
      company: otherCompany,
      hireDay,
      created,
      changed: rowChanged(30),
      padded,
    });
    if (hash(seed, index, SALT.jobs) & 1) person.employments.push(other);
    else person.employments.unshift(other);
  }
  return person;
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
