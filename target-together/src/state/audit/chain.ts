/**
 * The audit log's lines, in one file a month. Each is one JSON object: `seq` counts up from 1 through all files, `prev` is the hash
 * of the line before, and `hash`, the last key, is an HMAC over the line's own text under a key derived from the ledger's: who has
 * not the key can write none. `audit.head` says where the log ends, under the same key, so that cut lines are missed. Who can put
 * everything back to an earlier day can't be seen from inside: keep the head that each run prints somewhere else as well.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { signing } from '../store/signed-text.ts';
import type { StateStore } from '../store/store.ts';

const headFile = 'audit.head';
const pieceBytes = 1 << 20;

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const genesis: Head = { seq: 0, hash: '0'.repeat(64) };

/** As it is printed, and given back to `audit verify --head`. */
export const headText = ({ seq, hash }: Head): string => `${seq}:${hash}`;

/** undefined: no head. */
export function parseHead(text: string): Head | undefined {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  return hash === undefined ? undefined : { seq: Number(seq), hash };
}

/** What an entry says, before it is chained. */
export type Entry = { readonly type: string; readonly at: string; readonly [key: string]: unknown };

export type ChainedEntry = { seq: number; prev: string; type: string; at: string; hash: string } & Record<
  string,
  unknown
>;

export interface Chain {
  /** A line (without newline) that follows `head`, and the head after it. */
  line(head: Head, entry: Entry): { line: string; head: Head };
  /** The entry of a line whose own hash is right; undefined when the line was changed, cut or never ours. */
  read(line: Buffer): ChainedEntry | undefined;
}

/** `key`: 32 bytes, of the audit log alone. */
export function auditChain(key: Buffer): Chain {
  const { sign, open, holds } = signing(key);
  return {
    line(head, entry) {
      const seq = head.seq + 1;
      const { text, hash } = sign({ seq, prev: head.hash, ...entry });
      return { line: text, head: { seq, hash } };
    },
    read(line) {
      // Nearly all bytes of a log are outcomes: of these only what chains them is read, six times as fast.
      const [, seq, prev = '', at = '', run_id] = outcomes.exec(line.subarray(0, 300).toString('latin1')) ?? [];
      if (seq === undefined) return open(line) as ChainedEntry | undefined;
      const hash = holds(line);
      return hash === undefined ? undefined : { seq: Number(seq), prev, type: 'outcomes', at, run_id, hash };
    },
  };
}

const outcomes =
  /^\{"seq":(\d{1,15}),"prev":"([0-9a-f]{64})","type":"outcomes","at":"([0-9TZ:.-]{1,40})","run_id":"([\w.-]{1,64})",/;

/** The file of a moment (RFC 3339 in UTC). */
export const auditFileOf = (at: string): string => `audit-${at.slice(0, 7)}.jsonl`;

const named = async (store: StateStore, name: RegExp): Promise<string[]> =>
  (await store.names()).filter((one) => name.test(one)).sort();

/** Oldest first. */
export const auditFiles = (store: StateStore): Promise<string[]> => named(store, /^audit-\d{4}-\d\d\.jsonl$/);

/** Damaged logs that were set aside. */
export const setAsideFiles = (store: StateStore): Promise<string[]> =>
  named(store, /^audit-\d{4}-\d\d\.damaged-\d+\.jsonl$/);

/** Complete lines with their 1-based number, each until the next one is asked for; `onTruncated` gets the number of bytes after the last newline, if any. */
export async function* linesOf(
  store: StateStore,
  file: string,
  onTruncated: (bytes: number) => void = () => {},
): AsyncGenerator<{ number: number; line: Buffer }> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  const piece = Buffer.allocUnsafeSlow(pieceBytes);
  for (let offset = 0; ; ) {
    const chunk = (await store.read(file, offset, pieceBytes, piece)) ?? Buffer.alloc(0);
    if (chunk.length === 0) break;
    offset += chunk.length;
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const part = chunk.subarray(from, end);
      yield { number: ++number, line: rest.length > 0 ? Buffer.concat([rest, part]) : part };
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    if (from < chunk.length) rest = Buffer.concat([rest, chunk.subarray(from)]);
  }
  if (rest.length > 0) onTruncated(rest.length);
}

/** What the head file says; undefined when it is missing, or not as it was written. */
export async function readHead(store: StateStore, key: Buffer): Promise<Head | undefined> {
  const bytes = (await store.read(headFile)) ?? Buffer.alloc(0);
  const [text = ''] = bytes.toString('latin1').split(' ');
  const head = parseHead(text);
  const own = head && headBytes(head, key);
  return own?.length === bytes.length && timingSafeEqual(own, bytes) ? head : undefined;
}

export async function writeHead(store: StateStore, key: Buffer, head: Head): Promise<void> {
  await store.replace(headFile, [headBytes(head, key)]);
}

function headBytes(head: Head, key: Buffer): Buffer {
  const text = headText(head);
  return Buffer.from(`${text} ${createHmac('sha256', key).update(text).digest('hex')}\n`);
}
