/**
 * The file of e-mail owners, in no order:
 *
 *   addresses.bin   for each person: keyed hash of the address 8 · day last read 4 · length 2 · employeeId
 */

import type { StateStore } from './store/store.ts';

const addressFile = 'addresses.bin';
const headBytes = 14;
// A piece becomes one object for each person in it: small ones are gone again before they count as old.
const pieceBytes = 128 << 10;
const writtenBytes = 64 << 10;

export interface EmailOwner {
  /** Of the address; see `EmailOwners.hash`. */
  readonly hash: number;
  readonly id: string;
  /** When a run last read it, in days since 1970. */
  readonly day: number;
}

export async function* readOwners(store: StateStore): AsyncGenerator<EmailOwner[]> {
  let rest = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const piece = await store.read(addressFile, at, pieceBytes);
    if (!piece || piece.length === 0) return;
    at += piece.length;
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const found: EmailOwner[] = [];
    let from = 0;
    while (from + headBytes <= bytes.length) {
      const end = from + headBytes + bytes.readUInt16LE(from + 12);
      if (end > bytes.length) break;
      const id = bytes.toString('utf8', from + headBytes, end);
      found.push({ hash: bytes.readDoubleLE(from), day: bytes.readUInt32LE(from + 8), id });
      from = end;
    }
    rest = Buffer.from(bytes.subarray(from));
    yield found;
  }
}

/** Replaces the file by the owners of this run, and by those of the file for whom `stays` says yes. */
export async function replaceOwners(
  store: StateStore,
  read: Iterable<EmailOwner>,
  stays: (owner: EmailOwner) => boolean,
): Promise<void> {
  async function* content(): AsyncGenerator<Buffer> {
    const writer = createWriter();
    for (const owner of read) {
      const full = writer.put(owner);
      if (full) yield full;
    }
    for await (const owners of readOwners(store)) {
      for (const owner of owners) {
        const full = stays(owner) ? writer.put(owner) : undefined;
        if (full) yield full;
      }
    }
    yield writer.rest();
  }
  await store.replace(addressFile, content());
}

/** One buffer for thousands: at a million people, a small one for each would be most of what the run holds in memory. */
function createWriter() {
  let bytes = Buffer.allocUnsafe(writtenBytes);
  let used = 0;
  return {
    /** Returns what was written before, as soon as the buffer is full. */
    put({ hash, id, day }: EmailOwner): Buffer | undefined {
      const length = Buffer.byteLength(id);
      let full: Buffer | undefined;
      if (used + headBytes + length > bytes.length) {
        full = bytes.subarray(0, used);
        bytes = Buffer.allocUnsafe(Math.max(writtenBytes, headBytes + length));
        used = 0;
      }
      bytes.writeDoubleLE(hash, used);
      bytes.writeUInt32LE(day, used + 8);
      bytes.writeUInt16LE(length, used + 12);
      bytes.write(id, used + headBytes, 'utf8');
      used += headBytes + length;
      return full;
    },
    rest: () => bytes.subarray(0, used),
  };
}
