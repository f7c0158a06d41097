/** What the rules make of each person of a read, before anything is sent: the days, the faults, whose address is whose. */
import { type DayRules, type Meaning, meaningOf, realDay } from './days.ts';
import { outside, type Row } from './hr.ts';
import type { Memory, User } from './memory.ts';

export interface Read {
  readonly complete: boolean;
  /** Whether the source came to its end: its last STATE is there. */
  readonly ended: boolean;
  /** How it was read, for whoever writes its messages. */
  readonly reads: 'all' | 'announced' | 'cut' | 'changes';
  readonly rows: readonly Row[];
  /** The run's start, milliseconds since 1970. */
  readonly now: number;
}

export interface Rules extends DayRules {
  readonly onNewId: 'hold' | 'relink';
  readonly vanished: 'report' | 'terminate';
  readonly outOfScope: 'report' | 'terminate';
  /** A template with `{employeeId}`; null: leavers keep their address. */
  readonly leaverEmail: string | null;
}

/** `open`: the rules leave it open, or what the ledger knows is not certain. */
export type Goes = 'yes' | 'no' | 'open';

export interface Decision {
  readonly row: Row;
  readonly known: User | undefined;
  readonly meaning: Meaning;
  /** Why nothing is sent of this person whatever the others do. */
  readonly fault?: 'rows differ' | 'no address' | 'refused for good' | 'kept' | 'deleted' | 'out of scope' | 'old id';
  /** What goes out as the address: the row's, or the one that frees a leaver's; null: none. */
  readonly address: string | null;
  /** Whether another person who came with the address before, and whom Together never had, still claims it: the read does not say. */
  isClaimed?: boolean;
  /** Whether the address of the row gets to Together in this run. */
  email: Goes;
  /** Whether the person is sent. */
  sent: Goes;
  /** The known id that this new one takes the place of. */
  movedFrom?: string;
  /** Whether the ledger knows the old id is open, so whether Together is let to make one record of the two is too. */
  isOpenMove?: boolean;
  /** The same where others come with the address too. */
  claims?: string;
  /** The new id that has this one's address: then its end proves nothing. */
  movedTo?: string;
}

export type Decisions = ReadonlyMap<string, Decision>;

/** The status that Together is to have: a person whose end is ahead keeps what they had. */
export function statusOf({ meaning, known }: Pick<Decision, 'meaning' | 'known'>): string {
  if (meaning.is === 'status') return meaning.status;
  return known?.employeeStatusCode ?? 'A';
}

export function decide(memory: Memory, read: Read, rules: Rules): Decisions {
  const decisions = new Map<string, Decision>();
  for (const [id, rows] of byId(read.rows)) {
    const decision = first(memory, rows, rules, read.now);
    if (decision.sent === 'yes' && mayBeEarly(memory, decision, read.now)) decision.sent = 'open';
    decisions.set(id, decision);
  }
  findClaims(memory, read, decisions);
  findMoves(memory, read, decisions);
  const seen = new Map<string, Goes>();
  for (const id of decisions.keys()) goes(memory, decisions, id, seen, new Set());
  for (const [id, decision] of decisions) settle(decision, seen.get(id) ?? 'no', rules);
  return decisions;
}

function byId(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows)
    if (row.employeeId !== '') groups.set(row.employeeId, [...(groups.get(row.employeeId) ?? []), row]);
  return groups;
}

/** The ids that took a record, one after another: a person may come under a new id more than once. */
export function heirsOf({ moved }: Memory, id: string): string[] {
  const found: string[] = [];
  for (let heir = moved.get(id); heir !== undefined && !found.includes(heir); heir = moved.get(heir)) found.push(heir);
  return found;
}

function first(memory: Memory, rows: readonly Row[], rules: Rules, now: number): Decision {
  const [row] = rows as [Row];
  const known = memory.together.get(row.employeeId);
  const dated = { status: row.employeeStatusCode as 'A', start: row.lastHireDate, end: row.dateOfTermination };
  const whatNow = meaningOf(dated, rules, now);
  // A leave that is known before the first day: until then there is nobody to leave.
  const untilStart = meaningOf({ ...dated, status: 'A' }, rules, now);
  const meaning = !known && whatNow.is === 'leaving' && untilStart.is === 'starts later' ? untilStart : whatNow;
  const ends = row.deleted !== undefined || (meaning.is === 'status' && meaning.status === 'T');
  const freed = ends ? (rules.leaverEmail?.replace('{employeeId}', row.employeeId) ?? null) : null;
  const base = { row, known, meaning, address: freed ?? row.emailAddress, email: 'no' as const, sent: 'yes' as const };
  const isForGood = (body: typeof base) => memory.forGood.get(row.employeeId) === bodyOf(body);
  if (row.deleted) {
    if (!known) return { ...base, fault: 'deleted', sent: 'no' };
    const gone = { ...base, meaning: { is: 'status', status: 'T' } as const };
    return isForGood(gone) ? { ...gone, fault: 'refused for good', sent: 'no' } : gone;
  }
  if (row.employeeTypeCode === outside) return { ...base, fault: 'out of scope', sent: 'no' };
  // A leaver's row of an id whose record another one has now is nobody's any more.
  const heirs = heirsOf(memory, row.employeeId);
  const isOld = row.employeeStatusCode === 'T' && !known && heirs.some((heir) => memory.together.has(heir));
  // Where Together's list matched the two, no run has said that they are one: whether the old id comes as a leaver of its own is left open.
  const isListed = heirs.some((heir) => memory.heirs.has(heir));
  if (isOld && !isListed) return { ...base, fault: 'old id', sent: 'no' };
  if (row.kept) return { ...base, fault: 'kept', sent: 'no' };
  if (rows.some((other) => user(other) !== user(row))) return { ...base, fault: 'rows differ', sent: 'no' };
  if (isForGood(base)) return { ...base, fault: 'refused for good', sent: 'no' };
  if (meaning.is === 'starts later') return { ...base, sent: 'no' };
  if (row.emailAddress === null && !known) return { ...base, fault: 'no address', sent: 'no' };
  return isOld ? { ...base, sent: 'open' } : base;
}

/** Rows without an id: each may be anybody. */
export const namelessOf = (read: Read): number => read.rows.filter(({ employeeId }) => employeeId === '').length;

/** A row as the user that it maps to. */
const user = (row: Row): string => JSON.stringify({ ...row, recordId: undefined });

/** A row as far as it says something: UKG stamps rows on payday. */
const content = (row: Row): string => user({ ...row, dateTimeChanged: '' });

/**
 * What goes out of a row: with the address that does (a leaver who is given one says nothing new when the row's own changes), an end with
 * a T alone, once it is over, and no day that stands for none.
 */
export const bodyOf = (decision: Pick<Decision, 'row' | 'address' | 'meaning' | 'known'>): string => {
  const { row, address, meaning } = decision;
  const status = meaning.is === 'leaving' ? statusOf(decision) : row.employeeStatusCode;
  const hasEnd = meaning.is === 'status' && meaning.status === 'T';
  return content({
    ...row,
    emailAddress: address,
    employeeStatusCode: status as Row['employeeStatusCode'],
    lastHireDate: realDay(row.lastHireDate) ?? '',
    dateOfTermination: (hasEnd ? realDay(row.dateOfTermination) : undefined) ?? null,
  });
};

const hourMs = 3_600_000;

/** Whom Together refused is tried again once a day, with what is sent once a day: an earlier run may leave them out. */
function mayBeEarly(memory: Memory, decision: Decision, now: number): boolean {
  const refused = memory.refused.get(decision.row.employeeId);
  if (refused === undefined || refused.content !== bodyOf(decision)) return false;
  return Math.abs(now - refused.at) < 24 * hourMs;
}

/**
 * What a person claims whom Together never had is over once everybody is read without them; a part of the people does not show it. Whom
 * Together has may claim an address that it has not taken: that it is theirs by then is left open.
 */
function findClaims(memory: Memory, read: Read, decisions: Map<string, Decision>): void {
  const isOver = (id: string): boolean =>
    !memory.together.has(id) && (decisions.has(id) || (read.complete && memory.baseline !== 'none'));
  for (const [id, decision] of decisions)
    decision.isClaimed = [...memory.claims].some(
      ([other, emails]) =>
        other !== id &&
        emails.includes(decision.row.emailAddress ?? '') &&
        decision.row.emailAddress !== decisions.get(other)?.row.emailAddress &&
        !isOver(other),
    );
}

/** A known person who came with the address last, and from whom Together has not taken it. */
const claimantOf = (memory: Memory, email: string | null, not: string): string | undefined =>
  [...memory.claims].find(
    ([id, claimed]) => id !== not && claimed.includes(email ?? '') && memory.together.has(id),
  )?.[0];

const waitsFor = (memory: Memory, decisions: Decisions, email: string | null, not: string): boolean =>
  [...memory.waits].some(
    ([id, address]) => address === email && id !== not && memory.together.has(id) && !decisions.has(id),
  );

/** An unknown id with the address of a known person who is not in this complete read, or comes as T. */
function findMoves(memory: Memory, read: Read, decisions: Map<string, Decision>): void {
  for (const [id, decision] of decisions) {
    if (decision.known || decision.fault || decision.meaning.is === 'starts later') continue;
    const hasIt = ownerOf(memory, decision.row.emailAddress, id);
    const owner = hasIt ?? claimantOf(memory, decision.row.emailAddress, id);
    if (owner === undefined) continue;
    const before = decisions.get(owner);
    // Of leavers only those whom the address matches on a first run: a record under another id, that nobody else comes for. It matches none
    // where another address goes out.
    const matches =
      decision.address === decision.row.emailAddress && memory.unsent.has(owner) && memory.asksList !== 'no';
    if (isNewLeaver(decision) && (before || !matches)) continue;
    const ends = before?.meaning.is === 'status' && before.meaning.status === 'T';
    const isListed = memory.unsent.has(owner) && memory.asksList !== 'no';
    if (before ? !ends : !read.complete && !isListed && !memory.unsure.has(owner)) continue;
    // Who comes with another address of their own hands this one over.
    if (before?.row.emailAddress && before.row.emailAddress !== decision.row.emailAddress) continue;
    // Who had left before, or whose address the HRIS has emptied, gives it up with what is sent now.
    const givesUp = before && before.address !== before.row.emailAddress;
    if (givesUp && (before.known?.employeeStatusCode === 'T' || before.row.emailAddress === null)) continue;
    // Where others come with the address too, the rules do not say who the one person is: none of them is moved, and nobody is ended by it.
    const email = decision.row.emailAddress;
    // A leaver who has given it up before is none of them, whatever their row goes on saying.
    const gaveUp = ({ known, row, address }: Decision): boolean =>
      known?.employeeStatusCode === 'T' && address !== row.emailAddress && known.email !== row.emailAddress;
    const isRival = (other: string, one: Decision): boolean =>
      other !== id &&
      other !== owner &&
      one.row.emailAddress === email &&
      one.fault !== 'deleted' &&
      !isNewLeaver(one) &&
      !gaveUp(one);
    if ([...decisions].some(([other, one]) => isRival(other, one))) {
      if (isNewLeaver(decision)) continue;
      decision.claims = owner;
      if (before) before.movedTo = id;
      continue;
    }
    // Whoever was told to wait for the address, and is missing too, may be the one who comes with it.
    if (hasIt !== undefined && waitsFor(memory, decisions, email, owner)) {
      decision.claims = owner;
      if (before) before.movedTo = id;
      continue;
    }
    decision.movedFrom = owner;
    // Whose new id it is where another person came with the address before, and is missing too, the rules do not say.
    const waits = hasIt === undefined ? undefined : claimantOf(memory, email, id);
    const isDisputed = waits !== undefined && waits !== owner && !decisions.has(waits);
    // On a first run whom only the address matches becomes the new id, unless they are too many.
    decision.isOpenMove =
      hasIt === undefined ||
      isDisputed ||
      memory.unsure.has(owner) ||
      (isListed && !before) ||
      before?.fault !== undefined;
    if (before) before.movedTo = id;
  }
}

export function ownerOf(memory: Memory, email: string | null, not: string): string | undefined {
  if (email === null) return undefined;
  for (const [id, user] of memory.together) if (id !== not && user.email === email) return id;
  return undefined;
}

/** Whose address comes under a new id: that ends none of them. */
export function comingAnew(memory: Memory, decisions: Decisions): ReadonlySet<string | undefined> {
  const moved = new Set([...decisions.values()].flatMap(({ movedFrom, claims }) => [movedFrom, claims]));
  // Also where nothing of the new id's rows can be sent. A row that its source has deleted says of nobody that they are there.
  for (const [id, decision] of decisions) {
    const { known, fault, row } = decision;
    if (known || !fault || provesNothing.has(fault)) continue;
    // A second id that has ended is no new one.
    if (fault === 'out of scope' && isNewLeaver(decision)) continue;
    moved.add(ownerOf(memory, row.emailAddress, id));
  }
  return moved;
}

const provesNothing = new Set<Decision['fault']>(['old id', 'deleted', 'refused for good']);

/** The same by an id that Together refused for good: whether it is unknown, and has an address, is left open. */
export function comingRefused(memory: Memory, decisions: Decisions): ReadonlySet<string | undefined> {
  const all = [...decisions].filter(([, { known, fault }]) => !known && fault === 'refused for good');
  return new Set(all.map(([id, { row }]) => ownerOf(memory, row.emailAddress, id)));
}

/** Another id of somebody, ended before Together knew it. */
export const isNewLeaver = ({ known, meaning }: Decision): boolean =>
  !known && meaning.is === 'status' && meaning.status === 'T';

/** Whether a person's address can go out: it has no other owner, or one who hands it over in this run, and nobody else claims it. */
function goes(memory: Memory, decisions: Decisions, id: string, seen: Map<string, Goes>, way: Set<string>): Goes {
  const done = seen.get(id);
  if (done) return done;
  const decision = decisions.get(id);
  if (!decision || decision.sent === 'no' || decision.address === null) return 'no';
  // Round in a circle: nobody can be the first.
  if (way.has(id)) return 'no';
  way.add(id);
  const email = decision.address;
  let result: Goes = decision.sent;
  const worse = (other: Goes): void => {
    if (other === 'no' || result === 'yes') result = other === 'yes' ? result : other;
  };
  if (decision.known?.email !== email) {
    if (decision.isClaimed) worse('open');
    for (const [otherId, other] of decisions) {
      if (otherId === id || other.row.emailAddress !== email || other.known?.email === email) continue;
      // Deleted in Together, and no run has heard of it: it may claim the address as one who is known.
      if (memory.ghosts.has(otherId)) worse('open');
      worse(other.address === email ? claimed(decision, other) : claimedBefore(other));
    }
    const owner = ownerOf(memory, email, id);
    if ([...memory.ghosts].some(([ghost, had]) => ghost !== id && had === email)) worse('open');
    if (owner !== undefined) worse(handedOver(memory, decisions, owner, email, seen, way));
  }
  way.delete(id);
  seen.set(id, result);
  return result;
}

/** What a leaver, who gives the address up that the row has, leaves of another's claim. */
const claimedBefore = (other: Decision): Goes => (isNewLeaver(other) || other.known ? 'yes' : 'open');

/** What another claim on the same address leaves of this one's. */
function claimed(mine: Decision, other: Decision): Goes {
  if (other.fault === 'no address' || other.fault === 'refused for good') return 'open';
  if (other.fault || other.meaning.is === 'starts later') return 'open';
  // Two ids of one person, one of which ended before Together knew it: the living one is sent.
  if (isNewLeaver(other) && !isNewLeaver(mine)) return 'yes';
  if (isNewLeaver(other) && isNewLeaver(mine)) return 'open';
  if ((other.known && statusOf(other) === 'T') || mine.row.deleted) return 'open';
  return 'no';
}

/** An address is free only when Together has accepted another, filled one for its owner. */
function handedOver(
  memory: Memory,
  decisions: Decisions,
  owner: string,
  email: string,
  seen: Map<string, Goes>,
  way: Set<string>,
): Goes {
  const giver = decisions.get(owner);
  const isListed = memory.unsent.has(owner) && memory.asksList !== 'no' && !giver;
  const unsure: Goes = memory.unsure.has(owner) || isListed ? 'open' : 'no';
  if (!giver || giver.sent === 'no' || giver.address === null || giver.address === email) return unsure;
  return goes(memory, decisions, owner, seen, way);
}

function settle(decision: Decision, email: Goes, rules: Rules): void {
  decision.email = email;
  if (decision.sent === 'no' || decision.known) return;
  if (decision.sent === 'yes' || email === 'no') decision.sent = email;
  if (decision.movedFrom === undefined) return;
  if (decision.isOpenMove) {
    decision.sent = decision.email = 'open';
    return;
  }
  decision.sent = rules.onNewId === 'relink' ? 'yes' : 'no';
  if (rules.onNewId === 'relink') decision.email = 'yes';
}

/** The end date that goes out with a T. */
export const endOf = ({ row }: Decision): string | undefined => {
  const day = realDay(row.dateOfTermination);
  return day === undefined ? undefined : `${day}T00:00:00.000Z`;
};
export const startDayOf = ({ row }: Decision): string | undefined => {
  const day = realDay(row.lastHireDate);
  return day === undefined ? undefined : `${day}T00:00:00.000Z`;
};
