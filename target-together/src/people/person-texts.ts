import type { Fault, Mapped } from '../model/person.ts';
import { Column, type Rows } from './person-rows.ts';
import type { Spill } from './spill.ts';

interface Notes {
  readonly notes: readonly Fault[];
  readonly patchOnly: readonly Fault[];
}

/** What of a person lies in the spill: the body (or the faults), the record as it came, the notes. */
export interface PersonTexts {
  put(person: number, mapped: Mapped, json: string, raw: string): void;
  /** The body as JSON; of an invalid person the faults. */
  json(person: number): string;
  /** The bytes of `json`, which stay as they are. */
  body(person: number): Buffer;
  raw(person: number): string;
  replaceBody(person: number, json: string): void;
  has(person: number): boolean;
  notes(person: number): Notes | undefined;
}

export function createPersonTexts(rows: Rows, spill: Spill): PersonTexts {
  const text = (offset: number, length: number) => spill.read(offset, length).toString('utf8');
  const bodyLength = (person: number) => rows.get(person, Column.bodyLength);
  const at = (person: number) => rows.getDouble(person, Column.at);
  const rawOf = (person: number) => text(at(person) + bodyLength(person), rows.get(person, Column.rawLength));
  const noteText = (person: number) =>
    text(at(person) + bodyLength(person) + rows.get(person, Column.rawLength), rows.get(person, Column.noteLength));

  function write(person: number, body: string, raw: string, notes: string): void {
    rows.setDouble(person, Column.at, spill.append(body, raw, notes));
    rows.set(person, Column.bodyLength, spill.lengths[0] as number);
    rows.set(person, Column.rawLength, spill.lengths[1] as number);
    rows.set(person, Column.noteLength, spill.lengths[2] as number);
  }

  return {
    put(person, mapped, json, raw) {
      write(person, mapped.kind === 'invalid' ? JSON.stringify(mapped.faults) : json, raw, notesOf(mapped));
    },
    replaceBody: (person, json) => write(person, json, rawOf(person), noteText(person)),
    json: (person) => text(at(person), bodyLength(person)),
    body: (person) => spill.keep(at(person), bodyLength(person)),
    raw: rawOf,
    has: (person) => rows.get(person, Column.noteLength) > 0,
    notes(person) {
      const found = noteText(person);
      return found === '' ? undefined : (JSON.parse(found) as Notes);
    },
  };
}

/** Empty for nearly everybody. */
function notesOf(mapped: Mapped): string {
  if (mapped.kind !== 'user' || (!mapped.patchOnly && mapped.notes.length === 0)) return '';
  return JSON.stringify({ notes: mapped.notes, patchOnly: mapped.patchOnly ?? [] } satisfies Notes);
}
