import type { Logger } from '@ukg-together/kit/log/log';
import type { SchemaEvent, StateEvent } from '@ukg-together/protocol/event';
import type { Collected } from '../collect/collected.ts';
import type { Fault } from '../model/person.ts';
import type { Cause, Guard, RunSummary } from '../model/run-summary.ts';
import type { ChangedField } from '../model/user-fields.ts';
import type { People } from '../people/person.ts';
import type { Settings } from '../settings/settings.ts';
import type { ListedPeople } from '../state/email-owners.ts';
import type { PendingLinks, ReadFacts } from '../state/run-history.ts';
import type { RunState } from '../state/run-state.ts';
import type { AskRemote } from '../together/list/list-users.ts';
import type { Findings } from './checks/findings.ts';
import type { AskDrift } from './drift/on-drift.ts';
import type { Plan } from './plan.ts';

export interface BuildPlanInput {
  readonly people: People;
  readonly collected: Collected;
  readonly state: RunState;
  readonly settings: Settings;
  /** Together's own list, where this run asks for it and it can be read. */
  readonly remote: AskRemote | undefined;
  /** What a person changed in Together since the last delivery, where this run asks. */
  readonly drift?: AskDrift | undefined;
  readonly log: Logger;
  /** What of the mapping has changed since the last successful run, and the fields that it maps now, where that is known. */
  readonly mapping: { readonly changed: readonly string[]; readonly fields: readonly string[] | undefined };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** employeeIds of `--only`; undefined: everybody is meant. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Whether the plan's hash is asked for. */
  readonly hashed: boolean;
  /** Host and organization. */
  readonly scope: string;
}

/** What the run means to do, and what reports say of it. */
export interface Prepared {
  readonly plan: Plan;
  readonly findings: Findings;
  readonly guards: readonly Guard[];
  readonly causes: readonly Cause[];
  /** Counts all people. */
  readonly changesByField: Readonly<Record<string, number>>;
  /** By position, for as many people as the report and the plan file show. */
  readonly changes: ReadonlyMap<number, readonly ChangedField[]>;
  /** By position: fields that are emptied beside what the body says. */
  readonly clears: ReadonlyMap<number, readonly string[]>;
  /** By position: what Together's own list gives to look at. */
  readonly notes: ReadonlyMap<number, readonly Fault[]>;
  /** employeeIds that are active in Together's own list, and in no record of a complete read; undefined: not known. */
  readonly togetherOnly: readonly string[] | undefined;
  /** The people that Together's own list names, for the runs after this one; undefined: this run has no list. To be read once. */
  readonly listed: ListedPeople | undefined;
  /** By field: people with a value in Together that the HRIS has emptied. */
  readonly stale: Readonly<Record<string, number>>;
  /** Why there is no baseline for the guards. */
  readonly baselineNote: string | undefined;
}

export interface ReviewedPlan
  extends Pick<Prepared, 'plan' | 'findings' | 'guards' | 'causes' | 'changesByField' | 'clears' | 'changes'> {
  readonly read: PlannedRead;
}

/** What a plan carries of the read that it was made of. Plain JSON. */
export interface PlannedRead {
  readonly states: readonly StateEvent[];
  readonly schemas: readonly SchemaEvent[];
  readonly source: RunSummary['source'];
  readonly vanished: readonly string[];
  readonly facts: ReadFacts;
  /** Links that are left out, those among them that the plan itself sends. */
  readonly pendingLinks: PendingLinks;
}
