/** Which guards must stop a night, may stop it, or must let it pass. Where the rules leave the measure open, a night may stop. */
import {
  comingAnew,
  type Decision,
  type Decisions,
  endOf,
  namelessOf,
  type Read,
  startDayOf,
  statusOf,
} from './decide.ts';
import type { Memory } from './memory.ts';

export type Stop = 'must' | 'may' | 'no';

/** More than so many people and more than such a share. */
const limits: Readonly<Record<string, readonly [count: number, percent: number]>> = {
  terminated: [10, 5],
  changed: [50, 30],
  created: [50, 20],
  emails: [10, 5],
  rehired: [10, 5],
  vanished: [10, 5],
  moved: [3, 1],
  domain: [2, 0],
  boss: [1, 20],
};

/** Of these not all are certain to count: who is, stands under the same name with `surely`. */
const partlySure = new Set(['created', 'vanished', 'emails', 'domain']);

/** Matches by address alone, of all people that Together's list has and no run has sent: on a run that asks for the list. */
const mostRelinked = [10, 5] as const;

export function countDeeds(memory: Memory, decisions: Decisions, read: Read): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(Object.keys(limits).map((name) => [name, 0]));
  const add = (name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);
  const domains = new Set([...memory.together.values()].map(({ email }) => email.split('@')[1]));
  const bosses = new Map<string, number>();
  for (const decision of decisions.values()) {
    const { row, known, meaning, sent, address } = decision;
    if (decision.movedFrom !== undefined && !decision.isOpenMove) add('moved');
    if (decision.fault === 'out of scope' && known && known.employeeStatusCode !== 'T') add('outside');
    if (decision.fault || meaning.is === 'starts later') continue;
    const domain = row.emailAddress?.split('@')[1];
    if (domain !== undefined && !domains.has(domain)) {
      add('domain');
      // Released or met once, it stops no further night, though no address may lie there now.
      if (!memory.metDomains.has(domain)) add('surely domain');
    }
    if (decision.isOpenMove) add('relinked');
    if (known && memory.unsent.has(row.employeeId)) add(row.deleted ? 'listed and deleted' : 'listed');
    if (row.supervisorId && known?.supervisorId !== row.supervisorId)
      bosses.set(row.supervisorId, (bosses.get(row.supervisorId) ?? 0) + 1);
    if (!known) {
      if (sent !== 'no') add('created');
      if (sent === 'yes') add('surely created');
      continue;
    }
    // Who came in a run that was killed may count as new once more.
    if (memory.unsure.has(row.employeeId)) add('created');
    const status = statusOf(decision);
    const had = known.employeeStatusCode;
    if (status === 'T' && had !== 'T') add('terminated');
    else if (status !== 'T' && had === 'T') add('rehired');
    else add('changed');
    if (address === null || address === known.email) continue;
    add('emails');
    // An address that waits moves nowhere.
    if (decision.email === 'yes') add('surely emails');
  }
  counts['boss'] = Math.max(0, ...bosses.values());
  const anew = comingAnew(memory, decisions);
  if (read.complete) {
    for (const [id, { employeeStatusCode }] of memory.together) {
      const isMissing = employeeStatusCode !== 'T' && !decisions.has(id);
      if (!isMissing || memory.missed.has(id) || memory.unsent.has(id)) continue;
      add('vanished');
      // Whose address comes under a new id is that finding.
      if (!anew.has(id)) add('surely vanished');
    }
  }
  return counts;
}

const dayMs = 86_400_000;

export function stopOf(memory: Memory, decisions: Decisions, read: Read, counts: Record<string, number>): Stop {
  if (memory.baseline === 'none') return relinkedStop(memory, counts);
  const living = [...memory.together.values()].filter(({ employeeStatusCode }) => employeeStatusCode !== 'T').length;
  // Whom no run has sent is no part of what a run is compared with.
  const sent = [...memory.together.values()].filter(({ employeeId }) => !memory.unsent.has(employeeId));
  const sentLiving = sent.filter(({ employeeStatusCode }) => employeeStatusCode !== 'T').length;
  const bases = [living, sentLiving, memory.together.size, decisions.size, ...memory.lastPeople];
  const [least, most] = [Math.min(...bases), Math.max(...bases)];
  let stop: Stop = 'no';
  const raise = (to: Stop): void => {
    if (to === 'must' || stop === 'no') stop = to;
  };
  for (const [name, [count, percent]] of Object.entries(limits)) {
    const now = counts[name] ?? 0;
    const lately = memory.deeds
      .filter(({ at }) => Math.abs(read.now - at) < dayMs + 3_600_000)
      .reduce((sum, deeds) => sum + (deeds.counts[name] ?? 0), now);
    // How many of the "changed" really are is not counted here: rows of a complete read are mostly as they were.
    const isSure = name !== 'changed' && name !== 'boss';
    if (lately > 0 && ((lately > count && lately * 100 > percent * least) || (lately > 1 && lately * 2 >= least)))
      raise(name === 'changed' && read.complete ? manyChanged(memory, decisions, least) : 'may');
    const sure = partlySure.has(name) ? (counts[`surely ${name}`] ?? 0) : now;
    const passes = (sure > count && sure * 100 > percent * most) || (least >= 3 && sure * 2 > most);
    if (isSure && passes && memory.baseline === 'good') raise(memory.hasWhole ? 'must' : 'may');
  }
  raise(shareOf(memory, decisions, read));
  // Who may be left out tonight may be what a guard counts.
  const mayBeLess = [...decisions.values()].some(({ known, sent }) => known && sent === 'open');
  if (mayBeLess && (stop as Stop) === 'must') return 'may';
  if (namelessOf(read) > 0) raise('may');
  return stop;
}

/** On a first run, and after a lost state: nothing to compare with but Together's list. */
function relinkedStop(memory: Memory, counts: Record<string, number>): Stop {
  const { relinked = 0, moved = 0, listed = 0 } = counts;
  // What a run that was killed had passed stays passed; the rest the rules leave open.
  if (memory.lastPeople.length > 0) return 'may';
  if (memory.asksList === 'no') return 'no';
  const [count, percent] = mostRelinked;
  const passes = (found: number, others: number): boolean => {
    const matches = found + others;
    return (found > count && found * 100 > percent * matches) || (matches >= 3 && found * 2 > matches);
  };
  // Whether a row that is marked as deleted is such a match is left open.
  const deleted = counts['listed and deleted'] ?? 0;
  if (passes(relinked, listed) !== passes(relinked, listed + deleted)) return 'may';
  // Whether a new id whose old one comes as a leaver is such a match too is left open: the record changes its id in either case.
  if (!passes(relinked, listed)) return moved > 0 && passes(relinked + moved, listed - moved) ? 'may' : 'no';
  return memory.asksList === 'yes' && memory.unsure.size === 0 ? 'must' : 'may';
}

/** The end date that a body carries: with a T alone. */
const endSent = (decision: Decision): string | undefined =>
  decision.meaning.is === 'status' && decision.meaning.status === 'T'
    ? (endOf(decision) ?? decision.known?.dateOfTermination)
    : undefined;

/** People whose row says something else than Together has. */
function manyChanged(memory: Memory, decisions: Decisions, least: number): Stop {
  const moving = new Set([...decisions.values()].map(({ movedFrom }) => movedFrom));
  const isMoved = (id: string): boolean => moving.has(id) || memory.moved.has(id);
  let changed = 0;
  for (const decision of decisions.values()) {
    const { row, known } = decision;
    if (known && (known.title !== row.jobTitle || known.lastName !== row.lastName || known.email !== row.emailAddress))
      changed++;
    else if (known && known.supervisorId !== (row.supervisorId ?? undefined)) changed++;
    else if (known && (known.employeeStatusCode !== statusOf(decision) || known.lastHireDate !== startDayOf(decision)))
      changed++;
    else if (known && known.dateOfTermination !== endSent(decision)) changed++;
    // What Together's list did not say of a person no run knows.
    else if (known && memory.unsent.has(row.employeeId)) changed++;
    // What else a row has to say that is marked as deleted is left open.
    else if (known && row.deleted !== undefined) changed++;
    // Who reports to an old id follows it: their row says the old one, and Together gets the new one.
    else if (row.supervisorId && isMoved(row.supervisorId)) changed++;
    // A link to a supervisor who is not sent may be left out.
    else if (row.supervisorId && (decisions.get(row.supervisorId)?.sent ?? 'no') !== 'yes') changed++;
  }
  return changed > 1 && changed * 3 >= least ? 'may' : 'no';
}

/** A complete read with fewer rows than the last, or with fields less filled. */
function shareOf(memory: Memory, decisions: Decisions, read: Read): Stop {
  const all = [...decisions.values()];
  const filled = (has: (row: Read['rows'][number]) => unknown): number => all.filter(({ row }) => has(row)).length;
  if (filled((row) => row.emailAddress) < all.length * 0.95) return 'may';
  if (!read.complete) return all.length >= 50 ? 'may' : 'no';
  const lasts = memory.lastPeople;
  if (lasts.length > 0 && all.length < Math.min(...lasts) * 0.75) return memory.baseline === 'good' ? 'must' : 'may';
  return all.length < Math.max(0, ...lasts) * 0.85 ? 'may' : 'no';
}
