/** What the HTML report shows, as plain data: personal values exist only here, and leave through `redaction.ts`. */
import type { OutcomeName } from '../model/outcome.ts';
import type { RedactionLevel, RequestPoint, RunPoint, RunSummary } from '../model/run-summary.ts';

export interface FieldChange {
  readonly field: string;
  /** Absent: not known (the ledger keeps hashes). null: was empty. */
  readonly from?: string | null;
  readonly to?: string | null;
  /** Marked sensitive by the settings: shown as changed, never with a value, at any level. */
  readonly sensitive?: boolean;
}

/** One person in a report's table, as full as is known: the report itself leaves out what its level doesn't allow. */
export interface PersonRow {
  readonly id: string;
  /** Employee number, where it is not the id. */
  readonly number?: string | undefined;
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly department?: string | undefined;
  /** A calendar day such as the last day of work, YYYY-MM-DD. */
  readonly date?: string | undefined;
  /** The filter of an excluded person, the reason of a refusal … in words without personal data. */
  readonly reason?: string | undefined;
  readonly changes?: readonly FieldChange[] | undefined;
  /** How the person ended; absent: not read in this run. */
  readonly outcome?: OutcomeName | undefined;
}

/** A table's people, read once and in order. `total` may be larger than what `rows` gives. */
export interface PersonTable {
  readonly total: number;
  readonly rows: Iterable<PersonRow>;
}

/** `absent`: a supervisor who was not read in this run; `gone`: one who had left before. Both are there only to hang people under. */
export const treeStates = ['same', 'join', 'leave', 'rehire', 'move', 'change', 'absent', 'gone'] as const;

/**
 * The organization by position 0 … size-1, in arrays without objects: a million people must fit. Holds who is active or on
 * leave and who leaves in this run, and the supervisors of these.
 */
export interface OrgTree {
  readonly size: number;
  id(position: number): string;
  number?(position: number): string | undefined;
  /** Asked only for the few that get a label, and only when the level shows names. */
  name?(position: number): string | undefined;
  /** Position of the supervisor as sent, or -1. May hold loops. */
  readonly parent: Int32Array;
  /** Position of the supervisor that Together had before, -1 for none, -2 where it is not known. */
  readonly before?: Int32Array;
  /** Index into `treeStates`. */
  readonly state: Uint8Array;
}

/** All that the HTML report shows. */
export interface ReportData {
  readonly summary: RunSummary;
  readonly level: RedactionLevel;
  readonly leavers: PersonTable;
  readonly joiners: PersonTable;
  readonly rehires: PersonTable;
  readonly moves: PersonTable;
  readonly changes: PersonTable;
  readonly vanished: PersonTable;
  /** Active in Together's own list alone. */
  readonly only: PersonTable;
  readonly excluded: PersonTable;
  /** Number and name of a person who was read, by employeeId: shown as the level allows. */
  readonly who: (id: string) => Pick<PersonRow, 'number' | 'name'>;
  readonly tree?: OrgTree | undefined;
  readonly requests: readonly RequestPoint[];
  readonly history: readonly RunPoint[];
}
