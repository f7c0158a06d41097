import { crc32 } from 'node:zlib';
import { halfAt, wordAt } from '../format.ts';

export function fieldsFile(generation: Buffer): string {
  return `ledger-fields-${generation.toString('hex')}.log`;
}

export function encodeFields(key: string, fields: ReadonlyMap<number, number>): Buffer {
  const bytes = Buffer.alloc(22 + fields.size * 6);
  bytes.writeUInt16LE(fields.size, 4);
  bytes.write(key, 6, 16, 'latin1');
  let at = 22;
  for (const [field, value] of fields) {
    bytes.writeUInt16LE(field, at);
    bytes.writeUInt32LE(value, at + 2);
    at += 6;
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

/** The most that one record needs: for reading it in one go. */
export function fieldsBytes(count: number): number {
  return 22 + count * 6;
}

export type UseHash = (field: number, hash: number) => void;

/** Whether all of the record that begins at `start` is in `bytes`. */
export const holdsRecord = (bytes: Buffer, start: number): boolean =>
  start + fieldsBytes(0) <= bytes.length && start + fieldsBytes(halfAt(bytes, start + 4)) <= bytes.length;

/**
 * Hands over each field's number and hash of the record that begins at `start`. False: there is none, or it is another person's. Its
 * checksum was compared when the ledger was opened.
 */
export function readFields(bytes: Buffer, start: number, key: string, use: UseHash): boolean {
  if (!holdsRecord(bytes, start)) return false;
  for (let i = 0; i < 16; i++) if (bytes[start + 6 + i] !== key.charCodeAt(i)) return false;
  const end = start + fieldsBytes(halfAt(bytes, start + 4));
  for (let at = start + fieldsBytes(0); at < end; at += 6) use(halfAt(bytes, at), wordAt(bytes, at + 2));
  return true;
}
