/**
 * The file of e-mail owners, in no order:
 *
 *   addresses.bin   for each person: keyed hash of the address 8 · day last read 4 (+ 2^31: it waits) · length 2 · employeeId
 *                   at its end: HMAC-SHA256 of all that, 32
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { StateStore } from './store/store.ts';

const addressFile = 'addresses.bin';
const headBytes = 14;
const hashBytes = 32;
// A piece becomes one object for each person in it: small ones are gone again before they count as old.
const pieceBytes = 128 << 10;
const writtenBytes = 64 << 10;
const waitsBit = 2 ** 31;

export interface EmailOwner {
  /** Of the address; see `EmailOwners.hash`. */
  readonly hash: number;
  readonly id: string;
  /** When a run last read it, in days since 1970. */
  readonly day: number;
  /** The person came with it, and Together has not got it for them: it is another person's there. */
  readonly waits?: boolean;
}

export interface OwnersFile {
  /** Everybody; throws at the end where the file is not as it was written. */
  read(): AsyncGenerator<EmailOwner[]>;
  /** Replaces the file by the owners of this run, and by those of the file that `stays` says yes to. */
  replace(read: Iterable<EmailOwner>, stays: (owner: EmailOwner) => boolean): Promise<void>;
}

/** `key`: 32 bytes, of this file alone. */
export function ownersFile(store: StateStore, key: Buffer): OwnersFile {
  async function* read(): AsyncGenerator<EmailOwner[]> {
    const hmac = createHmac('sha256', key);
    let rest = Buffer.alloc(0);
    for (let at = 0; ; ) {
      const piece = await store.read(addressFile, at, pieceBytes);
      if (!piece && at === 0) return;
      if (!piece || piece.length === 0) break;
      at += piece.length;
      const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
      const { found, end } = ownersIn(bytes, bytes.length - hashBytes);
      hmac.update(bytes.subarray(0, end));
      rest = Buffer.from(bytes.subarray(end));
      yield found;
    }
    if (rest.length !== hashBytes || !timingSafeEqual(rest, hmac.digest())) throw broken(store);
  }

  async function* content(now: Iterable<EmailOwner>, stays: (owner: EmailOwner) => boolean): AsyncGenerator<Buffer> {
    const writer = createWriter();
    for (const owner of now) {
      const full = writer.put(owner);
      if (full) yield full;
    }
    for await (const owners of read()) {
      for (const owner of owners) {
        const full = stays(owner) ? writer.put(owner) : undefined;
        if (full) yield full;
      }
    }
    yield writer.rest();
  }

  return {
    read,
    async replace(now, stays) {
      const hmac = createHmac('sha256', key);
      await store.replace(
        addressFile,
        (async function* () {
          for await (const bytes of content(now, stays)) {
            hmac.update(bytes);
            yield bytes;
          }
          yield hmac.digest();
        })(),
      );
    },
  };
}

/** The whole owners of `bytes` up to `most`, and where they end. */
function ownersIn(bytes: Buffer, most: number): { found: EmailOwner[]; end: number } {
  const found: EmailOwner[] = [];
  let from = 0;
  while (from + headBytes <= most) {
    const end = from + headBytes + bytes.readUInt16LE(from + 12);
    if (end > most) break;
    const id = bytes.toString('utf8', from + headBytes, end);
    const day = bytes.readUInt32LE(from + 8);
    const hash = bytes.readDoubleLE(from);
    found.push(day < waitsBit ? { hash, day, id } : { hash, day: day - waitsBit, id, waits: true });
    from = end;
  }
  return { found, end: from };
}

function broken(store: StateStore): ConnectorError {
  return new ConnectorError('unexpected', said`${store.where}/${addressFile} is damaged. Nothing was sent.`, {
    hint: 'Restore it from a backup. Or move it away: then, until the next complete read, a new person with the address of a person who is not read may become one with them in Together.',
  });
}

/** One buffer for thousands: at a million people, a small one for each would be most of what the run holds in memory. */
function createWriter() {
  let bytes = Buffer.allocUnsafe(writtenBytes);
  let used = 0;
  return {
    /** Returns what was written before, as soon as the buffer is full. */
    put({ hash, id, day, waits }: EmailOwner): Buffer | undefined {
      const length = Buffer.byteLength(id);
      let full: Buffer | undefined;
      if (used + headBytes + length > bytes.length) {
        full = bytes.subarray(0, used);
        bytes = Buffer.allocUnsafe(Math.max(writtenBytes, headBytes + length));
        used = 0;
      }
      bytes.writeDoubleLE(hash, used);
      bytes.writeUInt32LE(waits ? day + waitsBit : day, used + 8);
      bytes.writeUInt16LE(length, used + 12);
      bytes.write(id, used + headBytes, 'utf8');
      used += headBytes + length;
      return full;
    },
    rest: () => bytes.subarray(0, used),
  };
}
