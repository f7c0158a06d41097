/**
 * Whose e-mail address is whose, as far as earlier runs have seen: a partial read shows only some of the people, and a new
 * one among them may have the address of somebody who is not read today. Together would make the two into one.
 *
 *   addresses.bin   for each person: keyed hash of the address 8 · day last read 4 · length 2 · employeeId
 */

import { addressFile, headBytes, pieceBytes, writtenBytes } from './email-owners-file.ts';
import { longHash } from './ledger/siphash.ts';
import type { StateStore } from './store/store.ts';

/** Whom Together never accepted and no run has read for so long is gone, from a source that never says so. */
const keptDays = 35;
export const dayMs = 86_400_000;

/** 53 bits of a keyed hash of an address without its case, never 0. `key`: 16 bytes. */
export function addressHasher(key: Uint8Array): (address: string) => number {
  const hash = longHash(key);
  return (address) => hash(address.toLowerCase()) || 1;
}

/**
 * Who stays after a run with an address that this run has not read, or that Together has not taken back yet: whom Together has,
 * for there they keep it, vanished from the source or not; and, after a partial read, whom some run has read of late.
 */
export function staysHolder(run: {
  readonly complete: boolean;
  /** Days since 1970. */
  readonly today: number;
  readonly isMapped: (id: string) => boolean;
  readonly isAccepted: (id: string) => boolean;
  /** Whether what was read of the person takes the place of this address. */
  readonly isReplaced: (holder: Holder) => boolean;
}): (holder: Holder) => boolean {
  return (holder) => {
    const { id, day } = holder;
    if (run.isAccepted(id)) return !run.isReplaced(holder);
    return !run.isMapped(id) && !run.complete && run.today - day <= keptDays;
  };
}

export interface Holder {
  readonly hash: number;
  readonly id: string;
  /** Days since 1970. */
  readonly day: number;
}

/** Everybody remembered, in no order. */
async function* readHolders(store: StateStore): AsyncGenerator<Holder[]> {
  let rest = Buffer.alloc(0);
  for (let at = 0; ; ) {
    const piece = await store.read(addressFile, at, pieceBytes);
    if (!piece || piece.length === 0) return;
    at += piece.length;
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const found: Holder[] = [];
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

/** Who holds addresses that somebody of this run has: employeeIds by the hash of the address. */
export interface Held {
  /** Of people whose address this run has not read. */
  readonly elsewhere: ReadonlyMap<number, readonly string[]>;
  /** Of people who have another address now: they hand this one over. */
  readonly handedOver: ReadonlyMap<number, readonly string[]>;
}

/**
 * Looks for holders of the `wanted` hashes (sorted; asked for only where anybody is remembered). `addressNow`: the hash read for an
 * employeeId, undefined where none was.
 */
export async function heldAddresses(
  store: StateStore,
  wanted: () => Float64Array,
  addressNow: (id: string) => number | undefined,
): Promise<Held> {
  const elsewhere = new Map<number, string[]>();
  const handedOver = new Map<number, string[]>();
  let hashes: Float64Array | undefined;
  for await (const holders of readHolders(store)) {
    hashes ??= wanted();
    if (hashes.length === 0) break;
    for (const { hash, id } of holders) {
      if (!includes(hashes, hash)) continue;
      const now = addressNow(id);
      // Whose address was emptied in the HRIS gives it free: nobody can do more to that end.
      if (now === hash || now === 0) continue;
      const found = now === undefined ? elsewhere : handedOver;
      const ids = found.get(hash);
      if (ids) ids.push(id);
      else found.set(hash, [id]);
    }
  }
  return { elsewhere, handedOver };
}

/** Puts who was read in the place of what was remembered; of the others, those stay for whom `stays` says so. */
export async function keepHolders(
  store: StateStore,
  read: Iterable<Holder>,
  stays: (holder: Holder) => boolean,
): Promise<void> {
  async function* content(): AsyncGenerator<Buffer> {
    // One buffer for thousands: at a million people, a small one for each would be most of what the run holds in memory.
    let bytes = Buffer.allocUnsafe(writtenBytes);
    let used = 0;
    const put = ({ hash, id, day }: Holder): Buffer | undefined => {
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
    };
    for (const holder of read) {
      const full = put(holder);
      if (full) yield full;
    }
    for await (const holders of readHolders(store)) {
      for (const holder of holders) {
        const full = stays(holder) ? put(holder) : undefined;
        if (full) yield full;
      }
    }
    yield bytes.subarray(0, used);
  }
  await store.replace(addressFile, content());
}

function includes(sorted: Float64Array, value: number): boolean {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = sorted[middle] as number;
    if (found === value) return true;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
