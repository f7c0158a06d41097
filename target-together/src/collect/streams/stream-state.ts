import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { RecordMapping } from '../collected.ts';

/** What a stream has brought so far, and what it has said of itself. */
export interface StreamState {
  mapping: RecordMapping | undefined;
  schema: SchemaEvent;
  /** Tells a changed SCHEMA from a repeated one. */
  schemaText: string;
  /** Goes before the keys of its rows. */
  readonly keyPrefix: string;
  records: number;
  /** Of them, those that hold anything. */
  filled: number;
  sinceState: number;
  /** Positions in use when its last checkpoint came. */
  peopleAtState: number;
  /** Version of all records so far; null: none, or not the same. */
  version: number | null | undefined;
  /** Whether any record had a version. */
  versioned: boolean;
  /** The source ended this stream by saying that these are all its records. */
  activated: boolean;
  /** COMPLETE of a full refresh, which Airbyte's platform has from the source's end. */
  completed: boolean;
  /** ACTIVATE_VERSION messages so far, and whether one of them came before the first record. */
  activations: number;
  announced: boolean;
  /** A checkpoint has come since the last record and the last activation. */
  closed: boolean;
  /** The source said so, and gave no record: that is a broken source, never a complete read. */
  empty: boolean;
}

export const newStream = (
  schema: SchemaEvent,
  schemaText: string,
  mapping: RecordMapping | undefined,
  peopleAtState: number,
  keyPrefix: string,
): StreamState => ({
  mapping,
  schema,
  schemaText,
  keyPrefix,
  records: 0,
  filled: 0,
  sinceState: 0,
  peopleAtState,
  version: undefined,
  versioned: false,
  activated: false,
  completed: false,
  activations: 0,
  announced: false,
  closed: false,
  empty: false,
});

export function noteRecord(stream: StreamState, version: number | undefined, isBlank: boolean): void {
  stream.records++;
  if (!isBlank) stream.filled++;
  stream.sinceState++;
  if (version !== undefined) stream.versioned = true;
  if (stream.version === undefined) stream.version = version ?? null;
  else if (stream.version !== (version ?? null)) stream.version = null;
  stream.activated = false;
  stream.completed = false;
  stream.closed = false;
  stream.empty = false;
}

/**
 * ACTIVATE_VERSION: these are all where all records had this version. Before the first record, or a second time, it announces a version
 * and proves nothing: the Singer SDK writes it at the start of a stream, and before each part of a child stream.
 */
export function noteVersion(stream: StreamState | undefined, version: number): void {
  if (!stream) return;
  stream.activations++;
  if (stream.records === 0) stream.announced = true;
  stream.activated = stream.filled > 0 && stream.version === version;
  stream.closed = false;
  stream.empty = stream.filled === 0;
}

/** COMPLETE of a full refresh. */
export function noteComplete(stream: StreamState): void {
  stream.completed = stream.filled > 0;
  stream.empty = stream.filled === 0;
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
    stream.closed = true;
    if (!stream.mapping) continue;
    from = Math.min(from, stream.peopleAtState);
    stream.peopleAtState = size;
  }
  return { records, people: [from, size] };
}
