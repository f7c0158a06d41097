/**
 * What the fields of all users hold, counted while reading in one pass over each: how filled each field is, which set of fields
 * each person has, and which values the fields that describe the organization have.
 */

import type { TogetherUser } from '../model/person.ts';
import { isOrganisational } from '../model/user-fields.ts';
import { nameOf, type Spellings, spellingsOf, type Value } from './spellings.ts';

export interface FieldTable {
  /** Counts a user; returns the number of the set of fields that the body has. `counts`: false for one that says nothing of how filled a field is. */
  take(user: TogetherUser, counts?: boolean): number;
  readonly users: number;
  /** Fields of a set, cleared ones included. */
  fieldsOf(set: number): readonly string[];
  /** By field: for how many users it is filled (cleared is not filled). */
  filled(): Record<string, number>;
  /** Users with this value of a field that describes the organization. */
  count(field: string, value: string): number;
  values(): Iterable<{ readonly field: string; readonly value: string; readonly people: number }>;
  /** Codes and names that are written in more than one way. */
  spellings(): Spellings[];
}

interface Field {
  readonly name: string;
  readonly number: number;
  /** One bit for each of the first fields; 0 for the others. */
  readonly bit: number;
  /** null: a personal field, whose values are not kept. */
  readonly values: Map<string, Value> | null;
  /** The value counted last: many fields have the same one for person after person. */
  last: Value | undefined;
  /** The field that came after it last: people have their fields in one order. */
  next: Field | undefined;
}

interface FieldSet {
  readonly filled: readonly string[];
  /** Filled and cleared. */
  readonly names: readonly string[];
  users: number;
}

const maxValues = 5000;
const maxNames = 100;

export function createFieldTable(): FieldTable {
  const fields = new Map<string, Field>();
  const sets: FieldSet[] = [];
  const byMask = new Map<number, number>();
  /** Sets with cleared fields, or with more fields than a mask has bits. */
  const byKey = new Map<string, number>();
  /** Before the first field. */
  const start: { next: Field | undefined } = { next: undefined };
  let users = 0;

  function newField(name: string): Field {
    const number = fields.size;
    const bit = number < 31 ? 1 << number : 0;
    const field: Field = {
      name,
      number,
      bit,
      last: undefined,
      next: undefined,
      values: isOrganisational(name) ? new Map() : null,
    };
    fields.set(name, field);
    return field;
  }

  function countValue(field: Field, values: Map<string, Value>, value: string, user: TogetherUser): void {
    let entry = field.last?.value === value ? field.last : values.get(value);
    if (entry === undefined) {
      if (values.size >= maxValues) return;
      entry = { value, people: 0, names: nameOf[field.name] === undefined ? undefined : new Map() };
      values.set(value, entry);
    }
    field.last = entry;
    entry.people++;
    if (entry.names === undefined) return;
    const name = user[nameOf[field.name] as string];
    if (typeof name !== 'string') return;
    const known = entry.names.get(name);
    if (known) known.people++;
    else if (entry.names.size < maxNames) entry.names.set(name, { value: name, people: 1 });
  }

  function addSet(user: TogetherUser): number {
    const filled: string[] = [];
    const cleared: string[] = [];
    for (const [name, value] of Object.entries(user)) {
      if (value !== undefined) (value === null || value === '' ? cleared : filled).push(name);
    }
    return sets.push({ filled, names: [...filled, ...cleared], users: 0 }) - 1;
  }

  return {
    get users() {
      return users;
    },
    take(user, counts = true) {
      if (counts) users++;
      let mask = 0;
      let others = '';
      let before = start;
      for (const name in user) {
        const value = user[name];
        if (value === undefined) continue;
        const field: Field = before.next?.name === name ? before.next : (fields.get(name) ?? newField(name));
        before.next = field;
        before = field;
        const isFilled = value !== null && value !== '';
        if (isFilled && field.values !== null && typeof value === 'string')
          countValue(field, field.values, value, user);
        if (isFilled && field.bit !== 0) mask |= field.bit;
        else others += `${isFilled ? '+' : '-'}${field.number}`;
      }
      let set = others === '' ? byMask.get(mask) : byKey.get(`${mask}${others}`);
      if (set === undefined) {
        set = addSet(user);
        if (others === '') byMask.set(mask, set);
        else byKey.set(`${mask}${others}`, set);
      }
      if (counts) (sets[set] as FieldSet).users++;
      return set;
    },
    fieldsOf(set) {
      const found = sets[set];
      return found?.names ?? [];
    },
    filled() {
      const counts: Record<string, number> = {};
      for (const set of sets) for (const name of set.filled) counts[name] = (counts[name] ?? 0) + set.users;
      return counts;
    },
    count: (field, value) => fields.get(field)?.values?.get(value)?.people ?? 0,
    *values() {
      for (const { name, values } of fields.values()) {
        for (const { value, people } of values?.values() ?? []) yield { field: name, value, people };
      }
    },
    spellings: () => spellingsOf(fields.values()),
  };
}
