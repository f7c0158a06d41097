/**
 * The neutral messages between a core and its protocol adapter: all that either half's core knows.
 * Singer and Airbyte are spelled only under `singer/` and `airbyte/`.
 */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';

export interface SchemaEvent {
  readonly type: 'schema';
  readonly stream: string;
  /** Read from Airbyte only: the name without its namespace, where streams of several namespaces have it. */
  readonly name?: string;
  readonly schema: JsonSchema;
  /** Empty when the stream has none. */
  readonly keyProperties: readonly string[];
  readonly bookmarkProperties?: readonly string[];
  /** Read from Airbyte only: the sync mode asks for what is new, so nothing can be concluded from who does not come. */
  readonly increment?: true;
}

export interface RecordEvent {
  readonly type: 'record';
  readonly stream: string;
  readonly record: Record<string, unknown>;
  /** RFC 3339 in UTC. */
  readonly timeExtracted?: string;
  /** The table version of a full read; see ActivateVersionEvent. */
  readonly version?: number;
  /** Values that JSON does not have (NaN, Infinity, as Python writes them) and that were read as null; absent: none. */
  readonly nonNumbers?: number;
}

/** A checkpoint. The target never looks inside: it gives it back once everything before it is acknowledged. */
export interface StateEvent {
  readonly type: 'state';
  /** Singer: the bare value. Airbyte: the whole `state` object as received. */
  readonly value: unknown;
  /** The value as it was written, where writing it again would not give the same. */
  readonly text?: string;
  /**
   * The stream that it belongs to. A source names it where it can (Airbyte keeps one state for each stream); read from
   * Airbyte it is absent for a GLOBAL state.
   */
  readonly stream?: string;
  /** Read from Airbyte only: how many records of its stream (GLOBAL: of all) came since the state before it. */
  readonly records?: number;
}

/** After the last record of a read: every row that exists now came with this version, so rows of another are gone. */
export interface ActivateVersionEvent {
  readonly type: 'activate_version';
  readonly stream: string;
  readonly version: number;
}

/** What a source reports of a stream's progress; Singer has no message for it, Airbyte has TRACE STREAM_STATUS. */
export interface StatusEvent {
  readonly type: 'status';
  readonly stream: string;
  readonly status: 'started' | 'running' | 'complete' | 'incomplete';
  /** With `complete`, read from Airbyte only: the stream was read from its beginning to its end, so rows not seen are gone. */
  readonly everything?: true;
  /** Set while waiting for a quota; milliseconds since 1970 when it ends, where known. */
  readonly rateLimitedUntil?: number;
}

export type ConnectorEvent = SchemaEvent | RecordEvent | StateEvent | ActivateVersionEvent | StatusEvent;

/** Takes an event; a promise means "wait before the next one" (back-pressure). */
export type Emit = (event: ConnectorEvent) => void | Promise<void>;
