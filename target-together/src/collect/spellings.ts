/** Codes and names that are written in more than one way. */

import { fewest, kindOfValue } from '../model/text/shown-value.ts';

export interface Spellings {
  readonly field: string;
  /** Most people first. */
  readonly spellings: readonly { readonly value: string; readonly people: number }[];
}

export interface Value {
  readonly value: string;
  people: number;
  /** Names that came with a code. */
  readonly names: Map<string, { readonly value: string; people: number }> | undefined;
}

/** A code with a name beside it: one code with two names is one name too many. */
export const nameOf: Readonly<Record<string, string>> = { departmentId: 'departmentName' };

const maxSpellings = 1000;

export function spellingsOf(
  fields: Iterable<{ readonly name: string; readonly values: ReadonlyMap<string, Value> | null }>,
): Spellings[] {
  const found: Spellings[] = [];
  /** `together`: spellings of one value, which its people share. */
  const add = (
    field: string,
    spellings: readonly { readonly value: string; readonly people: number }[],
    together: boolean,
  ) => {
    const all = spellings.reduce((sum, { people }) => sum + people, 0);
    const list = spellings.map(({ value, people }) => ({
      value: (together ? all : people) >= fewest ? value : kindOfValue(value),
      people,
    }));
    if (list.length > 1) found.push({ field, spellings: list.sort((a, b) => b.people - a.people) });
  };
  for (const { name, values } of fields) {
    const folded = new Map<string, Value[]>();
    for (const entry of values?.values() ?? []) {
      const key = entry.value.trim().toLowerCase().replace(/\s+/g, ' ');
      const same = folded.get(key);
      if (same) same.push(entry);
      else folded.set(key, [entry]);
      if (entry.names) add(`${name} → ${nameOf[name]}`, [...entry.names.values()], false);
    }
    for (const same of folded.values()) add(name, same, true);
  }
  return found.sort((a, b) => a.field.localeCompare(b.field)).slice(0, maxSpellings);
}
