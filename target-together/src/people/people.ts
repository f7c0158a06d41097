/**
 * Everybody that a run has read, by position in order of first sight. In memory are flat columns only; the user as JSON, the
 * record as it came, and faults lie in the spill. Identity: the same row (stream and key) seen again is the same person and
 * its later record counts; two rows with one employeeId are two people, and a conflict.
 */

import type { Fault, TogetherUser } from '../model/person.ts';
import { createIdIndex } from './id-index.ts';
import { Kind, type People } from './person.ts';
import { Column, createRows } from './person-rows.ts';
import type { Spill } from './spill.ts';

interface Notes {
  readonly notes: readonly Fault[];
  readonly patchOnly: readonly Fault[];
}

/** `emailHash`: 53 bits of an address without its case, never 0. */
export function createPeople(spill: Spill, emailHash: (address: string) => number): People {
  const ids = createIdIndex();
  const rows = createRows();
  const filters: string[] = [];
  /** Row key → position, only for rows whose key is not the employeeId itself. */
  const byKey = new Map<string, number>();
  /** By position in `ids`: the first person with it. */
  let first = new Int32Array(1024).fill(-1);
  /** The next person with the same employeeId: hardly ever anybody. */
  const next = new Map<number, number>();
  let superseded = 0;

  function firstOf(idAt: number): number {
    return idAt >= 0 && idAt < first.length ? (first[idAt] as number) : -1;
  }

  function link(person: number, idAt: number): void {
    if (idAt < 0) return;
    if (idAt >= first.length) {
      const larger = new Int32Array(Math.max(idAt + 1, Math.ceil(first.length * 1.5))).fill(-1);
      larger.set(first);
      first = larger;
    }
    const head = first[idAt] as number;
    if (head >= 0) next.set(person, head);
    first[idAt] = person;
  }

  function unlink(person: number): void {
    const idAt = rows.get(person, Column.id);
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
    if (rowKey !== undefined && !byId) return byKey.get(rowKey) ?? -1;
    for (let at = firstOf(idAt); at >= 0; at = next.get(at) ?? -1) {
      if (rowKey !== undefined ? isKeyedById(at) : hash === undefined || rows.hasHash(at, hash)) return at;
    }
    return -1;
  }

  const flags = (person: number) => rows.get(person, Column.flags);
  const kindOf = (person: number) => (flags(person) & 3) as Kind;
  const isKeyedById = (person: number) => (flags(person) & 4) !== 0;
  const text = (offset: number, length: number) => spill.read(offset, length).toString('utf8');

  function newPerson(idAt: number, rowKey: string | undefined, byId: boolean): number {
    const person = rows.add();
    rows.set(person, Column.id, idAt);
    link(person, idAt);
    if (rowKey !== undefined && !byId) byKey.set(rowKey, person);
    return person;
  }

  const self: People = {
    ids,
    get size() {
      return rows.size;
    },
    get count() {
      return rows.size - superseded;
    },
    add({ mapped, rowKey, raw, line }, json, hash) {
      const user = mapped.kind === 'invalid' ? undefined : mapped.user;
      const id = mapped.kind === 'user' ? mapped.user.employeeId : mapped.id;
      const idAt = id === undefined ? -1 : ids.add(id);
      const byId = rowKey !== undefined && rowKey === id;
      let person = seenBefore(rowKey, byId, idAt, hash);
      if (person >= 0 && rows.get(person, Column.id) !== idAt) {
        // The row has another employeeId now: who it was before is nobody's row any more.
        unlink(person);
        rows.set(person, Column.flags, Kind.superseded);
        superseded++;
        person = -1;
      }
      if (person < 0) person = newPerson(idAt, rowKey, byId);
      const supervisor = user?.supervisorId;
      const patchOnly = mapped.kind === 'user' ? mapped.patchOnly : undefined;
      const kind = mapped.kind === 'user' ? Kind.user : mapped.kind === 'invalid' ? Kind.invalid : Kind.excluded;
      const status = (user?.employeeStatusCode?.charCodeAt(0) ?? 0) & 255;
      const filter = mapped.kind === 'excluded' ? filterAt(mapped.filter) : 0;
      const marks = (byId ? 4 : 0) | (patchOnly ? 8 : 0);
      rows.set(person, Column.flags, kind | marks | (status << 8) | (filter << 16));
      rows.set(person, Column.supervisor, typeof supervisor === 'string' ? ids.add(supervisor) : -1);
      rows.set(person, Column.line, line);
      rows.setDouble(person, Column.email, typeof user?.email === 'string' ? emailHash(user.email) : 0);
      if (hash) rows.setHash(person, hash);
      const notes =
        mapped.kind === 'user' && (patchOnly || mapped.notes.length > 0)
          ? JSON.stringify({ notes: mapped.notes, patchOnly: patchOnly ?? [] } satisfies Notes)
          : '';
      rows.setDouble(
        person,
        Column.at,
        spill.append(mapped.kind === 'invalid' ? JSON.stringify(mapped.faults) : json, raw, notes),
      );
      rows.set(person, Column.bodyLength, spill.lengths[0] as number);
      rows.set(person, Column.rawLength, spill.lengths[1] as number);
      rows.set(person, Column.noteLength, spill.lengths[2] as number);
      return person;
    },
    setFields: (person, fields) => rows.set(person, Column.fields, fields),
    fields: (person) => rows.get(person, Column.fields),
    kind: kindOf,
    id(person) {
      const at = rows.get(person, Column.id);
      return at < 0 ? undefined : ids.at(at);
    },
    idAt: (person) => rows.get(person, Column.id),
    personOf: firstOf,
    find: (employeeId) => firstOf(ids.find(employeeId)),
    sharing() {
      const heads = new Set<number>();
      for (const person of next.keys()) heads.add(rows.get(person, Column.id));
      return [...heads].map((idAt) => {
        const group: number[] = [];
        for (let at = firstOf(idAt); at >= 0; at = next.get(at) ?? -1) group.push(at);
        return group.sort((a, b) => a - b);
      });
    },
    supervisorAt: (person) => rows.get(person, Column.supervisor),
    status(person) {
      const code = (flags(person) >> 8) & 255;
      return code === 0 ? '' : String.fromCharCode(code);
    },
    emailHash: (person) => rows.getDouble(person, Column.email),
    hash: (person) => rows.hash(person),
    json: (person) => text(rows.getDouble(person, Column.at), rows.get(person, Column.bodyLength)),
    body: (person) => spill.keep(rows.getDouble(person, Column.at), rows.get(person, Column.bodyLength)),
    user: (person) => JSON.parse(self.json(person)) as TogetherUser,
    faults: (person) => (kindOf(person) === Kind.invalid ? (JSON.parse(self.json(person)) as Fault[]) : []),
    notes: (person) => kept(person)?.notes ?? [],
    hasNotes: (person) => rows.get(person, Column.noteLength) > 0,
    patchOnly: (person) => (self.isPatchOnly(person) ? (kept(person)?.patchOnly ?? []) : []),
    isPatchOnly: (person) => (flags(person) & 8) !== 0,
    filter: (person) => (kindOf(person) === Kind.excluded ? filters[flags(person) >>> 16] : undefined),
    raw: (person) =>
      text(rows.getDouble(person, Column.at) + rows.get(person, Column.bodyLength), rows.get(person, Column.rawLength)),
    line: (person) => rows.get(person, Column.line),
  };

  function filterAt(name: string): number {
    const known = filters.indexOf(name);
    return known >= 0 ? known : filters.push(name) - 1;
  }

  function kept(person: number): Notes | undefined {
    const length = rows.get(person, Column.noteLength);
    if (length === 0) return undefined;
    const before = rows.get(person, Column.bodyLength) + rows.get(person, Column.rawLength);
    return JSON.parse(text(rows.getDouble(person, Column.at) + before, length)) as Notes;
  }

  return self;
}
