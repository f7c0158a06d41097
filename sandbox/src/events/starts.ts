/** Joining, coming back, and the first day. */
import type { World } from '../company/employer.ts';
import type { Person } from '../company/people.ts';
import type { EventOf, Played } from './event.ts';
import { alive, companyIndex, mainRow, midnight, note, placeIn, type Scene } from './rows.ts';

/** A new person whose one job begins on a day; everything else is as the seed has it. */
export function beginner(world: World, day: string): Person {
  const now = world.wallNow();
  const person = world.add();
  const row = mainRow(person);
  Object.assign(row, alive, {
    statusStart: day,
    originalHire: day,
    lastHire: day,
    dateInJob: day,
    seniority: day,
    created: now,
    changed: now,
  });
  person.employments = [row];
  person.homeCompany = row.company;
  Object.assign(person, { created: now, changed: now, email: `new.hire${person.index}@example.com` });
  person.history = [];
  return person;
}

export function join(world: World, event: EventOf<'join'>): Played {
  const day = midnight(event.hireDate ?? world.wallNow());
  const person = beginner(world, day);
  const row = mainRow(person);
  if (event.companyId !== undefined) placeIn(world, row, companyIndex(world, event.companyId, []), row.employeeNumber);
  person.homeCompany = row.company;
  Object.assign(person, event.set);
  Object.assign(row, event.setEmployment);
  note(world, person, row, { reason: '100', effective: day, isPromotion: false, isTransfer: false });
  return { kind: 'join', employeeId: person.employeeId, detail: `joined on ${day.slice(0, 10)}` };
}

/** A second record of a person: the name, the number and the address of the first one. */
export function twinOf({ world, person, row, day }: Scene): Person {
  const twin = beginner(world, day);
  const { firstName, middleName, lastName, preferredName, email, dateOfBirth, gender } = person;
  Object.assign(twin, { firstName, middleName, lastName, preferredName, email, dateOfBirth, gender });
  Object.assign(mainRow(twin), { employeeNumber: row.employeeNumber, supervisor: row.supervisor });
  return twin;
}

export function rehire({ world, person, row, day, now }: Scene, event: EventOf<'rehire'>): string {
  const { termination } = row;
  Object.assign(row, alive, { statusStart: day, lastHire: day, dateInJob: day, changed: now });
  if (event.keepDate) row.termination = termination;
  note(world, person, row, { reason: '200', effective: day, isPromotion: false, isTransfer: false });
  return `rehired on ${day.slice(0, 10)}${event.keepDate ? ', the old end date left on the row' : ''}`;
}

export function rehireAsNew(scene: Scene): { detail: string; other: string } {
  const twin = twinOf(scene);
  note(scene.world, twin, mainRow(twin), {
    reason: '100',
    effective: scene.day,
    isPromotion: false,
    isTransfer: false,
  });
  return { detail: `rehired on ${scene.day.slice(0, 10)} as ${twin.employeeId}`, other: twin.employeeId };
}

export function secondId(scene: Scene, event: EventOf<'second-id'>): { detail: string; other: string } {
  const twin = twinOf(scene);
  if (event.status === 'T') {
    Object.assign(mainRow(twin), {
      status: 'T',
      statusStart: scene.day,
      termination: scene.day,
      termReason: '201',
      termType: 'V',
    });
  }
  return { detail: `also kept as ${twin.employeeId}`, other: twin.employeeId };
}
