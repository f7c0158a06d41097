/**
 * What a run keeps in `state_dir`: the ledger, what earlier runs left, and who was refused. The core sees only this; a run that
 * only looks (dry run, plan, explain) opens it without writing.
 */

import { ConnectorError, said } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { isDeleted } from '../model/access.ts';
import { domainKey } from '../model/domain-key.ts';
import type { GuardCounts } from '../model/guard-counts.ts';
import { type Delivery, isSecondRecord, type PersonOutcome } from '../model/person.ts';
import type { RunSummary } from '../model/run-summary.ts';
import { isOrganisational, isReference } from '../model/user-fields.ts';
import { type EmailOwners, type ListedPeople, openEmailOwners, type RunEmails } from './email-owners.ts';
import { readKeptRuns, writeKeptRuns } from './kept-runs.ts';
import type { LeftOutQuestion } from './ledger/fields/left-out.ts';
import type { LedgerKeys } from './ledger/keys.ts';
import { type Known, type Ledger, openLedger } from './ledger/ledger.ts';
import type { KeptOutcome } from './ledger/outcomes.ts';
import { type LedgerQueries, ledgerQueries } from './ledger/queries.ts';
import { memoryWithout } from './privacy/memory.ts';
import {
  type BatchMemory,
  begun,
  ended,
  failedAtEnd,
  isSettled,
  type PendingLinks,
  type ReadFacts,
  type RunMemory,
} from './run-history.ts';
import type { StateStore } from './store/store.ts';
import { openKeptValues } from './values/kept-values.ts';
import { vocabularyOf } from './vocabulary.ts';

export interface RunState extends LedgerQueries {
  /** false: nothing outlives the process. */
  readonly keeps: boolean;
  readonly memory: RunMemory;
  readonly known: number;
  readonly active: number;
  /** People an earlier run had in the ledger, and who are not there any more. */
  readonly lost: number;
  /** Changes with every change of the ledger. */
  readonly version: string;
  lookup(id: string): Known | undefined;
  hash(json: string): Uint8Array;
  readonly emails: EmailOwners;
  /** By field: how many people have it in Together, and in their body no more. */
  leftOut(question: LeftOutQuestion): Promise<Record<string, number>>;
  /** Before the first write: room on the disk, the mark of a run under way, and the addresses that Together may have from now on. */
  begin(run: {
    runId: string;
    startedAt: number;
    planned: GuardCounts;
    /** Old employeeId → new one. */
    moved?: Readonly<Record<string, string>>;
    toSend: number;
    /** Mail domains of the people read. */
    domains: readonly string[];
    emails: RunEmails;
    /** The people that Together's own list names, where this run has asked for it: the runs after it do not. */
    listed?: ListedPeople | undefined;
  }): Promise<void>;
  /** Before each request. Durable when it resolves. */
  sending(deliveries: readonly Delivery[]): Promise<void>;
  /** Durable when it resolves. */
  record(outcomes: readonly PersonOutcome[]): Promise<void>;
  end(
    summary: RunSummary,
    read: ReadFacts & {
      batch?: BatchMemory | undefined;
      pendingLinks: PendingLinks;
      /** Missing from a complete read. */
      vanished: readonly string[];
      /** null: none any more; absent: as before. */
      secondRecord?: RunMemory['second_record'] | null;
      /** undefined: the run did not begin to write, so that owners stay as they were. */
      emails: RunEmails | undefined;
    },
  ): Promise<RunMemory>;
  /** After `end`, where something else of the run's end failed. `before`: what was remembered before this run. */
  failedAtEnd(before: RunMemory, exitCode: number): Promise<void>;
  /** What of the notices after this run got through. */
  notified(notified: NonNullable<RunMemory['notified']>): Promise<void>;
  /** Removes a person from ledger, e-mail owners and memory, and closes the ledger. False: the ledger did not know them. */
  forget(id: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface RunStateOptions {
  readonly store: StateStore;
  readonly keys: LedgerKeys;
  /** Host and organization. */
  readonly destination: string;
  readonly keeps: boolean;
  /** How long accepted values are kept once others took their place; absent or 0: none are. */
  readonly keepValuesDays?: number;
  /** Together field → what its values of this run were made by; `*`: all of them. Asked once people were read. */
  readonly rules?: (() => Readonly<Record<string, string>>) | undefined;
  /** Absent: only to look. */
  readonly run?: { readonly id: string; readonly startedAt: number };
  readonly warn: (message: string) => void;
}

export async function openRunState(
  options: RunStateOptions,
): Promise<RunState & { readonly batch: BatchMemory | undefined; readonly ledger: Ledger }> {
  const { store, keys } = options;
  const { ledger, kept, lost } = await openKept(options);
  const { lookup } = ledger;
  const statusOf = (id: string) => lookup(id)?.status;
  const keyOfDomain = (domain: string) => domainKey(domain, ledger.hash);
  const emails = openEmailOwners(store, keys, statusOf, (id) => isDeleted(lookup(id)));
  let memory: RunMemory = kept.memory;
  let batch = kept.batch;
  const values = valuesOf(options, ledger);
  const keep = async (known: number | undefined) =>
    await writeKeptRuns(store, keys, { memory, batch, known, ledger: await ledger.mark() });

  return {
    ledger,
    keeps: options.keeps,
    lost,
    get memory() {
      return memory;
    },
    get batch() {
      return batch;
    },
    get known() {
      return ledger.known;
    },
    get active() {
      return ledger.active;
    },
    get version() {
      return ledger.stamp;
    },
    lookup,
    hash: ledger.hash,
    leftOut: ledger.leftOut,
    emails,
    ...ledgerQueries(ledger, () => memory.vocabulary),
    async begin({ runId, startedAt, planned, moved, toSend, domains, emails: read, listed }) {
      if (toSend === 0) return;
      await ledger.reserve(toSend);
      memory = begun(memory, {
        runId,
        startedAt: new Date(startedAt).toISOString(),
        planned,
        ...(moved ? { moved } : {}),
        domains: domains.map(keyOfDomain),
      });
      if (options.keeps && listed) await ledger.list(listed.people);
      if (options.keeps) await emails.begin(read, listed?.addresses);
      await keep(ledger.known);
    },
    sending: values.sending,
    record: async (outcomes) => {
      if (!options.keeps) return;
      await values.keep(outcomes);
      await ledger.recordOutcomes(outcomesToKeep(outcomes));
    },
    async end(summary, read) {
      memory = ended(memory, summary, {
        ...read,
        began: read.emails !== undefined,
        // A plan was read before this ledger had its key, perhaps: here it has.
        domains: read.domains.map(keyOfDomain),
        // The key of an organisational value is the same for everybody: any employeeId gives it.
        vocabulary: vocabularyOf(read.values, (field, value) => ledger.fieldKey('', field, value)),
      });
      if (read.emails && options.keeps) await emails.end(read.emails, read.complete && read.only === undefined);
      if (options.keeps) await values.end(read.emails !== undefined && isSettled(summary.exit_code));
      batch = read.batch ?? batch;
      await keep(ledger.known);
      return memory;
    },
    async failedAtEnd(before, exitCode) {
      memory = failedAtEnd(before, memory, exitCode);
      await keep(ledger.known);
    },
    async notified(notified) {
      memory = { ...memory, notified };
      await keep(ledger.known);
    },
    async forget(id) {
      memory = memoryWithout(memory, id);
      await emails.forget(id);
      const hadValues = await values.forget(id);
      const known = ledger.lookup(id) !== undefined;
      await keep(known ? undefined : ledger.known);
      if (!known) return hadValues;
      await ledger.forget(id);
      await keep(ledger.known);
      return true;
    },
    async close() {
      const isRewritten = await ledger.close();
      if (isRewritten) await keep(ledger.known);
      await store.close();
    },
  };
}

function valuesOf({ store, keys, keeps, keepValuesDays = 0, run, rules }: RunStateOptions, { lookup }: Ledger) {
  const days = keeps ? keepValuesDays : 0;
  return openKeptValues({ store, keys, days, run: run ?? { id: '', startedAt: 0 }, rules, lookup });
}

/** A person Together refused without a status has no outcome that the ledger may keep. */
const outcomesToKeep = (outcomes: readonly PersonOutcome[]): KeptOutcome[] =>
  outcomes
    .filter(({ outcome }) => outcome.outcome !== 'rejected' || outcome.status !== undefined)
    .map(({ delivery, outcome }) => ({
      employeeId: delivery.employeeId,
      json: (delivery.clears?.without ?? delivery.body).toString('utf8'),
      cleared: delivery.clears?.fields,
      movedFrom: isSecondRecord({ delivery, outcome }) ? undefined : delivery.movedFrom,
      refusedStatus: outcome.outcome === 'rejected' ? outcome.status : undefined,
    }));

/** The ledger, and what the last run left beside it; throws where the two do not fit. */
async function openKept(options: RunStateOptions) {
  const { store, keys, destination, run } = options;
  const shared = (field: string) => isOrganisational(field) || isReference(field);
  const mark = async () => (await readKeptRuns(store, keys)).ledger;
  const ledger = await openLedger({ store, keys, destination, run, shared, mark });
  if (ledger.truncated > 0) {
    options.warn(
      'The last run was cut off while it wrote down what Together had accepted: those people are sent once more.',
    );
  }
  const kept = await readKeptRuns(store, keys);
  const lost = Math.max(0, (kept.known ?? 0) - ledger.known);
  if (lost > 0 && ledger.known > 0) throw cutOff(store, ledger.known, lost);
  if (lost > 0) {
    options.warn(
      `The ledger of ${counted(lost, 'person', 'people')} is gone, so everybody counts as new. Until the next complete read, supervisors who are not read again are left out.`,
    );
  }
  return { ledger, kept, lost };
}

function cutOff(store: StateStore, left: number, lost: number): ConnectorError {
  return new ConnectorError(
    'unexpected',
    said`The ledger in ${store.where} holds ${counted(left, 'person', 'people')} and held ${left + lost} at the end of the last run. Nothing was sent.`,
    {
      hint: 'Its end is missing, or it is an older copy: restore the newest one. Or move it away: then everybody counts as new once.',
    },
  );
}
