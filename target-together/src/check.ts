/**
 * What only the whole set shows: one employeeId or one e-mail address for two people, and supervisors who can't be.
 *
 * One address for several people (compared without case), whatever their status: nobody of them is sent and all are named,
 * since Together would match them to one record. Only the end of access is not held up: a leaver of such a group whom
 * Together has as active or on leave is sent, without the address.
 *
 * An address that its holder gives up in this run is sent to the next one after the holder has given it up, never before: Together
 * would make the two into one. Where that can't be (the holder is not sent; several change round in a circle) the next one waits.
 * A leaver, who is sent before all others, goes without such an address.
 *
 * A supervisor link is left out, and comes back by itself as soon as it is valid, when the supervisor is unknown (neither in
 * this set nor ever accepted by Together), out of scope or impossible to map and never accepted, the person themselves, or
 * part of a loop (everybody in the loop loses the link: which of them is wrong only HR knows). Links left out before, of people
 * who are not read, are looked at as well: their loop may be open now, or still closed.
 */
import type { Held } from './addresses.ts';
import { Kind, type People } from './people/people.ts';
import type { Fault } from './types.ts';

export const dropReasons = ['none', 'unknown', 'excluded', 'invalid', 'self', 'loop'] as const;
export type DropReason = Exclude<(typeof dropReasons)[number], 'none'>;

export interface Findings {
  /** People who must not be sent, with the faults of the whole set. */
  readonly conflicts: ReadonlyMap<number, readonly Fault[]>;
  /** Leavers who are sent without their address. */
  readonly withoutEmail: ReadonlySet<number>;
  /** Who gives an address up to somebody of this run: all of turn 0 before those of turn 1, and they all before everybody else. */
  readonly turns: ReadonlyMap<number, number>;
  /** By who gets an address: who gives it up. */
  readonly givers: ReadonlyMap<number, readonly number[]>;
  /** Why the person's supervisor link is left out; undefined where it stays. */
  dropped(person: number): DropReason | undefined;
  readonly droppedTotal: number;
  /** Each loop as the ids around it, beginning with the smallest; at most a hundred. */
  readonly loops: readonly (readonly string[])[];
  /** People not read in this run whose link stays left out, because it is part of a loop. */
  readonly stillLooping: ReadonlySet<string>;
  /** Position of the supervisor among the people read, or -1: the links that are sent. */
  readonly parent: Int32Array;
}

const maxLoops = 100;

/**
 * `statusOf`: first letter of the status that Together last accepted; undefined: never accepted.
 * `held`: who holds addresses of this run, as far as earlier runs have seen.
 * `pending`: employeeId → supervisorId, links left out by earlier runs.
 * `isIdle`: who could be sent and is not, as Together has refused them.
 */
export function checkWholeSet(
  people: People,
  statusOf: (id: string) => string | undefined,
  held: Held = { elsewhere: new Map(), handedOver: new Map() },
  pending: Readonly<Record<string, string>> = {},
  isIdle: (person: number) => boolean = () => false,
): Findings {
  const known = (id: string) => statusOf(id) !== undefined;
  const conflicts = new Map<number, Fault[]>();
  const withoutEmail = new Set<number>();
  sharedIds(people, conflicts);
  sharedAddresses(people, statusOf, held.elsewhere, conflicts, withoutEmail);
  const givers = giversOf(people, statusOf, held.handedOver);
  const turns = takeTurns(people, statusOf, givers, isIdle, conflicts, withoutEmail);
  const links = checkLinks(people, known, conflicts, pending);
  return { conflicts, withoutEmail, turns, givers, ...links };
}

function sharedIds(people: People, conflicts: Map<number, Fault[]>): void {
  for (const group of people.sharing()) {
    const id = people.id(group[0] as number);
    const lines = group.map((person) => people.line(person));
    for (const person of group) {
      conflicts.set(person, [
        {
          field: 'employeeId',
          code: 'duplicate_employee_id',
          message: `${group.length} different records have the employeeId ${id} (${listed('line', lines)}).`,
          remedy: 'Give each person an id of their own in the HRIS, or map employeeId from a field that is unique.',
        },
      ]);
    }
  }
}

function sharedAddresses(
  people: People,
  statusOf: (id: string) => string | undefined,
  elsewhere: ReadonlyMap<number, readonly string[]>,
  conflicts: Map<number, Fault[]>,
  withoutEmail: Set<number>,
): void {
  for (const group of addressGroups(people, conflicts, elsewhere)) {
    // Who is out of scope and was never accepted will never meet the others in Together.
    const present = group.filter(
      (person) => people.kind(person) === Kind.user || statusOf(people.id(person) ?? '') !== undefined,
    );
    const absent = elsewhere.get(people.emailHash(group[0] as number)) ?? [];
    if (present.length + absent.length < 2) continue;
    for (const person of present) {
      const before = statusOf(people.id(person) as string);
      if (people.status(person) === 'T' && before !== undefined && before !== 'T') {
        withoutEmail.add(person);
        continue;
      }
      const others = present.filter((other) => other !== person).map((other) => people.id(other) as string);
      others.push(...absent);
      conflicts.set(person, [
        {
          field: 'email',
          code: 'duplicate_email',
          value: `with ${shortened(others)}`,
          message: `The e-mail address is also that of ${listed('employeeId', others)}.`,
          remedy: `Give each person an address of their own in the HRIS (clear it for who has left): Together would merge them into one.${absent.length > 0 ? ' Of whom the HRIS has no more, `target-together ledger forget ID` gives the address free.' : ''}`,
        },
      ]);
    }
  }
}

/** Who gets an address in this run that somebody else has in Together until then, and who that is. */
export function giversOf(
  people: People,
  statusOf: (id: string) => string | undefined,
  handedOver: Held['handedOver'],
): Map<number, readonly number[]> {
  const givers = new Map<number, readonly number[]>();
  if (handedOver.size === 0) return givers;
  const { size } = people;
  for (let person = 0; person < size; person++) {
    if (people.kind(person) !== Kind.user) continue;
    // What Together never had, nobody has to give up.
    const ids = (handedOver.get(people.emailHash(person)) ?? []).filter((id) => statusOf(id) !== undefined);
    if (ids.length > 0) givers.set(person, ids.map(people.find));
  }
  return givers;
}

/** Puts those who hand an address over in order; who can't have theirs yet joins the conflicts (a leaver goes without). */
function takeTurns(
  people: People,
  statusOf: (id: string) => string | undefined,
  givers: Findings['givers'],
  isIdle: (person: number) => boolean,
  conflicts: Map<number, Fault[]>,
  withoutEmail: Set<number>,
): Map<number, number> {
  const turns = new Map<number, number>();
  const takersOf = new Map<number, number[]>();
  const waits = new Map<number, number>();
  for (const [person, from] of givers) {
    if (conflicts.has(person) || withoutEmail.has(person)) continue;
    const before = statusOf(people.id(person) as string);
    if (people.status(person) === 'T' && before !== undefined && before !== 'T') {
      withoutEmail.add(person);
      continue;
    }
    waits.set(person, from.length);
    for (const giver of from) takersOf.set(giver, [...(takersOf.get(giver) ?? []), person]);
  }
  const ready = [...takersOf.keys()].filter(
    (giver) =>
      !waits.has(giver) &&
      people.kind(giver) === Kind.user &&
      !conflicts.has(giver) &&
      !withoutEmail.has(giver) &&
      !isIdle(giver),
  );
  for (const giver of ready) {
    const turn = turns.get(giver) ?? 0;
    turns.set(giver, turn);
    for (const taker of takersOf.get(giver) as number[]) {
      const left = (waits.get(taker) as number) - 1;
      if (takersOf.has(taker)) turns.set(taker, Math.max(turns.get(taker) ?? 0, turn + 1));
      if (left > 0) {
        waits.set(taker, left);
        continue;
      }
      waits.delete(taker);
      if (takersOf.has(taker) && !isIdle(taker)) ready.push(taker);
    }
  }
  for (const person of waits.keys()) {
    const ids = (givers.get(person) ?? []).map((giver) => people.id(giver) as string);
    turns.delete(person);
    if (people.status(person) === 'T' && statusOf(people.id(person) as string) !== undefined) {
      withoutEmail.add(person);
      continue;
    }
    conflicts.set(person, [
      {
        field: 'email',
        code: 'duplicate_email',
        value: `with ${shortened(ids)}`,
        message: `In Together the e-mail address is still that of ${listed('employeeId', ids)}, who can't give it up in this run.`,
        remedy:
          'It is tried again with each run. Where people change addresses round in a circle, give one of them another address for a night.',
      },
    ]);
  }
  return turns;
}

/** People with an address that somebody else has too, in groups, in order of first sight. */
function addressGroups(
  people: People,
  conflicts: ReadonlyMap<number, unknown>,
  elsewhere: ReadonlyMap<number, unknown>,
): number[][] {
  const { size } = people;
  const hashes = new Float64Array(size);
  let count = 0;
  const has = (person: number) => {
    const kind = people.kind(person);
    return (kind === Kind.user || kind === Kind.excluded) && people.emailHash(person) !== 0 && !conflicts.has(person);
  };
  for (let person = 0; person < size; person++) {
    if (has(person)) hashes[count++] = people.emailHash(person);
  }
  const sorted = hashes.subarray(0, count).sort();
  const twice = new Set<number>(elsewhere.keys());
  for (let i = 1; i < count; i++) if (sorted[i] === sorted[i - 1]) twice.add(sorted[i] as number);
  if (twice.size === 0) return [];
  const groups = new Map<string, number[]>();
  for (let person = 0; person < size; person++) {
    if (!has(person) || !twice.has(people.emailHash(person))) continue;
    const address = String(people.user(person).email).toLowerCase();
    const group = groups.get(address);
    if (group) group.push(person);
    else groups.set(address, [person]);
  }
  return [...groups.values()].filter(
    (group) => group.length > 1 || elsewhere.has(people.emailHash(group[0] as number)),
  );
}

function checkLinks(
  people: People,
  known: (id: string) => boolean,
  conflicts: ReadonlyMap<number, unknown>,
  pending: Readonly<Record<string, string>>,
) {
  const { size } = people;
  const reasons = new Uint8Array(size);
  const parent = new Int32Array(size).fill(-1);
  // By id position: 0 not asked yet, 1 known, 2 not. One manager is the answer to many questions.
  const asked = new Uint8Array(people.ids.size);
  const knownAt = (at: number): boolean => {
    if (asked[at] === 0) asked[at] = known(people.ids.at(at)) ? 1 : 2;
    return asked[at] === 1;
  };
  const canBeSent = (person: number) =>
    people.kind(person) === Kind.user &&
    !conflicts.has(person) &&
    // A leaver without an address is patched where Together knows them, and never created.
    (!people.isPatchOnly(person) || knownAt(people.idAt(person)));

  // Whoever is not read and waits for a link has a place behind those who are.
  const waiting = Object.keys(pending).filter((id) => people.find(id) < 0);
  const places = new Map(waiting.map((id, at) => [id, size + at]));
  const above = waiting.length > 0 ? new Int32Array(size + waiting.length).fill(-1) : parent;

  for (let person = 0; person < size; person++) {
    const at = people.supervisorAt(person);
    const kind = people.kind(person);
    if (at < 0 || (kind !== Kind.user && kind !== Kind.excluded) || conflicts.has(person)) continue;
    if (at === people.idAt(person)) {
      reasons[person] = dropReasons.indexOf('self');
      continue;
    }
    const supervisor = people.personOf(at);
    if (supervisor >= 0 && canBeSent(supervisor)) above[person] = parent[person] = supervisor;
    else if (knownAt(at)) {
      if (places.size > 0) above[person] = places.get(people.ids.at(at)) ?? -1;
    } else {
      const why = supervisor < 0 ? 'unknown' : people.kind(supervisor) === Kind.excluded ? 'excluded' : 'invalid';
      reasons[person] = dropReasons.indexOf(why);
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
      reasons[member] = dropReasons.indexOf('loop');
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
    dropped: (person: number) => (reasons[person] ? (dropReasons[reasons[person] as number] as DropReason) : undefined),
  };
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

/** "line 3 and line 9", "employeeId 1, 2, 3 and 4 more": nobody reads a list of thousands. */
function listed(noun: string, items: readonly (string | number)[]): string {
  return `${noun}${items.length > 1 ? 's' : ''} ${shortened(items)}`;
}

function shortened(items: readonly (string | number)[]): string {
  const more = items.length - 3;
  return `${items.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
