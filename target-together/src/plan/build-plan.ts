/** Between the last record and the first write: the checks of the whole set, the plan, its causes, and what the guards say of it. */

import { isAccepted, isDeleted, isGone, wasSent } from '../model/access.ts';
import { domainKey } from '../model/domain-key.ts';
import { countsOf, newlyVanished, readsWithout } from '../model/guard-counts.ts';
import { leaverEmail } from '../model/leaver-email.ts';
import type { Cause, Guard } from '../model/run-summary.ts';
import { Kind, type People } from '../people/person.ts';
import { doneWithin } from '../state/guard-window.ts';
import { mappingClause } from '../state/mapping-memory.ts';
import { isReject } from '../state/rejects/rejects-file.ts';
import type { RemoteIndex } from '../together/list/remote-index.ts';
import { findCauses } from './causes/find-causes.ts';
import { describeCause } from './causes/text.ts';
import { checkWholeSet } from './checks/check-people.ts';
import type { Findings } from './checks/findings.ts';
import { listedPeople, withListed } from './checks/listed-owners.ts';
import { checkListed } from './checks/lost-ledger.ts';
import { outOfScope } from './checks/out-of-scope.ts';
import { probableOwners } from './checks/rows-without-id.ts';
import { linkAbsent } from './checks/supervisors/absent-supervisors.ts';
import { relinksOf } from './checks/supervisors/pending-links.ts';
import { withClears } from './clears.ts';
import { compareRemote } from './compare-remote.ts';
import { overruled, warnOfOverruled, withLeft, withOverruled } from './drift/planned-drift.ts';
import { baselineOf, type GuardBaseline } from './guards/baseline.ts';
import { checkGuards } from './guards/guards.ts';
import { guardActions } from './guards/limits.ts';
import { isRenumbering } from './guards/passes.ts';
import { isStillDeleted, mayBeHeldBack, type RetryRules } from './held-back.ts';
import { makePlan } from './make-plan.ts';
import { namedBy, ofNamed } from './named-only.ts';
import type { Plan } from './plan.ts';
import { sameHash } from './plan-hash.ts';
import type { BuildPlanInput, Prepared } from './prepared.ts';

export async function buildPlan(input: BuildPlanInput): Promise<Prepared> {
  const { people, collected, state, settings } = input;
  const isNamed = namedBy(input.only, people, input.log);
  const pending = state.memory.pending_links ?? {};
  const goneId = (id: string) => isGone(state.lookup(id));
  const statusOf = (id: string) => {
    const known = state.lookup(id);
    return isDeleted(known) ? undefined : (known?.status ?? remote?.statusOf(id));
  };
  const isKnown = (id: string) => isAccepted(statusOf(id)) && !goneId(id);
  const canLink = (id: string) => isKnown(id) || isRead(people, id);
  await linkAbsent(people, state);
  const missing = state.memory.missing ?? {};
  const missed = collected.complete && !isNamed ? await state.missing((id) => people.find(id) >= 0) : [];
  const base = baselineOf(state.memory, state);
  const baselineNote = state.keeps ? base.note : 'state_dir is null: nothing is remembered, so there is no baseline';
  const leaving = leavingUnknown(input);
  const remote = await input.remote?.((id, listed) => {
    const person = people.find(id);
    const user = person >= 0 && people.kind(person) === Kind.user ? people.user(person) : undefined;
    return user && leaving.has(person) ? { ...user, employeeStatusCode: heldStatus(listed) } : user;
  });
  if (remote) holdStatuses(input, leaving, remote);
  const drift = await input.drift?.();
  if (remote) checkListed(collected, state, people, remote);
  const known = await state.emails.othersOf(people, collected.complete && !state.memory.open);
  const owners = remote ? withListed(people, remote, known) : known;
  const rules = retryRules(input);
  const found = checkWholeSet({
    people,
    statusOf,
    isGone: goneId,
    isDeleted: (person) => isStillDeleted(rules, person, canLink),
    owners,
    pending,
    complete: collected.complete,
    moved: state.memory.moved_ids ?? {},
    hash: state.hash,
    relinks: (count) => relinksNewIds(count, input, base.baseline),
    mayBeHeldBack: (person) => isNamed?.(person) === false || mayBeHeldBack(rules, person),
    isUnchanged: (person) => isUnchanged(input, person),
  });
  const findings = ofNamed(found, people, isNamed, isKnown);
  const vanished = missed.filter((id) => !findings.movedFrom.has(id));
  const fieldsAt = new Float64Array(people.size).fill(-1);
  const plan = makePlan({
    ...rules,
    onAccepted(person, { fieldsAt: at = -1 }) {
      // What has left the row of a person who has left, or could not be read, was not emptied.
      if (people.status(person) !== 'T' && !people.hasNotes(person)) fieldsAt[person] = at;
    },
    findings,
    vanished,
    outOfScope: outOfScope(people, statusOf).filter((person) => isNamed?.(person) !== false),
    endsOutOfScope: settings.out_of_scope === 'terminate' && base.baseline !== undefined,
    leaverEmail: leaverEmail(settings.leaver_email),
    relinks: isNamed ? [] : relinksOf(pending, people, findings, isKnown, goneId),
    listed: remote?.statusOf,
    drift,
    // Without a baseline no guard would stop a source that lost half of its people.
    endedVanished: base.baseline === undefined ? [] : endedVanished(input, vanished, findings.mayBeOutside),
    hashedFor: input.hashed ? input.scope : undefined,
  });
  const whose = collected.withoutId > 0 ? await probableOwners(people, state.emails) : [];
  const compared = remote && comparedWith(remote, input, plan);
  const { clears, ...causes } = await findCauses(input, plan, { remote, newIds: findings.newIds });
  const revived = overruled(plan, people, drift);
  warnOfOverruled(revived, people, input.log);
  const notes = withOverruled(compared?.notes ?? new Map(), revived);
  const guards = checkGuards({
    settings: settings.guards,
    // Guards count what changed, never a standing stock.
    counts: countsOf(plan.counts, newlyVanished(vanished, missing), causes.changesByField),
    lately: doneWithin(state.memory.guard_window ?? [], settings.guard_window_hours, input.startedAt),
    domains: domainsOf(input),
    supervisors: collected.supervisors,
    complete: collected.complete || collected.claimsEmpty,
    rows: people.count,
    filled: collected.filled,
    users: collected.users,
    matches: compared && { byId: compared.present, byAddress: compared.byAddress },
    baseline: state.keeps ? asPlanned(asMapped(base.baseline, input.mapping.fields), findings, people) : undefined,
    note: baselineNote,
  }).map((guard) => withCause(guard, input.mapping.changed, causes.causes));
  return {
    plan: withLeft(withClears(plan, clears, settings.clear_with), people, drift, causes.changes),
    clears,
    findings,
    guards,
    ...causes,
    notes: new Map([...notes, ...whose]),
    togetherOnly: compared?.togetherOnly,
    listed: compared && remote && listedPeople(remote, compared.taken, people.hashOfAddress),
    stale: await staleFields(input, fieldsAt, clears),
    baselineNote,
  };
}

function endedVanished(
  { settings, collected, state }: BuildPlanInput,
  vanished: readonly string[],
  mayBeOutside: ReadonlySet<string>,
): string[] {
  // A row without an id may be anyone.
  if (settings.vanished !== 'terminate' || collected.withoutId > 0) return [];
  const reads = (id: string) => readsWithout(state.memory.missing ?? {}, id) + 1;
  return vanished.filter((id) => !mayBeOutside.has(id) && reads(id) >= settings.vanished_after_reads);
}

function isRead(people: People, id: string): boolean {
  const person = people.find(id);
  return person >= 0 && people.kind(person) === Kind.user;
}

function holdStatuses({ people, state }: BuildPlanInput, leaving: ReadonlySet<number>, remote: RemoteIndex): void {
  for (const person of leaving)
    people.holdStatus(person, heldStatus(remote.statusOf(people.id(person) as string)), state.hash);
}

/** People whose last day lies ahead, while no run knows which status they keep until then. */
const leavingUnknown = ({ people, collected, state }: BuildPlanInput): ReadonlySet<number> =>
  new Set(
    collected.upcoming
      .filter(({ id, kind }) => kind === 'leaves' && state.lookup(id)?.status === undefined)
      .map(({ id }) => people.find(id))
      .filter((person) => people.kind(person) === Kind.user),
  );

/** Together's list is evidence as the ledger is. */
const heldStatus = (listed: string | undefined): string => (listed === 'L' || listed === 'T' ? listed : 'A');

const withCause = (guard: Guard, changed: readonly string[], causes: readonly Cause[]): Guard =>
  guard.verdict === 'tripped'
    ? { ...guard, cause: mappingClause(changed) ?? describeCause(causes, guardActions(guard.name)) }
    : guard;

function isUnchanged({ people, state, hashed }: BuildPlanInput, person: number): boolean {
  const before = state.lookup(people.id(person) as string)?.hash;
  return before !== undefined && hashed && sameHash(before, people.hash(person));
}

/** Looked after elsewhere, or no value of the person's. */
const neverStale = new Set(['employeeId', 'email', 'dateOfTermination', 'lastUpdated']);

async function staleFields(
  { people, state, collected, mapping }: BuildPlanInput,
  at: Float64Array,
  clears: Prepared['clears'],
): Promise<Record<string, number>> {
  const counts = { ...(await state.leftOut({ at, setOf: people.fields, fieldsOf: collected.fields.fieldsOf })) };
  // What this run empties does not stay.
  for (const [person, fields] of clears)
    for (const field of fields) if ((at[person] as number) >= 0 && counts[field]) counts[field]--;
  const isMapped = (field: string) => mapping.fields?.includes(field) !== false;
  return Object.fromEntries(
    Object.entries(counts).filter(([field, count]) => count > 0 && !neverStale.has(field) && isMapped(field)),
  );
}

const domainsOf = ({ collected, state }: BuildPlanInput) =>
  [...collected.domains].map(([domain, count]) => ({ domain, key: domainKey(domain, state.hash), people: count }));

/** A field that the mapping has no more can't be filled; that its column has gone is reported elsewhere. */
function asMapped(
  baseline: GuardBaseline | undefined,
  fields: readonly string[] | undefined,
): GuardBaseline | undefined {
  if (!baseline?.filled || !fields) return baseline;
  const filled = Object.entries(baseline.filled).filter(([field]) => fields.includes(field));
  return { ...baseline, filled: Object.fromEntries(filled) };
}

/** A supervisor of many who comes under a new id has not got them today. */
function asPlanned(
  baseline: GuardBaseline | undefined,
  { newIds }: Findings,
  people: People,
): GuardBaseline | undefined {
  if (!baseline?.supervisors) return baseline;
  const known = new Set(baseline.supervisors);
  const moved = [...newIds].filter(([, from]) => known.has(from)).map(([person]) => people.id(person) as string);
  return { ...baseline, supervisors: [...known, ...moved] };
}

/** An interrupted run that has begun to relink goes on with it. */
function relinksNewIds(
  count: number,
  { state, settings }: BuildPlanInput,
  baseline: GuardBaseline | undefined,
): boolean {
  const { second_record, open } = state.memory;
  if (second_record) return false;
  return (
    settings.on_new_id === 'relink' || (open?.planned.move ?? 0) > 0 || isRenumbering(count, settings.guards, baseline)
  );
}

/** What Together's own list gives to look at, and who stands in it alone. */
function comparedWith(remote: RemoteIndex, { people, collected, state, log }: BuildPlanInput, plan: Plan) {
  const compared = compareRemote(people, plan, remote, (id) => wasSent(state.lookup(id)));
  for (const line of compared.lines) log.info(line);
  for (const line of compared.warnings) log.warn(line);
  const isMatched = (id: string) => people.find(id) >= 0 || compared.matched.has(id);
  return { ...compared, togetherOnly: collected.complete ? remote.activeOutside(isMatched) : undefined };
}

const retryRules = ({ people, state, startedAt, settings }: BuildPlanInput): RetryRules => ({
  people,
  known: state.version === 'empty' ? undefined : state.lookup,
  hash: state.hash,
  now: startedAt,
  resendAfterHours: settings.resend_after_hours,
  replayed: (person) => isReject(people.raw(person)),
});
