/**
 * The ledger: what Together last accepted for each person, as keyed hashes, with the employeeId in clear (it has to name who
 * vanished) and no other personal data. An append-only log, one durable append for each settled batch; rewritten at the end
 * of a run once it holds mostly what later entries replaced. Format: `ledger/format.ts`.
 */

import { randomBytes } from 'node:crypto';
import { ConnectorError } from '@ukg-together/kit/error';
import type { StateStore } from '../store/store.ts';
import { compact } from './compact.ts';
import { decodeFields, encodeFields, fieldsFile } from './fields-format.ts';
import { fieldsReader } from './fields-reader.ts';
import {
  EntryType,
  encodeField,
  encodeForget,
  encodeFrame,
  encodeHeader,
  encodePerson,
  encodeRun,
  type Header,
  headerBytes,
  personAt,
} from './format.ts';
import { destinationMark, readHeader, removeStrays } from './header.ts';
import type { LedgerKeys } from './keys.ts';
import { countLeftOut, type LeftOutQuestion } from './left-out.ts';
import { broken, forEntries, logFile, readFrames } from './load.ts';
import { createLedgerState, type Known, type LedgerState, type Run } from './replay.ts';
import { type Settlement, statusLetter } from './settle.ts';

export type { Known } from './replay.ts';

export interface LedgerOptions {
  readonly store: StateStore;
  readonly keys: LedgerKeys;
  /** Stands for host and organization: another one's ledger is refused. */
  readonly destination: string;
  /** The run that settles; absent: only to be read, nothing is written, not even a repair. */
  readonly run?: Run | undefined;
  /** Fields that describe the organization (department, office …): equal values of two people have equal hashes. */
  readonly shared?: (field: string) => boolean;
}

interface Listed extends Known {
  readonly employeeId: string;
}

/** What was last accepted, field by field. */
export interface AcceptedFields {
  readonly names: readonly string[];
  /** Stands for the accepted value; undefined: the field was never sent. Comparable between people for `shared` fields only. */
  key(field: string): string | undefined;
  /** Whether exactly this value was accepted. */
  holds(field: string, value: unknown): boolean;
}

export interface Ledger {
  /** People whom Together has accepted, and those of them who are not terminated. */
  readonly known: number;
  readonly active: number;
  /** Bytes of an interrupted append that were left out: its people are sent again. */
  readonly torn: number;
  /** Changes with every change of the ledger. */
  readonly stamp: string;
  lookup(employeeId: string): Known | undefined;
  /** 16-byte keyed hash of a body, comparable with `Known.hash`. */
  hash(json: string): Uint8Array;
  /** Stands for a value, comparable with `AcceptedFields.key`. */
  fieldKey(employeeId: string, field: string, value: unknown): string;
  /** undefined: nothing is known of this person's fields. */
  fields(employeeId: string): Promise<AcceptedFields | undefined>;
  /** By field: how many people have it in Together, and in their body no more. */
  leftOut(question: LeftOutQuestion): Promise<Record<string, number>>;
  /** Throws where the disk has no room for so many more settlements. To be asked before the first request. */
  reserve(people: number): Promise<void>;
  /** Durable when it resolves. Fields that were not sent keep what was accepted before. */
  settle(people: readonly Settlement[]): Promise<void>;
  /** Everybody accepted or refused, in the order of their last settlement. */
  entries(): AsyncGenerator<Listed>;
  /** Removes every trace of a person at once, and closes the ledger. False: was not known. */
  forget(employeeId: string): Promise<boolean>;
  /** Rewrites the log where that is worth it. The store stays open. */
  close(): Promise<void>;
}

const roomPerPerson = 512;
const usualEntryBytes = 80;
/** Replaced entries beyond which a rewriting pays. */
const slack = 10_000;

/** Opens the ledger, or an empty one where there is none. Never starts over by itself: a damaged one is an error. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { store, keys, run, shared = () => false } = options;
  const kept = await readHeader(options);
  const size = kept ? ((await store.size(logFile)) ?? headerBytes) : 0;
  const state = createLedgerState(Math.ceil(size / usualEntryBytes));
  const header: Header = kept ?? {
    generation: randomBytes(16),
    keyCheck: keys.check,
    destination: destinationMark(options),
  };
  let logSize = headerBytes;
  if (kept) logSize = await load(store, state);
  const torn = kept ? size - logSize : 0;
  const fieldsName = fieldsFile(header.generation);
  if (run) {
    if (!kept) await store.replace(logFile, [encodeHeader(header)]);
    else if (torn > 0) await store.truncate(logFile, logSize);
    await removeStrays(store, fieldsName);
  }
  let fieldsSize = (await store.size(fieldsName)) ?? 0;
  const recordAt = fieldsReader(store, fieldsName);
  const runNumber = Math.max(0, ...state.runs.keys()) + 1;
  let wrote = false;
  let closed = false;

  const fieldHash = (personKey: string, field: string, value: unknown) =>
    keys.field(field, value, shared(field) ? undefined : personKey);

  async function storedFields(key: string, from: number): Promise<Map<number, number> | undefined> {
    return from < 0 ? undefined : decodeFields(await recordAt(from), key);
  }

  async function settle(people: readonly Settlement[]): Promise<void> {
    if (!run || closed) throw new Error('this ledger was opened to be read, or is closed');
    if (people.length === 0) return;
    const definitions = state.runs.has(runNumber) ? [] : [encodeRun(runNumber, run)];
    const newFields = new Map<string, number>();
    const numberOf = (field: string): number => {
      const known = state.fieldNumbers.get(field) ?? newFields.get(field);
      if (known !== undefined) return known;
      const number = state.fieldNames.length + newFields.size;
      newFields.set(field, number);
      definitions.push(encodeField(number, field));
      return number;
    };
    const entries: Buffer[] = [];
    const records: Buffer[] = [];
    let fieldsEnd = fieldsSize;
    for (const { employeeId, json, movedFrom, refusedStatus, cleared } of people) {
      const key = keys.id(employeeId);
      const hash = keys.user(json);
      const before = state.entry(key);
      if (refusedStatus !== undefined) {
        const accepted = before ?? { hash: '', status: '', run: 0, fieldsAt: -1 };
        const refused = { status: refusedStatus, hash, run: runNumber };
        entries.push(encodePerson({ ...accepted, employeeId, key, refused }));
        continue;
      }
      const user = JSON.parse(json) as Record<string, unknown>;
      let fieldsAt = before && before.status !== '' && before.hash === hash && !cleared ? before.fieldsAt : -1;
      if (fieldsAt < 0) {
        const fields = (before && (await storedFields(key, before.fieldsAt))) ?? new Map<number, number>();
        for (const [field, value] of Object.entries(user)) fields.set(numberOf(field), fieldHash(key, field, value));
        for (const field of cleared ?? []) fields.set(numberOf(field), fieldHash(key, field, null));
        const record = encodeFields(key, fields);
        records.push(record);
        fieldsAt = fieldsEnd;
        fieldsEnd += record.length;
      }
      if (movedFrom !== undefined) entries.push(encodeForget(keys.id(movedFrom)));
      const status = statusLetter(user['employeeStatusCode'], before?.status ?? '');
      entries.push(encodePerson({ employeeId, key, hash, status, run: runNumber, refused: undefined, fieldsAt }));
    }
    // Fields only tell which ones changed; the log decides. So only the log is waited for until it is durable.
    if (records.length > 0) await store.append(fieldsName, Buffer.concat(records), fieldsSize, false);
    fieldsSize = fieldsEnd;
    await append([...definitions, ...entries]);
  }

  async function append(entries: readonly Buffer[]): Promise<void> {
    const bytes = encodeFrame(entries);
    await store.append(logFile, bytes, logSize, true);
    wrote = true;
    const from = bytes.length - entries.reduce((sum, entry) => sum + entry.length, 0);
    takeFrame(store, state, { bytes, from, to: bytes.length, base: logSize });
    logSize += bytes.length;
  }

  async function rewrite(): Promise<void> {
    closed = true;
    const { runs, fieldNames } = state;
    await compact({ store, header, runs, fieldNames, isLive: (...entry) => state.isLive(...entry) });
  }

  return {
    get known() {
      return state.known;
    },
    get active() {
      return state.active;
    },
    torn,
    get stamp() {
      // Whoever only looks makes no ledger: a plan made before the first run still holds when that run comes.
      return state.logged === 0 ? 'empty' : `${header.generation.toString('hex').slice(0, 12)}-${logSize}`;
    },
    lookup: (employeeId) => (state.logged === 0 ? undefined : state.lookup(keys.id(employeeId))),
    hash: (json) => Buffer.from(keys.user(json), 'latin1'),
    fieldKey: (employeeId, field, value) => hex(fieldHash(keys.id(employeeId), field, value)),
    async fields(employeeId) {
      const key = keys.id(employeeId);
      const stored = await storedFields(key, state.entry(key)?.fieldsAt ?? -1);
      if (!stored) return undefined;
      const hashOf = (field: string) => stored.get(state.fieldNumbers.get(field) ?? -1);
      return {
        names: [...stored.keys()].map((number) => state.fieldNames[number] as string),
        key: (field) => hex(hashOf(field)),
        holds: (field, value) => hashOf(field) === fieldHash(key, field, value),
      };
    },
    leftOut: (question) =>
      countLeftOut(store, fieldsName, question, {
        fieldNames: state.fieldNames,
        isEmptied: (field, hash, key) => hash === fieldHash(key, field, null) || hash === fieldHash(key, field, ''),
      }),
    async reserve(people) {
      const free = await store.free();
      const need = people * roomPerPerson + (1 << 20);
      if (free === undefined || free >= need) return;
      throw new ConnectorError(
        'unexpected',
        `state_dir ${store.where}: ${free} bytes are free, ${need} are needed to keep what Together accepts.`,
        {
          hint: 'Nothing was sent. Make room and run again.',
        },
      );
    },
    settle,
    async *entries() {
      for await (const frame of readFrames(store)) {
        const listed: Listed[] = [];
        forEntries(store, frame, (type, at) => {
          if (type !== EntryType.person || !state.isLive(frame.bytes, at, frame.base + at)) return;
          const employeeId = personAt.employeeId(frame.bytes, at);
          const key = frame.bytes.toString('latin1', at + personAt.keyAt, at + personAt.keyAt + 16);
          const known = state.lookup(key);
          if (known) listed.push({ employeeId, ...known });
        });
        yield* listed;
      }
    },
    async forget(employeeId) {
      if (!run || closed) throw new Error('this ledger was opened to be read, or is closed');
      const key = keys.id(employeeId);
      if (!state.lookup(key)) return false;
      await append([encodeForget(key)]);
      await rewrite();
      return true;
    },
    async close() {
      if (closed || !wrote) return;
      if (state.logged > 2 * (state.known + slack)) await rewrite();
      closed = true;
    },
  };
}

/** Returns where the whole frames end. */
async function load(store: StateStore, state: LedgerState): Promise<number> {
  let end = headerBytes;
  for await (const frame of readFrames(store)) {
    takeFrame(store, state, frame);
    end = frame.base + frame.to;
  }
  return end;
}

function takeFrame(
  store: StateStore,
  state: LedgerState,
  frame: { bytes: Buffer; from: number; to: number; base: number },
): void {
  forEntries(store, frame, (type, at) => {
    if (!state.take(type, frame.bytes, at, frame.base + at)) throw broken(store, frame.base + at);
  });
}

function hex(value: number): string;
function hex(value: number | undefined): string | undefined;
function hex(value: number | undefined): string | undefined {
  return value?.toString(16).padStart(8, '0');
}
