/** What the log says so far, in memory: fed entry by entry, when it is read and when it has just been written. */
import { EntryType, type PersonEntry, personAt } from './format.ts';
import { createIndexTable, type IndexTable } from './index-table.ts';
import { saltOf } from './keys.ts';

/** What the ledger knows of one person. */
export interface Known {
  /** First letter of the status that Together has, `?` where there is none; undefined: it never had the person. */
  readonly status: string | undefined;
  /** 16-byte keyed hash of the body last accepted; undefined with a status: see `wasSent`. */
  readonly hash: Uint8Array | undefined;
  /** Start of the run that Together last accepted it in, milliseconds since 1970; 0: never. */
  readonly acceptedAt: number;
  /** Id of that run. */
  readonly run: string | undefined;
  /** Where the accepted fields lie; absent or -1: they are not known. */
  readonly fieldsAt?: number;
  /** The body that Together refused last, where that is newer. `at`: start of that run. */
  readonly refused: { readonly status: number; readonly hash: Uint8Array; readonly at: number } | undefined;
}

/** A person of the ledger, for questions about everybody; as in `Known`. It holds while nothing is written. */
export interface Found {
  /** As `LedgerKeys.id`, and what its field hashes are salted with. */
  readonly key: string;
  readonly salt: number;
  /** A number of this person's own, below `positions`. */
  readonly position: number;
  readonly status: string | undefined;
  /** -1: the accepted fields are not known. */
  readonly fieldsAt: number;
  /** See `wasSent` of model/access.ts. */
  readonly wasSent: boolean;
}

/** As in `Known`; `wasSent` as in `Found`. */
export interface Standing extends Pick<Known, 'status' | 'run' | 'refused'>, Pick<Found, 'wasSent'> {}

export interface Run {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

export interface LedgerState {
  /** People accepted by a run, those of them who are not terminated, and person entries taken, replaced ones included. */
  readonly known: number;
  readonly active: number;
  readonly logged: number;
  readonly runs: ReadonlyMap<number, Run>;
  readonly fieldNames: readonly string[];
  readonly fieldNumbers: ReadonlyMap<string, number>;
  /** The entry at `at` of `bytes`, which starts at `offset` in the log. False: it contradicts what came before. */
  take(type: number, bytes: Buffer, at: number, offset: number): boolean;
  readonly positions: number;
  /** Where the last record of the fields file begins that an entry names; -1: none. */
  lastFieldsAt(): number;
  /** Where in the log the present entries of these people start, in its order. */
  entriesAt(isWanted: (position: number) => boolean): Float64Array;
  lookup(key: string): Known | undefined;
  /** All that is known of the person at a position, but for the body. */
  standing(position: number): Standing | undefined;
  found(key: string): Found | undefined;
  /** What an entry of the person would say now, or undefined. */
  entry(key: string): Omit<PersonEntry, 'employeeId' | 'key'> | undefined;
  /** The position of the person that has the entry at `at` of `bytes`, `offset` in the log, as the present one; -1: it is replaced. */
  livePosition(bytes: Buffer, at: number, offset: number): number;
}

const terminated = 'T'.charCodeAt(0);
const noHash = '\0'.repeat(16);

/** `expected`: people to make room for at once. */
export function createLedgerState(expected = 0): LedgerState {
  const table = createIndexTable(expected);
  const refusals = new Map<number, NonNullable<PersonEntry['refused']>>();
  const runs = new Map<number, Run>();
  const fieldNames: string[] = [];
  const fieldNumbers = new Map<string, number>();
  const tables: Tables = { table, refusals, runs };
  let known = 0;
  let active = 0;
  let logged = 0;

  function count(position: number, step: 1 | -1): void {
    if (!wasAccepted(table, position)) return;
    known += step;
    if (table.statusCode(position) !== terminated) active += step;
  }

  return {
    get known() {
      return known;
    },
    get active() {
      return active;
    },
    get logged() {
      return logged;
    },
    runs,
    fieldNames,
    fieldNumbers,
    take(type, bytes, at, offset) {
      switch (type) {
        case EntryType.person: {
          const people = table.count;
          const position = table.place(bytes, at + personAt.keyAt);
          if (position < people) count(position, -1);
          const status = personAt.refusedStatus(bytes, at);
          if (status > 0) {
            const [hash, run] = [personAt.refusedHash(bytes, at), personAt.refusedRun(bytes, at)];
            refusals.set(position, { status, hash, run });
          } else if (refusals.size > 0) refusals.delete(position);
          table.set(position, bytes, at, offset);
          count(position, 1);
          logged++;
          return true;
        }
        case EntryType.run: {
          const id = bytes.toString('utf8', at + 16, at + 16 + bytes.readUInt16LE(at + 2));
          runs.set(bytes.readUInt32LE(at + 4), { id, startedAt: bytes.readDoubleLE(at + 8) });
          return true;
        }
        case EntryType.field: {
          const name = bytes.toString('utf8', at + 8, at + 8 + bytes.readUInt16LE(at + 2));
          if (bytes.readUInt32LE(at + 4) !== fieldNames.length) return false;
          fieldNumbers.set(name, fieldNames.length);
          fieldNames.push(name);
          return true;
        }
        case EntryType.forget: {
          const position = table.find(bytes.toString('latin1', at + 4, at + 20));
          if (position < 0) return true;
          count(position, -1);
          refusals.delete(position);
          table.clear(position);
          return true;
        }
        default:
          return false;
      }
    },
    get positions() {
      return table.count;
    },
    lastFieldsAt() {
      let last = -1;
      for (let position = 0; position < table.count; position++) last = Math.max(last, table.fieldsAt(position));
      return last;
    },
    entriesAt(isWanted) {
      const places: number[] = [];
      for (let position = 0; position < table.count; position++)
        if (isWanted(position)) places.push(table.entryAt(position));
      return Float64Array.from(places).sort();
    },
    found: (key) => foundIn(table, key),
    lookup: (key) => knownOf(tables, table.find(key)),
    standing: (position) => standingOf(tables, position),
    entry: (key) => entryOf(tables, key),
    livePosition(bytes, at, offset) {
      const position = table.findAt(bytes, at + personAt.keyAt);
      return position >= 0 && table.entryAt(position) === offset ? position : -1;
    },
  };
}

interface Tables {
  readonly table: IndexTable;
  readonly refusals: ReadonlyMap<number, NonNullable<PersonEntry['refused']>>;
  readonly runs: ReadonlyMap<number, Run>;
}

/** Of people that only Together's own list knows, no run has accepted anything. */
const wasAccepted = (table: IndexTable, position: number): boolean =>
  table.statusCode(position) !== 0 && table.run(position) !== 0;

function foundIn(table: IndexTable, key: string): ReturnType<LedgerState['found']> {
  const position = table.find(key);
  if (position < 0) return undefined;
  const code = table.statusCode(position);
  return {
    key,
    salt: saltOf(key),
    position,
    status: code === 0 ? undefined : String.fromCharCode(code),
    fieldsAt: table.fieldsAt(position),
    wasSent: wasAccepted(table, position),
  };
}

function knownOf(tables: Tables, position: number): Known | undefined {
  const { table, runs } = tables;
  const known = standingOf(tables, position);
  return (
    known && {
      status: known.status,
      hash: known.wasSent ? table.hash(position, new Uint8Array(16)) : undefined,
      acceptedAt: runs.get(table.run(position))?.startedAt ?? 0,
      run: known.run,
      fieldsAt: table.fieldsAt(position),
      refused: known.refused,
    }
  );
}

function standingOf({ table, refusals, runs }: Tables, position: number): Standing | undefined {
  if (position < 0) return undefined;
  const code = table.statusCode(position);
  const refused = table.isRefused(position) ? refusals.get(position) : undefined;
  if (code === 0 && !refused) return undefined;
  return {
    status: code === 0 ? undefined : String.fromCharCode(code),
    run: runs.get(table.run(position))?.id,
    wasSent: wasAccepted(table, position),
    refused: refused && {
      status: refused.status,
      hash: Buffer.from(refused.hash, 'latin1'),
      at: runs.get(refused.run)?.startedAt ?? 0,
    },
  };
}

function entryOf({ table, refusals }: Tables, key: string): ReturnType<LedgerState['entry']> {
  const position = table.find(key);
  if (position < 0 || (table.statusCode(position) === 0 && !table.isRefused(position))) return undefined;
  const code = table.statusCode(position);
  return {
    hash: wasAccepted(table, position)
      ? Buffer.from(table.hash(position, new Uint8Array(16))).toString('latin1')
      : noHash,
    status: code === 0 ? '' : String.fromCharCode(code),
    run: table.run(position),
    refused: refusals.get(position),
    fieldsAt: table.fieldsAt(position),
  };
}
