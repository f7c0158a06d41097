import { crc32 } from 'node:zlib';
import { wordAt } from '../format.ts';

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

/** Hands over each field's number and hash. False: the record is damaged, or another person's. */
export function readFields(bytes: Buffer, key: string, use: (field: number, hash: number) => void): boolean {
  if (bytes.length < 22) return false;
  const end = fieldsBytes(bytes.readUInt16LE(4));
  if (bytes.length < end || crc32(bytes.subarray(4, end)) !== wordAt(bytes, 0)) return false;
  for (let i = 0; i < 16; i++) if (bytes[6 + i] !== key.charCodeAt(i)) return false;
  for (let at = 22; at < end; at += 6)
    use((bytes[at] as number) | ((bytes[at + 1] as number) << 8), wordAt(bytes, at + 2));
  return true;
}
