/** The records of refused people that are of one person, or name one: as supervisor, usually. */
import { isObject } from '@ukg-together/kit/lines/json';
import { rejectFiles } from '../rejects/rejects.ts';
import { type Line, linesOf } from '../rejects/rejects-file.ts';
import type { StateStore } from '../store/store.ts';

export interface Sought {
  readonly id: string;
  /** Whether an address is this person's, as far as the state knows. */
  readonly hasAddress: (text: string) => boolean;
}

interface RecordLine {
  readonly record?: unknown;
  readonly reject?: { readonly id: string };
}

/** Fields that hold ids: of a short id others may hold the same text by chance, as a code or a status. */
const idField = /id$|number|supervisor|manager|reports|employee|worker|person/i;
const shortId = 6;
/** What is left of `supervisorId` or `manager_employee_number`: begins the names of all that is said of that person. */
const stemOf = (key: string): string =>
  key.replace(/[_ -]?(employee|person|worker|user)?[_ -]?(id|number|no|code|key)$/i, '').toLowerCase();

function names(key: string, value: unknown, { id, hasAddress }: Sought): boolean {
  if (typeof value === 'number') return String(value) === id && idField.test(key);
  if (typeof value !== 'string') return false;
  if (value === id) return id.length >= shortId || idField.test(key);
  return value.includes('@') && hasAddress(value);
}

interface Blanked {
  readonly value: unknown;
  readonly found: boolean;
}

/** The record with null in place of the id, of the person's addresses, and of what stands beside the id of the same supervisor. */
function blank(value: unknown, sought: Sought, isWhole = true): Blanked {
  if (!Array.isArray(value) && !isObject(value)) return { value, found: false };
  let found = false;
  const stems = new Set<string>();
  if (!Array.isArray(value))
    for (const [key, inner] of Object.entries(value)) if (names(key, inner, sought)) stems.add(stemOf(key));
  // An object of its own is of the person altogether.
  if (stems.has('') && !isWhole) return { value: null, found: true };
  stems.delete('');
  const part = (key: string, inner: unknown): unknown => {
    const isOf = [...stems].some((stem) => key.toLowerCase().startsWith(stem));
    const below = isOf || names(key, inner, sought) ? { value: null, found: true } : blank(inner, sought, false);
    found ||= below.found;
    return below.value;
  };
  const made = Array.isArray(value)
    ? value.map((inner) => part('id', inner))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, part(key, inner)]));
  return { value: made, found };
}

const read = ({ text }: Line) => JSON.parse(text) as RecordLine;

/** By the id, or, where the row has no usable one, by the person's address or another spelling of the field. */
function isOwn({ record, reject }: RecordLine, sought: Sought): boolean {
  if (reject?.id === sought.id) return true;
  return reject?.id.startsWith('row ') === true && blank(record, sought).found;
}

export async function rejectsOf(store: StateStore, sought: Sought): Promise<{ own: number; others: number }> {
  const found = { own: 0, others: 0 };
  for (const name of rejectFiles) {
    for await (const line of linesOf(store, name, 0)) {
      const message = read(line);
      if (isOwn(message, sought)) found.own++;
      else if (blank(message.record, sought).found) found.others++;
    }
  }
  return found;
}

/** The person's own records go; in those of others what names the person becomes null. */
export async function forgetRejects(store: StateStore, sought: Sought): Promise<void> {
  const { own, others } = await rejectsOf(store, sought);
  if (own + others === 0) return;
  for (const name of rejectFiles) {
    if ((await store.size(name)) === undefined) continue;
    let records = 0;
    await store.replace(
      name,
      (async function* () {
        for await (const line of linesOf(store, name, 0)) {
          const message = read(line);
          if (isOwn(message, sought)) continue;
          if (message.reject) records++;
          const record = blank(message.record, sought);
          const text = record.found ? JSON.stringify({ ...message, record: record.value }) : line.text;
          yield Buffer.from(`${text}\n`);
        }
      })(),
    );
    if (records === 0) await store.remove(name);
  }
}
