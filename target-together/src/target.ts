/**
 * The target's core, in the order in which the data goes: read everything → check → plan → guards → deliver → settle → release.
 * Both protocols drive it: events go in through `take`, released checkpoints come out through `deps.release`.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '@ukg-together/protocol/clock';
import { asConnectorError, ConnectorError, ExitCode } from '@ukg-together/protocol/error';
import type { ConnectorEvent, SchemaEvent, StateEvent } from '@ukg-together/protocol/event';
import type { Logger } from '@ukg-together/protocol/log';
import { timed } from '@ukg-together/protocol/metrics';
import { counted } from '@ukg-together/protocol/show';
import { dayMs, type Holder } from './addresses.ts';
import type { BatchMemory } from './batch.ts';
import type { Books, ReadFacts } from './books.ts';
import { type ChangedField, causeWords, createCauses, isOrganisational, isReference } from './causes.ts';
import { checkWholeSet, type Findings } from './check.ts';
import { createCheckpoints } from './checkpoints.ts';
import { type Collected, createCollector, type HeldState, type RecordMapping } from './collect.ts';
import { compareRemote } from './compare-remote.ts';
import type { PeopleFilter } from './filters.ts';
import { checkGuards, guardActions, guardWords } from './guards.ts';
import { type PendingLinks, pendingAfter, relinksOf } from './links.ts';
import { createPeople, Kind, type People } from './people/people.ts';
import { createSpill } from './people/spill.ts';
import { makePlan, type Plan } from './plan.ts';
import { privacyCounter } from './privacy.ts';
import { isReject } from './rejects.ts';
import type { RemoteIndex, RemoteValues } from './remote.ts';
import type { Cause, Guard, RunMode, RunSummary } from './report/model.ts';
import { releaseOf } from './report/release.ts';
import type { RequestLog } from './request-log.ts';
import { baselineOf, type RunMemory } from './run-memory.ts';
import { createRunOutcomes, type RunOutcomes } from './run-outcomes.ts';
import type { Settings } from './settings.ts';
import { sourceOf, summarize } from './summary.ts';
import type { Delivery, Fault, Outcome, TogetherUser } from './types.ts';

const keptChanges = 20_000;

export interface SettledPerson {
  readonly delivery: Delivery;
  readonly outcome: Outcome;
}

/** A person's record as it came, for the file of rejects. */
export interface RejectedRecord {
  /** employeeId; undefined where the record had none. */
  readonly id: string | undefined;
  readonly raw: string;
}

export interface TargetDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly books: Books;
  /** Where people go that don't fit into memory. */
  readonly spillFolder: string;
  readonly openMapping: (schema: SchemaEvent) => RecordMapping | undefined | Promise<RecordMapping | undefined>;
  readonly filter: PeopleFilter | undefined;
  /** Sends people in order; `settle` is awaited before the next request. Never called in a dry run. */
  readonly deliver: (
    people: Iterable<Delivery>,
    settle: (settled: readonly SettledPerson[]) => Promise<void>,
  ) => Promise<{ readonly stopped: ConnectorError | undefined }>;
  /** Together's own list, where this run asks for it and it can be read. */
  readonly remote?:
    | ((bodyOf: (employeeId: string) => TogetherUser | undefined) => Promise<RemoteIndex | undefined>)
    | undefined;
  /** What `deliver` has learnt of sizes. */
  readonly batchMemory?: () => BatchMemory | undefined;
  /** Adds records to the rejects; durable when it resolves. */
  readonly keepRejects: (records: Iterable<RejectedRecord>) => Promise<void>;
  readonly requests: RequestLog;
  /** Gives a checkpoint back; `rejected` of its `records` were refused or could not be mapped. */
  readonly release: (state: StateEvent, counts: { records: number; rejected: number }) => Promise<void>;
  /** A stop: nothing new is begun; `reason` is a ConnectorError. */
  readonly signal: AbortSignal;
  readonly about: Pick<RunSummary, 'tool' | 'destination'> & { readonly packageHash: string | null };
  /** Once the plan and its guards are known, before anything is sent. */
  readonly onPlanned?: (
    facts: Pick<RunSummary, 'source' | 'guards' | 'people_read' | 'actions' | 'hashes'>,
  ) => Promise<void>;
  /** People just settled, by id. */
  readonly onSettled?: (settled: readonly SettledPerson[]) => Promise<void>;
}

export interface RunOptions {
  readonly mode: RunMode;
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly settings: Settings;
  readonly hashes: { readonly settings: string; mapping(): string };
  /** Stream → name of the preset that maps it; filled while reading. */
  readonly presets: ReadonlyMap<string, string>;
  /** The plan hash given with --accept or accept_plan. */
  readonly accept?: string | undefined;
  /** Every checkpoint must come back (Airbyte); else a later one stands for those before it. */
  readonly everyState?: boolean | undefined;
  readonly files: RunSummary['files'];
  /** A plan with something to send ends with exit code 8. */
  readonly tellsChanges?: boolean | undefined;
  /** Keep records as they came, though nothing is sent. */
  readonly keepRaw?: boolean | undefined;
  /** A plan made before (apply): fills the store, in place of reading and planning. */
  readonly given?: ((people: People) => Promise<GivenPlan>) | undefined;
}

export interface GivenPlan {
  readonly plan: Plan;
  readonly findings: Findings;
  readonly guards: readonly Guard[];
  readonly causes: Cause[];
  readonly changesByField: Readonly<Record<string, number>>;
  readonly read: PlannedRead;
}

/** What a plan carries of the read that it was made of. Plain JSON. */
export interface PlannedRead {
  readonly states: readonly StateEvent[];
  readonly schemas: readonly SchemaEvent[];
  readonly source: RunSummary['source'];
  readonly vanished: readonly string[];
  readonly facts: ReadFacts;
  /** Links that are left out, those among them that the plan itself mends. */
  readonly pendingLinks: PendingLinks;
}

/** All that is known at the end, for reports, plan files and explanations. */
export interface RunResult {
  readonly summary: RunSummary;
  readonly exitCode: number;
  readonly error: ConnectorError | undefined;
  readonly people: People;
  readonly collected: Collected;
  readonly findings: Findings | undefined;
  readonly plan: Plan | undefined;
  readonly outcomes: RunOutcomes | undefined;
  readonly changes: (person: number) => readonly ChangedField[];
  /** For a plan on disk. */
  readonly read: PlannedRead;
  /** Whether sending began, so that rejects and checkpoints moved. */
  readonly began: boolean;
}

export interface TargetRun {
  /** Announcements of the mapped streams so far. */
  schemas(): readonly SchemaEvent[];
  take(event: ConnectorEvent, line: { readonly number: number; readonly text: string }): void | Promise<void>;
  /** After the last event, or with the failure that ended the reading. Never rejects; call it once. */
  finish(failure?: unknown): Promise<RunResult>;
  close(): void;
}

/** `20260331-040012-41ab`: sorts by time, and two runs of one second differ. */
export const newRunId = (now: number): string =>
  `${new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${randomBytes(2).toString('hex')}`;

export function startRun(deps: TargetDeps, options: RunOptions): TargetRun {
  const { books, clock, log } = deps;
  const { settings } = options;
  const { startedAt, runId } = options;
  const writes = options.mode === 'run' || options.mode === 'apply';
  const hashed = books.keeps || options.mode !== 'run';
  const spill = createSpill({ folder: deps.spillFolder });
  const people = createPeople(spill, books.addressHash);
  const checkpoints = createCheckpoints<HeldState>({ coalesce: !options.everyState });
  const collector = createCollector({
    people,
    checkpoints,
    hash: books.hash,
    hashAll: hashed,
    filter: deps.filter,
    // A source of Airbyte's ends each stream with one.
    checkpointed: options.everyState === true,
    // Without a folder there is no file of rejects.
    keepRaw: (writes && books.keeps) || options.keepRaw === true,
    openMapping: deps.openMapping,
    log: (message) => log.info(message),
  });
  const privacy = privacyCounter(settings.sensitive_fields);
  const otherLists = new Map<string, readonly string[]>();

  let memory: RunMemory = books.memory;
  let findings: Findings | undefined;
  let plan: Plan | undefined;
  let outcomes: RunOutcomes | undefined;
  let guards: Guard[] = [];
  let causes: Cause[] = [];
  const changesByField: Record<string, number> = {};
  let note: string | undefined;
  let began = false;
  let given: GivenPlan | undefined;
  let remoteNotes: ReadonlyMap<number, readonly Fault[]> = new Map();
  /** People whose left-out supervisor was sent in this run. */
  const relinked = new Set<string>();

  /** Kept for so many people, for the report and the plan file; the counts hold everybody. */
  const changed = new Map<number, readonly ChangedField[]>();

  /** Everything before the first write. */
  async function prepare(collected: Collected): Promise<void> {
    if (options.given) {
      given = await options.given(people);
      ({ plan, findings, causes } = given);
      guards = [...given.guards];
      Object.assign(changesByField, given.changesByField);
      for (let person = 0; person < people.size; person++) checkpoints.sighted(person);
      for (const event of given.read.states) checkpoints.checkpoint({ event, records: 0, people: [0, 0] });
      outcomes = createRunOutcomes(people.size, () => true);
      markUnsent(plan, outcomes);
      return;
    }
    // Who is not read today, or gone from the source, has their address in Together all the same.
    const held = await books.heldAddresses(addressesOf(people), (id) => addressNow(people, id));
    findings = checkWholeSet(people, (id) => books.lookup(id)?.status, held, memory.pending_links);
    const vanished = collected.complete ? await books.missing((id) => isRead(people, id)) : [];
    const base = baselineOf(memory, books);
    note = books.keeps ? base.note : 'state_dir is null: nothing is remembered, so there is no baseline';
    const remote = await deps.remote?.((id) => {
      const person = personOf(people, id);
      return person >= 0 && people.kind(person) === Kind.user ? people.user(person) : undefined;
    });
    plan = makePlan({
      people,
      findings,
      known: books.stamp === 'empty' ? undefined : books.lookup,
      hash: books.hash,
      hashed,
      now: startedAt,
      resendAfterHours: settings.resend_after_hours,
      vanished,
      // Without a baseline no guard would hold back a source that lost half of its people.
      relinks: relinksOf(memory.pending_links ?? {}, people, findings, (id) => books.lookup(id)?.status !== undefined),
      listed: remote?.has,
      terminateVanished: settings.vanished === 'terminate' && base.baseline !== undefined,
      replayed: (person) => isReject(people.raw(person)),
      scope: `${deps.about.destination.host}\n${deps.about.destination.organization_id}`,
    });
    outcomes = createRunOutcomes(people.size, (person) => people.kind(person) !== Kind.superseded);
    markUnsent(plan, outcomes);
    if (remote) {
      const compared = compareRemote(people, plan, remote, (id) => books.lookup(id)?.status !== undefined);
      remoteNotes = compared.notes;
      for (const line of compared.lines) log.info(line);
      for (const line of compared.warnings) log.warn(line);
    }
    await findCauses(plan, collected, remote);
    guards = checkGuards({
      settings: settings.guards,
      counts: plan.counts,
      complete: collected.complete || collected.nobody,
      rows: people.count,
      filled: collected.filled,
      users: collected.users,
      baseline: books.keeps ? base.baseline : undefined,
      note,
    }).map((guard) =>
      guard.verdict === 'tripped' ? { ...guard, cause: causeWords(causes, guardActions(guard.name)) } : guard,
    );
  }

  async function findCauses(planned: Plan, { fields: table, users }: Collected, remote?: RemoteIndex): Promise<void> {
    const found = createCauses();
    const supervisors = new Set<string>();
    for (let person = 0; person < people.size; person++) {
      const action = planned.action(person);
      if (people.kind(person) === Kind.superseded) continue;
      if (action === 'change' || action === 'rehire') {
        const user = JSON.parse(planned.json(person)) as TogetherUser;
        const fields = withoutStamp(withOldValues(await books.changes(user), user, remote?.valuesOf(user.employeeId)));
        if (changed.size < keptChanges) changed.set(person, fields);
        for (const { field, fromKey } of fields) {
          changesByField[field] = (changesByField[field] ?? 0) + 1;
          if (isReference(field) && fromKey !== undefined) supervisors.add(fromKey);
        }
        found.change(action, fields);
      } else if (action === 'leave' || (action === 'join' && books.known > 0)) {
        found.person(action, organisational(people.user(person)));
      }
    }
    for (const id of planned.vanished.slice(0, keptChanges)) found.person('vanished', await books.lastKnown(id));
    const before = await books.idsBehind('supervisorId', supervisors);
    if (before.size > 0) nameSupervisors(before);
    causes = found.result(
      (field, value) => table.count(field, value) / Math.max(1, users),
      (_field, key) => before.get(key),
    );
  }

  function nameSupervisors(before: ReadonlyMap<string, string>): void {
    for (const [person, fields] of changed) {
      if (!fields.some(({ field }) => isReference(field))) continue;
      const named = fields.map((change) =>
        isReference(change.field) ? { ...change, from: before.get(change.fromKey ?? '') } : change,
      );
      changed.set(person, named);
    }
  }

  /** Throws when a guard trips, unless exactly this plan was released. */
  function passGuards(planned: Plan): void {
    const tripped = guards.filter((guard) => guard.verdict === 'tripped');
    if (tripped.length === 0) {
      if (options.accept !== undefined) log.info('A plan hash was given to release, and no guard needed it.');
      return;
    }
    if (options.accept === planned.hash) {
      const reason = `released once by its plan hash ${planned.hash}`;
      guards = guards.map((guard) => (guard.verdict === 'tripped' ? { ...guard, verdict: 'accepted', reason } : guard));
      log.warn(`Released by its plan hash: ${tripped.map(guardWords).join('; ')}.`);
      return;
    }
    const other =
      options.accept === undefined ? '' : ` ${options.accept} names another plan: what was read has changed since.`;
    const { how, type } = releaseOf(deps.about.tool.name, planned.hash);
    const clauses = tripped.map((guard) => guardWords(guard) + (guard.cause ? ` (${guard.cause})` : ''));
    throw new ConnectorError('guard', `Nothing was sent: ${clauses.join('; ')}.${other}`, {
      hint: `If this is right, release exactly this plan once: ${how} ${type}. If not, look at the source first.`,
    });
  }

  /** Who is not sent has an outcome whatever becomes of the run; checkpoints wait for `settleUnsent`. */
  function markUnsent(planned: Plan, results: RunOutcomes): void {
    for (let person = 0; person < people.size; person++) {
      if (planned.sends(person)) continue;
      const action = planned.action(person);
      results.set(person, { outcome: action === 'excluded' || action === 'invalid' ? action : 'skipped' });
    }
  }

  function settleUnsent(planned: Plan): void {
    for (let person = 0; person < people.size; person++) if (!planned.sends(person)) checkpoints.settle(person);
  }

  async function releaseReady(): Promise<void> {
    for (const state of checkpoints.release()) {
      const [from, to] = state.people;
      const rejected = outcomes ? outcomes.count('rejected', from, to) + outcomes.count('invalid', from, to) : 0;
      await deps.release(state.event, { records: state.records, rejected: Math.min(rejected, state.records) });
    }
  }

  async function send(planned: Plan, results: RunOutcomes, collected: Collected): Promise<void> {
    began = true;
    const toSend = planned.order.length;
    await books.begin({ runId, startedAt, planned: planned.counts, toSend, holders: holdersNow(), isReplaced });
    if (books.keeps) await deps.keepRejects(rejectedBefore(planned));
    settleUnsent(planned);
    await releaseReady();
    let done = 0;
    const settle = async (settled: readonly SettledPerson[]) => {
      if (books.keeps) await deps.keepRejects(refusedNow(settled));
      await books.settle(settled);
      await deps.onSettled?.(settled);
      for (const { delivery, outcome } of settled) {
        results.set(delivery.index, outcome);
        checkpoints.settle(delivery.index);
        if (outcome.outcome === 'rejected') continue;
        privacy.add(fieldsSent(planned, delivery.index, collected));
        if (delivery.index >= people.size && planned.action(delivery.index) === 'change')
          relinked.add(delivery.employeeId);
      }
      done += settled.length;
      log.progress(`Sent ${done} of ${counted(planned.order.length, 'person', 'people')}`);
      await releaseReady();
    };
    const { stopped } = await deps.deliver(deliveries(planned), settle);
    log.progress('');
    if (stopped) throw stopped;
  }

  /** Fields of a body. People who are sent as they were read share one list for each set of fields. */
  function fieldsSent(planned: Plan, person: number, { fields: table }: Collected): readonly string[] {
    const asRead = person < people.size && !given;
    if (asRead && !findings?.dropped(person) && !findings?.withoutEmail.has(person)) {
      return table.fieldsOf(people.fields(person));
    }
    const names = Object.keys(JSON.parse(planned.json(person)) as object);
    const key = names.join();
    let list = otherLists.get(key);
    if (!list) otherLists.set(key, (list = names));
    return list;
  }

  function* deliveries(planned: Plan): Generator<Delivery> {
    for (const person of planned.order) yield planned.delivery(person);
  }

  /** People who can't be sent at all, or were refused before and are not tried again: their records stay among the rejects. */
  function* rejectedBefore(planned: Plan): Generator<RejectedRecord> {
    for (let person = 0; person < people.size; person++) {
      if (people.kind(person) === Kind.superseded) continue;
      if (planned.action(person) === 'invalid' || planned.held(person))
        yield { id: people.id(person), raw: people.raw(person) };
    }
  }

  function* refusedNow(settled: readonly SettledPerson[]): Generator<RejectedRecord> {
    for (const { delivery, outcome } of settled) {
      if (outcome.outcome === 'rejected' && delivery.index < people.size) {
        yield { id: delivery.employeeId, raw: people.raw(delivery.index) };
      }
    }
  }

  const phase = (name: string, job: () => Promise<void>) =>
    timed({ logger: log, clock }, 'phase_duration', { phase: name }, job);

  async function run(collected: Collected): Promise<void> {
    deps.signal.throwIfAborted();
    await phase('plan', () => prepare(collected));
    const planned = plan as Plan;
    const count = () => {
      for (const person of planned.order) privacy.add(fieldsSent(planned, person, collected));
    };
    try {
      await phase('guards', async () => passGuards(planned));
    } catch (stopped) {
      count();
      throw stopped;
    } finally {
      await deps.onPlanned?.(planFacts(collected));
    }
    deps.signal.throwIfAborted();
    if (writes) {
      await phase('deliver', () => send(planned, outcomes as RunOutcomes, collected));
      return;
    }
    count();
  }

  /** Also of people who were read: their link was left out before, and is valid now. */
  function relinkedCount(): number {
    if (!findings || !plan || (writes && !began)) return 0;
    let count = relinked.size;
    for (const id of Object.keys(memory.pending_links ?? {})) {
      const at = people.ids.find(id);
      const person = at < 0 ? -1 : people.personOf(at);
      if (person >= 0 && people.supervisorAt(person) >= 0 && !findings.dropped(person) && plan.sends(person)) count++;
    }
    return count;
  }

  function* holdersNow(): Generator<Holder> {
    const day = Math.floor(startedAt / dayMs);
    for (let person = 0; person < people.size; person++) {
      const hash = people.emailHash(person);
      if (hash !== 0 && holdsAddress(person)) yield { hash, id: people.id(person) as string, day };
    }
  }

  /** Whether Together has, or may get, the address of somebody who was read. */
  function holdsAddress(person: number): boolean {
    const kind = people.kind(person);
    if (kind === Kind.user) return true;
    return kind === Kind.excluded && books.lookup(people.id(person) as string)?.status !== undefined;
  }

  /** Whether what was read of somebody takes the place of an address that earlier runs have seen: not where Together still has that one. */
  function isReplaced({ id, hash }: Holder): boolean {
    const now = addressNow(people, id);
    if (now === undefined || now === 0 || now === hash) return now !== undefined;
    const person = personOf(people, id);
    const outcome = outcomes?.get(person);
    if (outcome === 'skipped') return plan?.held(person) === undefined;
    return outcome === 'created' || outcome === 'updated' || outcome === 'unchanged';
  }

  /** Links that are still left out, but for those of `done`. */
  function pendingNow(done: (id: string) => boolean): PendingLinks {
    if (given) return Object.fromEntries(Object.entries(given.read.pendingLinks).filter(([id]) => !done(id)));
    const before = memory.pending_links ?? {};
    return findings ? pendingAfter(before, people, findings, done) : before;
  }

  function factsOf({ complete, whole, filled, users, fields }: Collected): ReadFacts {
    const shares = Object.entries(filled).map(([field, count]) => [field, count / users] as const);
    return {
      complete,
      whole,
      peopleRead: people.count,
      filled: Object.fromEntries(shares),
      values: [...fields.values()],
    };
  }

  function readOf(collected: Collected): PlannedRead {
    return (
      given?.read ?? {
        states: collected.lastStates,
        schemas: collector.schemas(),
        source: sourceOf(collected, options.presets),
        vanished: plan?.vanished ?? [],
        facts: factsOf(collected),
        pendingLinks: pendingNow(() => false),
      }
    );
  }

  function tooManyRefused(collected: Collected): boolean {
    const refused = outcomes?.count('rejected') ?? 0;
    if (refused * 100 > settings.max_rejected_percent * people.count) return true;
    // A mapping that fits nobody is no good run, even though Together refused nobody.
    return people.count > 0 && collected.users === 0 && outcomes?.count('invalid') === people.count;
  }

  const hashesOf = (): RunSummary['hashes'] => ({
    settings: options.hashes.settings,
    mapping: options.hashes.mapping(),
    package: deps.about.packageHash,
    plan: plan?.hash || null,
  });

  function planFacts(collected: Collected) {
    return {
      source: given?.read.source ?? sourceOf(collected, options.presets),
      guards,
      people_read: people.count,
      actions: { ...(plan as Plan).counts },
      hashes: hashesOf(),
    };
  }

  return {
    schemas: () => given?.read.schemas ?? collector.schemas(),
    take: (event, line) => collector.take(event, line),
    async finish(failure) {
      let error = failure === undefined ? undefined : asConnectorError(failure);
      const collected = collector.result(settings.complete_reads === 'always' && error === undefined);
      if (!error && people.count > 0 && collected.lastStates.length > 0 && !collected.whole) {
        log.warn(
          'The input ends without a STATE after its last record: the source may have been cut off. Its own log and exit code tell.',
        );
      }
      if (!error && collected.streams.length > 0 && collected.streams.every(({ mapped }) => !mapped)) {
        const records = collected.streams.reduce((sum, stream) => sum + stream.records, 0);
        if (records > 0) {
          log.warn(
            `Nobody is sent: no mapping takes any of the ${records} records that came. \`target-together mapping suggest\` proposes one; set mapping.stream and mapping.fields.`,
          );
        }
      }
      if (!error) {
        try {
          await run(collected);
        } catch (thrown) {
          error = asConnectorError(thrown);
        }
      }
      let exitCode: number = error?.exitCode ?? ExitCode.ok;
      if (!error && writes && tooManyRefused(collected)) exitCode = ExitCode.refused;
      if (!error && options.tellsChanges && (plan?.order.length ?? 0) > 0) exitCode = ExitCode.changes;
      const summary = summarize({
        runId,
        mode: options.mode,
        startedAt,
        finishedAt: clock.now(),
        exitCode,
        error,
        tool: deps.about.tool,
        hashes: hashesOf(),
        destination: deps.about.destination,
        source: given?.read.source ?? sourceOf(collected, options.presets),
        people,
        collected,
        findings,
        plan,
        outcomes,
        guards,
        causes,
        changesByField,
        accepted: options.accept,
        requests: deps.requests.summary(settings.min_interval_ms),
        privacy: privacy.result(began),
        memory,
        baselineNote: note,
        relinked: relinkedCount(),
        notes: remoteNotes,
        files: options.files,
      });
      if (writes) {
        try {
          memory = await books.end(summary, {
            ...(given?.read.facts ?? factsOf(collected)),
            batch: deps.batchMemory?.(),
            pendingLinks: began ? pendingNow((id) => relinked.has(id)) : (memory.pending_links ?? {}),
            holders: began ? holdersNow() : undefined,
            isMapped: (id) => isMapped(people, id),
            isReplaced,
          });
        } catch (thrown) {
          error ??= asConnectorError(thrown);
          exitCode = error.exitCode;
        }
      }
      return {
        summary: { ...summary, exit_code: exitCode },
        exitCode,
        error,
        people,
        collected,
        findings,
        plan,
        outcomes,
        changes: (person) => changed.get(person) ?? [],
        read: readOf(collected),
        began,
      };
    },
    close: () => spill.close(),
  };
}

/** Position of who was read with this employeeId, or -1. */
function personOf(people: People, id: string): number {
  const at = people.ids.find(id);
  return at < 0 ? -1 : people.personOf(at);
}

const isRead = (people: People, id: string): boolean => personOf(people, id) >= 0;

/** Whether the person was read and could be mapped. Of whom that is not true, what earlier runs knew still holds. */
function isMapped(people: People, id: string): boolean {
  const person = personOf(people, id);
  return person >= 0 && people.kind(person) !== Kind.invalid;
}

/** The hash of the address that was read for this employeeId; 0: it is empty; undefined: none was read. */
function addressNow(people: People, id: string): number | undefined {
  const person = personOf(people, id);
  return person >= 0 && people.kind(person) !== Kind.invalid ? people.emailHash(person) : undefined;
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

/** The address hashes of everybody who may be sent, sorted. */
function addressesOf(people: People): Float64Array {
  const hashes = new Float64Array(people.size);
  let count = 0;
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.user && people.emailHash(person) !== 0) hashes[count++] = people.emailHash(person);
  }
  return hashes.subarray(0, count).sort();
}
