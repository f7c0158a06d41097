/**
 * Reading: each record is mapped at once and taken up among the people; nothing is sent before everything is read.
 * Beside the people, only counts are kept: what was read from which stream, how filled each field is, which codes were met.
 */

import { show } from '@ukg-together/kit/text/show';
import type { ConnectorEvent, SchemaEvent, StateEvent } from '@ukg-together/protocol/event';
import type { Fault, Mapped } from '../model/person.ts';
import type { People } from '../people/person.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Collected, HeldState, RecordMapping } from './collected.ts';
import { completeness, type StreamState } from './completeness.ts';
import { createFieldTable } from './field-statistics.ts';
import type { PeopleFilter } from './filters.ts';

export interface CollectorDeps {
  readonly people: People;
  readonly checkpoints: Checkpoints<HeldState>;
  /** Keyed 16-byte hash of a body. */
  readonly hash: (json: string) => Uint8Array;
  /** Whether every body's hash is wanted: to compare with a ledger, or to name the plan. */
  readonly hashAll: boolean;
  readonly filter: PeopleFilter | undefined;
  /** Whether records are wanted again as they came: for rejects and explanations. */
  readonly keepRaw: boolean;
  /** Whether every source of this protocol gives a checkpoint after its last record. */
  readonly checkpointed: boolean;
  /** The mapping for a stream; undefined: this run ignores it. Called for every SCHEMA that is new or changed. */
  readonly openMapping: (schema: SchemaEvent) => RecordMapping | undefined | Promise<RecordMapping | undefined>;
  readonly log: (message: string) => void;
}

export interface Collector {
  /** Announcements of the mapped streams so far. */
  schemas(): readonly SchemaEvent[];
  /** `raw` is the message as it came. */
  take(event: ConnectorEvent, line: { readonly number: number; readonly text: string }): void | Promise<void>;
  result(assumeComplete: boolean): Collected;
}

export function createCollector(deps: CollectorDeps): Collector {
  const { people, checkpoints } = deps;
  const streams = new Map<string, StreamState>();
  const unmapped = new Map<string, { field: string; value: string; people: number }>();
  const table = createFieldTable();
  const lastStates = new Map<string | undefined, StateEvent>();
  let recordsInAll = 0;

  async function takeSchema(event: SchemaEvent): Promise<void> {
    const text = JSON.stringify([event.schema, event.keyProperties]);
    const known = streams.get(event.stream);
    if (known?.schemaText === text) return;
    const mapping = await deps.openMapping(event);
    if (known) {
      Object.assign(known, { mapping, schema: event, schemaText: text });
      return;
    }
    if (!mapping) deps.log(`Stream ${show(event.stream)} has no mapping: its records are counted and ignored.`);
    streams.set(event.stream, {
      mapping,
      schema: event,
      schemaText: text,
      records: 0,
      sinceState: 0,
      peopleAtState: people.size,
      version: undefined,
      versioned: false,
      activated: false,
      empty: false,
    });
  }

  function takeRecord(
    stream: StreamState,
    mapped: Mapped,
    record: Record<string, unknown>,
    line: { readonly number: number; readonly text: string },
  ): void {
    if (mapped.kind !== 'excluded' && deps.filter) {
      const filter = deps.filter(record);
      if (filter !== undefined) {
        const user = mapped.kind === 'user' ? mapped.user : undefined;
        mapped = {
          kind: 'excluded',
          id: user?.employeeId ?? (mapped.kind === 'invalid' ? mapped.id : undefined),
          user,
          filter,
        };
      }
    }
    let json = '';
    let fields = 0;
    const user = mapped.kind === 'invalid' ? undefined : mapped.user;
    if (user) {
      json = JSON.stringify(user);
      fields = table.take(user);
    }
    for (const fault of mapped.kind === 'invalid' ? mapped.faults : mapped.kind === 'user' ? mapped.notes : []) {
      countCode(fault);
    }
    const rowKey = keyOf(stream.schema.keyProperties, record);
    // Rows without a key are told apart by what they hold.
    const hash = user && (deps.hashAll || rowKey === undefined) ? deps.hash(json) : undefined;
    const person = people.add({ mapped, rowKey, raw: deps.keepRaw ? line.text : '', line: line.number }, json, hash);
    people.setFields(person, fields);
    checkpoints.sighted(person);
  }

  function countCode(fault: Fault): void {
    if (fault.value === undefined) return;
    const key = `${fault.field}\0${fault.value}`;
    const known = unmapped.get(key);
    if (known) known.people++;
    else if (unmapped.size < 10_000) unmapped.set(key, { field: fault.field, value: fault.value, people: 1 });
  }

  return {
    schemas: () => [...streams.values()].filter((stream) => stream.mapping).map(({ schema }) => schema),
    take(event, line) {
      switch (event.type) {
        case 'schema':
          return takeSchema(event);
        case 'record': {
          const stream = streams.get(event.stream);
          if (!stream) return undefined;
          recordsInAll++;
          stream.records++;
          stream.sinceState++;
          if (event.version !== undefined) stream.versioned = true;
          if (stream.version === undefined) stream.version = event.version ?? null;
          else if (stream.version !== (event.version ?? null)) stream.version = null;
          stream.activated = false;
          stream.empty = false;
          if (!stream.mapping) return undefined;
          const mapped = stream.mapping.map(event.record);
          if (mapped instanceof Promise) {
            return mapped.then((result) => takeRecord(stream, result, event.record, line));
          }
          return takeRecord(stream, mapped, event.record, line);
        }
        case 'activate_version': {
          const stream = streams.get(event.stream);
          // Nobody at all is a broken source, never a complete read.
          if (!stream) return undefined;
          stream.activated = stream.records > 0 && stream.version === event.version;
          stream.empty = stream.records === 0;
          return undefined;
        }
        case 'state': {
          lastStates.set(event.stream, event);
          const own = event.stream === undefined ? [...streams.values()] : [streams.get(event.stream)];
          let records = 0;
          let from = people.size;
          for (const stream of own) {
            if (!stream) continue;
            records += stream.sinceState;
            stream.sinceState = 0;
            if (!stream.mapping) continue;
            from = Math.min(from, stream.peopleAtState);
            stream.peopleAtState = people.size;
          }
          checkpoints.checkpoint({ event, records, people: [from, people.size] });
          return undefined;
        }
        case 'status': {
          const stream = streams.get(event.stream);
          if (stream && event.status === 'complete' && event.everything) {
            stream.activated = stream.records > 0;
            stream.empty = stream.records === 0;
          }
          return undefined;
        }
      }
    },
    result(assumeComplete) {
      const mapped = [...streams.values()].filter((stream) => stream.mapping);
      const { complete, why } = completeness(mapped, assumeComplete, recordsInAll > 0, lastStates.size > 0);
      return {
        streams: [...streams].map(([stream, { mapping, records }]) => ({ stream, mapped: !!mapping, records })),
        complete,
        why,
        nobody: mapped.length > 0 && mapped.every((stream) => stream.empty),
        whole:
          complete ||
          (lastStates.size > 0
            ? mapped.every((stream) => stream.sinceState === 0)
            : !deps.checkpointed && recordsInAll > 0 && mapped.every((stream) => !stream.versioned)),
        users: table.users,
        filled: table.filled(),
        unmappedCodes: [...unmapped.values()].sort((a, b) => b.people - a.people),
        fields: table,
        codeSpellings: table.spellings(),
        lastStates: [...lastStates.values()],
      };
    },
  };
}

/** The row's key as text; undefined where the stream has none, or the row not all of it (Airbyte's users choose the key). One key is its own text, so that it equals an employeeId made of it. */
function keyOf(keys: readonly string[], record: Record<string, unknown>): string | undefined {
  if (keys.length === 0 || keys.some((key) => (record[key] ?? null) === null)) return undefined;
  if (keys.length === 1) return String(record[keys[0] as string]);
  return JSON.stringify(keys.map((key) => record[key]));
}
