/**
 * The ledger's bytes. Numbers are little-endian; every frame is one append and carries its checksum, so that the truncated end of
 * an interrupted append is distinguished from damage in the middle.
 *
 *   ledger.log      header │ frame │ frame │ …            what was accepted and refused, in the order it happened
 *     header  64 B  magic 8 · version 4 · crc32 of the rest 4 · generation 16 · key check 16 · destination 16
 *     frame         magic 4 · length 4 · crc32 of the payload 4 · payload: entries one after the other
 *     entry         person (fixed 68 B and the employeeId) │ run │ field name │ forgotten person
 *   ledger-fields-<generation>.log                        one record for each person entry: a hash for each field
 *     record        crc32 of the rest 4 · count 2 · key 16 · count × (field 2 · hash 4)
 */
import { crc32 } from 'node:zlib';

const version = 1;
export const headerBytes = 64;
const fileMagic = Buffer.from('TGLEDGER', 'latin1');
const frameMagic = Buffer.from('TGB1', 'latin1');
const frameHead = 12;

export interface Header {
  /** 16 random bytes, new with every rewriting: names the fields file that belongs to it. */
  readonly generation: Buffer;
  readonly keyCheck: Buffer;
  /** 16 bytes that stand for host and organization. */
  readonly destination: Buffer;
}

export function encodeHeader(header: Header): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  fileMagic.copy(bytes, 0);
  bytes.writeUInt32LE(version, 8);
  header.generation.copy(bytes, 16);
  header.keyCheck.copy(bytes, 32);
  header.destination.copy(bytes, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12);
  return bytes;
}

/** `newer`: written by a later version of this program. */
export function decodeHeader(bytes: Buffer): Header | 'broken' | 'newer' {
  if (bytes.length < headerBytes || !bytes.subarray(0, 8).equals(fileMagic)) return 'broken';
  const writtenBy = bytes.readUInt32LE(8);
  if (writtenBy !== version) return writtenBy > version ? 'newer' : 'broken';
  if (bytes.readUInt32LE(12) !== crc32(bytes.subarray(16, headerBytes))) return 'broken';
  return {
    generation: Buffer.from(bytes.subarray(16, 32)),
    keyCheck: Buffer.from(bytes.subarray(32, 48)),
    destination: Buffer.from(bytes.subarray(48, 64)),
  };
}

export interface PersonEntry {
  readonly employeeId: string;
  /** 16 bytes each, latin1. */
  readonly key: string;
  readonly hash: string;
  /** First letter of the status that Together has; '' never accepted; '?' accepted without one. */
  readonly status: string;
  /** Number of the run of the last acceptance; 0 with a status: Together's own list alone names the person. */
  readonly run: number;
  /** The body refused last, where that is newer than the last acceptance. */
  readonly refused: { readonly status: number; readonly hash: string; readonly run: number } | undefined;
  /** Where the person's record in the fields file is; -1: nowhere. */
  readonly fieldsAt: number;
}

export const EntryType = { person: 1, run: 2, field: 3, forget: 4 } as const;
const personBytes = 68;
const noFields = 2 ** 48 - 1;

export function encodePerson(entry: PersonEntry): Buffer {
  const id = Buffer.from(entry.employeeId, 'utf8');
  const bytes = Buffer.alloc(personBytes + id.length);
  bytes.writeUInt8(EntryType.person, 0);
  bytes.write(entry.status, 1, 1, 'latin1');
  bytes.writeUInt16LE(entry.refused?.status ?? 0, 2);
  bytes.writeUInt32LE(entry.run, 4);
  bytes.writeUInt32LE(entry.refused?.run ?? 0, 8);
  bytes.writeUIntLE(entry.fieldsAt < 0 ? noFields : entry.fieldsAt, 12, 6);
  bytes.writeUInt16LE(id.length, 18);
  bytes.write(entry.key, 20, 16, 'latin1');
  bytes.write(entry.hash, 36, 16, 'latin1');
  bytes.write(entry.refused?.hash ?? '', 52, 16, 'latin1');
  id.copy(bytes, personBytes);
  return bytes;
}

export function encodeRun(number: number, run: { id: string; startedAt: number }): Buffer {
  const id = Buffer.from(run.id, 'utf8');
  const bytes = Buffer.alloc(16 + id.length);
  bytes.writeUInt8(EntryType.run, 0);
  bytes.writeUInt16LE(id.length, 2);
  bytes.writeUInt32LE(number, 4);
  bytes.writeDoubleLE(run.startedAt, 8);
  id.copy(bytes, 16);
  return bytes;
}

export function encodeField(number: number, name: string): Buffer {
  const text = Buffer.from(name, 'utf8');
  const bytes = Buffer.alloc(8 + text.length);
  bytes.writeUInt8(EntryType.field, 0);
  bytes.writeUInt16LE(text.length, 2);
  bytes.writeUInt32LE(number, 4);
  text.copy(bytes, 8);
  return bytes;
}

export function encodeForget(key: string): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt8(EntryType.forget, 0);
  bytes.write(key, 4, 16, 'latin1');
  return bytes;
}

export function encodeFrame(entries: readonly Buffer[]): Buffer {
  const payload = Buffer.concat(entries);
  const head = Buffer.alloc(frameHead);
  frameMagic.copy(head, 0);
  head.writeUInt32LE(payload.length, 4);
  head.writeUInt32LE(crc32(payload), 8);
  return Buffer.concat([head, payload]);
}

/** Of what stands at `at`: the entry's type (0: none that is known) and its whole length. A length beyond the frame is damage. */
export function entryAt(bytes: Buffer, at: number): { type: number; length: number } {
  const type = bytes[at] as number;
  // Long enough for the fixed parts that state the length; the checksum has vouched for the rest.
  if (at + 20 > bytes.length && type === EntryType.person) return { type: 0, length: 0 };
  switch (type) {
    case EntryType.person:
      return { type, length: personBytes + halfAt(bytes, at + 18) };
    case EntryType.run:
      return { type, length: 16 + bytes.readUInt16LE(at + 2) };
    case EntryType.field:
      return { type, length: 8 + bytes.readUInt16LE(at + 2) };
    case EntryType.forget:
      return { type, length: 20 };
    default:
      return { type: 0, length: 0 };
  }
}

/** `readUInt32LE` without its checks: where a million people are read, seven times each. */
export const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)) >>>
  0;

/** The same for `readUInt16LE`. */
export const halfAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8);

/** The parts of a person entry at `at`. The numbers are read where a million of them is loaded; see `index-table.ts`. */
export const personAt = {
  statusCode: (bytes: Buffer, at: number) => bytes[at + 1] as number,
  refusedStatus: (bytes: Buffer, at: number) => halfAt(bytes, at + 2),
  run: (bytes: Buffer, at: number) => wordAt(bytes, at + 4),
  refusedRun: (bytes: Buffer, at: number) => wordAt(bytes, at + 8),
  fieldsAt: (bytes: Buffer, at: number) => {
    const place = bytes.readUIntLE(at + 12, 6);
    return place === noFields ? -1 : place;
  },
  /** The same in two parts, all bits of which say that there are none. */
  fieldsAtLow: (bytes: Buffer, at: number) => wordAt(bytes, at + 12),
  fieldsAtHigh: (bytes: Buffer, at: number) => halfAt(bytes, at + 16),
  keyAt: 20,
  hashAt: 36,
  refusedHash: (bytes: Buffer, at: number) => bytes.toString('latin1', at + 52, at + 68),
  employeeId: (bytes: Buffer, at: number) =>
    bytes.toString('utf8', at + personBytes, at + personBytes + bytes.readUInt16LE(at + 18)),
};

/**
 * A frame at `at` of `bytes`: where its payload lies; `short`: it would end beyond `bytes` (`need` bytes in all);
 * `broken`: no frame, or a wrong checksum.
 */
export function frameAt(bytes: Buffer, at: number): { from: number; to: number } | { short: number } | 'broken' {
  if (at + frameHead > bytes.length) return { short: frameHead };
  if (!bytes.subarray(at, at + 4).equals(frameMagic)) return 'broken';
  const length = bytes.readUInt32LE(at + 4);
  const from = at + frameHead;
  if (from + length > bytes.length) return { short: frameHead + length };
  const payload = bytes.subarray(from, from + length);
  return crc32(payload) === bytes.readUInt32LE(at + 8) ? { from, to: from + length } : 'broken';
}

/** Where the next whole frame after `from` starts, or -1: then what stands at `from` is a truncated end. */
export function nextFrame(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(frameMagic, from + 1); at >= 0; at = bytes.indexOf(frameMagic, at + 1)) {
    const frame = frameAt(bytes, at);
    if (frame !== 'broken' && 'from' in frame) return at;
  }
  return -1;
}
