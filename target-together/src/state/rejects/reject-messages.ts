/** Rejects of a run: the messages as they came, made into what the file of rejects keeps. */
import { createHash } from 'node:crypto';
import { extractedAt } from '@ukg-together/protocol/airbyte/decode';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { StateStore } from '../store/store.ts';
import { openRejects, type StaysOpen } from './rejects.ts';
import type { Reject, RejectedRecord } from './rejects-file.ts';

/** A message as it came → stream and record. */
export type ReadRaw = (raw: string) => {
  stream: string;
  namespace?: string | undefined;
  record: unknown;
  timeExtracted?: string | undefined;
};

export const readSingerRecord: ReadRaw = (raw) => {
  const message = JSON.parse(raw) as { stream: string; record: unknown; time_extracted?: string };
  return { stream: message.stream, record: message.record, timeExtracted: message.time_extracted };
};

export const readAirbyteRecord: ReadRaw = (raw) => {
  const { record } = JSON.parse(raw) as {
    record: { stream: string; namespace?: string; data: unknown; emitted_at?: unknown };
  };
  const { stream, namespace, data, emitted_at } = record;
  return {
    stream,
    namespace,
    record: data,
    timeExtracted: extractedAt(emitted_at),
  };
};

export interface RunRejects {
  /** Durable when it resolves. `schemas`: announcements of the streams that the records came from. */
  keep(records: Iterable<RejectedRecord>, schemas: readonly SchemaEvent[]): Promise<void>;
  /**
   * At the end of a run. `staysOpen`: whether an earlier reject is open still. Returns how many are open.
   */
  finish(staysOpen: StaysOpen): Promise<number>;
}

export async function openRunRejects(options: {
  readonly store: StateStore;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly retentionDays: number | null;
  readonly readRaw: ReadRaw;
}): Promise<RunRejects> {
  const { store, now, retentionDays, readRaw } = options;
  let announced: readonly SchemaEvent[] = [];
  const rejects = await openRejects({
    store,
    now,
    retentionDays,
    schemaOf(stream) {
      const event = announced.find((schema) => schema.stream === stream);
      return JSON.stringify({
        type: 'SCHEMA',
        stream,
        schema: event?.schema ?? { properties: {} },
        key_properties: event?.keyProperties ?? [],
      });
    },
  });

  function* made(records: Iterable<RejectedRecord>): Generator<Reject> {
    for (const { id, raw } of records) {
      const { stream: name, namespace, record, timeExtracted } = readRaw(raw);
      const text = JSON.stringify(record);
      const own = announced.find((schema) => schema.stream === `${namespace}.${name}`);
      const stream = own?.stream ?? name;
      const keys = (own ?? announced.find((schema) => schema.stream === stream))?.keyProperties ?? [];
      const key = keys.map((name) => (record as Readonly<Record<string, unknown>>)[name]);
      const hasKey = key.length > 0 && key.every((value) => value !== undefined && value !== null && value !== '');
      // A key of the row might be an address: a hash tells rows apart as well.
      const row = createHash('sha256')
        .update(JSON.stringify([stream, hasKey ? key : text]))
        .digest('hex')
        .slice(0, 16);
      yield { stream, record: text, timeExtracted, id: id ?? `row ${row}`, row };
    }
  }

  return {
    async keep(records, schemas) {
      announced = schemas;
      await rejects.keep(made(records));
    },
    finish: (staysOpen) => rejects.finish(staysOpen),
  };
}
