import { isAccepted } from '../../../model/access.ts';
import { plainNumber, referenceKind } from '../../../model/reference.ts';
import { type DropReason, dropReasons } from '../../../model/run-summary.ts';
import { Kind, type People } from '../../../people/person.ts';
import type { PendingLinks } from '../../../state/run-history.ts';
import type { SetCheck, SupervisorLinks } from '../findings.ts';

const maxLoops = 100;

export function checkLinks(
  { people, statusOf, isGone, mayBeHeldBack, conflicts, leftOut }: SetCheck,
  pending: PendingLinks,
): SupervisorLinks {
  const { size } = people;
  /** By person: the place of the reason in `dropReasons`, plus one; 0: the link stays. */
  const reasons = new Uint8Array(size);
  const drop = (person: number, reason: DropReason) => {
    reasons[person] = dropReasons.indexOf(reason) + 1;
  };
  const parent = new Int32Array(size).fill(-1);
  const knownAt = askedOnce(people, (id) => isAccepted(statusOf(id)) && !isGone(id));
  const goneAt = askedOnce(people, isGone);
  const canBeSent = (person: number) =>
    people.kind(person) === Kind.user &&
    !conflicts.has(person) &&
    !leftOut.has(person) &&
    // A record that has changed is tried again, and has its reports as any new person has.
    !(goneAt(people.idAt(person)) && mayBeHeldBack(person)) &&
    // A leaver without an address is patched where Together knows them, and never created.
    (!people.isPatchOnly(person) || knownAt(people.idAt(person)));

  const reasonOf = unknownReasons(people);

  // People who are not read and wait for a link have places behind those who are.
  const waiting = Object.keys(pending).filter((id) => people.find(id) < 0);
  const places = new Map(waiting.map((id, at) => [id, size + at]));
  const above = waiting.length > 0 ? new Int32Array(size + waiting.length).fill(-1) : parent;

  for (let person = 0; person < size; person++) {
    const at = people.supervisorAt(person);
    const kind = people.kind(person);
    if (at < 0 || (kind !== Kind.user && kind !== Kind.excluded) || conflicts.has(person)) continue;
    if (at === people.idAt(person)) {
      drop(person, 'self');
      continue;
    }
    const supervisor = people.personOf(at);
    const unmatched = people.matchOf(person) === 'employeeNumber' || people.isAmbiguous(person);
    if (unmatched) drop(person, people.isAmbiguous(person) ? 'ambiguous' : 'unmatched');
    else if (supervisor >= 0 && canBeSent(supervisor)) above[person] = parent[person] = supervisor;
    else if (knownAt(at)) {
      if (places.size > 0) above[person] = places.get(people.ids.at(at)) ?? -1;
    } else {
      const reason =
        supervisor < 0
          ? reasonOf(at)
          : leftOut.has(supervisor) || people.kind(supervisor) === Kind.excluded
            ? 'excluded'
            : 'invalid';
      drop(person, reason);
    }
  }
  for (const [id, place] of places) {
    const supervisorId = pending[id] as string;
    const supervisor = people.find(supervisorId);
    above[place] = supervisor >= 0 ? (canBeSent(supervisor) ? supervisor : -1) : (places.get(supervisorId) ?? -1);
  }
  const loops: string[][] = [];
  const stillLooping = new Set<string>();
  for (const members of loopsIn(above)) {
    const ids = members.map((member) => (member < size ? people.id(member) : waiting[member - size]) as string);
    for (const [at, member] of members.entries()) {
      if (member >= size) {
        stillLooping.add(ids[at] as string);
        continue;
      }
      drop(member, 'loop');
      parent[member] = -1;
    }
    if (loops.length < maxLoops) loops.push(fromSmallest(ids));
  }
  let droppedTotal = 0;
  for (const reason of reasons) if (reason !== 0) droppedTotal++;
  return {
    parent,
    loops,
    stillLooping,
    droppedTotal,
    dropped: (person: number) => dropReasons[(reasons[person] as number) - 1],
  };
}

/** What the text at this position, which is no one's employeeId, is instead: an address, a name, an id in another spelling. */
function unknownReasons(people: People): (at: number) => DropReason {
  let numbers: Set<string> | undefined;
  return (at) => {
    const reference = people.ids.at(at);
    const kind = referenceKind(reference);
    if (kind !== 'id') return kind;
    const number = plainNumber(reference);
    if (!/^\d+$/.test(number)) return 'unknown';
    numbers ??= new Set(
      Array.from({ length: people.size }, (_, person) => people.id(person)).map((id) => plainNumber(id ?? '')),
    );
    return numbers.has(number) ? 'spelling' : 'unknown';
  };
}

/** By id position. One manager is the answer to many questions. */
function askedOnce(people: People, ask: (id: string) => boolean): (at: number) => boolean {
  // 0 not asked yet, 1 yes, 2 no.
  const asked = new Uint8Array(people.ids.size);
  return (at) => {
    if (asked[at] === 0) asked[at] = ask(people.ids.at(at)) ? 1 : 2;
    return asked[at] === 1;
  };
}

/** The links of a reviewed plan: those that can't be were left out when it was made, loops among them. */
export function linksAsRead(people: People): SupervisorLinks {
  const parent = Int32Array.from({ length: people.size }, (_, person) => {
    const at = people.supervisorAt(person);
    return at < 0 ? -1 : people.personOf(at);
  });
  return { parent, dropped: () => undefined, droppedTotal: 0, loops: [], stillLooping: new Set() };
}

/** Everybody has one supervisor at most, so that each walk upwards ends at a root, in known ground, or in a loop. */
function* loopsIn(above: Int32Array): Generator<number[]> {
  // 0: not visited; otherwise the number of the walk that came by first.
  const walk = new Int32Array(above.length);
  for (let start = 0; start < above.length; start++) {
    let at = start;
    while (at >= 0 && walk[at] === 0) {
      walk[at] = start + 1;
      at = above[at] as number;
    }
    if (at < 0 || walk[at] !== start + 1) continue;
    const members: number[] = [];
    for (let member = at; members.length === 0 || member !== at; member = above[member] as number) members.push(member);
    yield members;
  }
}

function fromSmallest(ids: string[]): string[] {
  let smallest = 0;
  for (let i = 1; i < ids.length; i++) if ((ids[i] as string) < (ids[smallest] as string)) smallest = i;
  return [...ids.slice(smallest), ...ids.slice(0, smallest)];
}
