/** What one run leaves to the next beside the ledger: what to measure guards against, and how the last runs ended. Plain JSON. */

import { ExitCode } from '@ukg-together/kit/error';
import { type Counted, type GuardCounts, type Missing, newlyVanished, readsWithout } from '../model/guard-counts.ts';
import { guardKey, type RunPoint, type RunSummary } from '../model/run-summary.ts';
import type { UpcomingDay } from '../model/upcoming.ts';
import { type PastRun, windowAfter } from './guard-window.ts';
import { type MappingMemory, mappingChanges, stillDue } from './mapping-memory.ts';
import type { Vocabulary } from './vocabulary.ts';

/** employeeId → supervisorId that was left out because it was not valid: sent as soon as it is, read again or not. */
export type PendingLinks = Readonly<Record<string, string>>;

export interface RunMemory {
  /** The last successful run: what the guards of the next one compare with. */
  readonly baseline?: {
    readonly run_id: string;
    readonly finished_at: string;
    readonly people_read: number;
    /** Whether some successful run has read to the end: a source that was cut off leaves a part of the people to be created later. */
    readonly whole: boolean;
  };
  /** The last successful run whose input had not broken off: what a monitor looks for. */
  readonly last_success?: { readonly run_id: string; readonly finished_at: string; readonly people_read: number };
  /** The last successful one that had read everybody. */
  readonly complete?: {
    readonly finished_at: string;
    readonly rows: number;
    /** By Together field: share of people, 0 to 1. */
    readonly filled: Readonly<Record<string, number>>;
  };
  /** A run that began to write and has not ended well: what it had to do. */
  readonly open?: OpenRun & {
    /** The one before, until this one has got a person through. */
    readonly earlier?: OpenRun;
  };
  readonly last?: { readonly run_id: string; readonly finished_at: string; readonly exit_code: number };
  /** Since when runs have been failing: set by the first failure, removed by the first successful run. */
  readonly failing_since?: string;
  /** What the webhook has got through: whether a person knows of the failure, and refusals that no one heard of yet. */
  readonly notified?: { readonly failing: boolean; readonly unreportedRefusals: number };
  readonly vocabulary?: Vocabulary;
  readonly pending_links?: PendingLinks;
  /** First and last days that lie ahead, by day. */
  readonly calendar?: readonly UpcomingDay[];
  /** What decided what was sent in the last successful run, and what of it has changed since the last complete read. */
  readonly mapping?: MappingMemory;
  readonly mapping_due?: readonly string[];
  readonly missing?: Missing;
  /** Old employeeId → new one, of moves that were planned; whether one has happened the ledger says. */
  readonly moved_ids?: Readonly<Record<string, string>>;
  /** The last person under a new id that Together made a second record of: no more are relinked until a run with on_new_id: hold. */
  readonly second_record?: { readonly from: string; readonly to: string };
  readonly guard_window?: readonly PastRun[];
  /** Mail domains as keys, and supervisors of many, of successful runs. */
  readonly domains?: readonly string[];
  readonly supervisors?: readonly string[];
  /** Oldest first. */
  readonly history?: readonly RunPoint[];
}

interface OpenRun {
  readonly run_id: string;
  readonly started_at: string;
  readonly planned: GuardCounts;
  /** Mail domains, as keys, that its guards had let pass. */
  readonly domains?: readonly string[];
}

const keptRuns = 60;

/** Where a whole company is renumbered, its source goes on with the new ids alone. */
const mostMoved = 20_000;

/** Exit codes of a run that did all that it had to. */
export const successCodes = new Set([0, 8]);

/** Exit codes of a run in which everybody who was sent has an outcome. */
export const isSettled = (exitCode: number): boolean => successCodes.has(exitCode) || exitCode === ExitCode.refused;

/** Before the first write: from now on, until a run ends well, the plan counts as interrupted. */
export function begun(
  memory: RunMemory,
  run: {
    runId: string;
    startedAt: string;
    planned: GuardCounts;
    moved?: RunMemory['moved_ids'];
    /** As keys. The guards have let them pass, so the rest of this run's people may have them too. */
    domains: readonly string[];
  },
): RunMemory {
  // What an interrupted run had passed stays passed as long as it is not finished: its rest is what this run resumes.
  const planned: Partial<Record<Counted, number>> = { ...run.planned };
  for (const [counted, count] of Object.entries(memory.open?.planned ?? {}) as [Counted, number][]) {
    planned[counted] = Math.max(planned[counted] ?? 0, count);
  }
  const { earlier: _, ...earlier } = memory.open ?? {};
  const moved = Object.entries({ ...memory.moved_ids, ...run.moved }).slice(-mostMoved);
  return {
    ...memory,
    ...(moved.length > 0 ? { moved_ids: Object.fromEntries(moved) } : {}),
    open: {
      run_id: run.runId,
      started_at: run.startedAt,
      planned,
      domains: [...new Set([...(memory.open?.domains ?? []), ...run.domains])].slice(-mostDomains),
      ...(memory.open ? { earlier: earlier as OpenRun } : {}),
    },
  };
}

/** After a run that was meant to write. `filled`: shares, for a complete read. */
export function ended(
  memory: RunMemory,
  summary: RunSummary,
  read: {
    only?: number | undefined;
    complete: boolean;
    whole: boolean;
    peopleRead: number;
    pendingLinks: PendingLinks;
    filled: Readonly<Record<string, number>>;
    vocabulary: Vocabulary;
    calendar: readonly UpcomingDay[];
    domains: readonly string[];
    supervisors: readonly string[];
    vanished: readonly string[];
    mapping?: MappingMemory | undefined;
    /** Whether it began to write. */
    began: boolean;
    /** null: none any more; absent: as before. */
    secondRecord?: RunMemory['second_record'] | null;
  },
): RunMemory {
  if (read.only !== undefined) return endedForNamed(memory, summary, read);
  const { run_id, finished_at, people_read, exit_code } = summary;
  const guards: Record<string, number> = {};
  for (const guard of summary.guards) {
    const value = guard.percent ?? guard.count;
    if (value !== null) guards[guardKey(guard)] = value;
  }
  const point: RunPoint = {
    runId: run_id,
    finishedAt: finished_at,
    peopleRead: people_read,
    exitCode: exit_code,
    guards,
  };
  const { open, failing_since, second_record, ...rest } = {
    ...memory,
    pending_links: read.pendingLinks,
    calendar: read.calendar,
  };
  const before = memory.missing ?? {};
  const second = read.secondRecord === undefined ? second_record : read.secondRecord;
  const next: RunMemory = {
    ...rest,
    ...(second ? { second_record: second } : {}),
    ...(read.began
      ? { guard_window: windowAfter(memory.guard_window ?? [], summary, newlyVanished(read.vanished, before)) }
      : {}),
    last: { run_id, finished_at, exit_code },
    history: [...(memory.history ?? []), point].slice(-keptRuns),
  };
  if (!successCodes.has(exit_code)) {
    // Exit 4 has settled everybody: nothing is left to resume, and nothing to measure the next run against either.
    const left = exit_code === ExitCode.refused ? undefined : openAfter(open, summary);
    const keepsOpen = left ? { open: left } : {};
    // A person at the keyboard stopped it: that is no failure to be notified of.
    const failing = exit_code === 130 ? failing_since : (failing_since ?? finished_at);
    // Interrupted: its open plan names them.
    const domains = read.began && exit_code === ExitCode.refused ? domainsAfter(memory, read.domains) : {};
    return { ...next, ...domains, ...keepsOpen, ...(failing === undefined ? {} : { failing_since: failing }) };
  }
  return {
    ...next,
    ...(read.complete
      ? { missing: Object.fromEntries(read.vanished.map((id) => [id, readsWithout(before, id) + 1])) }
      : {}),
    ...(read.mapping ? mappingAfter(memory, read.mapping, read.complete) : {}),
    ...domainsAfter(memory, read.domains),
    ...supervisorsAfter(memory, read),
    baseline: {
      run_id,
      finished_at,
      people_read: read.peopleRead,
      whole: read.whole || memory.baseline?.whole === true,
    },
    ...(read.whole
      ? { last_success: { run_id, finished_at, people_read: read.peopleRead } }
      : { failing_since: failing_since ?? finished_at }),
    ...(read.complete
      ? { complete: { finished_at, rows: read.peopleRead, filled: read.filled } }
      : memory.complete
        ? { complete: memory.complete }
        : {}),
    vocabulary: mergeVocabulary(memory.vocabulary ?? {}, read.vocabulary),
  };
}

/** What a run for a few people sent counts for the guards of the day; all else stays as the last run of everybody left it. */
function endedForNamed(
  memory: RunMemory,
  summary: RunSummary,
  read: Pick<Parameters<typeof ended>[2], 'began' | 'pendingLinks' | 'secondRecord' | 'vocabulary'>,
): RunMemory {
  const { open: before, ...rest } = memory;
  const open = before?.run_id === summary.run_id ? before.earlier : before;
  return {
    ...rest,
    ...(open ? { open } : {}),
    ...(read.secondRecord ? { second_record: read.secondRecord } : {}),
    ...(read.began ? { guard_window: windowAfter(memory.guard_window ?? [], summary, 0) } : {}),
    pending_links: read.pendingLinks,
    vocabulary: mergeVocabulary(memory.vocabulary ?? {}, read.vocabulary),
  };
}

/** A night without people knows of no mapping, and forgets none. */
function mappingAfter(
  { mapping: before, mapping_due = [] }: RunMemory,
  mapping: MappingMemory,
  complete: boolean,
): Pick<RunMemory, 'mapping' | 'mapping_due'> {
  if (mapping.streams.length === 0) return {};
  return { mapping, mapping_due: stillDue(mapping_due, mappingChanges(before, mapping), complete) };
}

/** A wrong key reached no one: then nothing is interrupted but what was before. */
function openAfter(open: RunMemory['open'], { exit_code, run_id, outcomes: o }: RunSummary): RunMemory['open'] {
  const isNone = o.created + o.updated + o.unchanged + o.rejected === 0;
  return exit_code === ExitCode.credentials && isNone && open?.run_id === run_id ? open.earlier : open;
}

/**
 * People have their outcomes, and something else of the run's end failed (the audit log, a report): it is no run that a monitor
 * may call successful. `before` and `after`: what was remembered before this run and is after it.
 */
export function failedAtEnd(before: RunMemory, after: RunMemory, exitCode: number): RunMemory {
  const { last_success: _, ...rest } = after;
  const { last, history = [] } = after;
  if (!last) return after;
  return {
    ...rest,
    ...(before.last_success ? { last_success: before.last_success } : {}),
    last: { ...last, exit_code: exitCode },
    failing_since: after.failing_since ?? last.finished_at,
    history: history.map((point) => (point.runId === last.run_id ? { ...point, exitCode } : point)),
  };
}

const mostDomains = 2000;

/** Mail domains, as keys, that runs have sent to, interrupted ones too. */
export const domainsOf = ({ domains = [], open }: RunMemory): readonly string[] => [
  ...new Set([...domains, ...(open?.domains ?? [])]),
];

/** A read that brought no address knows of no domain: nothing to compare the next one with. */
function domainsAfter(memory: RunMemory, now: readonly string[]): Pick<RunMemory, 'domains'> {
  const known = [...new Set([...domainsOf(memory), ...now])].slice(-mostDomains);
  return known.length > 0 ? { domains: known } : {};
}

/** The first rows of a source that broke off do not show how many people have one supervisor. */
function supervisorsAfter(
  { supervisors }: RunMemory,
  read: { readonly complete: boolean; readonly whole: boolean; readonly supervisors: readonly string[] },
): Pick<RunMemory, 'supervisors'> {
  if (read.complete || (!supervisors && read.whole)) return { supervisors: read.supervisors };
  return supervisors ? { supervisors } : {};
}

function mergeVocabulary(before: Vocabulary, now: Vocabulary): Vocabulary {
  const merged: Record<string, Record<string, string>> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(now)])) {
    merged[field] = Object.fromEntries(
      [...Object.entries(now[field] ?? {}), ...Object.entries(before[field] ?? {})].slice(0, 2000),
    );
  }
  return merged;
}

/** What a read leaves for the next run, once what it brought is sent. Plain JSON: a plan carries it to the run that applies it. */
export interface ReadFacts {
  /** Everybody was read. */
  readonly complete: boolean;
  /** The source was not cut off. */
  readonly whole: boolean;
  readonly peopleRead: number;
  /** People `--only` named: the run was for them alone, and no later one is measured against it. */
  readonly only?: number | undefined;
  /** By Together field: share of the mapped people who have a value, 0 to 1. */
  readonly filled: Readonly<Record<string, number>>;
  /** First and last days ahead, of everybody as far as the runs up to this one have read; ids of people who are not to leave any more. */
  readonly calendar: readonly UpcomingDay[];
  readonly withdrawn: readonly string[];
  readonly mapping?: MappingMemory | undefined;
  /** Mail domains of the people read. */
  readonly domains: readonly string[];
  /** Supervisors of a large part of everybody. */
  readonly supervisors: readonly string[];
  /** Values of the fields that describe the organization. */
  readonly values: readonly { readonly field: string; readonly value: string; readonly people: number }[];
}

/** What a run leaves to the next one. Plain JSON. */
export interface BatchMemory {
  readonly users: number;
  /** Growth stops here for a while, because more made trouble; null: only batch_size bounds it. */
  readonly usersCeiling: number | null;
  readonly bytes: number;
  /** The same of bytes: a larger body was refused (413). */
  readonly bytesCeiling: number | null;
  /** Milliseconds since 1970 of the last time that a size was refused; too old a refusal is forgotten. */
  readonly troubledAt: number | null;
  /** Whether accepting answers came with a body: then one without is suspicious. Absent: not known. */
  readonly bodies?: boolean;
}
