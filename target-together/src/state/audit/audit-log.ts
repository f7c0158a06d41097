/**
 * The audit log beside the ledger, `audit.jsonl`: what each run was told (hashes of settings, mapping, package and plan),
 * what its guards found, who released it, and how each person ended, by id. Never a personal value. Lines are chained
 * (audit/chain.ts), appended and synced before the call returns. The caller holds the run lock: there is one writer.
 */

import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError } from '@ukg-together/kit/error';
import type { OutcomeName } from '../../model/outcome.ts';
import type { RunSummary } from '../../model/run-summary.ts';
import type { StateStore } from '../store/store.ts';
import { auditFile, chainLine, type Entry, type Head, writeHead } from './chain.ts';
import { inspect } from './inspect.ts';
import { applyRetention } from './retention.ts';

export { verifyAudit } from './verify.ts';

/** What is known before the first write. */
export type AuditStart = Pick<
  RunSummary,
  'run_id' | 'mode' | 'tool' | 'hashes' | 'source' | 'destination' | 'guards' | 'accepted' | 'people_read' | 'actions'
> & { readonly who?: { readonly user: string; readonly host: string } };

export interface AuditOutcome {
  readonly id: string;
  readonly outcome: OutcomeName;
  readonly status?: number | undefined;
}

export interface AuditLog {
  /** A sentence when the log was found damaged; the run may go on, and the log itself records the damage. */
  readonly warning: string | undefined;
  /** Where the log ends now: print it, so that a copy lives elsewhere. */
  head(): Head;
  start(run: AuditStart): Promise<void>;
  /** Settled people. Skipped and excluded ones are left to the counts: nothing was done to them. */
  outcomes(runId: string, people: Iterable<AuditOutcome>): Promise<void>;
  finish(summary: RunSummary): Promise<void>;
  close(): Promise<void>;
}

const peoplePerLine = 500;

/**
 * Opens (or begins) the log, removes an unfinished last line that a killed run left, and drops runs older than
 * `retentionDays` (null: keep all). Throws ConnectorError when it can't be written.
 */
export async function openAudit(options: {
  store: StateStore;
  clock: Pick<Clock, 'now'>;
  retentionDays: number | null;
}): Promise<AuditLog> {
  const { store, clock, retentionDays } = options;
  const now = () => new Date(clock.now()).toISOString();
  const opened = await inspect(store);
  let { head, size } = opened;
  let failed = false;

  // One at a time, in the order of the calls: a signal's last entry may come while another is being written.
  let queue: Promise<unknown> = Promise.resolve();
  const append = (entry: Entry): Promise<void> => {
    const turn = queue.then(() => write(entry));
    queue = turn.catch(() => {});
    return turn;
  };
  const write = async (entry: Entry) => {
    if (failed) {
      throw new ConnectorError(
        'unexpected',
        `The audit log in ${store.where} takes no more entries: an earlier one could not be written.`,
        {
          hint: 'See the first error, then run again: nothing that was settled is lost.',
        },
      );
    }
    const next = chainLine(head, entry);
    const bytes = Buffer.from(`${next.line}\n`);
    try {
      await store.append(auditFile, bytes, size, true);
    } catch (error) {
      failed = true;
      throw error;
    }
    size += bytes.length;
    head = next.head;
    await writeHead(store, head);
  };

  if (opened.damage) await append({ type: 'break', at: now(), reason: opened.damage });
  else if (opened.torn > 0) await append({ type: 'recovered', at: now(), dropped_bytes: opened.torn });
  else if (retentionDays !== null) {
    const after = await applyRetention(store, head, retentionDays, clock.now());
    if (after) {
      head = after;
      size = (await store.size(auditFile)) ?? 0;
    }
  }

  return {
    warning: opened.damage,
    head: () => head,
    start: ({ guards, ...run }) =>
      append({
        type: 'run_started',
        at: now(),
        // A guard's cause may name a department: what an auditor needs is the measure and the verdict.
        ...run,
        guards: guards.map(({ cause: _cause, ...guard }) => guard),
      }),
    async outcomes(runId, people) {
      let line: (string | number)[][] = [];
      const flush = async () => {
        if (line.length > 0) await append({ type: 'outcomes', at: now(), run_id: runId, people: line });
        line = [];
      };
      for (const { id, outcome, status } of people) {
        if (outcome === 'skipped' || outcome === 'excluded') continue;
        line.push(status === undefined ? [id, outcome] : [id, outcome, status]);
        if (line.length === peoplePerLine) await flush();
      }
      await flush();
    },
    finish: (summary) =>
      append({
        type: 'run_finished',
        at: now(),
        run_id: summary.run_id,
        exit_code: summary.exit_code,
        error: summary.error?.kind ?? null,
        people_read: summary.people_read,
        outcomes: summary.outcomes,
        excluded_by: summary.excluded_by,
        requests: summary.requests.count,
        privacy: summary.privacy,
      }),
    async close() {
      await queue;
    },
  };
}
