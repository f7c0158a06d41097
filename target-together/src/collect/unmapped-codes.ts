import type { Fault } from '../model/person.ts';

/** Distinct codes counted; beyond it the mapping is wrong altogether. */
const maxCodes = 10_000;

export interface UnmappedCode {
  readonly field: string;
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
      for (const { field, code, value } of faults) {
        if (value === undefined || !code.startsWith('unknown_')) continue;
        const key = `${field}\0${value}`;
        const known = codes.get(key);
        if (known) known.people++;
        else if (codes.size < maxCodes) codes.set(key, { field, value, people: 1 });
      }
    },
    result: () => [...codes.values()].sort((a, b) => b.people - a.people),
  };
}
