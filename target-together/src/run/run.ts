/**
 * The target's core, in the order in which the data goes: read everything → check → plan → guards → deliver → settle → release.
 * Both protocols drive it: events go in through `take`, released checkpoints come out through `deps.release`.
 */

import { randomBytes } from 'node:crypto';
import { asConnectorError, ConnectorError, ExitCode } from '@ukg-together/kit/error';
import { timed } from '@ukg-together/kit/log/metrics';
import { counted } from '@ukg-together/kit/text/show';
import { createCheckpoints } from '../collect/checkpoints.ts';
import { createCollector } from '../collect/collect.ts';
import type { Collected, HeldState } from '../collect/collected.ts';
import type { Delivery, SettledPerson } from '../model/person.ts';
import type { Guard, RunSummary } from '../model/run-summary.ts';
import { createPeople } from '../people/people.ts';
import { Kind } from '../people/person.ts';
import { createSpill } from '../people/spill.ts';
import { prepare } from '../plan/build-plan.ts';
import { pendingAfter } from '../plan/checks/pending-links.ts';
import { releaseOf } from '../plan/guards/release.ts';
import { guardWords } from '../plan/guards/text.ts';
import type { Plan } from '../plan/plan.ts';
import type { GivenPlan, PlannedRead, Prepared } from '../plan/prepared.ts';
import type { RejectedRecord } from '../state/rejects-file.ts';
import type { PendingLinks, ReadFacts, RunMemory } from '../state/run-history.ts';
import { emailsOfRun } from './email-ownership.ts';
import { createRunOutcomes, type RunOutcomes } from './outcomes.ts';
import { privacyCounter } from './privacy-receipt.ts';
import type { RunOptions, TargetDeps, TargetRun } from './run-types.ts';
import { sourceOf, summarize } from './summary.ts';

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
  const people = createPeople(spill, books.emails.hash);
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
    await books.begin({ runId, startedAt, planned: planned.counts, toSend, emails: emails() });
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

  const emails = () => emailsOfRun(people, startedAt, prepared, outcomes);

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
            emails: began ? emails() : undefined,
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
