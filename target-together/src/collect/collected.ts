import type { StateEvent } from '@ukg-together/protocol/event';
import type { Mapped } from '../model/person.ts';
import type { UpcomingDay } from '../model/upcoming.ts';
import type { FieldTable } from './field-statistics.ts';
import type { RemarkCount } from './remark-counts.ts';
import type { Spellings } from './spellings.ts';
import type { UnmappedCode } from './unmapped-codes.ts';

/** The part of a compiled mapping that reading needs. */
export interface RecordMapping {
  map(record: Record<string, unknown>): Mapped | Promise<Mapped>;
}

/** A checkpoint with what was read since the one before of the same stream. */
export interface BufferedState {
  readonly event: StateEvent;
  readonly records: number;
  /** People first seen in between, as positions: from (inclusive) to (exclusive). */
  readonly people: readonly [number, number];
}

export interface StreamCount {
  readonly stream: string;
  readonly mapped: boolean;
  readonly records: number;
}

export interface Collected {
  readonly streams: readonly StreamCount[];
  /** Whether everybody was read. */
  readonly complete: boolean;
  readonly reason: string;
  /** The source went on from a bookmark that it had. */
  readonly increment: boolean;
  /** The source gave a bookmark, and nothing shows whether it had one before. */
  readonly mayBeIncrement: boolean;
  /** The source said that it read everybody, and gave no record: no complete read, but one that the guards shall see. */
  readonly claimsEmpty: boolean;
  /**
   * Whether the input ended as a source ends that was not cut off: complete, or with a checkpoint after the last record. A source
   * that gives no checkpoints at all may end as it likes, unless its protocol demands them or versions of its records promised ACTIVATE_VERSION.
   */
  readonly whole: boolean;
  /** Mapped users, and for how many of them each field is filled. */
  readonly users: number;
  readonly filled: Readonly<Record<string, number>>;
  /** Codes that could not be translated: field, value, people. */
  readonly unmappedCodes: readonly UnmappedCode[];
  /** What the mapping put right or noticed, by field. */
  readonly remarks: readonly RemarkCount[];
  readonly fields: FieldTable;
  /** Several spellings of what looks like one code. */
  readonly codeSpellings: readonly Spellings[];
  /** Rows without a usable id: each may be anyone. */
  readonly withoutId: number;
  /** Mail domains in lower case, with the people read who have an address there. */
  readonly domains: ReadonlyMap<string, number>;
  /** The supervisors with the most reports. */
  readonly supervisors: readonly { readonly id: string; readonly reports: number }[];
  /** People a first or last day holds up. */
  readonly upcoming: readonly UpcomingDay[];
  /** The last checkpoint of each stream (Singer: the last one), to be given back once every person has an outcome. */
  readonly lastStates: readonly StateEvent[];
}
