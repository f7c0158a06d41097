/** Ids and addresses: new ones, handed on, emptied, for one person and for everybody. */
import type { World } from '../company/employer.ts';
import { hash } from '../company/rng.ts';
import type { EventOf, Played } from './event.ts';
import type { Scene } from './rows.ts';
import { beginner } from './starts.ts';

/** An id that no person of this world has had. */
const freshId = (world: World, index: number, salt: number): string =>
  `N${hash(world.seed, index, 7000 + salt)
    .toString(36)
    .toUpperCase()
    .padStart(7, '0')}X0K0`;

export function renumber({ world, person }: Scene, event: EventOf<'renumber'>): { detail: string; other: string } {
  const before = person.employeeId;
  const id = event.to ?? freshId(world, person.index, world.version);
  if (world.find(id)) throw new Error(`${id} is another person's`);
  world.renumber(person.index, id);
  return { detail: `${before} comes as ${id} now`, other: id };
}

export function renumberEverybody(world: World): Played {
  let count = 0;
  const salt = world.version;
  for (let index = 0; index < world.size; index++) {
    if (world.isHidden(index)) continue;
    world.renumber(index, freshId(world, index, salt));
    count++;
  }
  return { kind: 'renumber-everybody', detail: `${count} people under new ids` };
}

export function rename({ world, person, now }: Scene, event: EventOf<'rename'>): string {
  person.formerName = person.lastName.trim();
  person.lastName = event.lastName ?? `${person.lastName.trim()}-Newname`;
  person.email = event.email ?? `renamed${person.index}.${world.version}@example.com`;
  person.changed = now;
  return 'renamed, with a new e-mail address';
}

export function emptyAddress({ person, now }: Pick<Scene, 'person' | 'now'>): string {
  person.email = null;
  person.changed = now;
  return 'has no e-mail address any more';
}

export function handOverAddress(
  { world, person, now, day }: Scene,
  event: EventOf<'hand-over-address'>,
): { detail: string; other: string } {
  const found = event.to === undefined ? undefined : world.find(event.to);
  if (event.to !== undefined && !found) throw new Error(`unknown employeeId ${event.to}`);
  const taker = found ? world.open(found.index) : beginner(world, day);
  taker.email = person.email;
  taker.changed = now;
  if (event.empties) emptyAddress({ person, now });
  return { detail: `the address went to ${taker.employeeId}`, other: taker.employeeId };
}

export function changeDomain(world: World, event: EventOf<'change-domain'>): Played {
  const now = world.wallNow();
  let count = 0;
  for (let index = 0; index < world.size; index++) {
    const at = world.person(index).email?.lastIndexOf('@') ?? -1;
    if (world.isHidden(index) || at < 0) continue;
    const person = world.open(index);
    person.email = `${person.email?.slice(0, at)}@${event.to}`;
    person.changed = now;
    count++;
  }
  return { kind: 'change-domain', detail: `${count} addresses are @${event.to} now` };
}
