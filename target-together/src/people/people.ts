/**
 * Everybody that a run has read, by position in order of first sight. In memory are flat columns only; the user as JSON, the
 * record as it came, and faults lie in the spill. Identity: the same row (stream and key) seen again is the same person and
 * its later record counts; two rows with one employeeId are two people, and a conflict, unless they map to the same user.
 */

import type { Fault, Mapped, TogetherUser } from '../model/person.ts';
import { createIdIndex } from './id-index.ts';
import { Kind, type People } from './person.ts';
import { Column, createRows } from './person-rows.ts';
import { createPersonTexts } from './person-texts.ts';
import { createSameId } from './same-id.ts';
import type { Spill } from './spill.ts';

/** `emailHash`: 53 bits of an address without its case, never 0. */
export function createPeople(spill: Spill, emailHash: (address: string) => number): People {
  const ids = createIdIndex();
  const rows = createRows();
  const texts = createPersonTexts(rows, spill);
  const filters: string[] = [];
  /** Row key → position, only for rows whose key is not the employeeId itself. */
  const byKey = new Map<string, number>();
  const sameId = createSameId();
  let superseded = 0;

  /** The position where this very row was seen before, or -1. */
  function seenBefore(rowKey: string | undefined, byId: boolean, idAt: number, hash: Uint8Array | undefined): number {
    if (rowKey !== undefined && !byId) return byKey.get(rowKey) ?? -1;
    for (let at = sameId.first(idAt); at >= 0; at = sameId.next(at)) {
      if (rowKey !== undefined ? isKeyedById(at) : hash === undefined || rows.hasHash(at, hash)) return at;
    }
    return -1;
  }

  const flags = (person: number) => rows.get(person, Column.flags);
  const kindOf = (person: number) => (flags(person) & 3) as Kind;
  const isPatchOnly = (person: number) => (flags(person) & 8) !== 0;
  const isKeyedById = (person: number) => (flags(person) & 4) !== 0;

  function newPerson(idAt: number, rowKey: string | undefined, byId: boolean): number {
    const person = rows.add();
    rows.set(person, Column.id, idAt);
    sameId.link(person, idAt);
    if (rowKey !== undefined && !byId) byKey.set(rowKey, person);
    return person;
  }

  function supersede(person: number): void {
    sameId.unlink(person, rows.get(person, Column.id));
    rows.set(person, Column.flags, Kind.superseded);
    superseded++;
  }

  const groups = () => sameId.groups((person) => rows.get(person, Column.id));

  function mergeRows(): void {
    for (const group of groups()) {
      const inScope = group.filter((person) => kindOf(person) !== Kind.excluded);
      const rest = new Set(inScope.length > 0 ? inScope : group);
      const last = new Map<string, number>();
      for (const person of rest) {
        const content = `${flags(person) & ~4} ${texts.json(person)}`;
        const twin = last.get(content);
        if (twin !== undefined) rest.delete(twin);
        last.set(content, person);
      }
      for (const person of group) if (!rest.has(person)) supersede(person);
    }
  }

  function filterAt(name: string): number {
    const known = filters.indexOf(name);
    return known >= 0 ? known : filters.push(name) - 1;
  }

  return {
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
        // The row has another employeeId now: the person it was before has no row any more.
        supersede(person);
        person = -1;
      }
      if (person < 0) person = newPerson(idAt, rowKey, byId);
      const supervisor = user?.supervisorId;
      const filter = mapped.kind === 'excluded' ? filterAt(mapped.filter) : 0;
      rows.set(person, Column.flags, flagsOf(mapped, user, filter) | (byId ? 4 : 0));
      rows.set(person, Column.supervisor, typeof supervisor === 'string' ? ids.add(supervisor) : -1);
      rows.set(person, Column.line, line);
      rows.setDouble(person, Column.email, typeof user?.email === 'string' ? emailHash(user.email) : 0);
      if (hash) rows.setHash(person, hash);
      texts.put(person, mapped, json, raw);
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
    personOf: sameId.first,
    find: (employeeId) => sameId.first(ids.find(employeeId)),
    sharing: groups,
    mergeRows,
    supervisorAt: (person) => rows.get(person, Column.supervisor),
    status(person) {
      const code = (flags(person) >> 8) & 255;
      return code === 0 ? '' : String.fromCharCode(code);
    },
    emailHash: (person) => rows.getDouble(person, Column.email),
    hash: (person) => rows.hash(person),
    json: texts.json,
    body: texts.body,
    user: (person) => JSON.parse(texts.json(person)) as TogetherUser,
    faults: (person) => (kindOf(person) === Kind.invalid ? (JSON.parse(texts.json(person)) as Fault[]) : []),
    notes: (person) => texts.notes(person)?.notes ?? [],
    hasNotes: texts.has,
    patchOnly: (person) => (isPatchOnly(person) ? (texts.notes(person)?.patchOnly ?? []) : []),
    isPatchOnly,
    filter: (person) => (kindOf(person) === Kind.excluded ? filters[flags(person) >>> 16] : undefined),
    raw: texts.raw,
    line: (person) => rows.get(person, Column.line),
  };
}

/** Kind in two bits, one for each mark (4: the row's key is the employeeId, 8: may only be patched), then status and filter. */
function flagsOf(mapped: Mapped, user: Partial<TogetherUser> | undefined, filter: number): number {
  const kind = mapped.kind === 'user' ? Kind.user : mapped.kind === 'invalid' ? Kind.invalid : Kind.excluded;
  const patchOnly = mapped.kind === 'user' && mapped.patchOnly ? 8 : 0;
  const status = (user?.employeeStatusCode?.charCodeAt(0) ?? 0) & 255;
  return kind | patchOnly | (status << 8) | (filter << 16);
}
