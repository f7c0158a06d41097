/** The people of a read, numbered, with what is known of each: employments and parts as handles, seen or not. */

import { createLists, type Lists } from './lists.ts';
import type { Store } from './row-store.ts';

export interface People {
  /** The person's number, given at first sight; undefined for whoever is not wanted. */
  numberOf(employeeId: string): number | undefined;
  /** Without giving a number. */
  find(employeeId: string): number | undefined;
  readonly size: number;
  readonly employments: Lists;
  readonly parts: Lists;
  /** Person rows that wait for the end. */
  readonly waiting: Lists;
  readonly flags: Flags;
  readonly store: Store;
  ids(): Iterable<[string, number]>;
}

/** One bit for each person and question. */
export interface Flags {
  set(person: number, flag: number): void;
  has(person: number, flag: number): boolean;
}
export const otherCompany = 1;
export const hasRow = 2;
export const emitted = 4;

export function createPeople(store: Store, wanted?: ReadonlySet<string>): People {
  const numbers = new Map<string, number>();
  let bytes = new Uint8Array(1024);
  return {
    numberOf(employeeId) {
      let number = numbers.get(employeeId);
      if (number === undefined) {
        if (wanted && !wanted.has(employeeId)) return undefined;
        number = numbers.size;
        numbers.set(employeeId, number);
      }
      return number;
    },
    find: (employeeId) => numbers.get(employeeId),
    get size() {
      return numbers.size;
    },
    employments: createLists(),
    parts: createLists(),
    waiting: createLists(),
    flags: {
      set(person, flag) {
        if (person >= bytes.length) {
          const larger = new Uint8Array(Math.max(bytes.length * 2, person + 1));
          larger.set(bytes);
          bytes = larger;
        }
        bytes[person] = (bytes[person] as number) | flag;
      },
      has: (person, flag) => person < bytes.length && ((bytes[person] as number) & flag) !== 0,
    },
    store,
    ids: () => numbers,
  };
}
