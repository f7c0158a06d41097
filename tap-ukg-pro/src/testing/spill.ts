/** A spill file for tests, in memory. */
import type { Spill } from '../employees/store/row-store.ts';

export function memorySpill(): Spill {
  let bytes = Buffer.alloc(0);
  return {
    write(part, position) {
      if (position + part.length > bytes.length) {
        const larger = Buffer.alloc(position + part.length);
        bytes.copy(larger);
        bytes = larger;
      }
      bytes.set(part, position);
    },
    read(into, position) {
      bytes.copy(into, 0, position, position + into.length);
    },
    close() {},
  };
}
