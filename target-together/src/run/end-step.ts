/** Step 5, end: the summary, what the next run is to know, and the exit code. */

import type { Clock } from '@ukg-together/kit/clock';
import { asConnectorError, type ConnectorError } from '@ukg-together/kit/error';
import type { OpenDelivery } from '../delivery/open-delivery.ts';
import { isAccepted, isGone } from '../model/access.ts';
import type { RunSummary } from '../model/run-summary.ts';
import type { Known } from '../state/ledger/ledger.ts';
import type { RunState } from '../state/run-state.ts';
import type { RequestLog } from '../together/request-log.ts';
import type { Read } from './collect-step.ts';
import type { Sent } from './deliver-step.ts';
import { exitCodeOf } from './exit-code.ts';
import type { RunIdentity } from './identity.ts';
import { emailsOfRun } from './outcomes.ts';
import type { Planned, Planner } from './plan-step.ts';
import { summarize } from './summary/summary.ts';

/** How far a run came. */
export interface Reached {
  readonly read: Read;
  /** Absent: it ended before there was a plan. */
  readonly sent?: Sent | undefined;
  readonly error?: ConnectorError | undefined;
}

export interface EndDeps {
  readonly clock: Clock;
  readonly state: RunState;
  readonly planner: Pick<Planner, 'mappingHash'>;
  readonly requests: RequestLog;
  readonly delivery: Pick<OpenDelivery, 'memory'>;
}

/** All that is known at the end, for reports, plan files and explanations. */
export interface Ended {
  readonly summary: RunSummary;
  readonly exitCode: number;
  readonly error: ConnectorError | undefined;
  readonly read: Read;
  /** Absent: the run ended before there was a plan. */
  readonly planned: Planned | undefined;
  readonly sent: Sent | undefined;
}

const hasPerson = (known: Known | undefined): boolean => isAccepted(known?.status) && !isGone(known);

/** Never rejects: a state that can't be written is the run's error, where it has none yet. */
export async function endStep(reached: Reached, run: RunIdentity, deps: EndDeps): Promise<Ended> {
  const { sent } = reached;
  const read = sent?.gated.read ?? reached.read;
  let { error } = reached;
  let exitCode = exitCodeOf(run, read, sent, error, (id) => hasPerson(deps.state.lookup(id)));
  const summary = summarize({
    run,
    read,
    sent,
    error,
    exitCode,
    finishedAt: deps.clock.now(),
    hashes: hashesOf(run, deps.planner.mappingHash(), sent?.gated),
    requests: deps.requests.summary(run.settings.min_interval_ms),
    memory: deps.state.memory,
  });
  if (run.mode.writes) {
    try {
      await leaveToNextRun(summary, read, sent, run, deps);
    } catch (thrown) {
      error ??= asConnectorError(thrown);
      exitCode = error.exitCode;
    }
  }
  return { summary: { ...summary, exit_code: exitCode }, exitCode, error, read, planned: sent?.gated, sent };
}

export function hashesOf(run: RunIdentity, mapping: string, planned: Planned | undefined): RunSummary['hashes'] {
  return {
    settings: run.settingsHash,
    mapping,
    package: run.about.packageHash,
    plan: planned?.plan.hash || null,
  };
}

async function leaveToNextRun(
  summary: RunSummary,
  read: Read,
  sent: Sent | undefined,
  run: RunIdentity,
  { state, delivery }: EndDeps,
): Promise<void> {
  const { people, facts } = read;
  const began = sent?.began ? sent : undefined;
  await state.end(summary, {
    ...facts,
    vanished: sent?.gated.plan.vanished ?? [],
    batch: delivery.memory(),
    secondRecord: sent?.secondRecord ?? (began && run.settings.on_new_id === 'hold' ? null : undefined),
    pendingLinks: began ? began.gated.pendingLinks((id) => began.linked.has(id)) : (state.memory.pending_links ?? {}),
    emails: began && emailsOfRun(people, run.startedAt, began.gated, began.outcomes, began.freed),
  });
}
