/** What happens to records rather than to people: corrections, stamps, doubles, halves that are missing. */
import type { World } from '../company/employer.ts';
import type { Employment } from '../company/people.ts';
import { hash } from '../company/rng.ts';
import { type EventOf, PLACEHOLDER_DATES, type Played } from './event.ts';
import type { Scene } from './rows.ts';

export function correct({ row, day, now }: Scene, event: EventOf<'correct'>): string {
  const back = event.date === undefined ? `${Number(row.originalHire.slice(0, 4)) - 1}-03-01T00:00:00` : day;
  if (row.lastHire === row.originalHire) row.lastHire = back;
  row.originalHire = back;
  row.seniority = back;
  if (!event.silent) row.changed = now;
  return `hire date corrected back to ${back.slice(0, 10)}${event.silent ? ', no change date written' : ''}`;
}

export function placeholderDate({ world, person, row, now }: Scene, event: EventOf<'placeholder-date'>): string {
  const value =
    event.value ?? PLACEHOLDER_DATES[hash(world.seed, person.index, world.version) % PLACEHOLDER_DATES.length] ?? '';
  if (event.field === 'dateOfBirth') person.dateOfBirth = value;
  else row[event.field] = value;
  if (event.field === 'dateOfBirth') person.changed = now;
  else row.changed = now;
  return `${event.field} is ${value.slice(0, 10)}`;
}

export function doubleRow({ person, row }: Scene, event: EventOf<'double-row'>): string {
  if (event.rows === 'person') (person.doubles ??= []).push({ ...event.set });
  else person.employments.push({ ...row, org: [...row.org], ...event.setEmployment });
  const differ = Object.keys((event.rows === 'person' ? event.set : event.setEmployment) ?? {});
  return `the ${event.rows === 'person' ? 'person row' : 'employment'} comes twice${differ.length > 0 ? `, with another ${differ.join(', ')}` : ''}`;
}

export function edit({ world, person, row, now }: Scene, event: EventOf<'edit'>): string {
  if (event.set) {
    Object.assign(person, event.set);
    if (!event.silent) person.changed = now;
  }
  if (event.setEmployment) {
    const target: Employment | undefined =
      event.companyId === undefined
        ? row
        : person.employments.find((job) => world.tables.companies[job.company]?.id === event.companyId);
    if (!target) throw new Error(`${person.employeeId} has no employment in ${event.companyId}`);
    Object.assign(target, event.setEmployment);
    if (!event.silent) target.changed = now;
  }
  return `edited ${[...Object.keys(event.set ?? {}), ...Object.keys(event.setEmployment ?? {})].join(', ')}`;
}

export function renameDepartment(world: World, event: EventOf<'rename-department'>): Played {
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

/** Rows that are in no answer, and back: all of a person's, or one of the two halves. */
export function showOrHide(world: World, event: EventOf<'vanish' | 'reappear' | 'hide-rows' | 'show-rows'>): Played {
  const { kind, employeeId } = event;
  if (kind === 'reappear') {
    const index = [...Array(world.size).keys()].find(
      (at) => world.isHidden(at) && world.person(at).employeeId === employeeId,
    );
    if (index === undefined) throw new Error(`${employeeId} is not among the vanished`);
    world.hide(index, false);
    return { kind, employeeId, detail: 'appears in answers again' };
  }
  const found = world.find(employeeId);
  if (!found) throw new Error(`unknown employeeId ${employeeId}`);
  if (kind === 'vanish') {
    world.hide(found.index, true);
    return { kind, employeeId, detail: 'appears in no answer any more' };
  }
  world.hideRows(found.index, event.rows, kind === 'hide-rows');
  const half = event.rows === 'person' ? 'the person row' : 'every employment';
  return { kind, employeeId, detail: kind === 'hide-rows' ? `${half} is missing` : `${half} is back` };
}
