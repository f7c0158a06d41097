/** A person's jobs, and what a second company makes of them. */
import { dayAsDateTime, wallString } from './dates.ts';
import { MAX_PEOPLE, SALT, supervisorOf } from './identity.ts';
import type { Employment, Population } from './people.ts';
import { hash, pick, unit } from './rng.ts';

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

/** When a row last changed, or null for one that never did; `always` leaves no null. */
export function changedOf(
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

export interface Slot {
  company: number;
  slot: number;
  hireDay: number;
  created: string;
  changed: string | null;
  padded: boolean;
}

export function employmentOf(population: Population, index: number, at: Slot): Employment {
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

/** Where a person has a second row: an old company's, left by transfer, or a second job. */
export function secondOf(population: Population, index: number, base: Employment, at: Omit<Slot, 'slot'>): Employment {
  const { seed, mix, asOf } = population;
  const other = employmentOf(population, index, { ...at, slot: 1 });
  if (unit(seed, index, SALT.jobs) >= mix.secondJob) {
    // Transferred: the old company's row stays, terminated on the day on which the new one begins.
    const day = at.hireDay + Math.floor(unit(seed, index, SALT.term) * (asOf - at.hireDay));
    Object.assign(other, {
      status: 'T',
      statusStart: dayAsDateTime(day),
      termination: dayAsDateTime(day),
      termReason: 'TRO',
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
  return other;
}
