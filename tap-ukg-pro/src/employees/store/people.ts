/** The people of a read, numbered from 0 at first sight, and what is known of each. */
import { createIdIndex } from '@ukg-together/kit/ids/id-index';

export interface People {
  /** The person's number, given at first sight; undefined for a person who is not wanted. */
  numberOf(employeeId: string): number | undefined;
  /** Without giving a number. */
  find(employeeId: string): number | undefined;
  readonly flags: Flags;
  readonly count: number;
  idOf(person: number): string;
}

/** One bit for each person and question. */
export interface Flags {
  set(person: number, flag: number): void;
  has(person: number, flag: number): boolean;
}
/** An employment in a company that `company_ids` does not name. */
export const otherCompany = 1;
/** Such an employment is in force today. */
export const worksElsewhere = 8;
/** A person row has come. */
export const hasRow = 2;
/** The record has left, or a filter has left the person out. */
export const emitted = 4;

export function createPeople(wanted?: ReadonlySet<string>): People {
  const index = createIdIndex();
  let bytes = new Uint8Array(1024);
  return {
    numberOf: (employeeId) => (wanted && !wanted.has(employeeId) ? undefined : index.add(employeeId)),
    find(employeeId) {
      const person = index.find(employeeId);
      return person < 0 ? undefined : person;
    },
    get count() {
      return index.size;
    },
    idOf: index.at,
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
  };
}
