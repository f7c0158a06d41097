/**
 * Everybody that a run has read, by position in order of first sight. In memory are flat columns only; the user as JSON, the
 * record as it came, and faults lie in the spill. Identity: the same row (stream and key) seen again is the same person and
 * its later record counts; two rows with one employeeId are two people, and a conflict, unless they map to the same user.
 */

import { createIdIndex, type IdIndex } from '@ukg-together/kit/ids/id-index';
import type { Fault, Mapped, TogetherUser } from '../model/person.ts';
import type { PersonLabel } from '../model/text/display-name.ts';
import { withoutStamp } from '../model/text/row-stamp.ts';
import { Kind, type People } from './person.ts';
import { Column, createRows, Mark, type Rows } from './person-rows.ts';
import { createPersonTexts, type PersonTexts } from './person-texts.ts';
import { createReferences } from './references.ts';
import { createSameId, replaced } from './same-id.ts';
import type { Spill } from './spill.ts';

/** `emailHash`: 53 bits of an address without its case, never 0. */
export function createPeople(spill: Spill, emailHash: (address: string) => number): People {
  const ids = createIdIndex();
  const rows = createRows();
  const texts = createPersonTexts(rows, spill);
  const filters: string[] = [];
  const labels = new Map<number, PersonLabel>();
  const emails = createEmails(rows, emailHash);
  /** Row key → position, only for rows whose key is not the employeeId itself. */
  const byKey = new Map<string, number>();
  const sameId = createSameId();
  const references = createReferences(rows, texts, ids);
  const reads = readers(rows, texts, ids, filters);
  let superseded = 0;

  /** The position where this very row was seen before, or -1. */
  function seenBefore(rowKey: string | undefined, byId: boolean, idAt: number, hash: Uint8Array | undefined): number {
    if (rowKey !== undefined && !byId) return byKey.get(rowKey) ?? -1;
    for (let at = sameId.first(idAt); at >= 0; at = sameId.next(at)) {
      if (rowKey !== undefined ? isKeyedById(at) : hash === undefined || rows.hasHash(at, hash)) return at;
    }
    return -1;
  }

  const { kind: kindOf, flags } = reads;
  const isKeyedById = (person: number) => (flags(person) & Mark.byId) !== 0;

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
  const content = (person: number) => `${flags(person) & ~Mark.byId} ${withoutStamp(texts.json(person))}`;
  const isLeftOut = (person: number) => kindOf(person) === Kind.excluded;

  function mergeRows(): void {
    for (const group of groups()) for (const person of replaced(group, isLeftOut, content)) supersede(person);
  }

  return {
    ids,
    get size() {
      return rows.size;
    },
    get count() {
      return rows.size - superseded;
    },
    add({ mapped, rowKey, raw, line, reference, label }, json, hash) {
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
      const filter = mapped.kind === 'excluded' ? filterAt(filters, mapped.filter) : 0;
      const marks = (byId ? Mark.byId : 0) | references.markOf(reference);
      rows.set(person, Column.flags, flagsOf(mapped, user, filter) | marks);
      if (label) labels.set(person, label);
      if (reference?.number !== undefined) references.numbers.set(person, reference.number);
      rows.set(person, Column.supervisor, typeof supervisor === 'string' ? ids.add(supervisor) : -1);
      rows.set(person, Column.line, line);
      emails.set(person, mapped);
      if (hash) rows.setHash(person, hash);
      texts.put(person, mapped, json, raw);
      return person;
    },
    ...reads,
    ...references,
    holdStatus(person, status, hash) {
      if (reads.status(person) === status) return;
      const json = JSON.stringify({ ...reads.user(person), employeeStatusCode: status });
      texts.replaceBody(person, json);
      rows.setHash(person, hash(json));
      rows.set(person, Column.flags, withStatus(flags(person), status));
    },
    personOf: sameId.first,
    find: (employeeId) => sameId.first(ids.find(employeeId)),
    sharing: groups,
    mergeRows,
    label: (person) => labels.get(person),
    rowEmailHash: emails.ofRow,
    hashOfAddress: emailHash,
  };
}

/** Addresses as hashes: the one that is sent, and the row's own where leaver_email has put another in its place. */
function createEmails(rows: ReturnType<typeof createRows>, emailHash: (address: string) => number) {
  const ofRows = new Map<number, number>();
  return {
    set(person: number, mapped: Mapped): void {
      const email = mapped.kind === 'invalid' ? mapped.email : mapped.user?.email;
      rows.setDouble(person, Column.email, typeof email === 'string' ? emailHash(email) : 0);
      const own = mapped.kind === 'user' ? mapped.rowEmail : undefined;
      if (own !== undefined) ofRows.set(person, emailHash(own));
      else if (ofRows.size > 0) ofRows.delete(person);
    },
    ofRow: (person: number): number => ofRows.get(person) ?? 0,
  };
}

function filterAt(filters: string[], name: string): number {
  const known = filters.indexOf(name);
  return known >= 0 ? known : filters.push(name) - 1;
}

const withStatus = (flags: number, status: string): number => (flags & ~(255 << 8)) | (status.charCodeAt(0) << 8);

/** Kind in two bits, one for each mark, then status and filter. */
function flagsOf(mapped: Mapped, user: Partial<TogetherUser> | undefined, filter: number): number {
  const kind = mapped.kind === 'user' ? Kind.user : mapped.kind === 'invalid' ? Kind.invalid : Kind.excluded;
  const patchOnly = mapped.kind === 'user' && mapped.patchOnly ? Mark.patchOnly : 0;
  const status = (user?.employeeStatusCode?.charCodeAt(0) ?? 0) & 255;
  return kind | patchOnly | (status << 8) | (filter << 16);
}

/** What is kept of a person, by position. */
function readers(rows: Rows, texts: PersonTexts, ids: IdIndex, filters: readonly string[]) {
  const flags = (person: number) => rows.get(person, Column.flags);
  const kind = (person: number) => (flags(person) & 3) as Kind;
  const isPatchOnly = (person: number) => (flags(person) & Mark.patchOnly) !== 0;
  return {
    flags,
    kind,
    isPatchOnly,
    setFields: (person: number, fields: number) => rows.set(person, Column.fields, fields),
    fields: (person: number) => rows.get(person, Column.fields),
    id(person: number) {
      const at = rows.get(person, Column.id);
      return at < 0 ? undefined : ids.at(at);
    },
    idAt: (person: number) => rows.get(person, Column.id),
    supervisorAt: (person: number) => rows.get(person, Column.supervisor),
    status(person: number) {
      const code = (flags(person) >> 8) & 255;
      return code === 0 ? '' : String.fromCharCode(code);
    },
    emailHash: (person: number) => rows.getDouble(person, Column.email),
    hash: (person: number) => rows.hash(person),
    json: texts.json,
    body: texts.body,
    user: (person: number) => JSON.parse(texts.json(person)) as TogetherUser,
    faults: (person: number) => (kind(person) === Kind.invalid ? (JSON.parse(texts.json(person)) as Fault[]) : []),
    notes: (person: number) => texts.notes(person)?.notes ?? [],
    hasNotes: texts.has,
    patchOnly: (person: number) => (isPatchOnly(person) ? (texts.notes(person)?.patchOnly ?? []) : []),
    filter: (person: number) => (kind(person) === Kind.excluded ? filters[flags(person) >>> 16] : undefined),
    raw: texts.raw,
    line: (person: number) => rows.get(person, Column.line),
  };
}
