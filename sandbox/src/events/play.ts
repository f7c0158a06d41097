/** Plays one event: rows change as UKG Pro would change them, with the change dates it would (or would not) write. */
import type { World } from '../company/employer.ts';
import * as ends from './ends.ts';
import type { EventOf, LifeEvent, Played } from './event.ts';
import * as identities from './identities.ts';
import * as moves from './moves.ts';
import * as records from './records.ts';
import { mainRow, midnight, type Scene } from './rows.ts';
import * as starts from './starts.ts';

/** Plays one event and says what it did. The row it touches gets the world's clock as change date, unless it is silent. */
export function playEvent(world: World, event: LifeEvent): Played {
  return isOnRows(event) ? playOnRows(world, event) : playOnPerson(world, event);
}

type OnRows = EventOf<
  | 'join'
  | 'rename-department'
  | 'renumber-everybody'
  | 'change-domain'
  | 'vanish'
  | 'reappear'
  | 'hide-rows'
  | 'show-rows'
>;
type OnPerson = Exclude<LifeEvent, OnRows>;

const onRows: ReadonlySet<string> = new Set<OnRows['kind']>([
  'join',
  'rename-department',
  'renumber-everybody',
  'change-domain',
  'vanish',
  'reappear',
  'hide-rows',
  'show-rows',
]);
const isOnRows = (event: LifeEvent): event is OnRows => onRows.has(event.kind);

/** What makes a person, touches everybody, or only says which rows are shown. */
function playOnRows(world: World, event: OnRows): Played {
  switch (event.kind) {
    case 'join':
      return starts.join(world, event);
    case 'rename-department':
      return records.renameDepartment(world, event);
    case 'renumber-everybody':
      return identities.renumberEverybody(world);
    case 'change-domain':
      return identities.changeDomain(world, event);
    case 'vanish':
    case 'reappear':
    case 'hide-rows':
    case 'show-rows':
      return records.showOrHide(world, event);
  }
}

function playOnPerson(world: World, event: OnPerson): Played {
  const found = world.find(event.employeeId);
  if (!found) throw new Error(`unknown employeeId ${event.employeeId}`);
  const person = world.open(found.index);
  const { employeeId } = person;
  const now = world.wallNow();
  const day = midnight(('date' in event ? event.date : undefined) ?? now);
  const done = playOn({ world, person, row: mainRow(person), day, now }, event);
  return { kind: event.kind, employeeId, ...(typeof done === 'string' ? { detail: done } : done) };
}

function playOn(scene: Scene, event: OnPerson): string | { detail: string; other: string } {
  switch (event.kind) {
    case 'leave':
      return ends.leave(scene, event);
    case 'withdraw':
      return ends.withdraw(scene, event);
    case 'reschedule':
      return ends.reschedule(scene, event);
    case 'leave-of-absence':
      return ends.leaveOfAbsence(scene, event);
    case 'return':
      return ends.comeBack(scene);
    case 'rehire':
      return starts.rehire(scene, event);
    case 'rehire-as-new':
      return starts.rehireAsNew(scene);
    case 'second-id':
      return starts.secondId(scene, event);
    case 'transfer':
      return moves.transfer(scene, event);
    case 'arrive':
      return moves.arrive(scene, event);
    case 'second-job':
      return moves.secondJob(scene, event);
    case 'promote':
      return moves.promote(scene, event);
    case 'change-supervisor':
      return moves.changeSupervisor(scene, event);
    case 'rename':
      return identities.rename(scene, event);
    case 'renumber':
      return identities.renumber(scene, event);
    case 'empty-address':
      return identities.emptyAddress(scene);
    case 'hand-over-address':
      return identities.handOverAddress(scene, event);
    case 'correct':
      return records.correct(scene, event);
    case 'placeholder-date':
      return records.placeholderDate(scene, event);
    case 'double-row':
      return records.doubleRow(scene, event);
    case 'edit':
      return records.edit(scene, event);
    case 'stamp':
      scene.row.changed = scene.now;
      return 'stamped, nothing else changed';
  }
}
