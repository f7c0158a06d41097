import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { RecordMapping } from './collected.ts';

/** What a stream has brought so far, and what it has said of itself. */
export interface StreamState {
  mapping: RecordMapping | undefined;
  schema: SchemaEvent;
  /** Tells a changed SCHEMA from a repeated one. */
  schemaText: string;
  records: number;
  sinceState: number;
  /** Positions in use when its last checkpoint came. */
  peopleAtState: number;
  /** Version of all records so far; null: none, or not the same. */
  version: number | null | undefined;
  /** Whether any record had a version. */
  versioned: boolean;
  /** The source ended this stream by saying that these are all its records. */
  activated: boolean;
  /** The source said so, and gave no record: that is a broken source, never a complete read. */
  empty: boolean;
}

export const newStream = (
  schema: SchemaEvent,
  schemaText: string,
  mapping: RecordMapping | undefined,
  peopleAtState: number,
): StreamState => ({
  mapping,
  schema,
  schemaText,
  records: 0,
  sinceState: 0,
  peopleAtState,
  version: undefined,
  versioned: false,
  activated: false,
  empty: false,
});

export function noteRecord(stream: StreamState, version: number | undefined): void {
  stream.records++;
  stream.sinceState++;
  if (version !== undefined) stream.versioned = true;
  if (stream.version === undefined) stream.version = version ?? null;
  else if (stream.version !== (version ?? null)) stream.version = null;
  stream.activated = false;
  stream.empty = false;
}

/** ACTIVATE_VERSION: complete where all records had this version. */
export function noteVersion(stream: StreamState, version: number): void {
  stream.activated = stream.records > 0 && stream.version === version;
  stream.empty = stream.records === 0;
}

/** COMPLETE of a full refresh. */
export function noteComplete(stream: StreamState): void {
  stream.activated = stream.records > 0;
  stream.empty = stream.records === 0;
}

/** What the checkpoint that came now stands for: records since the one before, and people first seen in between. */
export function closeSegment(
  streams: Iterable<StreamState>,
  size: number,
): { records: number; people: readonly [number, number] } {
  let records = 0;
  let from = size;
  for (const stream of streams) {
    records += stream.sinceState;
    stream.sinceState = 0;
    if (!stream.mapping) continue;
    from = Math.min(from, stream.peopleAtState);
    stream.peopleAtState = size;
  }
  return { records, people: [from, size] };
}
