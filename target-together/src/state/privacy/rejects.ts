/** The records of refused people that are of one person, or name one: as supervisor, usually. */
import { isObject } from '@ukg-together/kit/lines/json';
import { rejectFiles } from '../rejects/rejects.ts';
import { type Line, linesOf } from '../rejects/rejects-file.ts';
import type { StateStore } from '../store/store.ts';

interface RecordLine {
  readonly record?: unknown;
  readonly reject?: { readonly id: string };
}

/** Other fields may hold the same text by chance: a code, a status. */
const idField = /id$|number|supervisor|manager|reports|employee|worker|person/i;
const isId = (value: unknown, id: string) => value === id || (typeof value === 'number' && String(value) === id);

/** The record with null in place of the id, and whether there was one. */
function blank(value: unknown, id: string): { value: unknown; found: boolean } {
  if (!Array.isArray(value) && !isObject(value)) return { value, found: false };
  let found = false;
  const part = (key: string, inner: unknown): unknown => {
    const hit = isId(inner, id) && (Array.isArray(value) || idField.test(key));
    const below = hit ? { value: null, found: true } : blank(inner, id);
    found ||= below.found;
    return below.value;
  };
  const made = Array.isArray(value)
    ? value.map((inner) => part('', inner))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, part(key, inner)]));
  return { value: made, found };
}

const read = ({ text }: Line) => JSON.parse(text) as RecordLine;
const isOwn = (line: RecordLine, id: string) => line.reject?.id === id;

export async function rejectsOf(store: StateStore, id: string): Promise<{ own: number; others: number }> {
  const found = { own: 0, others: 0 };
  for (const name of rejectFiles) {
    for await (const line of linesOf(store, name, 0)) {
      const message = read(line);
      if (isOwn(message, id)) found.own++;
      else if (blank(message.record, id).found) found.others++;
    }
  }
  return found;
}

/** The person's own records go; in those of others the id becomes null. */
export async function forgetRejects(store: StateStore, id: string): Promise<void> {
  const { own, others } = await rejectsOf(store, id);
  if (own + others === 0) return;
  for (const name of rejectFiles) {
    if ((await store.size(name)) === undefined) continue;
    let records = 0;
    await store.replace(
      name,
      (async function* () {
        for await (const line of linesOf(store, name, 0)) {
          const message = read(line);
          if (isOwn(message, id)) continue;
          if (message.reject) records++;
          const record = blank(message.record, id);
          const text = record.found ? JSON.stringify({ ...message, record: record.value }) : line.text;
          yield Buffer.from(`${text}\n`);
        }
      })(),
    );
    if (records === 0) await store.remove(name);
  }
}
