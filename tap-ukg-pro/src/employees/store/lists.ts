/** Lists of handles, one list for each person: numbers only. */
export interface Lists {
  add(person: number, handle: number): void;
  /** In the order in which they were added. */
  of(person: number): number[];
  count(person: number): number;
}

export function createLists(): Lists {
  // first[person] and next[entry] are entry numbers plus one; zero is the end.
  let first = new Uint32Array(1024);
  let next = new Uint32Array(1024);
  let handles = new Float64Array(1024);
  let entries = 0;

  const firstOf = (person: number) => (person < first.length ? (first[person] as number) : 0);

  return {
    add(person, handle) {
      if (person >= first.length) first = grown(first, Uint32Array, person);
      if (entries >= next.length) {
        next = grown(next, Uint32Array, entries);
        handles = grown(handles, Float64Array, entries);
      }
      handles[entries++] = handle;
      let last = first[person] as number;
      if (last === 0) {
        first[person] = entries;
        return;
      }
      while (next[last - 1] !== 0) last = next[last - 1] as number;
      next[last - 1] = entries;
    },
    of(person) {
      const found: number[] = [];
      for (let entry = firstOf(person); entry !== 0; entry = next[entry - 1] as number) {
        found.push(handles[entry - 1] as number);
      }
      return found;
    },
    count(person) {
      let count = 0;
      for (let entry = firstOf(person); entry !== 0; entry = next[entry - 1] as number) count++;
      return count;
    },
  };
}

type Typed = Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

function grown<T extends Typed>(array: T, make: new (length: number) => T, needed: number): T {
  const larger = new make(Math.max(array.length * 2, needed + 1));
  larger.set(array as never);
  return larger;
}
