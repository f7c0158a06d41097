/** Rejects of a run: the messages as they came, made into what the file of rejects keeps. */
import { createHash } from 'node:crypto';
import type { SchemaEvent } from '@ukg-together/protocol/event';
import type { RunResult } from '../run/run-types.ts';
import { openRejects, rejectsFile } from './rejects.ts';
import type { Reject, RejectedRecord } from './rejects-file.ts';
import type { StateStore } from './store/store.ts';

/** A message as it came → stream and record. Singer's unless the adapter says otherwise. */
export type ReadRaw = (raw: string) => { stream: string; record: unknown; timeExtracted?: string | undefined };

const readSinger: ReadRaw = (raw) => {
  const {
    stream,
    record,
    time_extracted: timeExtracted,
  } = JSON.parse(raw) as {
    stream: string;
    record: unknown;
    time_extracted?: string;
  };
  return { stream, record, timeExtracted };
};

export interface RunRejects {
  keep(records: Iterable<RejectedRecord>): Promise<void>;
  /** After a run that began to send: whoever was read and is settled otherwise is open no more. Returns how many are. */
  finish(result: RunResult): Promise<number>;
}

export async function openRunRejects(options: {
  store: StateStore;
  schemas: () => readonly SchemaEvent[];
  now: () => number;
  readRaw?: ReadRaw | undefined;
}): Promise<RunRejects> {
  const { store, now, readRaw = readSinger } = options;
  const rejects = await openRejects({
    store,
    now,
    schemaOf(stream) {
      const event = options.schemas().find((schema) => schema.stream === stream);
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
    keep: (records) => rejects.keep(made(records)),
    finish: ({ people, outcomes }) =>
      rejects.finish((id) => {
        const person = people.find(id);
        return person < 0 || outcomes?.get(person) === 'undelivered';
      }),
  };
}

export { rejectsFile };
