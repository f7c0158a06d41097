/** Reads records of the fields file through a small cache of blocks: a caller that asks for one mostly asks for its neighbours too. */

import type { StateStore } from '../../store/store.ts';
import { halfAt } from '../format.ts';
import { fieldsBytes, holdsRecord, readFields, type UseHash } from './fields-format.ts';

const blockBytes = 256 << 10;
const blocksKept = 32;

export interface FieldsReader {
  /** Hands over what the record at `from` holds, as `readFields` does. False too where the file ends before. */
  read(from: number, key: string, use: UseHash): Promise<boolean>;
  /** The same where the file need not be read for it, else undefined: a caller that asks of everybody would wait half a million times. */
  readAtHand(from: number, key: string, use: UseHash): boolean | undefined;
}

export function fieldsReader(store: StateStore, name: string): FieldsReader {
  const blocks = new Map<number, Buffer>();
  async function blockAt(number: number, need: number): Promise<Buffer> {
    const known = blocks.get(number);
    // The last one grows.
    if (known && known.length >= Math.min(need, blockBytes)) return known;
    const bytes = (await store.read(name, number * blockBytes, blockBytes)) ?? Buffer.alloc(0);
    if (blocks.size >= blocksKept) blocks.delete(blocks.keys().next().value as number);
    blocks.set(number, bytes);
    return bytes;
  }
  async function range(from: number, length: number): Promise<Buffer> {
    const number = Math.floor(from / blockBytes);
    const start = from - number * blockBytes;
    const end = start + length;
    const first = await blockAt(number, end);
    if (end <= first.length || first.length < blockBytes) return first.subarray(start, end);
    const second = await blockAt(number + 1, end - blockBytes);
    return Buffer.concat([first.subarray(start), second.subarray(0, end - blockBytes)]);
  }
  const readAtHand: FieldsReader['readAtHand'] = (from, key, use) => {
    const number = Math.floor(from / blockBytes);
    const block = blocks.get(number);
    const start = from - number * blockBytes;
    // Its other half may be in the next block.
    return block && holdsRecord(block, start) ? readFields(block, start, key, use) : undefined;
  };
  return {
    readAtHand,
    async read(from, key, use) {
      const isRead = readAtHand(from, key, use);
      if (isRead !== undefined) return isRead;
      const head = await range(from, fieldsBytes(0));
      return head.length === fieldsBytes(0) && readFields(await range(from, fieldsBytes(halfAt(head, 4))), 0, key, use);
    },
  };
}
