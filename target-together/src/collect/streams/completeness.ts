import type { StreamState } from './stream-state.ts';

export interface ReadSoFar {
  /** Those that a mapping takes. */
  readonly mapped: readonly StreamState[];
  readonly anyRecord: boolean;
  readonly anyState: boolean;
}

/** The setting complete_reads. */
export type CompleteReads = 'declared' | 'always' | 'never';

/** Versions that the source announced, at the start or part by part. */
const isAnnounced = ({ announced, activations }: StreamState): boolean => announced || activations > 1;

/** Whether everybody was read, and why. `inputEnded`: without an error. */
export function completeness(
  { mapped, anyRecord, anyState }: ReadSoFar,
  mode: CompleteReads,
  inputEnded: boolean,
): { complete: boolean; reason: string } {
  if (mapped.length === 0) return { complete: false, reason: 'no stream that a mapping takes was read' };
  const saysAll = (stream: StreamState) =>
    stream.completed || (stream.activated && !isAnnounced(stream) && stream.closed);
  if (mode !== 'never' && mapped.every(saysAll)) {
    return { complete: true, reason: 'the source ended its read by saying that these are all' };
  }
  if (mapped.every((stream) => stream.empty)) {
    return { complete: false, reason: 'the source said that these are all, and gave no person: that is no company' };
  }
  if (mode === 'never') return { complete: false, reason: 'complete_reads is "never": this source reads parts' };
  const assumeComplete = mode === 'always' && inputEnded;
  // A run of Airbyte reaches the end of its input though the source has failed: then records follow the last checkpoint.
  if (assumeComplete && anyState && mapped.some((stream) => stream.sinceState > 0)) {
    return { complete: false, reason: 'complete_reads is "always", but records came after the last STATE' };
  }
  if (assumeComplete && mapped.some((stream) => stream.schema.increment)) {
    return { complete: false, reason: 'complete_reads is "always", but the sync mode is incremental' };
  }
  if (assumeComplete && mapped.some((stream) => isAnnounced(stream) && !stream.closed)) {
    return {
      complete: false,
      reason: 'complete_reads is "always", but no STATE closed the versions that the source announced',
    };
  }
  if (assumeComplete && anyRecord) return { complete: true, reason: 'complete_reads is "always"' };
  if (mapped.some((stream) => stream.activated && isAnnounced(stream))) {
    return {
      complete: false,
      reason:
        'the source sent ACTIVATE_VERSION before its records or more than once, which announces a version and proves no end',
    };
  }
  if (mapped.some((stream) => stream.activated && !stream.closed)) {
    return { complete: false, reason: 'no STATE came after ACTIVATE_VERSION: the source may have been cut off' };
  }
  return {
    complete: false,
    reason:
      'the source did not say at its end that these are all people: no ACTIVATE_VERSION, no COMPLETE of a full refresh',
  };
}

/** Whether the input ended as that of a source that was not cut off; see `Collected.whole`. */
export function isWhole({ mapped, anyRecord, anyState }: ReadSoFar, checkpointed: boolean): boolean {
  if (anyState) return mapped.every((stream) => stream.sinceState === 0);
  return !checkpointed && anyRecord && mapped.every((stream) => !stream.versioned);
}
