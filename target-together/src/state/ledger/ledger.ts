/**
 * The ledger: what Together last accepted for each person, as keyed hashes, with the employeeId in clear (it has to name who
 * vanished) and no other personal data. An append-only log, one durable append for each batch with outcomes; rewritten at the end
 * of a run once it holds mostly what later entries replaced. Format: `ledger/format.ts`.
 */

import { randomBytes } from 'node:crypto';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { StateStore } from '../store/store.ts';
import { compact } from './compact.ts';
import { fieldsFile, type UseHash } from './fields/fields-format.ts';
import { fieldsReader } from './fields/fields-reader.ts';
import { countLeftOut, type LeftOutQuestion } from './fields/left-out.ts';
import { endOfRecords } from './fields/whole-records.ts';
import { EntryType, encodeForget, encodeFrame, encodeHeader, type Header, headerBytes, personAt } from './format.ts';
import { destinationMark, readHeader, removeStrays } from './header.ts';
import type { LedgerKeys } from './keys.ts';
import { broken, cutOff, forEntries, logFile, readFrames } from './load.ts';
import { encodeListed, encodeOutcomes, type KeptOutcome } from './outcomes.ts';
import { createLedgerState, type Found, type Known, type LedgerState, type Run, type Standing } from './replay.ts';

export type { Found, Known } from './replay.ts';

export interface LedgerOptions {
  readonly store: StateStore;
  readonly keys: LedgerKeys;
  /** Stands for host and organization: another one's ledger is refused. */
  readonly destination: string;
  /** The run that records outcomes; absent: only to be read, nothing is written, not even a repair. */
  readonly run?: Run | undefined;
  /** Where the ledger ended when a run last ended; asked for once the ledger is known to be ours. */
  readonly mark?: (() => Promise<LedgerMark | undefined>) | undefined;
  /** Fields that describe the organization (department, office …): equal values of two people have equal hashes. */
  readonly shared?: (field: string) => boolean;
}

/** How far the files of one generation reach: what is there less is damage, not an append that was cut off. */
export interface LedgerMark {
  readonly generation: string;
  readonly size: number;
  readonly fields: number;
}

interface Listed extends Standing {
  readonly employeeId: string;
  /** As in `Found`. */
  readonly position: number;
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
  /** People Together has accepted from here, and those of them who are not terminated. */
  readonly known: number;
  readonly active: number;
  /** Bytes of an interrupted append that were left out: its people are sent again. */
  readonly truncated: number;
  /** Changes with every change of the ledger. */
  readonly stamp: string;
  lookup(employeeId: string): Known | undefined;
  find(employeeId: string): Found | undefined;
  readonly positions: number;
  /** Hands over what was last accepted, as a hash by the number of the field in `fieldNames`. False: it is not known. */
  hashes(person: Found, use: UseHash): Promise<boolean>;
  /** The same where no file need be read for it; else undefined, and nothing is handed over. */
  hashesAtHand(person: Found, use: UseHash): boolean | undefined;
  /** Hashes values of a field to compare with these. */
  hasher(field: string): (person: Found, value: unknown) => number;
  /** Every field that was ever accepted. */
  readonly fieldNames: readonly string[];
  /** 16-byte keyed hash of a body, comparable with `Known.hash`. */
  hash(json: string): Uint8Array;
  /** Stands for a value, comparable with `AcceptedFields.key`. */
  fieldKey(employeeId: string, field: string, value: unknown): string;
  /** undefined: nothing is known of this person's fields. */
  fields(employeeId: string): Promise<AcceptedFields | undefined>;
  /** By field: how many people have it in Together, and in their body no more. */
  leftOut(question: LeftOutQuestion): Promise<Record<string, number>>;
  /** Throws where the disk has no room for so many more outcomes. To be asked before the first request. */
  reserve(people: number): Promise<void>;
  /** Durable when it resolves. Fields that were not sent keep what was accepted before. */
  recordOutcomes(people: readonly KeptOutcome[]): Promise<void>;
  /** Takes in the people that Together's own list names, with the status there; of people that a run has sent, the ledger knows better. Durable when it resolves. */
  list(people: Iterable<readonly [employeeId: string, status: string]>): Promise<void>;
  /** Everybody accepted, refused or listed, in the order of their last entry; with `isWanted` only those at these positions. */
  entries(isWanted?: (position: number) => boolean): AsyncGenerator<Listed>;
  /** Removes every trace of a person at once, and closes the ledger. False: was not known. */
  forget(employeeId: string): Promise<boolean>;
  /** Where the files end now, durable. */
  mark(): Promise<LedgerMark>;
  /** Rewrites the log where that is worth it, and says whether it did. The store stays open. */
  close(): Promise<boolean>;
}

/** Values of a field whose hashes are remembered. */
const mostShared = 2000;

const roomPerPerson = 512;
const usualEntryBytes = 80;
/** Replaced entries beyond which a rewriting pays. */
const slack = 10_000;

/** Opens the ledger, or an empty one where there is none. Never starts over by itself: a damaged one is an error. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { store, keys, shared = () => false } = options;
  let log = await openLog(options);
  const { truncated } = log;
  if (options.run && log.lacksFields) {
    // What is appended next must not come to lie where an entry still looks for a record that is lost.
    await rewritten(store, log);
    log = await openLog(options);
  }
  const { state, fieldsOf } = log;
  const fieldHash = (personKey: string, field: string, value: unknown) =>
    keys.field(field, value, shared(field) ? undefined : personKey);
  const writer = openWriter(options, log, fieldHash);
  return {
    get known() {
      return state.known;
    },
    get active() {
      return state.active;
    },
    truncated,
    get stamp() {
      // A reader makes no ledger: a plan made before the first run still holds when that run comes.
      return state.logged === 0 ? 'empty' : `${log.header.generation.toString('hex').slice(0, 12)}-${log.size}`;
    },
    lookup: (employeeId) => (state.logged === 0 ? undefined : state.lookup(keys.id(employeeId))),
    find(employeeId) {
      const key = keys.id(employeeId);
      return state.logged === 0 ? undefined : state.found(key);
    },
    hashes: ({ key, fieldsAt }, use) => log.readFields(key, fieldsAt, use),
    hashesAtHand: ({ key, fieldsAt }, use) => log.fieldsAtHand(key, fieldsAt, use),
    hasher(field) {
      const hash = keys.fieldHasher(field);
      if (!shared(field)) return ({ salt }, value) => hash(value, salt);
      // A department has many people, and one hash.
      const known = new Map<unknown, number>();
      return (_, value) => {
        const remembered = known.get(value);
        if (remembered !== undefined) return remembered;
        const made = hash(value, 0);
        if (known.size < mostShared) known.set(value, made);
        return made;
      };
    },
    get positions() {
      return state.positions;
    },
    fieldNames: state.fieldNames,
    hash: (json) => Buffer.from(keys.user(json), 'latin1'),
    fieldKey: (employeeId, field, value) => hex(fieldHash(keys.id(employeeId), field, value)),
    async fields(employeeId) {
      const key = keys.id(employeeId);
      const stored = await fieldsOf(key, state.entry(key)?.fieldsAt ?? -1);
      if (!stored) return undefined;
      const hashOf = (field: string) => stored.get(state.fieldNumbers.get(field) ?? -1);
      return {
        names: [...stored.keys()].map((number) => state.fieldNames[number] as string),
        key: (field) => hex(hashOf(field)),
        holds: (field, value) => hashOf(field) === fieldHash(key, field, value),
      };
    },
    leftOut: (question) =>
      countLeftOut(store, log.fieldsName, question, {
        fieldNames: state.fieldNames,
        isEmptied: (field, hash, key) => hash === fieldHash(key, field, null) || hash === fieldHash(key, field, ''),
      }),
    entries: (isWanted) => listEntries(store, keys, state, isWanted),
    ...writer,
  };
}

/** The ledger's two files, and what is in them. */
interface OpenLog {
  readonly state: LedgerState;
  /** A person's record that begins at `from` of the fields file; undefined: there is none, or a power cut took it. */
  readonly fieldsOf: (key: string, from: number) => Promise<Map<number, number> | undefined>;
  readonly readFields: (key: string, from: number, use: UseHash) => Promise<boolean>;
  readonly fieldsAtHand: (key: string, from: number, use: UseHash) => boolean | undefined;
  readonly truncated: number;
  /** A power cut took records that entries name, or left a part of one: the fields are not waited for. */
  readonly lacksFields: boolean;
  readonly fieldsName: string;
  header: Header;
  size: number;
  fieldsSize: number;
}

async function openLog(options: LedgerOptions): Promise<OpenLog> {
  const { store, keys, run } = options;
  const kept = await readHeader(options);
  const bytes = kept ? ((await store.size(logFile)) ?? headerBytes) : 0;
  const state = createLedgerState(Math.ceil(bytes / usualEntryBytes));
  const header: Header = kept ?? {
    generation: randomBytes(16),
    keyCheck: keys.check,
    destination: destinationMark(options),
  };
  const size = kept ? await load(store, state) : headerBytes;
  const truncated = kept ? bytes - size : 0;
  const fieldsName = fieldsFile(header.generation);
  const fieldsSize = (await store.size(fieldsName)) ?? 0;
  const mark = kept && (await options.mark?.());
  const written = mark?.generation === header.generation.toString('hex') ? mark : { size: 0, fields: 0 };
  if (size < written.size) throw cutOff(store, logFile, size, written.size);
  if (fieldsSize < written.fields) throw cutOff(store, fieldsName, fieldsSize, written.fields);
  const fieldsEnd = await endOfRecords(store, fieldsName, fieldsSize);
  // What was on the disk when a run ended well can't have been lost since: it was changed.
  if (fieldsEnd < written.fields) throw broken(store, fieldsEnd, fieldsName);
  if (run) {
    if (!kept) await store.replace(logFile, [encodeHeader(header)]);
    else if (truncated > 0) await store.truncate(logFile, size);
    await removeStrays(store, fieldsName);
  }
  const records = fieldsReader(store, fieldsName);
  // Behind the last whole record lie those of this run, or what a power cut left.
  const isProven = (from: number) => from >= 0 && (from < fieldsEnd || from >= fieldsSize);
  const requireRead = (isRead: boolean, from: number) => {
    if (!isRead && from < written.fields) throw broken(store, from, fieldsName);
    return isRead;
  };
  const readAt: OpenLog['readFields'] = async (key, from, use) =>
    isProven(from) && requireRead(await records.read(from, key, use), from);
  return {
    state,
    truncated,
    lacksFields: fieldsEnd < fieldsSize || state.lastFieldsAt() >= fieldsEnd,
    fieldsName,
    header,
    size,
    fieldsSize,
    readFields: readAt,
    fieldsAtHand(key, from, use) {
      if (!isProven(from)) return false;
      const isRead = records.readAtHand(from, key, use);
      return isRead === undefined ? undefined : requireRead(isRead, from);
    },
    async fieldsOf(key, from) {
      const fields = new Map<number, number>();
      return (await readAt(key, from, (field, hash) => fields.set(field, hash))) ? fields : undefined;
    },
  };
}

const rewritten = (store: StateStore, { header, state, fieldsOf }: OpenLog): Promise<Header> =>
  compact({
    ...{ store, header, fieldsOf, runs: state.runs, fieldNames: state.fieldNames },
    isLive: (...entry) => state.livePosition(...entry) >= 0,
  });

type Writer = Pick<Ledger, 'mark' | 'reserve' | 'recordOutcomes' | 'list' | 'forget' | 'close'>;

function openWriter(
  { store, keys, run }: LedgerOptions,
  log: OpenLog,
  fieldHash: (personKey: string, field: string, value: unknown) => number,
): Writer {
  const { state, fieldsName, fieldsOf } = log;
  const number = Math.max(0, ...state.runs.keys()) + 1;
  let wrote = false;
  let closed = false;

  function writing(): Run {
    if (!run || closed) throw new Error('this ledger was opened to be read, or is closed');
    return run;
  }

  async function append(entries: readonly Buffer[]): Promise<void> {
    const bytes = encodeFrame(entries);
    await store.append(logFile, bytes, log.size, true);
    wrote = true;
    const from = bytes.length - entries.reduce((sum, entry) => sum + entry.length, 0);
    takeFrame(store, state, { bytes, from, to: bytes.length, base: log.size });
    log.size += bytes.length;
  }

  async function rewrite(): Promise<void> {
    closed = true;
    log.header = await rewritten(store, log);
    log.size = (await store.size(logFile)) ?? headerBytes;
    log.fieldsSize = (await store.size(fieldsFile(log.header.generation))) ?? 0;
  }

  return {
    async mark() {
      // The fields were not waited for: from here on they must be there.
      if (wrote && !closed && log.fieldsSize > 0) await store.append(fieldsName, Buffer.alloc(0), log.fieldsSize, true);
      return { generation: log.header.generation.toString('hex'), size: log.size, fields: log.fieldsSize };
    },
    async reserve(people) {
      const free = await store.free();
      const need = people * roomPerPerson + (1 << 20);
      if (free === undefined || free >= need) return;
      throw new ConnectorError(
        'unexpected',
        said`state_dir ${store.where}: ${free} bytes are free, ${need} are needed to keep what Together accepts.`,
        {
          hint: 'Nothing was sent. Make room and run again.',
        },
      );
    },
    async recordOutcomes(people) {
      const now = writing();
      if (people.length === 0) return;
      const { fieldsSize } = log;
      const parts = { keys, state, run: { ...now, number }, fieldsSize, fieldsOf, fieldHash };
      const { entries, records } = await encodeOutcomes(people, parts);
      // Fields only show which ones changed; the log decides. So only the log is waited for until it is durable.
      const bytes = Buffer.concat(records);
      if (bytes.length > 0) await store.append(fieldsName, bytes, fieldsSize, false);
      log.fieldsSize += bytes.length;
      await append(entries);
    },
    async list(people) {
      writing();
      for (const entries of encodeListed(people, { keys, state })) await append(entries);
    },
    async forget(employeeId) {
      writing();
      const key = keys.id(employeeId);
      if (!state.lookup(key)) return false;
      await append([encodeForget(key)]);
      await rewrite();
      return true;
    },
    async close() {
      if (closed || !wrote) return false;
      const rewrites = state.logged > 2 * (state.positions + slack);
      if (rewrites) await rewrite();
      closed = true;
      return rewrites;
    },
  };
}

/** Present entries in the order of the log. An id that is not the one that the entry was written for is damage. */
async function* listEntries(
  store: StateStore,
  keys: LedgerKeys,
  state: LedgerState,
  isWanted?: (position: number) => boolean,
): AsyncGenerator<Listed> {
  // A comparison asks for some of half a million: most frames hold none of them, and those behind the last need not be read.
  const wanted = isWanted && state.entriesAt(isWanted);
  let next = 0;
  for await (const frame of wanted?.length === 0 ? [] : readFrames(store)) {
    const before = next;
    while (wanted && (wanted[next] as number) < frame.base + frame.to) next++;
    if (wanted && next === before) continue;
    const listed: Listed[] = [];
    forEntries(store, frame, (type, at) => {
      const position = type === EntryType.person ? state.livePosition(frame.bytes, at, frame.base + at) : -1;
      if (position < 0 || isWanted?.(position) === false) return;
      const key = frame.bytes.toString('latin1', at + personAt.keyAt, at + personAt.keyAt + 16);
      const employeeId = personAt.employeeId(frame.bytes, at);
      if (keys.id(employeeId) !== key) throw broken(store, frame.base + at);
      const known = state.standing(position);
      if (known) listed.push({ employeeId, position, ...known });
    });
    yield* listed;
    if (next === wanted?.length) return;
  }
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
