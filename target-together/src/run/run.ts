/**
 * The target's core: five steps over values, in the order in which the data goes.
 *
 *   collect → Read → plan → Planned → guard → Gated → deliver → Sent → end → Ended
 *
 * Both protocols drive it: events go in through `take`, released checkpoints come out through `deps.release`.
 */

import type { Clock } from '@ukg-together/kit/clock';
import { asConnectorError, type ConnectorError } from '@ukg-together/kit/error';
import { timed } from '@ukg-together/kit/log/metrics';
import type { Collector } from '../collect/collect.ts';
import type { RequestLog } from '../together/request-log.ts';
import { type CollectDeps, type Read, startReading } from './collect-step.ts';
import { deliverStep, type SendDeps, sendNothing } from './deliver-step.ts';
import { type Ended, endStep, hashesOf, type Reached } from './end-step.ts';
import { type Gated, guardStep } from './guard-step.ts';
import type { RunIdentity } from './identity.ts';
import type { Planner } from './plan-step.ts';

export interface RunDeps extends SendDeps {
  readonly clock: Clock;
  /** A stop: nothing new is begun; `reason` is a ConnectorError. */
  readonly signal: AbortSignal;
  readonly reading: CollectDeps;
  readonly planner: Planner;
  readonly requests: RequestLog;
}

export interface TargetRun {
  readonly take: Collector['take'];
  /** After the last event, or with the failure that ended the reading. Never rejects; call it once. */
  finish(failure?: unknown): Promise<Ended>;
  close(): void;
}

export function startRun(run: RunIdentity, deps: RunDeps): TargetRun {
  const reading = startReading(run, deps.reading, deps);
  return {
    take: reading.take,
    async finish(failure) {
      const read = reading.end(failure === undefined);
      const reached =
        failure === undefined ? await planAndSend(read, run, deps) : { read, error: asConnectorError(failure) };
      return await endStep(reached, run, deps);
    },
    close: reading.close,
  };
}

/** Steps 2 to 4. Never rejects. */
async function planAndSend(read: Read, run: RunIdentity, deps: RunDeps): Promise<Reached> {
  let gated: Gated;
  try {
    deps.signal.throwIfAborted();
    const planned = await phase('plan', deps, () => deps.planner.plan(read, run, deps));
    gated = await stoppable('guards', deps, async () => guardStep(planned, run, deps.log));
  } catch (thrown) {
    return { read, error: asConnectorError(thrown) };
  }
  const error = await mayNotSend(gated, run, deps);
  const sent =
    error || !run.mode.writes
      ? sendNothing(gated, run, error)
      : await stoppable('deliver', deps, () => deliverStep(gated, run, deps));
  return { read, sent, error: sent.stopped };
}

/** Tells what is planned, and why nothing may be sent: a guard, a record of the run that can't be kept, a stop. The first counts. */
async function mayNotSend(gated: Gated, run: RunIdentity, deps: RunDeps): Promise<ConnectorError | undefined> {
  try {
    await deps.audit?.planned({
      source: gated.read.source,
      guards: [...gated.guards],
      people_read: gated.read.people.count,
      actions: { ...gated.plan.counts },
      hashes: hashesOf(run, deps.planner.mappingHash(), gated),
    });
    deps.signal.throwIfAborted();
    return gated.stopped;
  } catch (thrown) {
    return gated.stopped ?? asConnectorError(thrown);
  }
}

const phase = <T>(name: string, { log, clock }: RunDeps, job: () => Promise<T>) =>
  timed({ logger: log, clock }, 'phase_duration', { phase: name }, job);

/** A step that was stopped counts as failed where durations are reported, and its value goes on. */
async function stoppable<T extends { readonly stopped: ConnectorError | undefined }>(
  name: string,
  deps: RunDeps,
  job: () => Promise<T>,
): Promise<T> {
  let value: T | undefined;
  try {
    await phase(name, deps, async () => {
      value = await job();
      if (value.stopped) throw value.stopped;
    });
  } catch (thrown) {
    if (value === undefined) throw thrown;
  }
  return value as T;
}
