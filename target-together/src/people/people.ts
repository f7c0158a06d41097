/**
 * Everybody that a run has read, by position in order of first sight. In memory are flat columns only; the user as JSON, the
 * record as it came, and faults lie in the spill. Identity: the same row (stream and key) seen again is the same person and
 * its later record counts; two rows with one employeeId are two people, and a conflict.
 */
import type { Fault, Mapped, TogetherUser } from '../types.ts';
import { createIdIndex, type IdIndex, roomFor } from './id-index.ts';
import type { Spill } from './spill.ts';

export const Kind = { user: 0, invalid: 1, excluded: 2, superseded: 3 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export interface Sighting {
  readonly mapped: Mapped;
  /** The row's key as text; undefined where the stream has none. */
  readonly rowKey: string | undefined;
  /** The record as JSON, as it came. */
  readonly raw: string;
  readonly line: number;
}

export interface People {
  /** Positions in use, superseded ones included. */
  readonly size: number;
  /** People read: distinct rows. */
  readonly count: number;
  /** Every employeeId and supervisorId met. */
  readonly ids: IdIndex;
  /** Takes a sighting up; returns the person's position. `json` is the user's body, `hash` its 16-byte keyed hash. */
  add(sighting: Sighting, json: string, hash: Uint8Array | undefined): number;
  kind(person: number): Kind;
  /** employeeId; undefined where the record had none. */
  id(person: number): string | undefined;
  /** Position of the employeeId in `ids`, or -1. */
  idAt(person: number): number;
  /** The first person with this id position, or -1; `sharing` finds the others. */
  personOf(idAt: number): number;
  /** All people that share an employeeId with somebody, in groups. */
  sharing(): number[][];
  /** Position of the supervisor's id in `ids`, or -1. */
  supervisorAt(person: number): number;
  /** First letter of employeeStatusCode, '' where there is none. */
  status(person: number): string;
  /** Hash of the address without case, 0 where there is none. Equal addresses have equal hashes, not the other way round. */
  emailHash(person: number): number;
  hash(person: number): Uint8Array;
  json(person: number): string;
  user(person: number): TogetherUser;
  faults(person: number): readonly Fault[];
  notes(person: number): readonly Fault[];
  /** Why Together may only patch this person, never create them: a leaver who lacks a required field. Empty: may be created. */
  patchOnly(person: number): readonly Fault[];
  isPatchOnly(person: number): boolean;
  filter(person: number): string | undefined;
  raw(person: number): string;
  line(person: number): number;
}

interface Notes {
  readonly notes: readonly Fault[];
  readonly patchOnly: readonly Fault[];
}

/** `addressHash`: 53 bits of an address without its case, never 0. */
export function createPeople(spill: Spill, addressHash: (address: string) => number): People {
  const ids = createIdIndex();
  const filters: string[] = [];
  /** Row key → position, only for rows whose key is not the employeeId itself. */
  const rows = new Map<string, number>();
  /** By position in `ids`: the first person with it. */
  let first = new Int32Array(1024).fill(-1);
  /** The next person with the same employeeId: hardly ever anybody. */
  const next = new Map<number, number>();
  let size = 0;
  let superseded = 0;

  let kinds = new Uint8Array(1024);
  let keyedById = new Uint8Array(1024);
  let patches = new Uint8Array(1024);
  let statuses = new Uint8Array(1024);
  let idsAt = new Int32Array(1024);
  let supervisors = new Int32Array(1024);
  let emails = new Float64Array(1024);
  let bodyAt = new Float64Array(1024);
  let bodyLength = new Int32Array(1024);
  let rawAt = new Float64Array(1024);
  let rawLength = new Int32Array(1024);
  let lines = new Int32Array(1024);
  let filtersAt = new Int32Array(1024);
  let hashes = Buffer.alloc(16 * 1024);
  let noteAt = new Float64Array(0);
  let noteLength = new Int32Array(0);

  function room(person: number): void {
    if (person < kinds.length) return;
    kinds = roomFor(kinds, person);
    const last = kinds.length - 1;
    keyedById = roomFor(keyedById, last);
    patches = roomFor(patches, last);
    statuses = roomFor(statuses, last);
    idsAt = roomFor(idsAt, last);
    supervisors = roomFor(supervisors, last);
    emails = roomFor(emails, last);
    bodyAt = roomFor(bodyAt, last);
    bodyLength = roomFor(bodyLength, last);
    rawAt = roomFor(rawAt, last);
    rawLength = roomFor(rawLength, last);
    lines = roomFor(lines, last);
    filtersAt = roomFor(filtersAt, last);
    hashes = Buffer.concat([hashes], kinds.length * 16);
  }

  function firstOf(idAt: number): number {
    return idAt < first.length ? (first[idAt] as number) : -1;
  }

  function link(person: number, idAt: number): void {
    if (idAt < 0) return;
    if (idAt >= first.length) {
      const from = first.length;
      first = roomFor(first, idAt);
      first.fill(-1, from);
    }
    const head = first[idAt] as number;
    if (head >= 0) next.set(person, head);
    first[idAt] = person;
  }

  function unlink(person: number): void {
    const idAt = idsAt[person] as number;
    if (idAt < 0) return;
    const after = next.get(person) ?? -1;
    next.delete(person);
    if (first[idAt] === person) {
      first[idAt] = after;
      return;
    }
    for (let at = first[idAt] as number; at >= 0; at = next.get(at) ?? -1) {
      if (next.get(at) !== person) continue;
      if (after >= 0) next.set(at, after);
      else next.delete(at);
      return;
    }
  }

  /** The position where this very row was seen before, or -1. */
  function seenBefore(rowKey: string | undefined, byId: boolean, idAt: number, hash: Uint8Array | undefined): number {
    if (rowKey !== undefined && !byId) return rows.get(rowKey) ?? -1;
    for (let at = firstOf(idAt); at >= 0; at = next.get(at) ?? -1) {
      if (
        rowKey !== undefined
          ? keyedById[at] === 1
          : hash === undefined || hashes.compare(hash, 0, 16, at * 16, at * 16 + 16) === 0
      )
        return at;
    }
    return -1;
  }

  function bytes(offset: number, length: number): string {
    return spill.read(offset, length).toString('utf8');
  }

  const self: People = {
    ids,
    get size() {
      return size;
    },
    get count() {
      return size - superseded;
    },
    add({ mapped, rowKey, raw, line }, json, hash) {
      const user = mapped.kind === 'invalid' ? undefined : mapped.user;
      const id = mapped.kind === 'user' ? mapped.user.employeeId : mapped.id;
      const idAt = id === undefined ? -1 : ids.add(id);
      const byId = rowKey !== undefined && rowKey === id;
      let person = seenBefore(rowKey, byId, idAt, hash);
      if (person >= 0 && idsAt[person] !== idAt) {
        // The row has another employeeId now: who it was before is nobody's row any more.
        unlink(person);
        kinds[person] = Kind.superseded;
        superseded++;
        person = -1;
      }
      if (person < 0) {
        person = size++;
        room(person);
        idsAt[person] = idAt;
        link(person, idAt);
        keyedById[person] = byId ? 1 : 0;
        if (rowKey !== undefined && !byId) rows.set(rowKey, person);
      }
      kinds[person] = mapped.kind === 'user' ? Kind.user : mapped.kind === 'invalid' ? Kind.invalid : Kind.excluded;
      patches[person] = mapped.kind === 'user' && mapped.patchOnly ? 1 : 0;
      lines[person] = line;
      const supervisor = user?.supervisorId;
      supervisors[person] = typeof supervisor === 'string' ? ids.add(supervisor) : -1;
      statuses[person] = user?.employeeStatusCode?.charCodeAt(0) ?? 0;
      emails[person] = typeof user?.email === 'string' ? addressHash(user.email) : 0;
      if (hash) hashes.set(hash, person * 16);
      bodyAt[person] = spill.append(mapped.kind === 'invalid' ? JSON.stringify(mapped.faults) : json);
      bodyLength[person] = spill.lastLength;
      rawAt[person] = spill.append(raw);
      rawLength[person] = spill.lastLength;
      if (mapped.kind === 'excluded') filtersAt[person] = filterAt(mapped.filter);
      if (mapped.kind === 'user' && (mapped.notes.length > 0 || mapped.patchOnly)) {
        keepNotes(person, { notes: mapped.notes, patchOnly: mapped.patchOnly ?? [] });
      } else if (person < noteLength.length) noteLength[person] = 0;
      return person;
    },
    kind: (person) => kinds[person] as Kind,
    id(person) {
      const at = idsAt[person] as number;
      return at < 0 ? undefined : ids.at(at);
    },
    idAt: (person) => idsAt[person] as number,
    personOf: firstOf,
    sharing() {
      const heads = new Set<number>();
      for (const person of next.keys()) heads.add(idsAt[person] as number);
      return [...heads].map((idAt) => {
        const group: number[] = [];
        for (let at = firstOf(idAt); at >= 0; at = next.get(at) ?? -1) group.push(at);
        return group.sort((a, b) => a - b);
      });
    },
    supervisorAt: (person) => supervisors[person] as number,
    status: (person) => (statuses[person] ? String.fromCharCode(statuses[person] as number) : ''),
    emailHash: (person) => emails[person] as number,
    hash: (person) => hashes.subarray(person * 16, person * 16 + 16),
    json: (person) => bytes(bodyAt[person] as number, bodyLength[person] as number),
    user: (person) => JSON.parse(self.json(person)) as TogetherUser,
    faults: (person) => (kinds[person] === Kind.invalid ? (JSON.parse(self.json(person)) as Fault[]) : []),
    notes: (person) => kept(person)?.notes ?? [],
    patchOnly: (person) => (patches[person] ? (kept(person)?.patchOnly ?? []) : []),
    isPatchOnly: (person) => patches[person] === 1,
    filter: (person) => (kinds[person] === Kind.excluded ? filters[filtersAt[person] as number] : undefined),
    raw: (person) => bytes(rawAt[person] as number, rawLength[person] as number),
    line: (person) => lines[person] as number,
  };

  function filterAt(name: string): number {
    const known = filters.indexOf(name);
    return known >= 0 ? known : filters.push(name) - 1;
  }

  function keepNotes(person: number, notes: Notes): void {
    noteAt = roomFor(noteAt, person);
    noteLength = roomFor(noteLength, person);
    noteAt[person] = spill.append(JSON.stringify(notes));
    noteLength[person] = spill.lastLength;
  }

  function kept(person: number): Notes | undefined {
    if (!noteLength[person]) return undefined;
    return JSON.parse(bytes(noteAt[person] as number, noteLength[person] as number)) as Notes;
  }

  return self;
}
