/** What the memory of earlier runs holds of one person, and the same without it. */
import { isObject } from '@ukg-together/kit/lines/json';
import type { RunMemory } from '../run-history.ts';

/** The parts that hold employeeIds. All else are numbers, runs, fields and what several people share. */
const parts = {
  pending_links: 'supervisors who wait to be linked',
  calendar: 'first and last days ahead',
  missing: 'complete reads without a person',
  moved_ids: 'people under new ids',
  second_record: 'the second record of a person under a new id',
  supervisors: 'supervisors of many',
} as const satisfies Partial<Record<keyof RunMemory, string>>;

type Part = keyof typeof parts;
const names = Object.keys(parts) as Part[];

/** An entry is of a person by its key, by its value, or by a value in it. */
const isOf = (entry: unknown, id: string): boolean =>
  entry === id || (isObject(entry) && Object.values(entry).includes(id));

function without(part: unknown, id: string): unknown {
  if (Array.isArray(part)) return part.filter((entry) => !isOf(entry, id));
  return Object.fromEntries(Object.entries(part as object).filter(([key, entry]) => key !== id && !isOf(entry, id)));
}

export function memoryWithout(memory: RunMemory, id: string): RunMemory {
  const { second_record, ...others } = memory;
  const kept: RunMemory = second_record && !isOf(second_record, id) ? memory : others;
  const changed = names.flatMap((name) =>
    name === 'second_record' || kept[name] === undefined ? [] : [[name, without(kept[name], id)]],
  );
  return { ...kept, ...(Object.fromEntries(changed) as Partial<RunMemory>) };
}

/** Ids that the person had before moves, where the ledger has them no more. */
export function formerIds({ moved_ids = {} }: RunMemory, id: string, isInLedger: (id: string) => boolean): string[] {
  const ids = new Set([id]);
  for (const now of ids)
    for (const [old, to] of Object.entries(moved_ids)) if (to === now && !isInLedger(old)) ids.add(old);
  ids.delete(id);
  return [...ids];
}

/** In words: which parts hold the person. */
export const memoryOf = (memory: RunMemory, id: string): string[] =>
  names
    .filter((name) => JSON.stringify(memory[name]) !== JSON.stringify(memoryWithout(memory, id)[name]))
    .map((name) => parts[name]);
