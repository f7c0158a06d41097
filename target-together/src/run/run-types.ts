import type { Clock } from '@ukg-together/kit/clock';
import type { ConnectorError } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import type { ConnectorEvent, SchemaEvent, StateEvent } from '@ukg-together/protocol/event';
import type { Collected, RecordMapping } from '../collect/collected.ts';
import type { PeopleFilter } from '../collect/filters.ts';
import type { Delivery, SettledPerson } from '../model/person.ts';
import type { RunMode, RunSummary } from '../model/run-summary.ts';
import type { ChangedField } from '../model/user-fields.ts';
import type { People } from '../people/person.ts';
import type { Findings } from '../plan/checks/findings.ts';
import type { Plan } from '../plan/plan.ts';
import type { GivenPlan, PlannedRead } from '../plan/prepared.ts';
import type { Settings } from '../settings/settings.ts';
import type { RejectedRecord } from '../state/rejects-file.ts';
import type { BatchMemory } from '../state/run-history.ts';
import type { Books } from '../state/run-state.ts';
import type { AskRemote } from '../together/list-users.ts';
import type { RequestLog } from '../together/request-log.ts';
import type { RunOutcomes } from './outcomes.ts';

export interface TargetDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly books: Books;
  /** Where people go that don't fit into memory. */
  readonly spillFolder: string;
  readonly openMapping: (schema: SchemaEvent) => RecordMapping | undefined | Promise<RecordMapping | undefined>;
  readonly filter: PeopleFilter | undefined;
  /** Sends people in order; `settle` is awaited before the next request. Never called in a dry run. */
  readonly deliver: (
    people: Iterable<Delivery>,
    settle: (settled: readonly SettledPerson[]) => Promise<void>,
  ) => Promise<{ readonly stopped: ConnectorError | undefined }>;
  /** Together's own list, where this run asks for it and it can be read. */
  readonly remote?: AskRemote | undefined;
  /** What `deliver` has learnt of sizes. */
  readonly batchMemory?: () => BatchMemory | undefined;
  /** Adds records to the rejects; durable when it resolves. */
  readonly keepRejects: (records: Iterable<RejectedRecord>) => Promise<void>;
  readonly requests: RequestLog;
  /** Gives a checkpoint back; `rejected` of its `records` were refused or could not be mapped. */
  readonly release: (state: StateEvent, counts: { records: number; rejected: number }) => Promise<void>;
  /** A stop: nothing new is begun; `reason` is a ConnectorError. */
  readonly signal: AbortSignal;
  readonly about: Pick<RunSummary, 'tool' | 'destination'> & { readonly packageHash: string | null };
  /** Once the plan and its guards are known, before anything is sent. */
  readonly onPlanned?: (
    facts: Pick<RunSummary, 'source' | 'guards' | 'people_read' | 'actions' | 'hashes'>,
  ) => Promise<void>;
  /** People just settled, by id. */
  readonly onSettled?: (settled: readonly SettledPerson[]) => Promise<void>;
}

export interface RunOptions {
  readonly mode: RunMode;
  readonly runId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly settings: Settings;
  readonly hashes: { readonly settings: string; mapping(): string };
  /** Stream → name of the preset that maps it; filled while reading. */
  readonly presets: ReadonlyMap<string, string>;
  /** The plan hash given with --accept or accept_plan. */
  readonly accept?: string | undefined;
  /** Every checkpoint must come back (Airbyte); else a later one stands for those before it. */
  readonly everyState?: boolean | undefined;
  readonly files: RunSummary['files'];
  /** A plan with something to send ends with exit code 8. */
  readonly tellsChanges?: boolean | undefined;
  /** Keep records as they came, though nothing is sent. */
  readonly keepRaw?: boolean | undefined;
  /** A plan made before (apply): fills the store, in place of reading and planning. */
  readonly given?: ((people: People) => Promise<GivenPlan>) | undefined;
}

/** All that is known at the end, for reports, plan files and explanations. */
export interface RunResult {
  readonly summary: RunSummary;
  readonly exitCode: number;
  readonly error: ConnectorError | undefined;
  readonly people: People;
  readonly collected: Collected;
  readonly findings: Findings | undefined;
  readonly plan: Plan | undefined;
  readonly outcomes: RunOutcomes | undefined;
  readonly changes: (person: number) => readonly ChangedField[];
  /** For a plan on disk. */
  readonly read: PlannedRead;
  /** Whether sending began, so that rejects and checkpoints moved. */
  readonly began: boolean;
}

export interface TargetRun {
  /** Announcements of the mapped streams so far. */
  schemas(): readonly SchemaEvent[];
  take(event: ConnectorEvent, line: { readonly number: number; readonly text: string }): void | Promise<void>;
  /** After the last event, or with the failure that ended the reading. Never rejects; call it once. */
  finish(failure?: unknown): Promise<RunResult>;
  close(): void;
}
