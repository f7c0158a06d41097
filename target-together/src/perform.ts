/** One run from opened settings to closed files, for either protocol: who reads and who releases is handed in. */
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { asConnectorError, ExitCode } from '@ukg-together/protocol/error';
import type { StateEvent } from '@ukg-together/protocol/event';
import { counter, timed } from '@ukg-together/protocol/metrics';
import { counted } from '@ukg-together/protocol/show';
import { traced } from '@ukg-together/transport/traced';
import { auditFile } from './audit/chain.ts';
import type { AuditLog } from './audit.ts';
import { compileFilters } from './filters.ts';
import type { StateStore } from './ledger/store.ts';
import { lockKey, lockRun, type OpenBooks, openRunAudit, openRunBooks } from './opening.ts';
import { writeOutputs } from './outputs.ts';
import { packageHash } from './package-hash.ts';
import { listRejects } from './rejects.ts';
import type { Remote, RemoteIndex } from './remote.ts';
import type { RedactionLevel, RunMode } from './report/model.ts';
import { createRequestLog } from './request-log.ts';
import { runMetrics } from './run-metrics.ts';
import { openRunRejects, type ReadRaw, rejectsFile } from './run-rejects.ts';
import { openSending } from './sending.ts';
import type { Session } from './session.ts';
import { newRunId, type RunOptions, type RunResult, startRun, type TargetDeps, type TargetRun } from './target.ts';
import type { TogetherUser } from './types.ts';
import { noticesOf, openingFailure, tell, toldAfter } from './webhook.ts';

export interface Performance {
  readonly mode: RunMode;
  readonly accept?: string | undefined;
  readonly everyState?: boolean;
  readonly files: {
    readonly summary?: string | undefined;
    readonly report?: string | undefined;
    readonly plan?: string | undefined;
  };
  readonly level: RedactionLevel;
  /** How to read a message again for the rejects; default: Singer's. */
  readonly readRaw?: ReadRaw;
  /** Feeds the run until the input ends; throws what ended it early. */
  readonly read: (take: TargetRun['take']) => Promise<unknown>;
  readonly release: (state: StateEvent, counts: { records: number; rejected: number }) => Promise<void>;
  readonly given?: (opened: OpenBooks) => RunOptions['given'];
  /** A plan with something to send ends with exit code 8. */
  readonly tellsChanges?: boolean;
  /** Keep records as they came, though nothing is sent. */
  readonly keepRaw?: boolean;
  /** Asks Together for its list of users before planning. */
  readonly compareRemote?: boolean;
  /** The caller tells people itself. */
  readonly quiet?: boolean;
  /** Of a plan made before; default: of what was read. */
  readonly mappingHash?: string;
  /** After the run and before the ledger is closed: plan files, explanations. */
  readonly after?: (result: RunResult, opened: OpenBooks) => Promise<void>;
}

/** Rejects only when nothing could be begun (locked, a broken ledger); everything later is in the result. */
export async function perform(session: Session, what: Performance): Promise<RunResult> {
  const { io, settings } = session;
  const { clock, log } = io;
  const writes = what.mode === 'run' || what.mode === 'apply';
  const startedAt = clock.now();
  const accept = what.accept ?? settings.accept_plan ?? undefined;
  const runId = newRunId(startedAt);
  const teller = { send: session.send, warn: (message: string) => log.warn(message) };
  log.mark?.({ run_id: runId, mode: what.mode });
  const closing: (() => Promise<unknown>)[] = [];
  let begun = false;
  try {
    const lock = writes ? await lockRun(session) : undefined;
    if (lock) closing.push(lock.release);
    const opened = await openRunBooks(session, lock && { id: runId, startedAt, lock });
    const { books } = opened;
    closing.push(books.close);
    const audit = writes ? await openRunAudit(session, opened.store) : undefined;
    if (audit) closing.push(audit.close);
    const requests = createRequestLog(startedAt);
    const sending = openSending(session, requests, books.batch, async () => await lock?.confirm());
    const about = { ...session.about, packageHash: packageHash() };
    let run: TargetRun | undefined;
    const rejects = writes
      ? await openRunRejects({
          store: opened.store,
          schemas: () => run?.schemas() ?? [],
          now: () => clock.now(),
          readRaw: what.readRaw,
        })
      : undefined;
    const started = (run = startRun(
      {
        clock,
        log,
        books,
        spillFolder: session.spillFolder,
        openMapping: session.mapping.open,
        filter: compileFilters(settings.filters),
        deliver: sending.deliver,
        batchMemory: sending.memory,
        keepRejects: async (records) => rejects?.keep(records),
        remote: asksRemote(what, books) ? (bodyOf) => listTogether(session, bodyOf, !lock) : undefined,
        requests,
        release: what.release,
        signal: io.signal,
        about,
        ...auditHooks(audit, { runId, mode: what.mode, accept, about }),
      },
      {
        mode: what.mode,
        runId,
        startedAt,
        settings,
        hashes: { settings: session.settingsHash, mapping: () => what.mappingHash ?? session.mapping.hash() },
        presets: session.mapping.presets,
        accept,
        everyState: what.everyState,
        keepRaw: what.keepRaw,
        tellsChanges: what.tellsChanges,
        files: {
          rejects: writes ? placeOf(session, rejectsFile) : null,
          plan: what.files.plan ?? null,
          report: what.files.report ?? null,
          audit: audit ? placeOf(session, auditFile) : null,
          config: [...session.configs],
        },
        ...(what.given ? { given: what.given(opened) } : {}),
      },
    ));
    closing.push(async () => started.close());
    begun = true;
    const records = counter({ logger: log, clock }, 'record_count', { stream: 'all' });
    let failure: unknown;
    try {
      // Each record is mapped as soon as it is read.
      await timed({ logger: log, clock }, 'phase_duration', { phase: 'read' }, async () => {
        await what.read((event, line) => {
          if (event.type === 'record') records.add();
          return started.take(event, line);
        });
      });
    } catch (thrown) {
      failure = thrown;
    }
    records.close();
    const before = books.memory;
    const openBefore = settings.webhook && writes ? await openRejectIds(opened.store) : undefined;
    const result = await started.finish(failure);
    const open = result.began ? await rejects?.finish(result) : undefined;
    await audit?.finish(result.summary);
    if (writes) for (const point of runMetrics(result.summary, books.memory, open)) log.metric(point);
    await what.after?.(result, opened);
    await writeOutputs(session, result, {
      ...what.files,
      level: what.level,
      quiet: what.quiet === true,
      requests,
      memory: books.memory,
    });
    if (openBefore && settings.webhook) {
      const now = await openRejectIds(opened.store);
      const fresh = [...now].filter((id) => !openBefore.has(id)).length;
      const notices = noticesOf(before, books.memory, result.summary, { fresh, open: open ?? now.size });
      const heard = await tell(settings.webhook, notices, teller);
      await books.told(toldAfter(before, notices, heard));
    }
    return result;
  } catch (thrown) {
    const error = asConnectorError(thrown);
    if (!begun && writes && settings.webhook && error.exitCode !== ExitCode.locked && !io.signal.aborted)
      await tell(
        settings.webhook,
        [openingFailure(session.about.destination, { id: runId, at: startedAt }, error)],
        teller,
      );
    throw thrown;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** For people: a path, or what stands for it. */
function placeOf({ state }: Session, name: string): string | null {
  if (state === null) return null;
  return state.kind === 'folder' ? join(state.where, name) : `${name} in ${state.where}`;
}

/** The first run that keeps a ledger looks at what Together has, as `plan --compare remote` does; a rehearsal asks nobody. */
function asksRemote(what: Performance, books: OpenBooks['books']): boolean {
  return what.compareRemote === true || (what.mode === 'run' && books.keeps && books.known === 0);
}

/** undefined: there is no list that can be understood, and the run goes on without. Throws when the key is refused, or in use. */
async function listTogether(
  session: Session,
  bodyOf: (employeeId: string) => TogetherUser | undefined,
  onlyLooks: boolean,
): Promise<RemoteIndex | undefined> {
  const { account, send, io } = session;
  const { clock, random, signal, log } = io;
  const { readRemote, remoteIndexTaker } = await import('./remote.ts');
  // A run has the key already.
  const lock = onlyLooks ? await lockKey(session) : undefined;
  let remote: Remote<RemoteIndex>;
  try {
    const deps = { account, send: traced(send, log), lane: await session.lane(), clock, random, maxRetries: 1, signal };
    remote = await readRemote(deps, () => remoteIndexTaker(bodyOf));
  } finally {
    await lock?.release();
  }
  if (remote.recognised && remote.mayBeAPage)
    log.info(
      `Together's list of ${counted(remote.users, 'user')} may be the first page of several: who is not on it counts as new here.`,
    );
  if (remote.recognised) return remote.result;
  log.info(`What Together holds can't be compared: ${remote.reason}. The run goes on without.`);
  return undefined;
}

async function openRejectIds(store: StateStore): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of listRejects(store)) ids.add(id);
  return ids;
}

/** The audit log hears of the plan before the first write, and of each batch after it is settled. */
function auditHooks(
  audit: AuditLog | undefined,
  run: { runId: string; mode: RunMode; accept: string | undefined; about: Session['about'] },
): Pick<TargetDeps, 'onPlanned' | 'onSettled'> {
  if (!audit) return {};
  const { tool, destination } = run.about;
  return {
    onPlanned: (facts) =>
      audit.start({
        run_id: run.runId,
        mode: run.mode,
        tool,
        destination,
        accepted: run.accept ?? null,
        ...facts,
        who: whoRuns(),
      }),
    onSettled: (settled) =>
      audit.outcomes(
        run.runId,
        settled.map(({ delivery, outcome }) => ({
          id: delivery.employeeId,
          outcome: outcome.outcome,
          status: outcome.status,
        })),
      ),
  };
}

function whoRuns(): { user: string; host: string } {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A container may run as a number without a name.
  }
  return { user, host: hostname() };
}
