/** One run from opened settings to closed files, for either protocol: who reads and who releases is handed in. */

import { join } from 'node:path';
import { asConnectorError, ExitCode } from '@ukg-together/kit/error';
import { counter, timed } from '@ukg-together/kit/log/metrics';
import type { StateEvent } from '@ukg-together/protocol/event';
import { compileFilters } from '../collect/filters.ts';
import { openDelivery } from '../delivery/open-delivery.ts';
import type { RedactionLevel } from '../model/run-summary.ts';
import { noticesOf, notifiedAfter } from '../report/notices.ts';
import type { Ended } from '../run/end-step.ts';
import { newRunId, type RunIdentity } from '../run/identity.ts';
import { type Asked, type ModeName, modeFor, modes, type ProtocolName, protocols } from '../run/modes.ts';
import { type Planner, planFromRead } from '../run/plan-step.ts';
import { startRun, type TargetRun } from '../run/run.ts';
import { auditFile } from '../state/audit/chain.ts';
import { openRunRejects } from '../state/reject-messages.ts';
import { listRejects, rejectsFile } from '../state/rejects.ts';
import type { StateStore } from '../state/store/store.ts';
import { createRequestLog } from '../together/request-log.ts';
import { auditOf, packageHash } from './audit-hooks.ts';
import { listTogether } from './list-remote.ts';
import { type OpenBooks, openRunAudit, openRunBooks } from './open-state.ts';
import { writeOutputs } from './outputs.ts';
import { lockRun } from './run-lock.ts';
import { runMetrics } from './run-metrics.ts';
import type { Session } from './session.ts';
import { openingFailure, tell } from './webhook.ts';

export interface Performance {
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
  readonly release: (state: StateEvent, counts: { records: number; rejected: number }) => Promise<void>;
  /** A plan made before; default: one of what is read. */
  readonly planner?: (opened: OpenBooks) => Planner;
  /** After the run and before the ledger is closed: plan files, explanations. */
  readonly after?: (ended: Ended, opened: OpenBooks) => Promise<void>;
}

/** Rejects only when nothing could be begun (locked, a broken ledger); everything later is in the result. */
export async function perform(session: Session, what: Performance): Promise<Ended> {
  const { io, settings } = session;
  const { clock, log } = io;
  const { writes, name, tells } = modes[what.mode];
  const startedAt = clock.now();
  const id = newRunId(startedAt);
  const teller = { send: session.send, warn: (message: string) => log.warn(message) };
  log.mark?.({ run_id: id, mode: name });
  const closing: (() => Promise<unknown>)[] = [];
  let begun = false;
  try {
    const lock = writes ? await lockRun(session) : undefined;
    if (lock) closing.push(lock.release);
    const opened = await openRunBooks(session, lock && { id, startedAt, lock });
    const { books } = opened;
    closing.push(books.close);
    const audit = writes ? await openRunAudit(session, opened.store) : undefined;
    if (audit) closing.push(audit.close);
    const requests = createRequestLog(startedAt);
    const protocol = protocols[what.protocol];
    const identity: RunIdentity = {
      id,
      startedAt,
      mode: modeFor(what.mode, what.asked ?? {}, books),
      protocol,
      settings,
      settingsHash: session.settingsHash,
      about: { ...session.about, packageHash: packageHash() },
      accept: what.accept ?? settings.accept_plan ?? undefined,
      files: {
        rejects: writes ? placeOf(session, rejectsFile) : null,
        plan: what.files.plan ?? null,
        report: what.files.report ?? null,
        audit: audit ? placeOf(session, auditFile) : null,
        config: [...session.configs],
      },
    };
    const rejects = writes
      ? await openRunRejects({ store: opened.store, now: () => clock.now(), readRaw: protocol.readRecord })
      : undefined;
    const started = startRun(identity, {
      clock,
      log,
      signal: io.signal,
      state: books,
      reading: {
        spillFolder: session.spillFolder,
        openMapping: session.mapping.open,
        presets: session.mapping.presets,
        filter: compileFilters(settings.filters),
      },
      planner:
        what.planner?.(opened) ?? planFromRead(session.mapping.hash, (bodyOf) => listTogether(session, bodyOf, !lock)),
      delivery: openDelivery({
        account: session.account,
        send: session.send,
        limiter: () => session.lane(),
        settings,
        clock,
        random: io.random,
        log,
        signal: io.signal,
        requests,
        learnt: books.batch,
        confirm: async () => await lock?.confirm(),
      }),
      keepRejects: async (records, schemas) => await rejects?.keep(records, schemas),
      release: what.release,
      audit: audit && auditOf(audit, identity),
      requests,
    });
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
    const { people } = result.read;
    const outcomes = result.sent?.outcomes;
    const open = result.sent?.began
      ? await rejects?.finish((id) => {
          const person = people.find(id);
          return person < 0 || outcomes?.get(person) === 'undelivered';
        })
      : undefined;
    await audit?.finish(result.summary);
    if (writes) for (const point of runMetrics(result.summary, books.memory, open)) log.metric(point);
    await what.after?.(result, opened);
    await writeOutputs(session, result, {
      ...what.files,
      level: what.level,
      quiet: !tells,
      requests,
      memory: books.memory,
    });
    if (openBefore && settings.webhook) {
      const now = await openRejectIds(opened.store);
      const fresh = [...now].filter((id) => !openBefore.has(id)).length;
      const notices = noticesOf(before, books.memory, result.summary, { fresh, open: open ?? now.size });
      const heard = await tell(settings.webhook, notices, teller);
      await books.told(notifiedAfter(before, notices, heard));
    }
    return result;
  } catch (thrown) {
    const error = asConnectorError(thrown);
    if (!begun && writes && settings.webhook && error.exitCode !== ExitCode.locked && !io.signal.aborted)
      await tell(settings.webhook, [openingFailure(session.about.destination, { id, at: startedAt }, error)], teller);
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

async function openRejectIds(store: StateStore): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of listRejects(store)) ids.add(id);
  return ids;
}
