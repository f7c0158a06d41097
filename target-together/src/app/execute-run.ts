/** One run from opened settings to closed files, for either protocol: who reads and who releases is handed in. */

import { join } from 'node:path';
import { asConnectorError, ExitCode } from '@ukg-together/kit/error';
import { counter, timed } from '@ukg-together/kit/log/metrics';
import type { StateEvent } from '@ukg-together/protocol/event';
import { compileFilters } from '../collect/filters.ts';
import { openSending } from '../delivery/open-delivery.ts';
import type { RedactionLevel, RunMode } from '../model/run-summary.ts';
import { noticesOf, toldAfter } from '../report/notices.ts';
import { newRunId, startRun } from '../run/run.ts';
import type { RunOptions, RunResult, TargetRun } from '../run/run-types.ts';
import { auditFile } from '../state/audit/chain.ts';
import { openRunRejects, type ReadRaw, rejectsFile } from '../state/reject-messages.ts';
import { listRejects } from '../state/rejects.ts';
import type { StateStore } from '../state/store/store.ts';
import { createRequestLog } from '../together/request-log.ts';
import { auditHooks, packageHash } from './audit-hooks.ts';
import { listTogether } from './list-remote.ts';
import { type OpenBooks, openRunAudit, openRunBooks } from './open-state.ts';
import { writeOutputs } from './outputs.ts';
import { lockRun } from './run-lock.ts';
import { runMetrics } from './run-metrics.ts';
import type { Session } from './session.ts';
import { openingFailure, tell } from './webhook.ts';

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

async function openRejectIds(store: StateStore): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of listRejects(store)) ids.add(id);
  return ids;
}
