/** One run from opened settings to closed files, for either protocol: who reads and who releases is handed in. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asConnectorError, ExitCode } from '@ukg-together/kit/error';
import { logFailure } from '@ukg-together/kit/log/failure';
import { counter, timed } from '@ukg-together/kit/log/metrics';
import type { StateEvent } from '@ukg-together/protocol/event';
import { compileFilters } from '../collect/filters.ts';
import { openDelivery } from '../delivery/open-delivery.ts';
import type { RedactionLevel } from '../model/run-summary.ts';
import type { Ended } from '../run/end-step.ts';
import { newRunId, type RunIdentity } from '../run/identity.ts';
import { type Asked, type ModeName, modeFor, modes, type ProtocolName, protocols } from '../run/modes.ts';
import { type Planner, planFromRead } from '../run/plan-step.ts';
import { startRun, type TargetRun } from '../run/run.ts';
import type { AuditLog } from '../state/audit/audit-log.ts';
import { openRunRejects } from '../state/rejects/reject-messages.ts';
import { rejectsFile } from '../state/rejects/rejects.ts';
import { createRequestLog } from '../together/request-log.ts';
import { askDrift, listTogether, verifyTogether } from './ask-together.ts';
import { auditOf, packageHash } from './audit-hooks.ts';
import { type EndingRun, endRun, openRejectIds, withError } from './end-of-run.ts';
import { type OpenState, openRunAudit, openState } from './open-state.ts';
import { lockRun, type RunLock } from './run-lock.ts';
import type { Session } from './session.ts';
import { notify, openingFailure } from './webhook.ts';

export interface Execution {
  readonly mode: ModeName;
  readonly protocol: ProtocolName;
  readonly asked?: Asked;
  readonly accept?: string | undefined;
  readonly files: {
    readonly summary?: string | undefined;
    readonly report?: string | undefined;
    readonly plan?: string | undefined;
  };
  readonly level: RedactionLevel;
  /** Feeds the run until the input ends; throws what ended it early. */
  readonly read: (take: TargetRun['take']) => Promise<unknown>;
  /** Absent: nobody waits for checkpoints. */
  readonly release?: (state: StateEvent, counts: { records: number; rejected: number }) => Promise<void>;
  /** The state as another run of this process has it open, which closes it; never for a run that writes. */
  readonly opened?: OpenState;
  /** A plan made before; default: one of what is read. */
  readonly planner?: (opened: OpenState) => Planner;
  /** Milliseconds since 1970: when the people were read, where not in this run. What is due once a day counts from then. */
  readonly readAt?: number;
  /** After the run and before the ledger is closed: plan files, explanations. */
  readonly own?: (ended: Ended, opened: OpenState) => Promise<void>;
}

/** Rejects only when nothing could be begun (locked, a broken ledger); everything later is in the result. */
export async function executeRun(session: Session, what: Execution): Promise<Ended> {
  const { log, clock } = session.io;
  const start: RunStart = { id: newRunId(clock.now()), startedAt: clock.now() };
  log.mark?.({ run_id: start.id, mode: modes[what.mode].name });
  const closing: Closer[] = [];
  let ended: Ended;
  try {
    const { run, ending } = await openRun(session, what, start, closing);
    ended = await endRun(await run.finish(await readAll(session, what, run)), ending);
  } catch (thrown) {
    for (const failure of await closeAll(closing)) logFailure(log, failure);
    throw thrown;
  }
  for (const failure of await closeAll(closing)) ended = withError(ended, failure, log);
  return ended;
}

interface RunStart {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

type Closer = () => Promise<unknown>;

/** The last one opened is closed first, and each whatever happened to the others. Returns what failed. */
async function closeAll(closing: readonly Closer[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const close of [...closing].reverse()) await close().catch((thrown: unknown) => failures.push(thrown));
  return failures;
}

interface OpenRun {
  readonly run: TargetRun;
  readonly ending: EndingRun;
}

/** Locks, state, audit log, rejects, delivery, and the run itself: nothing is read or sent yet. */
async function openRun(session: Session, what: Execution, start: RunStart, closing: Closer[]): Promise<OpenRun> {
  try {
    return await openParts(session, what, start, closing);
  } catch (thrown) {
    const { settings, io, about, connections } = session;
    const error = asConnectorError(thrown);
    // Where another run holds the lock, or a person stops this one, nothing is wrong.
    const isFailure = modes[what.mode].writes && error.exitCode !== ExitCode.locked && !io.signal.aborted;
    if (settings.webhook && isFailure) {
      const notices = [openingFailure(about.destination, { id: start.id, at: start.startedAt }, error)];
      await notify(settings.webhook, notices, { send: connections.send, log: io.log });
    }
    throw thrown;
  }
}

async function openParts(session: Session, what: Execution, start: RunStart, closing: Closer[]): Promise<OpenRun> {
  const { settings, io } = session;
  const { writes, printsSummary } = modes[what.mode];
  const verifies = what.asked?.verify === true || (printsSummary && settings.verify_after_run);
  const lock = writes ? await lockRun(session) : undefined;
  if (lock) closing.push(lock.release);
  const opened =
    what.opened ??
    (await openState(
      session,
      lock && { ...start, startedAt: what.readAt ?? start.startedAt, lock, rules: session.mapping.rules },
    ));
  const { state, store } = opened;
  if (!what.opened) closing.push(state.close);
  const audit = writes ? await openRunAudit(session, opened) : undefined;
  if (audit) closing.push(audit.close);
  const identity = identityOf(session, what, start, opened, audit);
  const { readRecord } = identity.protocol;
  const rejects = writes
    ? await openRunRejects({
        store,
        now: () => io.clock.now(),
        retentionDays: settings.rejects_retention_days,
        readRaw: readRecord,
      })
    : undefined;
  const requests = createRequestLog(start.startedAt);
  const run = startRun(identity, {
    clock: io.clock,
    log: io.log,
    signal: io.signal,
    state,
    reading: {
      spillFolder: session.statePlace?.kind === 'folder' ? session.statePlace.where : tmpdir(),
      openMapping: session.mapping.open,
      presets: session.mapping.presets,
      mappingFacts: session.mapping.facts,
      filter: compileFilters(settings.filters),
    },
    planner: what.planner?.(opened) ?? plannerOf(session, opened, lock, verifies),
    delivery: openDelivery({
      account: session.account,
      send: session.connections.send,
      limiter: session.connections.limiter,
      settings,
      clock: io.clock,
      random: io.random,
      log: io.log,
      signal: io.signal,
      requests,
      learnt: state.batch,
      confirm: async () => await lock?.confirm(),
    }),
    keepRejects: async (records, schemas) => await rejects?.keep(records, schemas),
    release: what.release ?? (async () => {}),
    audit: audit && auditOf(audit, identity, opened.keys),
    requests,
  });
  closing.push(async () => run.close());
  const { own } = what;
  const ending: EndingRun = {
    session,
    opened,
    audit,
    rejects,
    requests,
    outputs: {
      files: what.files,
      level: what.level,
      printsSummary,
      own: own && (async (ended) => await own(ended, opened)),
    },
    verify: verifies && writes ? () => verifyTogether(session, opened) : undefined,
    before: {
      memory: state.memory,
      openRejects: settings.webhook && writes ? await openRejectIds(store) : undefined,
    },
  };
  return { run, ending };
}

function identityOf(
  session: Session,
  what: Execution,
  start: RunStart,
  { state }: OpenState,
  audit: AuditLog | undefined,
): RunIdentity {
  const { settings } = session;
  const { writes } = modes[what.mode];
  return {
    ...start,
    mode: modeFor(what.mode, { ...what.asked, report: what.files.report !== undefined }, state),
    protocol: protocols[what.protocol],
    settings,
    settingsHash: session.settingsHash,
    about: { ...session.about, packageHash: packageHash() },
    only: what.asked?.only,
    accept: what.accept ?? settings.accept_plan ?? undefined,
    files: {
      rejects: writes ? placeOf(session, rejectsFile) : null,
      plan: what.files.plan ?? null,
      report: what.files.report ?? null,
      audit: audit ? placeOf(session, audit.file) : null,
      config: [...session.configs],
    },
  };
}

const plannerOf = (session: Session, opened: OpenState, lock: RunLock | undefined, verifies: boolean): Planner =>
  planFromRead(
    session.mapping.hash,
    (bodyOf) => listTogether(session, bodyOf, !lock),
    verifies ? () => askDrift(session, opened, !lock) : undefined,
  );

/** For people: a path, or what stands for it. */
function placeOf({ statePlace }: Session, name: string): string | null {
  if (statePlace === null) return null;
  return statePlace.kind === 'folder' ? join(statePlace.where, name) : `${name} in ${statePlace.where}`;
}

/** Each record is mapped as soon as it is read. Returns what ended the reading early. */
async function readAll({ io }: Session, what: Execution, run: TargetRun): Promise<unknown> {
  const deps = { logger: io.log, clock: io.clock };
  const records = counter(deps, 'record_count', { stream: 'all' });
  try {
    await timed(deps, 'phase_duration', { phase: 'read' }, async () => {
      await what.read((event, line) => {
        if (event.type === 'record') records.add();
        return run.take(event, line);
      });
    });
    return undefined;
  } catch (thrown) {
    return thrown;
  } finally {
    records.close();
  }
}
