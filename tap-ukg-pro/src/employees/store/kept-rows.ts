/** Rows of people, packed into the store: for each person a list, in the order in which they came. */
import { createLists } from './lists.ts';
import type { Store } from './row-store.ts';

export interface KeptRows<Row> {
  add(person: number, row: Row): void;
  /** Whether the person has this very row already. */
  has(person: number, row: Row): boolean;
  of(person: number): Row[];
  count(person: number): number;
}

export interface Packer<Row> {
  pack(row: Row): string;
  unpack(text: string): Row;
}

export function createKeptRows<Row>(store: Store, { pack, unpack }: Packer<Row>): KeptRows<Row> {
  const handles = createLists();
  return {
    add: (person, row) => handles.add(person, store.put(pack(row))),
    has(person, row) {
      const text = pack(row);
      return handles.of(person).some((handle) => store.get(handle) === text);
    },
    of: (person) => handles.of(person).map((handle) => unpack(store.get(handle))),
    count: (person) => handles.count(person),
  };
}

/** For rows of which few are kept. */
export const asJson = <Row>(): Packer<Row> => ({
  pack: (row) => JSON.stringify(row),
  unpack: (text) => JSON.parse(text) as Row,
});
