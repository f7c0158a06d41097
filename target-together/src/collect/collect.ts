/**
 * Reading: each record is mapped at once and taken up among the people; nothing is sent before everything is read.
 * Beside the people, only counts are kept: what was read from which stream, how filled each field is, which codes were met.
 */

import { show } from '@ukg-together/kit/text/show';
import type { ConnectorEvent, RecordEvent, SchemaEvent, StateEvent } from '@ukg-together/protocol/event';
import { keptAs, startsLater } from '../model/keep-reason.ts';
import type { Fault, Mapped, TogetherUser } from '../model/person.ts';
import { labelOf } from '../model/text/display-name.ts';
import type { Upcoming, UpcomingDay } from '../model/upcoming.ts';
import { mostReports } from '../people/most-reports.ts';
import { Kind, type People } from '../people/person.ts';
import { linkByReference } from '../people/references.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { BufferedState, Collected, RecordMapping } from './collected.ts';
import { asOfToday, type Dated, type DateRules } from './days/effective-dates.ts';
import { deletedAtSource, type IsDeleted } from './deletions.ts';
import { createFieldTable, type FieldTable } from './field-statistics.ts';
import type { PeopleFilter } from './filters.ts';
import { createMailDomains, type MailDomains } from './mail-domains.ts';
import { createRemarkCounts, type RemarkCounts } from './remark-counts.ts';
import { isBlankRow } from './streams/blank-row.ts';
import { type CompleteReads, completeness, isWhole } from './streams/completeness.ts';
import { isIncrement } from './streams/increment.ts';
import {
  closeSegment,
  newStream,
  noteComplete,
  noteRecord,
  noteVersion,
  type StreamState,
} from './streams/stream-state.ts';
import { createUnmappedCodes, type UnmappedCodes } from './unmapped-codes.ts';

/** A message as it came. */
interface Line {
  readonly number: number;
  readonly text: string;
}

/** What is kept beside bodies. */
export interface Keeps {
  /** Records as they came: for rejects and explanations. */
  readonly raw: boolean;
  /** Employee numbers, and the names of people who can't be mapped: for reports. */
  readonly labels?: boolean | undefined;
}

export interface CollectorDeps {
  readonly people: People;
  readonly checkpoints: Checkpoints<BufferedState>;
  /** Keyed 16-byte hash of a body. */
  readonly hash: (json: string) => Uint8Array;
  /** Whether every body's hash is wanted: to compare with a ledger, or to name the plan. */
  readonly hashAll: boolean;
  readonly filter: PeopleFilter | undefined;
  readonly dates: DateRules;
  /** The address that a leaver gets; absent: leavers keep theirs. */
  readonly leaverEmail?: ((user: TogetherUser) => string) | undefined;
  readonly isDeleted: IsDeleted | undefined;
  readonly keeps: Keeps;
  /** Whether every source of this protocol gives a checkpoint after its last record. */
  readonly checkpointed: boolean;
  /** The mapping for a stream; undefined: this run ignores it. Called for every SCHEMA that is new or changed. */
  readonly openMapping: (schema: SchemaEvent) => RecordMapping | undefined | Promise<RecordMapping | undefined>;
  readonly log: (message: string) => void;
}

export interface Collector {
  /** Announcements of the mapped streams so far. */
  schemas(): readonly SchemaEvent[];
  take(event: ConnectorEvent, line: Line): void | Promise<void>;
  /** `inputEnded`: without an error. */
  result(mode: CompleteReads, inputEnded: boolean): Collected;
}

export function createCollector(deps: CollectorDeps): Collector {
  const { people, checkpoints } = deps;
  const streams = new Map<string, StreamState>();
  const codes = createUnmappedCodes();
  const remarks = createRemarkCounts();
  const table = createFieldTable();
  const leadingStates: StateEvent[] = [];
  const lastStates = new Map<string | undefined, StateEvent>();
  const upcoming = new Map<number, Upcoming>();
  const domains = createMailDomains();
  const takeMapped = mappedTaker(deps, { table, codes, remarks, upcoming, domains });
  const markOf = marks(deps);
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
    streams.set(event.stream, newStream(event, text, mapping, people.size, keyPrefix(event, streams.values())));
  }

  function takeRecord(event: RecordEvent, line: Line): void | Promise<void> {
    const stream = streams.get(event.stream);
    if (!stream) return undefined;
    recordsInAll++;
    const isBlank = isBlankRow(event.record);
    noteRecord(stream, event.version, isBlank);
    if (!stream.mapping) return undefined;
    if (isBlank) return remarks.add([{ field: 'record', code: 'blank_row' }]);
    if (event.nonNumbers) remarks.add([{ field: 'record', code: 'not_a_json_number' }]);
    const mapped = stream.mapping.map(event.record);
    const marked = markOf(event.record);
    if (mapped instanceof Promise) {
      return mapped.then((result) => takeMapped(marked?.(result) ?? result, event.record, stream, line));
    }
    return takeMapped(marked?.(mapped) ?? mapped, event.record, stream, line);
  }

  function takeState(event: StateEvent): void {
    if (recordsInAll === 0) leadingStates.push(event);
    lastStates.set(event.stream, event);
    const stream = event.stream === undefined ? undefined : streams.get(event.stream);
    const own = event.stream === undefined ? streams.values() : stream ? [stream] : [];
    checkpoints.checkpoint({ event, ...closeSegment(own, people.size) });
  }

  return {
    schemas: () => [...streams.values()].filter((stream) => stream.mapping).map(({ schema }) => schema),
    take(event, line) {
      switch (event.type) {
        case 'schema':
          return takeSchema(event);
        case 'record':
          return takeRecord(event, line);
        case 'activate_version':
          return noteVersion(streams.get(event.stream), event.version);
        case 'state':
          return takeState(event);
        case 'status': {
          const stream = streams.get(event.stream);
          if (stream && event.status === 'complete' && event.everything) noteComplete(stream);
          return undefined;
        }
      }
    },
    result(mode, inputEnded) {
      people.mergeRows();
      linkByReference(people, deps.hash);
      const mapped = [...streams.values()].filter((stream) => stream.mapping);
      const soFar = { mapped, anyRecord: recordsInAll > 0, anyState: lastStates.size > 0 };
      const { complete, reason } = completeness(soFar, mode, inputEnded);
      return {
        streams: [...streams].map(([stream, { mapping, records }]) => ({ stream, mapped: !!mapping, records })),
        complete,
        reason,
        ...readFrom(mapped, leadingStates, lastStates, deps.checkpointed),
        claimsEmpty: mapped.length > 0 && mapped.every((stream) => stream.empty),
        whole: complete || isWhole(soFar, deps.checkpointed),
        users: table.users,
        filled: table.filled(),
        unmappedCodes: codes.result(),
        remarks: remarks.result(),
        fields: table,
        codeSpellings: table.spellings(),
        withoutId: withoutId(people),
        domains: domains.result((person) => people.kind(person) === Kind.user),
        supervisors: mostReports(people),
        upcoming: daysAhead(upcoming, people),
        lastStates: [...lastStates.values()],
      };
    },
  };
}

/** Whether the source went on from a bookmark, as far as its messages show. */
function readFrom(
  mapped: readonly StreamState[],
  leading: readonly StateEvent[],
  last: ReadonlyMap<string | undefined, StateEvent>,
  checkpointed: boolean,
): Pick<Collected, 'increment' | 'mayBeIncrement'> {
  return {
    increment: mapped.some(({ schema }) => isIncrement(schema.stream, leading, [...last.values()])),
    // Airbyte's sources say how they read; another that numbers its reads reads everybody.
    mayBeIncrement: checkpointed
      ? mapped.some(({ schema }) => schema.increment)
      : last.size > 0 && mapped.every(({ versioned, activations }) => !versioned && activations === 0),
  };
}

/** Rows of a second stream are others, whatever their keys. */
const keyPrefix = ({ stream }: SchemaEvent, streams: Iterable<StreamState>): string =>
  [...streams].some(({ mapping }) => mapping) ? `${stream}\0` : '';

/** What is counted, and kept aside, of all records. */
interface Tallies {
  readonly table: FieldTable;
  readonly codes: UnmappedCodes;
  readonly remarks: RemarkCounts;
  readonly upcoming: Map<number, Upcoming>;
  readonly domains: MailDomains;
}

const deletedFault: Fault = {
  field: 'user',
  code: 'deleted',
  message: 'The source marks this row as deleted.',
  fix: 'Nothing, where the person has left. Else restore the row in the source.',
};

/** Takes a mapped record up among the people. */
function mappedTaker(
  { people, checkpoints, ...deps }: CollectorDeps,
  { table, codes, remarks, upcoming, domains }: Tallies,
) {
  return (mapped: Mapped, record: Record<string, unknown>, stream: StreamState, line: Line): void => {
    const filter = mapped.kind === 'excluded' ? undefined : deps.filter?.(record);
    const dated = mapped.kind === 'user' ? asOfToday(mapped.user, deps.dates) : undefined;
    const today = asOf(mapped, dated, filter);
    const taken = deps.leaverEmail ? freed(today, deps.leaverEmail) : today;
    const user = taken.kind === 'invalid' ? undefined : taken.user;
    const json = user ? JSON.stringify(user) : '';
    const isDeletion = taken.kind === 'user' && taken.isDeletion === true;
    const fields = user ? table.take(user, !isDeletion) : 0;
    if (taken.kind === 'invalid') codes.add(taken.faults);
    else if (taken.kind === 'user') {
      codes.add(taken.notes);
      if (taken.remarks) remarks.add(taken.remarks);
    }
    const key = keyOf(stream.schema.keyProperties, record);
    const rowKey = key === undefined ? undefined : stream.keyPrefix + key;
    // Rows without a key are distinguished by what they hold.
    const hash = user && (deps.hashAll || rowKey === undefined) ? deps.hash(json) : undefined;
    const raw = deps.keeps.raw ? line.text : '';
    const name = taken.kind === 'invalid' ? taken.name : undefined;
    const label = deps.keeps.labels ? labelOf(record, { id: idOf(taken), name }) : undefined;
    const person = people.add(
      { mapped: taken, rowKey, raw, line: line.number, reference: referenceOf(mapped), label },
      json,
      hash,
    );
    if (dated?.upcoming && filter === undefined) upcoming.set(person, dated.upcoming);
    else if (upcoming.size > 0) upcoming.delete(person);
    // As the source has it: what leaver_email makes of an address is no news of the source.
    domains.set(person, today.kind === 'user' ? today.user.email : undefined);
    people.setFields(person, fields);
    checkpoints.sighted(person);
  };
}

/** A leaver gives the address up with the end, whatever the HRIS does with it. */
function freed(mapped: Mapped, leaverEmail: (user: TogetherUser) => string): Mapped {
  if (mapped.kind === 'invalid' || mapped.user?.employeeStatusCode !== 'T') return mapped;
  const { user } = mapped;
  const free = { ...user, email: leaverEmail(user) };
  if (mapped.kind === 'excluded') return { ...mapped, user: free };
  return { ...mapped, user: free, rowEmail: mapped.rowEmail ?? user.email };
}

function daysAhead(upcoming: ReadonlyMap<number, Upcoming>, people: People): UpcomingDay[] {
  return [...upcoming].flatMap(([person, ahead]) => {
    const id = people.kind(person) === Kind.superseded ? undefined : people.id(person);
    return id === undefined ? [] : [{ id, ...ahead }];
  });
}

function withoutId(people: People): number {
  let count = 0;
  for (let person = 0; person < people.size; person++)
    if (people.kind(person) === Kind.invalid && people.id(person) === undefined) count++;
  return count;
}

/** Who is left out is a leaver no sooner than others: access ends after the last day. */
function asOf(mapped: Mapped, dated: Dated | undefined, filter: string | undefined): Mapped {
  if (!dated || mapped.kind !== 'user') return filter === undefined ? mapped : excluded(mapped, filter);
  if (filter !== undefined) return excluded({ ...mapped, user: dated.user }, filter);
  if (dated.early) return excluded(mapped, startsLater);
  return dated.user === mapped.user ? mapped : { ...mapped, user: dated.user };
}

/** A row's mark, if it has one: what becomes of the mapped row, of which then only the id counts. */
function marks({ dates, isDeleted }: CollectorDeps) {
  const deleted = (mapped: Mapped): Mapped => {
    const id = idOf(mapped);
    // A person Together has ends as a leaver; none is created to be ended.
    return id !== undefined && dates.acceptedStatus(id) !== undefined
      ? {
          kind: 'user',
          user: { employeeId: id, employeeStatusCode: 'T' },
          notes: [],
          patchOnly: [deletedFault],
          isDeletion: true,
          rowEmail: mapped.kind === 'user' ? mapped.user.email : undefined,
        }
      : { kind: 'excluded', id, user: undefined, filter: deletedAtSource };
  };
  return (record: Record<string, unknown>): ((mapped: Mapped) => Mapped) | undefined => {
    if (isDeleted?.(record)) return deleted;
    const filter = keptAs(record);
    return filter === undefined
      ? undefined
      : (mapped) => ({ kind: 'excluded', id: idOf(mapped), user: undefined, filter });
  };
}

const referenceOf = (mapped: Mapped) => (mapped.kind === 'user' ? mapped.reference : undefined);

const idOf = (mapped: Mapped): string | undefined => (mapped.kind === 'user' ? mapped.user.employeeId : mapped.id);

function excluded(mapped: Mapped, filter: string): Mapped {
  const user = mapped.kind === 'user' ? mapped.user : undefined;
  return {
    kind: 'excluded',
    id: idOf(mapped),
    user,
    filter,
  };
}

/**
 * The row's key as text; undefined where the stream has none, or the row not all of it (Airbyte's users choose the key): nothing
 * but a text, a number or a yes or no tells rows apart. One key is its own text, so that it equals an employeeId made of it.
 */
function keyOf(keys: readonly string[], record: Record<string, unknown>): string | undefined {
  if (keys.length === 1) {
    const value = record[keys[0] as string];
    return isKey(value) ? String(value) : undefined;
  }
  const values = keys.map((key) => record[key]);
  return values.length > 0 && values.every(isKey) ? JSON.stringify(values) : undefined;
}

/** Of a number too large to be exact, two rows could have the same. */
const isKey = (value: unknown): boolean =>
  typeof value === 'number'
    ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
    : typeof value === 'string' || typeof value === 'boolean';
