/** Rows of people, packed into the store: for each person a list, in the order in which they came. */
import { createLists } from './lists.ts';
import type { Store } from './row-store.ts';

export interface KeptRows<Row> {
  add(person: number, row: Row): void;
  /** Puts `row` in the place of an older one of the same person. */
  replace(person: number, position: number, row: Row): void;
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
    replace: (person, position, row) => handles.replace(person, position, store.put(pack(row))),
    of: (person) => handles.of(person).map((handle) => unpack(store.get(handle))),
    count: (person) => handles.count(person),
  };
}

/** For rows of which few are kept. */
export const asJson = <Row>(): Packer<Row> => ({
  pack: (row) => JSON.stringify(row),
  unpack: (text) => JSON.parse(text) as Row,
});
