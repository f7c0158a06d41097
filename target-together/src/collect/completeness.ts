import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { RecordMapping } from './collected.ts';

export interface StreamState {
  mapping: RecordMapping | undefined;
  schema: SchemaEvent;
  schemaText: string;
  records: number;
  sinceState: number;
  peopleAtState: number;
  /** Version of all records so far; null: none, or not the same. */
  version: number | null | undefined;
  /** Whether any record had a version. */
  versioned: boolean;
  activated: boolean;
  /** Said to be read whole, without a record. */
  empty: boolean;
}

export function completeness(
  mapped: readonly StreamState[],
  assumeComplete: boolean,
  anything: boolean,
  checkpointed: boolean,
): { complete: boolean; why: string } {
  if (mapped.length === 0) return { complete: false, why: 'no stream that a mapping takes was read' };
  if (mapped.every((stream) => stream.activated)) {
    return { complete: true, why: 'the source ended its read by saying that these are all' };
  }
  if (mapped.every((stream) => stream.empty)) {
    return { complete: false, why: 'the source said that these are all, and gave nobody: that is no company' };
  }
  // A run of Airbyte reaches the end of its input though the source has failed: then records follow the last checkpoint.
  if (assumeComplete && checkpointed && mapped.some((stream) => stream.sinceState > 0)) {
    return { complete: false, why: 'complete_reads is "always", but records came after the last STATE' };
  }
  if (assumeComplete && mapped.some((stream) => stream.schema.increment)) {
    return { complete: false, why: 'complete_reads is "always", but the sync mode is incremental' };
  }
  if (assumeComplete && anything) return { complete: true, why: 'complete_reads is "always"' };
  return {
    complete: false,
    why: 'the source did not say at its end that these are all people: no ACTIVATE_VERSION, no COMPLETE of a full refresh',
  };
}
