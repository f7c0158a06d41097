/**
 * What Together must hold after a night, which ids must be named, and how the run must end: from the rules of people over time alone.
 * Where the rules leave something open, several answers are right; what Together then holds is taken as it is seen.
 */
import { countDeeds, type Stop, stopOf } from './brakes.ts';
import {
  bodyOf,
  comingAnew,
  comingRefused,
  type Decision,
  type Decisions,
  decide,
  endOf,
  heirsOf,
  isNewLeaver,
  namelessOf,
  type Read,
  type Rules,
  startDayOf,
  statusOf,
} from './decide.ts';
import { type Field, fields, type Memory, meetDomains, type User } from './memory.ts';

export interface Allowed {
  readonly present: 'yes' | 'no' | 'either';
  /** Values that are right, by field; any where a field is not named. */
  readonly values: Partial<Record<Field, readonly (string | undefined)[]>>;
}

export interface Expected {
  readonly decisions: Decisions;
  readonly stop: Stop;
  /** Whether a plan that a guard stopped is released. */
  readonly accepted: boolean;
  readonly counts: Readonly<Record<string, number>>;
  /** By employeeId, where nothing stops the run: everybody who may be in Together afterwards. */
  readonly people: ReadonlyMap<string, Allowed>;
  /** Whether an account that is to become a new id's may be deleted in Together, unheard: its second record stops the run for an operator. */
  readonly mayMakeSecond: boolean;
  /** Exit codes of a run that is not stopped. */
  readonly exits: readonly number[];
  /** Ids of people who are not sent, or wait: each must be named. */
  readonly named: readonly string[];
}

/** Answers of Together that are ordered for a night, by employeeId. */
export type Refusals = ReadonlyMap<string, 400 | 409 | 410>;

export interface Tonight {
  readonly read: Read;
  readonly rules: Rules;
  readonly refusals: Refusals;
  readonly maxRejectedPercent: number;
  /** A plan that a guard stopped is released. */
  readonly accepted: boolean;
}

export function expectNight(
  memory: Memory,
  { read, rules, refusals, maxRejectedPercent, accepted }: Tonight,
): Expected {
  const decisions = decide(memory, read, rules);
  for (const [id, decision] of decisions) if (refusals.has(id)) waitFor(decisions, decision);
  const people = new Map<string, Allowed>();
  for (const [id, user] of memory.together) people.set(id, sameAs(user));
  for (const [id, decision] of decisions) people.set(id, after(memory, decisions, decision, refusals.get(id)));
  for (const decision of decisions.values()) {
    if (decision.movedFrom === undefined) continue;
    move(people, decision, rules, accepted);
    if (refusals.has(decision.row.employeeId) || refusals.has(decision.movedFrom)) mayMove(people, decision);
    if (people.get(decision.row.employeeId)?.present === 'either') mayLink(people, decisions, decision.row.employeeId);
  }
  if (rules.outOfScope === 'terminate') endOutOfScope(memory, decisions, people, refusals);
  if (read.complete && rules.vanished === 'terminate' && namelessOf(read) === 0)
    endVanished(memory, decisions, people, rules, refusals);
  restoreLinks(memory, people, read);
  const counts = countDeeds(memory, decisions, read);
  const isReleased = accepted && [...decisions.values()].some(({ movedFrom }) => movedFrom !== undefined);
  const exitsAreOpen = namelessOf(read) > 0 || isReleased;
  return {
    decisions,
    counts,
    accepted,
    people,
    mayMakeSecond: (accepted || rules.onNewId === 'relink') && comeForGhosts(memory, decisions),
    stop: accepted ? 'no' : stopOf(memory, decisions, read, counts),
    exits: exitsAreOpen ? [0, 4] : exitsOf(memory, decisions, refusals, maxRejectedPercent),
    named: [...decisions].filter(([, decision]) => mustBeNamed(decision)).map(([id]) => id),
  };
}

const comeForGhosts = ({ ghosts }: Memory, decisions: Decisions): boolean =>
  [...decisions.values()].some(
    ({ known, row, sent }) =>
      !known && sent !== 'no' && [...ghosts.values()].some((email) => email === row.emailAddress),
  );

/** Whoever waits for an address of a person who is refused tonight goes on waiting. */
function waitFor(decisions: Decisions, giver: Decision): void {
  const free = giver.known?.email;
  if (free === undefined || free === giver.address) return;
  for (const other of decisions.values()) {
    if (other === giver || other.address !== free || other.email === 'no') continue;
    other.email = 'no';
    if (!other.known) other.sent = 'no';
    waitFor(decisions, other);
  }
}

const sameAs = (user: User): Allowed => ({
  present: 'yes',
  values: Object.fromEntries(fields.map((field) => [field, [user[field]]])),
});

/** A person of this read, if the run gets to its end. */
function after(memory: Memory, decisions: Decisions, decision: Decision, refusal: number | undefined): Allowed {
  const { known, sent } = decision;
  const unsure = memory.unsure.has(decision.row.employeeId);
  if (sent === 'no' && !known) return { present: unsure ? 'either' : 'no', values: {} };
  if (sent === 'no' && known) return mayEnd(decision) ? leaverOutside(known, decision) : sameAs(known);
  if (refusal !== undefined) {
    if (refusal === 410) return { present: 'no', values: {} };
    return known ? sameAs(known) : { present: 'no', values: {} };
  }
  if (decision.row.deleted && known) {
    const ended = deletedNow(known, decision);
    return decision.movedTo === undefined ? ended : eitherOf(sameAs(known), ended.values);
  }
  const values = valuesOf(memory, decisions, decision);
  // Deleted in Together, and no run has heard of it: their row may be as it was, and not be sent.
  if (!known)
    return { present: sent === 'open' || memory.ghosts.has(decision.row.employeeId) ? 'either' : 'yes', values };
  if (decision.address === null && statusOf(decision) !== 'T') return eitherOf(sameAs(known), values);
  // Where their new id is held, the old one stays as it is, or goes on.
  if (sent === 'open' || decision.movedTo !== undefined) return eitherOf(sameAs(known), values);
  return { present: 'yes', values };
}

/** A filter leaves the row out, and it says that the person has left. */
const isLeaverOutside = ({ fault, meaning }: Decision): boolean =>
  fault === 'out of scope' && meaning.is === 'status' && meaning.status === 'T';

/** The same where rows that differ say it: access may end whichever is right. */
const mayEnd = (decision: Decision): boolean =>
  isLeaverOutside(decision) ||
  (decision.fault === 'rows differ' && decision.meaning.is === 'status' && decision.meaning.status === 'T');

/** The rules do not say whether such an end goes out, nor what else with it. */
const leaverOutside = (known: User, { address }: Decision): Allowed => ({
  present: 'yes',
  values: { email: [known.email, address ?? undefined], employeeStatusCode: [known.employeeStatusCode, 'T'] },
});

/** Whom a filter leaves out now, and whom Together has as active. Without a run to compare with no guard would stop it: then it may wait. */
function endOutOfScope(memory: Memory, decisions: Decisions, people: Map<string, Allowed>, refusals: Refusals): void {
  for (const [id, { known, fault }] of decisions) {
    if (fault !== 'out of scope' || !known || known.employeeStatusCode === 'T' || refusals.has(id)) continue;
    const status = memory.baseline === 'good' && !memory.unsure.has(id) ? ['T'] : [known.employeeStatusCode, 'T'];
    // The rules do not say which day or address such an end carries.
    const { dateOfTermination: _, email: __, ...others } = sameAs(known).values;
    people.set(id, { present: 'yes', values: { ...others, employeeStatusCode: status } });
  }
}

/** Ended as a leaver. Of a whole row the rest may go out too; which day the end carries the rules do not say. */
function deletedNow(known: User, { row, address }: Decision): Allowed {
  const { email, employeeStatusCode: _, dateOfTermination: __, ...others } = sameAs(known).values;
  const ended = { employeeStatusCode: ['T'] };
  if (row.deleted === 'key only')
    return {
      present: 'yes',
      values: { ...others, ...ended, email: address === null ? (email ?? []) : [address, known.email] },
    };
  return {
    present: 'yes',
    values: { ...ended, email: [known.email, address ?? undefined, row.emailAddress ?? undefined] },
  };
}

function eitherOf(same: Allowed, values: Allowed['values']): Allowed {
  const both = fields.map((field) => [field, [...(same.values[field] ?? []), ...(values[field] ?? [])]] as const);
  return { present: same.present, values: Object.fromEntries(both) };
}

function valuesOf(memory: Memory, decisions: Decisions, one: Decision): Allowed['values'] {
  // Where an old id's record becomes this person's, what is not sent stays as the old id had it.
  const before = one.known ?? (one.movedFrom === undefined ? undefined : memory.together.get(one.movedFrom));
  const decision = { ...one, known: before };
  const { row, known, email, meaning } = decision;
  const status = statusOf(decision);
  const address = one.address ?? undefined;
  const emails: (string | undefined)[] = [];
  if (email !== 'no') emails.push(address);
  // A leaver goes first, so that an address that another person has till later in the run waits.
  if (email !== 'yes' || (status === 'T' && known)) emails.push(known?.email);
  const boss = row.supervisorId ?? undefined;
  // Whether a leaver whose last day was moved ahead keeps the address that leavers get the rules leave open.
  const isMovedAhead = meaning.is === 'leaving' && status === 'T';
  return {
    ...(isMovedAhead ? {} : { email: emails }),
    employeeStatusCode: decision.movedTo === undefined ? [status] : [status, known?.employeeStatusCode],
    title: [row.jobTitle],
    lastName: [row.lastName],
    lastHireDate: [startDayOf(decision) ?? known?.lastHireDate],
    supervisorId: bossesOf(memory, decisions, decision, boss),
    dateOfTermination: endsOf(memory, decision, meaning.is === 'leaving', status),
  };
}

function endsOf(memory: Memory, decision: Decision, isLeaving: boolean, status: string): (string | undefined)[] {
  const had = decision.known?.dateOfTermination;
  if (decision.movedTo !== undefined) return [had, endOf(decision), undefined];
  if (!isLeaving && status === 'T') return [endOf(decision) ?? had];
  // Cleared once an earlier run had sent it: a ledger that was lost cannot know.
  const { employeeId } = decision.row;
  const isOpen = [memory.unsent, memory.oldEnds, memory.unsure, memory.heirs].some((ids) => ids.has(employeeId));
  return isOpen || status === 'T' ? [undefined, had] : [undefined];
}

/** The supervisor's link goes out when Together has them, or gets them in this run; else what was there stays. */
function bossesOf(
  memory: Memory,
  decisions: Decisions,
  { known, row, movedFrom }: Decision,
  boss: string | undefined,
): (string | undefined)[] {
  const had = known?.supervisorId;
  if (boss === undefined || boss === row.employeeId || boss === movedFrom) return [had];
  // Who reports to an old id reports to the new one, as soon as it has the record.
  const moving = [...decisions.values()].find((other) => other.movedFrom === boss)?.row.employeeId;
  const moved = [moving, ...heirsOf(memory, boss)].filter((id) => id !== undefined);
  if (moved.length > 0) return [...moved, boss, had];
  const supervisor = decisions.get(boss);
  // Whether an account that can't be changed any more (409) is a supervisor is left open; one that is gone (410) is none.
  if (memory.together.has(boss) && memory.forGood.has(boss)) return [boss, had];
  // Deleted in Together, and no run has heard of it.
  const isOpen = memory.unsure.has(boss) || memory.ghosts.has(boss);
  const isKnown = memory.together.has(boss) && !isOpen;
  if (isKnown && (!supervisor || supervisor.sent === 'yes')) return [boss];
  if (isKnown || supervisor?.sent !== 'no') return [boss, had];
  return isOpen ? [boss, had] : [had];
}

/** A link that was left out comes back as soon as its supervisor is there; who asks for whom is on their row alone. */
function restoreLinks(memory: Memory, people: Map<string, Allowed>, read: Read): void {
  const asked = new Set(read.rows.map(({ employeeId }) => employeeId));
  for (const [id, allowed] of people) {
    const links = allowed.values.supervisorId;
    if (!links || asked.has(id)) continue;
    const arrives = [...people].filter(([boss, { present }]) => present !== 'no' && !memory.together.has(boss));
    people.set(id, {
      ...allowed,
      values: { ...allowed.values, supervisorId: [...links, ...arrives.map(([boss]) => boss)] },
    });
  }
}

/** Whether the record is the old id's or the new one's afterwards is open. */
function mayMove(people: Map<string, Allowed>, { movedFrom = '', row }: Decision): void {
  people.set(movedFrom, { values: {}, ...people.get(movedFrom), present: 'either' });
  people.set(row.employeeId, { present: 'either', values: {} });
}

/** A supervisor who may come in this run. */
function mayLink(people: Map<string, Allowed>, decisions: Decisions, boss: string): void {
  for (const [id, { row }] of decisions) {
    const allowed = people.get(id);
    const links = allowed?.values.supervisorId;
    if (!allowed || !links || row.supervisorId !== boss || links.includes(boss)) continue;
    people.set(id, { ...allowed, values: { ...allowed.values, supervisorId: [...links, boss] } });
  }
}

/** The record of an old id becomes the new one's; where it is held, both stay as they are. */
function move(people: Map<string, Allowed>, decision: Decision, rules: Rules, accepted: boolean): void {
  const { movedFrom = '', row } = decision;
  if (decision.isOpenMove) {
    mayMove(people, decision);
    return;
  }
  if (rules.onNewId === 'hold' && !accepted) return;
  const mine = people.get(row.employeeId);
  if (rules.onNewId === 'relink') {
    people.set(movedFrom, { present: 'no', values: {} });
    return;
  }
  people.set(movedFrom, { ...(people.get(movedFrom) as Allowed), present: 'either' });
  people.set(row.employeeId, { present: 'either', values: mine?.values ?? {} });
}

/** After two complete reads in a row without the person; never the one whose address came under a new id. */
function endVanished(
  memory: Memory,
  decisions: Decisions,
  people: Map<string, Allowed>,
  { leaverEmail }: Rules,
  refusals: Refusals,
): void {
  const moved = comingAnew(memory, decisions);
  const refused = comingRefused(memory, decisions);
  for (const [id, user] of memory.together) {
    if (decisions.has(id) || user.employeeStatusCode === 'T' || moved.has(id) || refusals.has(id)) continue;
    // No run has sent them: they may be an admin's.
    if (memory.unsent.has(id) && !memory.unsure.has(id)) continue;
    const { sure, most } = memory.missed.get(id) ?? { sure: 0, most: 0 };
    if (most + 1 < 2) continue;
    const isOpen = memory.unsure.has(id) || refused.has(id);
    const status = sure + 1 >= 2 && !isOpen ? ['T'] : [user.employeeStatusCode, 'T'];
    const same = sameAs(user);
    // The rules do not say which day such an end carries.
    const { dateOfTermination: _, ...others } = same.values;
    const freed = leaverEmail?.replace('{employeeId}', id) ?? user.email;
    const email = status.length === 1 ? [freed] : [user.email, freed];
    people.set(id, { ...same, values: { ...others, email, employeeStatusCode: status } });
  }
}

function exitsOf(memory: Memory, decisions: Decisions, refusals: Refusals, maxRejectedPercent: number): number[] {
  const all = [...decisions.values()];
  // Whom the run ends without a row of theirs may be refused too.
  const isMissing = (id: string): boolean => !decisions.has(id) && memory.together.has(id);
  if ([...refusals.keys()].some(isMissing)) return [0, 4];
  // Whether a run that was killed had heard of a refusal is not known.
  if (all.some(({ row: { employeeId } }) => refusals.has(employeeId) && memory.unsure.has(employeeId))) return [0, 4];
  const refused = all.filter((one) => isNews(memory, one) && refusals.has(one.row.employeeId)).length;
  const mayBe = all.some(({ row, sent }) => sent !== 'no' && refusals.has(row.employeeId));
  if (refused * 100 > maxRejectedPercent * all.length) return [4];
  const isFine = (one: Decision): boolean =>
    one.sent === 'yes' &&
    (one.email === 'yes' || (one.address === null && statusOf(one) === 'T') || one.known?.email === one.address);
  // Who starts later, was refused for good before, or is a second id that ended long ago, is no failure of this night.
  const isQuiet = (one: Decision): boolean =>
    one.fault === undefined ? one.meaning.is === 'starts later' || isNewLeaver(one) : quietFaults.has(one.fault);
  if (!mayBe && all.every(isFine)) return [0];
  const failed = all.filter((one) => one.sent === 'no' && !isQuiet(one)).length;
  return all.length > 0 && failed === all.length ? [4] : [0, 4];
}

/** Left out without anything being wrong. */
const quietFaults = new Set<Decision['fault']>(['refused for good', 'kept', 'deleted', 'out of scope', 'old id']);

/** Whether a person is sent for certain: whose body is as it was is only sent once a day, also where Together has deleted the account, unheard. */
function isNews({ ghosts }: Memory, { row, known, sent, meaning }: Decision): boolean {
  if (ghosts.has(row.employeeId)) return false;
  if (sent !== 'yes' || !known) return sent === 'yes';
  const status = meaning.is === 'status' ? meaning.status : known.employeeStatusCode;
  return known.title !== row.jobTitle || known.lastName !== row.lastName || known.employeeStatusCode !== status;
}

function mustBeNamed(decision: Decision): boolean {
  const { sent, fault, movedFrom, meaning } = decision;
  // The row of a leaver who was moved stays in many sources for good: it is counted.
  if (isNewLeaver(decision)) return false;
  // Whom Together has as active is named where a filter leaves them out now.
  if (fault === 'out of scope')
    return decision.known !== undefined && decision.known.employeeStatusCode !== 'T' && !isLeaverOutside(decision);
  if (quietFaults.has(fault)) return false;
  return sent === 'no' && (fault !== undefined || movedFrom !== undefined || meaning.is !== 'starts later');
}

/** Takes a night that was seen into memory. */
export function remember(
  memory: Memory,
  { read, refusals }: Pick<Tonight, 'read' | 'refusals'>,
  expected: Expected,
  seen: {
    together: ReadonlyMap<string, User>;
    ended: 'well' | 'refused' | 'stopped' | 'killed';
    /** employeeIds that came to Together; absent: all that are sent. */
    received?: ReadonlySet<string>;
  },
): void {
  const moved = comingAnew(memory, expected.decisions);
  const isHeard = (id: string): boolean => seen.received?.has(id) ?? true;
  memory.together = seen.together;
  const isOver = seen.ended === 'well' || seen.ended === 'refused';
  for (const id of expected.decisions.keys()) if (seen.ended !== 'stopped') memory.waits.delete(id);
  if (seen.ended === 'killed') {
    if (memory.asksList === 'yes') memory.asksList = 'may';
    for (const [id, { sent, row }] of expected.decisions) {
      if (sent === 'no') continue;
      memory.unsure.add(id);
      // Whether Together has taken the address is not known till a run gets to its end.
      if (row.emailAddress && memory.together.get(id)?.email !== row.emailAddress)
        memory.claims.set(id, [...(memory.claims.get(id) ?? []), row.emailAddress]);
    }
    memory.baseline = 'none';
  }
  if (read.complete) {
    for (const id of expected.decisions.keys()) memory.missed.delete(id);
    for (const [id, { employeeStatusCode }] of memory.together) {
      if (expected.decisions.has(id) || employeeStatusCode === 'T' || memory.unsent.has(id)) continue;
      const { sure, most } = memory.missed.get(id) ?? { sure: 0, most: 0 };
      // Whether a read counts in which the person may be there under a new id is left open; it does not where nothing was sent.
      const isSure = seen.ended === 'well' && namelessOf(read) === 0;
      memory.missed.set(id, { sure: moved.has(id) ? 0 : sure + (isSure ? 1 : 0), most: most + 1 });
    }
  }
  if (seen.ended === 'stopped') return;
  memory.deeds.push({ at: read.now, counts: expected.counts });
  meetDomains(memory);
  if (!isOver) return;
  // Who does not come, or of whom nothing is sent, stays as unsure as before; so does who is refused, and may have been told so in the run that was killed.
  for (const [id, { sent }] of expected.decisions)
    if (sent !== 'no' && (isHeard(id) || !refusals.has(id))) memory.unsure.delete(id);
  // A read without anybody is no company to compare with.
  if (read.complete && expected.decisions.size > 0)
    // Whether a run that ended with refusals is what the next one is compared with is left open.
    memory.lastPeople = [
      ...(seen.ended === 'well' ? [] : memory.lastPeople),
      expected.decisions.size,
      expected.decisions.size + namelessOf(read),
    ];
  if (seen.ended === 'well' && read.complete) memory.hasWhole = true;
  if (expected.accepted)
    for (const { emailAddress } of read.rows) memory.metDomains.add(emailAddress?.split('@')[1] ?? '');
  if (seen.ended === 'well' || memory.baseline === 'none') memory.baseline = seen.ended === 'well' ? 'good' : 'unknown';
  if (read.complete)
    for (const id of memory.claims.keys())
      if (!expected.decisions.has(id) && !memory.together.has(id)) memory.claims.delete(id);
  for (const [id, decision] of expected.decisions) {
    const claimed = decision.row.emailAddress;
    const { sent, movedTo, movedFrom, isOpenMove } = decision;
    if (claimed && sent === 'yes' && decision.known && decision.email === 'no' && !refusals.has(id) && !movedTo)
      memory.waits.set(id, claimed);
    // Of whom nothing is sent gives nothing up that they came with before.
    const stays = sent === 'no' && memory.together.has(id) ? (memory.claims.get(id) ?? []) : [];
    const claims = claimed && memory.together.get(id)?.email !== claimed ? [...stays, claimed] : stays;
    if (claims.length > 0) memory.claims.set(id, [...new Set(claims)]);
    else memory.claims.delete(id);
    if (memory.together.get(id)?.dateOfTermination === undefined) memory.oldEnds.delete(id);
    if (isOpenMove && memory.together.has(id)) memory.heirs.add(id);
    // Let through once, and refused or cut off: it is let through again.
    if (isOpenMove && movedFrom !== undefined && memory.together.has(movedFrom)) memory.unsure.add(movedFrom);
    if (movedFrom !== undefined && memory.together.has(id) && !memory.together.has(movedFrom))
      memory.moved.set(movedFrom, id);
    const refusal = refusals.get(id);
    // An account deleted in Together, unheard, is sent as one who is known: without an address that another person has.
    const goesOut = sent !== 'no' || (memory.ghosts.has(id) && seen.received?.has(id) === true);
    if (goesOut) {
      if (isHeard(id) || memory.together.has(id)) memory.ghosts.delete(id);
      if (sent === 'yes' && refusal === undefined && movedTo === undefined) {
        memory.unsent.delete(id);
        if (endOf(decision) !== undefined && statusOf(decision) === 'T') memory.oldEnds.delete(id);
      }
      if (refusal === undefined && memory.together.has(id)) memory.asksList = 'no';
    }
    if (goesOut && refusal !== undefined && isHeard(id)) {
      if (refusal === 400) memory.refused.set(id, { at: read.now, content: bodyOf(decision) });
      else memory.forGood.set(id, bodyOf(decision));
    } else if (sent === 'yes' && isHeard(id)) {
      memory.refused.delete(id);
      memory.forGood.delete(id);
    }
  }
}

/** Where what is seen is none of what is right: each a line that names the person and the field, with what was allowed. */
export function divergences(people: ReadonlyMap<string, Allowed>, seen: ReadonlyMap<string, User>): string[] {
  const found: string[] = [];
  for (const [id, { present, values }] of people) {
    const user = seen.get(id);
    if (!user) {
      if (present === 'yes') found.push(`${id} is missing`);
      continue;
    }
    if (present === 'no') {
      found.push(`${id} is there, and must not be`);
      continue;
    }
    for (const field of fields) {
      const right = values[field];
      if (right && !right.includes(user[field]))
        found.push(`${id} ${field} is ${show(user[field])}, not ${right.map(show).join(' or ')}`);
    }
  }
  for (const id of seen.keys()) if (!people.has(id)) found.push(`${id} is there, and nobody knows why`);
  return found;
}

const show = (value: string | undefined): string => (value === undefined ? 'empty' : value);
