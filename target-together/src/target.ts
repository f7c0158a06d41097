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
import type { BatchMemory } from './batch.ts';
import type { Books, ReadFacts } from './books.ts';
import type { ChangedField } from './causes.ts';
import type { Findings } from './check.ts';
import { createCheckpoints } from './checkpoints.ts';
import { type Collected, createCollector, type HeldState, type RecordMapping } from './collect.ts';
import type { PeopleFilter } from './filters.ts';
import { guardWords } from './guards.ts';
import { holdersOf, isMapped, isReplacedIn } from './holders.ts';
import { type PendingLinks, pendingAfter } from './links.ts';
import { createPeople, Kind, type People } from './people/people.ts';
import { createSpill } from './people/spill.ts';
import type { Plan } from './plan.ts';
import { type Prepared, prepare } from './prepare.ts';
import { privacyCounter } from './privacy.ts';
import type { AskRemote } from './remote.ts';
import type { Guard, RunMode, RunSummary } from './report/model.ts';
import { releaseOf } from './report/release.ts';
import type { RequestLog } from './request-log.ts';
import type { RunMemory } from './run-memory.ts';
import { createRunOutcomes, type RunOutcomes } from './run-outcomes.ts';
import type { Settings } from './settings.ts';
import { sourceOf, summarize } from './summary.ts';
import type { Delivery, Outcome } from './types.ts';

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
  readonly remote?: AskRemote | undefined;
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

export interface GivenPlan extends Pick<Prepared, 'plan' | 'findings' | 'guards' | 'causes' | 'changesByField'> {
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
  let prepared: Prepared | undefined;
  let guards: readonly Guard[] = [];
  let outcomes: RunOutcomes | undefined;
  let began = false;
  let given: GivenPlan | undefined;
  /** People whose left-out supervisor was sent in this run. */
  const relinked = new Set<string>();
  let vanishedEnded = 0;
  /** Of people who were not read: vanished ones whose end Together refused, links that it did not take. */
  const refusedUnread: SettledPerson[] = [];

  /** Everything before the first write. */
  async function readOrMakePlan(collected: Collected): Promise<Prepared> {
    given = await options.given?.(people);
    if (!given) {
      const { host, organization_id } = deps.about.destination;
      const scope = `${host}\n${organization_id}`;
      const { remote } = deps;
      return await prepare({ people, collected, books, settings, remote, log, startedAt, hashed, scope });
    }
    for (let person = 0; person < people.size; person++) checkpoints.sighted(person);
    for (const event of given.read.states) checkpoints.checkpoint({ event, records: 0, people: [0, 0] });
    return { ...given, changes: new Map(), notes: new Map(), baselineNote: undefined };
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
    const { size } = people;
    for (let person = 0; person < size; person++) {
      if (planned.sends(person)) continue;
      const action = planned.action(person);
      results.set(person, { outcome: action === 'excluded' || action === 'invalid' ? action : 'skipped' });
    }
  }

  function settleUnsent(planned: Plan): void {
    const { size } = people;
    for (let person = 0; person < size; person++) if (!planned.sends(person)) checkpoints.settle(person);
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
    await books.begin({ runId, startedAt, planned: planned.counts, toSend, ...addresses() });
    if (books.keeps) await deps.keepRejects(rejectedBefore(planned));
    settleUnsent(planned);
    await releaseReady();
    let done = 0;
    const note = ({ delivery, outcome }: SettledPerson) => {
      const { index } = delivery;
      results.set(index, outcome);
      checkpoints.settle(index);
      if (outcome.outcome === 'rejected') {
        if (index >= people.size) refusedUnread.push({ delivery, outcome });
        return;
      }
      privacy.add(fieldsSent(planned, index, collected));
      if (index < people.size) return;
      if (planned.action(index) === 'change') relinked.add(delivery.employeeId);
      else vanishedEnded++;
    };
    const settle = async (settled: readonly SettledPerson[]) => {
      if (books.keeps) await deps.keepRejects(refusedNow(settled));
      await books.settle(settled);
      await deps.onSettled?.(settled);
      for (const one of settled) note(one);
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
    if (asRead && !prepared?.findings.dropped(person) && !prepared?.findings.withoutEmail.has(person)) {
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

  const phase = <T>(name: string, job: () => Promise<T>) =>
    timed({ logger: log, clock }, 'phase_duration', { phase: name }, job);

  async function run(collected: Collected): Promise<void> {
    deps.signal.throwIfAborted();
    prepared = await phase('plan', () => readOrMakePlan(collected));
    const { plan: planned } = prepared;
    guards = prepared.guards;
    const results = createRunOutcomes(people.size, (person) => !!given || people.kind(person) !== Kind.superseded);
    outcomes = results;
    markUnsent(planned, results);
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
      await phase('deliver', () => send(planned, results, collected));
      return;
    }
    count();
  }

  /** Also of people who were read: their link was left out before, and is valid now. */
  function relinkedCount(): number {
    if (!prepared || (writes && !began)) return 0;
    const { plan, findings } = prepared;
    let count = relinked.size;
    for (const id of Object.keys(memory.pending_links ?? {})) {
      const person = people.find(id);
      if (person >= 0 && people.supervisorAt(person) >= 0 && !findings.dropped(person) && plan.sends(person)) count++;
    }
    return count;
  }

  const addresses = () => ({
    holders: holdersOf(people, books, startedAt),
    isReplaced: isReplacedIn(people, prepared ?? {}, outcomes),
  });

  /** Links that are still left out, but for those of `done`. */
  function pendingNow(done: (id: string) => boolean): PendingLinks {
    if (given) return Object.fromEntries(Object.entries(given.read.pendingLinks).filter(([id]) => !done(id)));
    const before = memory.pending_links ?? {};
    return prepared ? pendingAfter(before, people, prepared.findings, done) : before;
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
        vanished: prepared?.plan.vanished ?? [],
        facts: factsOf(collected),
        pendingLinks: pendingNow(() => false),
      }
    );
  }

  function tooManyRefused(collected: Collected): boolean {
    const refused = (outcomes?.count('rejected') ?? 0) + refusedUnread.length;
    if (refused * 100 > settings.max_rejected_percent * people.count) return true;
    // A mapping that fits nobody is no good run, even though Together refused nobody.
    return people.count > 0 && collected.users === 0 && outcomes?.count('invalid') === people.count;
  }

  const hashesOf = (): RunSummary['hashes'] => ({
    settings: options.hashes.settings,
    mapping: options.hashes.mapping(),
    package: deps.about.packageHash,
    plan: prepared?.plan.hash || null,
  });

  function planFacts(collected: Collected) {
    return {
      source: given?.read.source ?? sourceOf(collected, options.presets),
      guards: [...guards],
      people_read: people.count,
      actions: { ...(prepared as Prepared).plan.counts },
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
      if (!error && options.tellsChanges && (prepared?.plan.order.length ?? 0) > 0) exitCode = ExitCode.changes;
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
        findings: prepared?.findings,
        plan: prepared?.plan,
        outcomes,
        guards,
        causes: prepared?.causes ?? [],
        changesByField: prepared?.changesByField ?? {},
        accepted: options.accept,
        requests: deps.requests.summary(settings.min_interval_ms),
        privacy: privacy.result(began),
        memory,
        baselineNote: prepared?.baselineNote,
        relinked: relinkedCount(),
        vanishedEnded,
        refusedUnread: refusedUnread.map(({ delivery, outcome }) => ({ id: delivery.employeeId, outcome })),
        notes: prepared?.notes ?? new Map(),
        files: options.files,
      });
      if (writes) {
        try {
          memory = await books.end(summary, {
            ...(given?.read.facts ?? factsOf(collected)),
            batch: deps.batchMemory?.(),
            pendingLinks: began ? pendingNow((id) => relinked.has(id)) : (memory.pending_links ?? {}),
            isMapped: (id) => isMapped(people, id),
            ...(began ? addresses() : { holders: undefined, isReplaced: () => false }),
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
        findings: prepared?.findings,
        plan: prepared?.plan,
        outcomes,
        changes: (person) => prepared?.changes.get(person) ?? [],
        read: readOf(collected),
        began,
      };
    },
    close: () => spill.close(),
  };
}
