/** Reads records of the fields file through a small cache of blocks: a caller that asks for one mostly asks for its neighbours too. */

import type { StateStore } from '../../store/store.ts';
import { fieldsBytes } from './fields-format.ts';

const blockBytes = 256 << 10;
const blocksKept = 32;

export interface FieldsReader {
  /** The record that begins at `from` as its bytes, not yet proved; fewer than `fieldsBytes(0)` where the file ends. */
  recordAt(from: number): Promise<Buffer>;
  /** The same where the file need not be read for it: a caller that asks of everybody would wait half a million times. */
  atHand(from: number): Buffer | undefined;
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
  return {
    async recordAt(from) {
      const head = await range(from, fieldsBytes(0));
      return head.length < fieldsBytes(0) ? head : await range(from, fieldsBytes(head.readUInt16LE(4)));
    },
    atHand(from) {
      const number = Math.floor(from / blockBytes);
      const block = blocks.get(number);
      const start = from - number * blockBytes;
      if (!block || start + fieldsBytes(0) > block.length) return undefined;
      const end = start + fieldsBytes(block.readUInt16LE(start + 4));
      // Its other half is in the next block.
      return end > block.length ? undefined : block.subarray(start, end);
    },
  };
}
