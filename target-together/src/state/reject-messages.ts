/** Rejects of a run: the messages as they came, made into what the file of rejects keeps. */
import { createHash } from 'node:crypto';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import { openRejects } from './rejects.ts';
import type { Reject, RejectedRecord } from './rejects-file.ts';
import type { StateStore } from './store/store.ts';

/** A message as it came → stream and record. */
export type ReadRaw = (raw: string) => { stream: string; record: unknown; timeExtracted?: string | undefined };

export const readSingerRecord: ReadRaw = (raw) => {
  const message = JSON.parse(raw) as { stream: string; record: unknown; time_extracted?: string };
  return { stream: message.stream, record: message.record, timeExtracted: message.time_extracted };
};

export const readAirbyteRecord: ReadRaw = (raw) => {
  const { record } = JSON.parse(raw) as { record: { stream: string; data: unknown; emitted_at?: number } };
  const { stream, data, emitted_at: at } = record;
  return { stream, record: data, timeExtracted: typeof at === 'number' ? new Date(at).toISOString() : undefined };
};

export interface RunRejects {
  /** Durable when it resolves. `schemas`: announcements of the streams that the records came from. */
  keep(records: Iterable<RejectedRecord>, schemas: readonly SchemaEvent[]): Promise<void>;
  /**
   * After a run that began to send. `staysOpen`: whether an earlier reject of this id is open still. Returns how many are open.
   */
  finish(staysOpen: (id: string) => boolean): Promise<number>;
}

export async function openRunRejects(options: {
  readonly store: StateStore;
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  readonly readRaw: ReadRaw;
}): Promise<RunRejects> {
  const { store, now, readRaw } = options;
  let announced: readonly SchemaEvent[] = [];
  const rejects = await openRejects({
    store,
    now,
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
      const { stream, record, timeExtracted } = readRaw(raw);
      const text = JSON.stringify(record);
      // A key of the row might be an address: a hash tells rows apart as well.
      yield {
        stream,
        record: text,
        timeExtracted,
        id: id ?? `row ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`,
      };
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
