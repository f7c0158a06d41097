/** Whether the fields file is whole: also records that no one reads any more, since a turned bit may come from the disk, or from a neighbour. */
import { crc32 } from 'node:zlib';
import type { StateStore } from '../../store/store.ts';
import { halfAt, wordAt } from '../format.ts';
import { fieldsBytes, holdsRecord } from './fields-format.ts';

const step = 1 << 20;

/** Where the records end that follow each other from the start of the file. */
export async function endOfRecords(store: StateStore, name: string, size: number): Promise<number> {
  let end = 0;
  let rest: Buffer = Buffer.alloc(0);
  const piece = Buffer.allocUnsafeSlow(step);
  for (let read = 0; read < size; ) {
    const more = await store.read(name, read, step, piece);
    if (!more || more.length === 0) break;
    read += more.length;
    const bytes = rest.length > 0 ? Buffer.concat([rest, more]) : more;
    const at = proven(bytes);
    end += at;
    if (holdsRecord(bytes, at)) return end;
    rest = Buffer.from(bytes.subarray(at));
  }
  return end;
}

/** Where the first record begins that is not whole, or not the one that was written. */
function proven(bytes: Buffer): number {
  let at = 0;
  while (holdsRecord(bytes, at)) {
    const next = at + fieldsBytes(halfAt(bytes, at + 4));
    if (crc32(bytes.subarray(at + 4, next)) !== wordAt(bytes, at)) break;
    at = next;
  }
  return at;
}
