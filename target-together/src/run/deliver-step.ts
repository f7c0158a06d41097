/** Step 4, deliver: sends the plan, or nothing, and says how everybody ended. */

import { asConnectorError, type ConnectorError } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { counted } from '@ukg-together/kit/text/show';
import type { SchemaEvent, StateEvent } from '@ukg-together/protocol/event';
import type { OpenDelivery } from '../delivery/open-delivery.ts';
import { type Delivery, isSecondRecord, type PersonOutcome } from '../model/person.ts';
import type { RunSummary } from '../model/run-summary.ts';
import { Kind } from '../people/person.ts';
import type { RejectedRecord } from '../state/rejects/rejects-file.ts';
import type { RunState } from '../state/run-state.ts';
import type { Gated } from './guard-step.ts';
import type { RunIdentity } from './identity.ts';
import { createRunOutcomes, emailsOfRun, type RunOutcomes } from './outcomes.ts';
import { type PrivacyCounter, privacyCounter } from './summary/privacy-receipt.ts';

/** What the audit log is given: the plan before the first write, each batch once its outcomes are kept. */
export interface RunAudit {
  planned(facts: Pick<RunSummary, 'source' | 'guards' | 'people_read' | 'actions' | 'hashes'>): Promise<void>;
  outcomes(outcomes: readonly PersonOutcome[]): Promise<void>;
}

export interface SendDeps {
  readonly state: RunState;
  readonly log: Logger;
  readonly delivery: OpenDelivery;
  /** Adds records to the rejects; durable when it resolves. */
  readonly keepRejects: (records: Iterable<RejectedRecord>, schemas: readonly SchemaEvent[]) => Promise<void>;
  /** Gives a checkpoint back; `rejected` of its `records` were refused or could not be mapped. */
  readonly release: (state: StateEvent, counts: { records: number; rejected: number }) => Promise<void>;
  readonly audit?: RunAudit | undefined;
}

/** How everybody ended. */
export interface Sent {
  readonly gated: Gated;
  /** Whether sending began, so that rejects, checkpoints and the state moved. */
  readonly began: boolean;
  readonly outcomes: RunOutcomes;
  readonly privacy: RunSummary['privacy'];
  /** People who were not read, and whose left-out supervisor link was sent. */
  readonly linked: ReadonlySet<string>;
  /** Vanished people Together took as terminated, and people out of scope. */
  readonly vanishedEnded: number;
  /** employeeIds that were ended so, and whose address Together has replaced. */
  readonly freed: ReadonlySet<string>;
  readonly outOfScopeEnded: number;
  /** The person that Together made a second record of, though the old id was named. */
  readonly secondRecord: { readonly from: string; readonly to: string } | undefined;
  /** People who were not read, and that Together refused. */
  readonly refusedUnread: readonly PersonOutcome[];
  /** By position: fields that Together refused to empty, of people it took without them. */
  readonly refusedClears: ReadonlyMap<number, readonly string[]>;
  readonly stopped: ConnectorError | undefined;
}

/** A rehearsal, or a plan that must not be sent: the privacy receipt counts what would have left. */
export function sendNothing(gated: Gated, { settings }: RunIdentity, stopped: ConnectorError | undefined): Sent {
  const privacy = privacyCounter(settings.sensitive_fields);
  for (const person of gated.plan.order) privacy.add(gated.fieldsOf(person));
  return { ...startTally(gated, privacy).result(false), stopped };
}

/** Never rejects: what ended the sending early is `stopped`. */
export async function deliverStep(gated: Gated, run: RunIdentity, deps: SendDeps): Promise<Sent> {
  const { plan, read } = gated;
  const { people, checkpoints, schemas } = read;
  const { state, log } = deps;
  const tally = startTally(gated, privacyCounter(run.settings.sensitive_fields));
  const toSend = plan.order.length;
  let done = 0;

  async function releaseReady(): Promise<void> {
    if (read.facts.only !== undefined) return;
    for (const { event, people: range, records } of checkpoints.release()) {
      await deps.release(event, { records, rejected: Math.min(tally.refusedIn(...range), records) });
    }
  }

  async function begin(): Promise<void> {
    if (read.facts.only !== undefined)
      log.info(
        '--only: no STATE is given back, so that the next run reads the others again; the last one stays right.',
      );
    await state.begin({
      runId: run.id,
      startedAt: run.startedAt,
      planned: { ...plan.counts, email: gated.changesByField['email'] ?? 0 },
      moved: Object.fromEntries(
        [...gated.findings.newIds].map(([person, from]) => [from, people.id(person) as string]),
      ),
      toSend,
      domains: read.facts.domains,
      emails: emailsOfRun(people, run.startedAt, gated, tally.outcomes),
      listed: gated.listed,
    });
    if (state.keeps) await deps.keepRejects(rejectedBefore(gated), schemas);
    for (let person = 0; person < people.size; person++) if (!plan.sends(person)) checkpoints.acknowledge(person);
    await releaseReady();
  }

  async function record(outcomes: readonly PersonOutcome[]): Promise<void> {
    if (state.keeps) await deps.keepRejects(refusedNow(gated, outcomes), schemas);
    await state.record(outcomes);
    await deps.audit?.outcomes(outcomes);
    for (const one of outcomes) {
      tally.add(one);
      checkpoints.acknowledge(one.delivery.index);
    }
    done += outcomes.length;
    log.progress(`Sent ${done} of ${counted(toSend, 'person', 'people')}`);
    await releaseReady();
  }

  let stopped: ConnectorError | undefined;
  try {
    await begin();
    ({ stopped } = await deps.delivery.deliver(deliveries(gated), record, state.sending));
    log.progress('');
  } catch (thrown) {
    stopped = asConnectorError(thrown);
  }
  return { ...tally.result(true), stopped };
}

/** Counts outcomes as they come. People who are not sent have theirs from the plan, whatever becomes of the run. */
function startTally(gated: Gated, privacy: PrivacyCounter) {
  const { plan, read } = gated;
  const { people } = read;
  const outcomes = createRunOutcomes(people.size, (person) => people.kind(person) !== Kind.superseded);
  for (let person = 0; person < people.size; person++) {
    if (plan.sends(person)) continue;
    const action = plan.action(person);
    outcomes.set(person, { outcome: action === 'excluded' || action === 'invalid' ? action : 'skipped' });
  }
  const linked = new Set<string>();
  const freed = new Set<string>();
  const refusedUnread: PersonOutcome[] = [];
  const refusedClears = new Map<number, readonly string[]>();
  let secondRecord: Sent['secondRecord'];
  const ended = { vanished: 0, outOfScope: 0 };
  return {
    outcomes,
    refusedIn: (from: number, to: number) => outcomes.count('rejected', from, to) + outcomes.count('invalid', from, to),
    add({ delivery, outcome }: PersonOutcome): void {
      const { index } = delivery;
      outcomes.set(index, outcome);
      if (isSecondRecord({ delivery, outcome }))
        secondRecord = { from: delivery.movedFrom as string, to: delivery.employeeId };
      const isRead = index < people.size;
      if (outcome.outcome === 'rejected') {
        if (!isRead) refusedUnread.push({ delivery, outcome });
        return;
      }
      privacy.add(gated.fieldsOf(index));
      if (delivery.refusedClears) refusedClears.set(index, delivery.refusedClears);
      if (isRead) return;
      const action = plan.action(index);
      if (action !== 'change' && plan.json(index).includes('"email"')) freed.add(delivery.employeeId);
      if (action === 'vanished') ended.vanished++;
      else if (action === 'leave') ended.outOfScope++;
      else linked.add(delivery.employeeId);
    },
    result: (began: boolean): Omit<Sent, 'stopped'> => ({
      gated,
      began,
      outcomes,
      privacy: privacy.result(began),
      linked,
      freed,
      vanishedEnded: ended.vanished,
      outOfScopeEnded: ended.outOfScope,
      secondRecord,
      refusedUnread,
      refusedClears,
    }),
  };
}

function* deliveries({ plan }: Gated): Generator<Delivery> {
  for (const person of plan.order) yield plan.delivery(person);
}

/** People who can't be sent at all, or were refused before and are not tried again: their records stay among the rejects. */
function* rejectedBefore({ plan, read: { people } }: Gated): Generator<RejectedRecord> {
  for (let person = 0; person < people.size; person++) {
    if (people.kind(person) === Kind.superseded) continue;
    if (plan.action(person) === 'invalid' || plan.heldBack(person))
      yield { id: people.id(person), raw: people.raw(person) };
  }
}

function* refusedNow({ read: { people } }: Gated, outcomes: readonly PersonOutcome[]): Generator<RejectedRecord> {
  for (const { delivery, outcome } of outcomes) {
    if (outcome.outcome === 'rejected' && delivery.index < people.size) {
      yield { id: delivery.employeeId, raw: people.raw(delivery.index) };
    }
  }
}
