import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';

export type ReplicationMethod = 'FULL_TABLE' | 'INCREMENTAL';

export interface StreamDefinition {
  /** tap_stream_id, snake_case. */
  readonly name: string;
  readonly schema: JsonSchema;
  readonly keyProperties: readonly string[];
  /** The record's property that bookmarks follow; absent: FULL_TABLE only. */
  readonly replicationKey?: string;
  /** Further fields that travel whatever a catalog says. */
  readonly automatic?: readonly string[];
  /** The first is the default. */
  readonly replicationMethods: readonly ReplicationMethod[];
  /** Whether a run without a catalog reads this stream. */
  readonly selectedByDefault: boolean;
  /** Dotted paths of fields that are left out unless a catalog selects them (national ids, health, pay …). */
  readonly sensitive: ReadonlySet<string>;
}

/** A stream as a catalog asked for it. */
export interface SelectedStream {
  readonly definition: StreamDefinition;
  /** The definition's schema without the deselected fields. */
  readonly schema: JsonSchema;
  readonly replicationMethod: ReplicationMethod;
  readonly replicationKey: string | undefined;
  readonly keyProperties: readonly string[];
}
