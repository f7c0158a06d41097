/** Between the last record and the first write: whole-set checks, the plan, why it is what it is, and what the guards say of it. */
import type { Logger } from '@ukg-together/protocol/log';
import type { Books } from './books.ts';
import { type ChangedField, causeWords, createCauses, isOrganisational, isReference } from './causes.ts';
import { checkWholeSet, type Findings } from './check.ts';
import type { Collected } from './collect.ts';
import { compareRemote } from './compare-remote.ts';
import { checkGuards, guardActions } from './guards.ts';
import { addressesOf, addressOf } from './holders.ts';
import { relinksOf } from './links.ts';
import { Kind, type People } from './people/people.ts';
import { makePlan, type Plan } from './plan.ts';
import { isReject } from './rejects.ts';
import type { AskRemote, RemoteIndex, RemoteValues } from './remote.ts';
import type { Cause, Guard } from './report/model.ts';
import { baselineOf } from './run-memory.ts';
import type { Settings } from './settings.ts';
import type { Fault, TogetherUser } from './types.ts';

const keptChanges = 20_000;

export interface PrepareInput {
  readonly people: People;
  readonly collected: Collected;
  readonly books: Books;
  readonly settings: Settings;
  /** Together's own list, where this run asks for it and it can be read. */
  readonly remote: AskRemote | undefined;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Whether anybody asks for the plan's hash. */
  readonly hashed: boolean;
  /** Host and organization. */
  readonly scope: string;
}

/** What the run means to do, and what people are told of it. */
export interface Prepared {
  readonly plan: Plan;
  readonly findings: Findings;
  readonly guards: readonly Guard[];
  readonly causes: readonly Cause[];
  /** Counts everybody. */
  readonly changesByField: Readonly<Record<string, number>>;
  /** By position, for as many people as the report and the plan file show. */
  readonly changes: ReadonlyMap<number, readonly ChangedField[]>;
  /** By position: what Together's own list gives to look at. */
  readonly notes: ReadonlyMap<number, readonly Fault[]>;
  /** Why there is no baseline for the guards. */
  readonly baselineNote: string | undefined;
}

export async function prepare(input: PrepareInput): Promise<Prepared> {
  const { people, collected, books, settings, log } = input;
  const pending = books.memory.pending_links ?? {};
  const isAccepted = (id: string) => books.lookup(id)?.status !== undefined;
  // Who is not read today, or gone from the source, has their address in Together all the same.
  const held = await books.heldAddresses(
    () => addressesOf(people),
    (id) => addressOf(people, id),
  );
  const vanished = collected.complete ? await books.missing((id) => people.find(id) >= 0) : [];
  const base = baselineOf(books.memory, books);
  const baselineNote = books.keeps ? base.note : 'state_dir is null: nothing is remembered, so there is no baseline';
  const remote = await input.remote?.((id) => {
    const person = people.find(id);
    return person >= 0 && people.kind(person) === Kind.user ? people.user(person) : undefined;
  });
  const idle = new Set<number>();
  const check = () =>
    checkWholeSet(
      people,
      (id) => books.lookup(id)?.status,
      held,
      pending,
      (person) => idle.has(person),
    );
  let findings = check();
  const draft = () =>
    makePlan({
      people,
      findings,
      known: books.stamp === 'empty' ? undefined : books.lookup,
      hash: books.hash,
      hashed: input.hashed,
      now: input.startedAt,
      resendAfterHours: settings.resend_after_hours,
      vanished,
      // Without a baseline no guard would hold back a source that lost half of its people.
      relinks: relinksOf(pending, people, findings, isAccepted),
      listed: remote?.has,
      terminateVanished: settings.vanished === 'terminate' && base.baseline !== undefined,
      replayed: (person) => isReject(people.raw(person)),
      scope: input.scope,
    });
  let plan = draft();
  // Whom Together has refused before, and who is not sent again, gives nothing up: only the plan shows it.
  for (;;) {
    const before = idle.size;
    for (const giver of findings.turns.keys()) if (plan.held(giver)) idle.add(giver);
    if (idle.size === before) break;
    findings = check();
    plan = draft();
  }
  let notes: Prepared['notes'] = new Map();
  if (remote) {
    const compared = compareRemote(people, plan, remote, isAccepted);
    notes = compared.notes;
    for (const line of compared.lines) log.info(line);
    for (const line of compared.warnings) log.warn(line);
  }
  const why = await findCauses(input, plan, remote);
  const guards = checkGuards({
    settings: settings.guards,
    counts: plan.counts,
    complete: collected.complete || collected.nobody,
    rows: people.count,
    filled: collected.filled,
    users: collected.users,
    baseline: books.keeps ? base.baseline : undefined,
    note: baselineNote,
  }).map((guard) =>
    guard.verdict === 'tripped' ? { ...guard, cause: causeWords(why.causes, guardActions(guard.name)) } : guard,
  );
  return { plan, findings, guards, ...why, notes, baselineNote };
}

async function findCauses(
  { people, books, collected }: PrepareInput,
  plan: Plan,
  remote: RemoteIndex | undefined,
): Promise<Pick<Prepared, 'causes' | 'changesByField' | 'changes'>> {
  const found = createCauses();
  const supervisors = new Set<string>();
  const changesByField: Record<string, number> = {};
  const changes = new Map<number, readonly ChangedField[]>();
  const { change, rehire, leave, join } = plan.counts;
  const caused = change + rehire + leave + (books.known > 0 ? join : 0) > 0;
  for (let person = 0; caused && person < people.size; person++) {
    const action = plan.action(person);
    if (people.kind(person) === Kind.superseded) continue;
    if (action === 'change' || action === 'rehire') {
      const user = JSON.parse(plan.json(person)) as TogetherUser;
      const fields = withoutStamp(withOldValues(await books.changes(user), user, remote?.valuesOf(user.employeeId)));
      if (changes.size < keptChanges) changes.set(person, fields);
      for (const { field, fromKey } of fields) {
        changesByField[field] = (changesByField[field] ?? 0) + 1;
        if (isReference(field) && fromKey !== undefined) supervisors.add(fromKey);
      }
      found.change(action, fields);
    } else if (action === 'leave' || (action === 'join' && books.known > 0)) {
      found.person(action, organisational(people.user(person)));
    }
  }
  for (const id of plan.vanished.slice(0, keptChanges)) found.person('vanished', await books.lastKnown(id));
  const before = await books.idsBehind('supervisorId', supervisors);
  const causes = found.result(
    (field, value) => collected.fields.count(field, value) / Math.max(1, collected.users),
    (_field, key) => before.get(key),
  );
  return { causes, changesByField, changes: before.size > 0 ? withSupervisors(changes, before) : changes };
}

function withSupervisors(changes: Prepared['changes'], before: ReadonlyMap<string, string>): Prepared['changes'] {
  const named = (change: ChangedField) =>
    isReference(change.field) ? { ...change, from: before.get(change.fromKey ?? '') } : change;
  return new Map([...changes].map(([person, fields]) => [person, fields.map(named)]));
}

/** Where Together lists a field, its word counts, not the ledger's: that is what the body will overwrite. */
function withOldValues(
  changes: readonly ChangedField[],
  user: TogetherUser,
  remote: RemoteValues | undefined,
): readonly ChangedField[] {
  if (!remote) return changes;
  const byField = new Map(changes.map((change) => [change.field, change]));
  return Object.entries(user).flatMap(([field, value]) => {
    const listed = remote.get(field);
    const change = byField.get(field);
    if (!listed) return change ? [change] : [];
    if (listed.same) return [];
    const { from } = listed;
    return [
      { field, fromKey: from, from, to: change?.to ?? (typeof value === 'string' ? value : JSON.stringify(value)) },
    ];
  });
}

/** The stamp moves with every change and tells nothing, unless nothing else has changed. */
function withoutStamp(fields: readonly ChangedField[]): readonly ChangedField[] {
  return fields.length > 1 ? fields.filter(({ field }) => field !== 'lastUpdated') : fields;
}

function* organisational(user: Record<string, unknown>): Generator<[string, string]> {
  for (const [field, value] of Object.entries(user)) {
    if (field !== 'employeeStatusCode' && typeof value === 'string' && isOrganisational(field)) yield [field, value];
  }
}
