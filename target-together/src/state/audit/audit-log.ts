/**
 * The audit log beside the ledger: what each run was given (hashes of settings, mapping, package and plan), what its guards found,
 * who released it, and how each person ended, by id; what was forgotten, copied out and taken over. Never a personal value. Lines
 * are chained (audit/chain.ts), appended and synced before the call returns. The caller holds the run lock: there is one writer.
 */

import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { Verification } from '../../model/fields/verification.ts';
import type { OutcomeName } from '../../model/outcome.ts';
import type { RunSummary } from '../../model/run-summary.ts';
import type { StateStore } from '../store/store.ts';
import {
  auditChain,
  auditFileOf,
  auditFiles,
  type Chain,
  type Entry,
  genesis,
  type Head,
  headText,
  readHead,
  writeHead,
} from './chain.ts';
import { expired } from './retention.ts';
import { type AuditVerdict, type VerifyOptions, walkAudit } from './verify.ts';

export { verifyAudit, walkAudit } from './verify.ts';

/** The user and the machine of a process. */
export interface Who {
  readonly user: string;
  readonly host: string;
}

/** What is known before the first write. */
export type AuditStart = Pick<
  RunSummary,
  'run_id' | 'mode' | 'tool' | 'hashes' | 'source' | 'destination' | 'guards' | 'accepted' | 'people_read' | 'actions'
> & { readonly who?: Who };

export interface AuditOutcome {
  readonly id: string;
  readonly outcome: OutcomeName;
  readonly status?: number | undefined;
}

/** What a command did to the state. */
export type AuditAction =
  /** `person`: the keyed hash of the id, so that the log itself forgets as well. */
  | { readonly type: 'forgotten'; readonly who: Who; readonly person: string; readonly known: boolean }
  | { readonly type: 'exported' | 'imported'; readonly who: Who }
  /** What Together's list said outside of a run. */
  | ({ readonly type: 'verified'; readonly who: Who; readonly command: string } & VerifiedCounts);

type VerifiedCounts = ReturnType<typeof verifiedCounts>;

export const verifiedCounts = ({ ended, revived, ...found }: Verification) => {
  const { listed, people, confirmed, different, absent } = found;
  return { listed, people, confirmed, different, absent, ended: ended.people, revived: revived.people };
};

export interface AuditLog {
  /** The file that is written. */
  readonly file: string;
  /** Where the log ends now: print it, so that a copy lives elsewhere. */
  head(): Head;
  start(run: AuditStart): Promise<void>;
  /** Settled people. Skipped and excluded ones are left to the counts: nothing was done to them. */
  outcomes(runId: string, people: Iterable<AuditOutcome>): Promise<void>;
  finish(summary: RunSummary): Promise<void>;
  action(action: AuditAction): Promise<void>;
  close(): Promise<void>;
}

const peoplePerLine = 500;

export interface AuditOptions extends Omit<VerifyOptions, 'expected'> {
  readonly clock: Pick<Clock, 'now'>;
  /** Months that ended longer ago leave the log; null: none. */
  readonly retentionDays: number | null;
}

/** Opens (or begins) the log. Throws ConnectorError where it is damaged: its caller stops, and a person accepts that or restores it. */
export async function openAudit(options: AuditOptions): Promise<AuditLog> {
  const { store, key, clock, retentionDays } = options;
  const now = () => new Date(clock.now()).toISOString();
  const chain = auditChain(key);
  const { verdict, truncated } = await walkAudit(options);
  proveWhole(store, verdict);
  if (!(await readHead(store, key))) await writeHead(store, key, genesis);
  const writer = openWriter(options, chain, await endOf(store, verdict.head, truncated), now());
  const append = (type: string, facts: object) => writer.append({ type, at: now(), ...facts });

  if (truncated > 0) await append('recovered', { dropped_bytes: truncated });
  else if (retentionDays !== null) {
    const gone = await expired(store, chain, retentionDays, clock.now());
    if (gone) {
      await append('retention', { files: gone.files, up_to: gone.upTo });
      for (const file of gone.files) await store.remove(file);
    }
  }

  return {
    get file() {
      return writer.file;
    },
    head: () => writer.head,
    async start({ guards, ...run }) {
      const { run_id, accepted, hashes, who } = run;
      if (accepted !== null)
        await append('accepted', { run_id, plan: accepted, released: accepted === hashes.plan, who });
      // A guard's cause may name a department: what an auditor needs is the measure and the verdict.
      await append('run_started', { ...run, guards: guards.map(({ cause: _cause, ...guard }) => guard) });
    },
    async outcomes(runId, people) {
      for (const line of outcomeLines(people)) await append('outcomes', { run_id: runId, people: line });
    },
    finish: async (summary) =>
      await append('run_finished', {
        run_id: summary.run_id,
        exit_code: summary.exit_code,
        error: summary.error?.kind ?? null,
        people_read: summary.people_read,
        outcomes: summary.outcomes,
        excluded_by: summary.excluded_by,
        requests: summary.requests.count,
        privacy: summary.privacy,
        ...(summary.verify && { verify: verifiedCounts(summary.verify) }),
      }),
    action: async ({ type, ...facts }) => await append(type, facts),
    close: writer.close,
  };
}

/** Throws ConnectorError where the log does not hold. */
export function proveWhole({ where }: StateStore, { ok, brokenFile, brokenLine, why }: AuditVerdict): void {
  if (ok) return;
  throw new ConnectorError(
    'unexpected',
    said`The audit log in ${where} is damaged at line ${brokenLine ?? 0} of ${brokenFile ?? ''}: ${why ?? ''} Nothing was sent.`,
    {
      hint: 'See who else can write there, and restore the log from a backup. Or accept the damage with "target-together audit accept": the log is set aside, and a new one begins by saying so.',
    },
  );
}

interface LogEnd {
  readonly head: Head;
  /** The newest file; undefined: there is none. */
  readonly file: string | undefined;
  readonly size: number;
}

/** Removes what a killed run has not finished. */
async function endOf(store: StateStore, head: Head, truncated: number): Promise<LogEnd> {
  const [file, before] = (await auditFiles(store)).reverse();
  if (file === undefined) return { head, file, size: 0 };
  const size = ((await store.size(file)) ?? 0) - truncated;
  if (size > 0) {
    if (truncated > 0) await store.truncate(file, size);
    return { head, file, size };
  }
  await store.remove(file);
  return { head, file: before, size: before === undefined ? 0 : ((await store.size(before)) ?? 0) };
}

function* outcomeLines(people: Iterable<AuditOutcome>): Generator<(string | number)[][]> {
  let line: (string | number)[][] = [];
  for (const { id, outcome, status } of people) {
    if (outcome === 'skipped' || outcome === 'excluded') continue;
    line.push(status === undefined ? [id, outcome] : [id, outcome, status]);
    if (line.length < peoplePerLine) continue;
    yield line;
    line = [];
  }
  if (line.length > 0) yield line;
}

/** Appends entries one at a time, in the order of the calls: a signal's last entry may come while another is being written. */
function openWriter({ store, key }: Pick<AuditOptions, 'store' | 'key'>, chain: Chain, opened: LogEnd, at: string) {
  let { head, size } = opened;
  let file = opened.file ?? auditFileOf(at);
  let failed = false;
  let queue: Promise<unknown> = Promise.resolve();

  async function write(entry: Entry): Promise<void> {
    if (failed) {
      throw new ConnectorError(
        'unexpected',
        said`The audit log in ${store.where} takes no more entries: an earlier one could not be written.`,
        { hint: 'See the first error, then run again: nothing that was settled is lost.' },
      );
    }
    const next = chain.line(head, entry);
    const bytes = Buffer.from(`${next.line}\n`);
    try {
      await store.append(file, bytes, size, true);
    } catch (error) {
      failed = true;
      throw error;
    }
    size += bytes.length;
    head = next.head;
    await writeHead(store, key, head);
  }

  /** A month has its own file, which begins with where the one before ended. A clock that goes back stays in the newest. */
  async function writeInMonth(entry: Entry): Promise<void> {
    const month = auditFileOf(entry.at);
    if (month > file) {
      const before = file;
      file = month;
      size = 0;
      if (head.seq > 0) await write({ type: 'continued', at: entry.at, after: headText(head), file: before });
    }
    await write(entry);
  }

  return {
    get head() {
      return head;
    },
    get file() {
      return file;
    },
    append(entry: Entry): Promise<void> {
      const turn = queue.then(() => writeInMonth(entry));
      queue = turn.catch(() => {});
      return turn;
    },
    close: async () => {
      await queue;
    },
  };
}
