import type { Fault } from '../model/person.ts';
import { fewest, holdsCode, kindOfValue } from '../model/text/shown-value.ts';

/** Distinct codes counted; beyond it the mapping is wrong altogether. */
const maxCodes = 10_000;

export interface UnmappedCode {
  readonly field: string;
  /** The code, where several people share it; else its kind. */
  readonly value: string;
  readonly people: number;
}

/** Codes that could not be translated, counted while reading. */
export interface UnmappedCodes {
  add(faults: readonly Fault[]): void;
  /** Most people first. */
  result(): UnmappedCode[];
}

export function createUnmappedCodes(): UnmappedCodes {
  const codes = new Map<string, { field: string; value: string; people: number }>();
  return {
    add(faults) {
      for (const fault of faults) {
        const { field, value } = fault;
        if (value === undefined || !holdsCode(fault)) continue;
        const key = `${field}\0${value}`;
        const known = codes.get(key);
        if (known) known.people++;
        else if (codes.size < maxCodes) codes.set(key, { field, value, people: 1 });
      }
    },
    result: () => shownCodes([...codes.values()]).sort((a, b) => b.people - a.people),
  };
}

/** Whether a code is shown at any level. */
export function sharedCodes(codes: readonly UnmappedCode[]): (field: string, value: string) => boolean {
  const shared = new Set(codes.map(({ field, value }) => `${field}\0${value}`));
  return (field, value) => shared.has(`${field}\0${value}`);
}

/** Where most people's code is their own, the column holds something else than codes: names, perhaps, and none of them is shown. */
function shownCodes(codes: readonly UnmappedCode[]): UnmappedCode[] {
  const shared = new Map<string, number>();
  for (const { field, people } of codes)
    shared.set(field, (shared.get(field) ?? 0) + (people >= fewest ? people : -people));
  const shown = new Map<string, UnmappedCode>();
  for (const { field, value: code, people } of codes) {
    const value = people >= fewest && (shared.get(field) as number) >= 0 ? code : kindOfValue(code);
    const key = `${field}\0${value}`;
    shown.set(key, { field, value, people: (shown.get(key)?.people ?? 0) + people });
  }
  return [...shown.values()];
}
