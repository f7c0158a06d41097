/**
 * The end of a run: a list of steps, each of which runs whatever happened to the others. The first error is the run's, and
 * decides the exit code; the others are logged.
 */

import { asConnectorError } from '@ukg-together/kit/error';
import { logFailure } from '@ukg-together/kit/log/failure';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Verification } from '../model/fields/verification.ts';
import { notNamed } from '../model/keep-reason.ts';
import type { RedactionLevel } from '../model/run-summary.ts';
import { noticesOf, notifiedAfter } from '../report/notices.ts';
import { driftLines } from '../report/terminal/verification-lines.ts';
import type { Ended } from '../run/end-step.ts';
import { toldError } from '../run/summary/summary.ts';
import type { AuditLog } from '../state/audit/audit-log.ts';
import { headText } from '../state/audit/chain.ts';
import type { RunRejects } from '../state/rejects/reject-messages.ts';
import { listRejects } from '../state/rejects/rejects.ts';
import type { RunMemory } from '../state/run-history.ts';
import type { StateStore } from '../state/store/store.ts';
import type { RequestLog } from '../together/request-log.ts';
import type { OpenState } from './open-state.ts';
import { printSummary, writeRunReport, writeSummary } from './outputs.ts';
import { runMetrics } from './run-metrics.ts';
import type { Session } from './session.ts';
import { notify } from './webhook.ts';

export interface EndingRun {
  readonly session: Pick<Session, 'io' | 'settings' | 'connections'>;
  readonly opened: Pick<OpenState, 'state' | 'store'>;
  /** Absent: a run that only looks. */
  readonly audit: Pick<AuditLog, 'finish' | 'head'> | undefined;
  readonly rejects: Pick<RunRejects, 'finish'> | undefined;
  /** Asks Together what it holds now; absent: not asked for. */
  readonly verify?: (() => Promise<Verification>) | undefined;
  readonly requests: RequestLog;
  readonly outputs: Outputs;
  /** What was known when the run began. */
  readonly before: Before;
}

export interface Outputs {
  readonly files: { readonly summary?: string | undefined; readonly report?: string | undefined };
  readonly level: RedactionLevel;
  /** Whether the summary is printed. */
  readonly printsSummary: boolean;
  /** What the command itself makes of the run: a plan file, an explanation. */
  readonly own?: ((ended: Ended) => Promise<void>) | undefined;
}

export interface Before {
  readonly memory: RunMemory;
  /** employeeIds whose reject is open; absent: no one is notified of this run. */
  readonly openRejects: ReadonlySet<string> | undefined;
}

/** Returns the run as it stands after it, where it changed that. */
// biome-ignore lint/suspicious/noConfusingVoidType: most steps change nothing, and return nothing.
export type EndStep = (ended: Ended) => Promise<Ended | undefined | void> | undefined | void;

export async function endRun(ended: Ended, run: EndingRun): Promise<Ended> {
  return await inTurn(ended, Object.values(endSteps(run)), run.session.io.log);
}

/** Runs each step with the run as it stands after those before it. */
export async function inTurn(ended: Ended, steps: readonly EndStep[], log: Logger): Promise<Ended> {
  let now = ended;
  for (const step of steps) {
    try {
      now = (await step(now)) ?? now;
    } catch (thrown) {
      now = withError(now, thrown, log);
    }
  }
  return now;
}

/** The first error is kept; the caller of the run reports it. */
export function withError(ended: Ended, thrown: unknown, log: Logger): Ended {
  if (ended.error) {
    logFailure(log, thrown);
    return ended;
  }
  const error = asConnectorError(thrown);
  const summary = { ...ended.summary, exit_code: error.exitCode, error: toldError(error) };
  return { ...ended, summary, error, exitCode: error.exitCode };
}

/** In this order: what was sent is recorded first, and what reports the run comes last, so that it includes the errors before it. */
export function endSteps(ending: EndingRun) {
  const { session, opened, audit, rejects, requests, outputs, before } = ending;
  const { io, settings } = session;
  const { state, store } = opened;
  const { files } = outputs;
  let open: number | undefined;
  return {
    async rejects({ read, sent }) {
      const { complete, streams } = read.collected;
      const isGone = new Set(complete && read.facts.only === undefined ? streams.map(({ stream }) => stream) : []);
      open = await rejects?.finish(({ id, stream }) => {
        // Nothing was sent: earlier rejects stay as they are, until they are too old.
        if (!sent?.began) return true;
        const person = read.people.find(id);
        if (person >= 0 && (sent.gated.findings.leftOut.get(person) ?? read.people.filter(person)) === notNamed)
          return true;
        return person < 0 ? !isGone.has(stream) : sent.outcomes.get(person) === 'undelivered';
      });
    },
    async verify(ended) {
      // What a run that broke off has sent, the next one finds.
      if (!ending.verify || ended.error || !ended.sent || state.known === 0) return undefined;
      const verify = await ending.verify();
      for (const line of driftLines(verify)) if (line !== '') io.log.info(line.trim());
      return { ...ended, summary: { ...ended.summary, verify } };
    },
    async audit(ended) {
      if (!audit) return undefined;
      await audit.finish(ended.summary);
      return { ...ended, summary: { ...ended.summary, audit_head: headText(audit.head()) } };
    },
    own: async (ended) => await outputs.own?.(ended),
    async report(ended) {
      if (files.report === undefined) return;
      if (!ended.planned) {
        io.log.warn(`No report was written to ${files.report}: the run ended before there was a plan.`);
        return;
      }
      await writeRunReport(files.report, ended, ended.planned, {
        level: outputs.level,
        sensitiveFields: settings.sensitive_fields,
        requests: requests.points,
        history: state.memory.history ?? [],
      });
    },
    async summary({ summary }) {
      if (files.summary !== undefined) await writeSummary(files.summary, summary);
    },
    async state({ summary, exitCode }) {
      const { last } = state.memory;
      if (last?.run_id === summary.run_id && last.exit_code !== exitCode)
        await state.failedAtEnd(before.memory, exitCode);
    },
    metrics({ summary }) {
      // A run that only looks has none of these: its numbers would hide those of the last run that sent.
      if (audit || rejects) for (const point of runMetrics(summary, state.memory, open)) io.log.metric(point);
    },
    terminal({ summary }) {
      if (outputs.printsSummary) printSummary(io, summary);
    },
    async notices({ summary }) {
      if (!settings.webhook || !before.openRejects) return;
      const now = await openRejectIds(store).catch((thrown: unknown) => {
        logFailure(io.log, thrown);
        return before.openRejects as ReadonlySet<string>;
      });
      const fresh = [...now].filter((id) => !before.openRejects?.has(id)).length;
      const notices = noticesOf(before.memory, state.memory, summary, { fresh, open: open ?? now.size });
      const delivered = await notify(settings.webhook, notices, { send: session.connections.send, log: io.log });
      await state.notified(notifiedAfter(before.memory, notices, delivered));
    },
  } satisfies Record<string, EndStep>;
}

export async function openRejectIds(store: StateStore): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { id } of listRejects(store)) ids.add(id);
  return ids;
}
