/**
 * The audit log's lines. Each is one JSON object: `seq` counts up from 1, `prev` is the previous line's `hash`, and `hash`, the
 * last key, is SHA-256 over the line's own text without it. `audit.head` beside the log says where the log ends, so that cut
 * lines are missed. Who can write both files can forge both: keep the head that each run prints somewhere else as well.
 */
import { createHash } from 'node:crypto';
import type { StateStore } from '../store/store.ts';

export const auditFile = 'audit.jsonl';
const headFile = 'audit.head';
const pieceBytes = 1 << 20;

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const genesis: Head = { seq: 0, hash: '0'.repeat(64) };

/** What an entry says, before it is chained. */
export type Entry = { readonly type: string; readonly at: string; readonly [key: string]: unknown };

export type ChainedEntry = { seq: number; prev: string; type: string; at: string; hash: string } & Record<
  string,
  unknown
>;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A line (without newline) that follows `head`, and the head after it. */
export function chainLine(head: Head, entry: Entry): { line: string; head: Head } {
  const seq = head.seq + 1;
  const body = JSON.stringify({ seq, prev: head.hash, ...entry });
  const hash = sha256(body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}`, head: { seq, hash } };
}

const tail = /,"hash":"([0-9a-f]{64})"\}$/;

/** The entry of a line whose own hash is right; undefined when the line was changed, cut or never ours. */
export function readLine(line: string): ChainedEntry | undefined {
  const hash = tail.exec(line)?.[1];
  if (hash === undefined) return undefined;
  if (sha256(`${line.slice(0, -(hash.length + ',"hash":""}'.length))}}`) !== hash) return undefined;
  try {
    return JSON.parse(line) as ChainedEntry;
  } catch {
    return undefined;
  }
}

/** Complete lines with their 1-based number, up to where the log ends by then; `onTorn` hears of bytes after the last newline. */
export async function* linesOf(
  store: StateStore,
  onTorn: (bytes: number) => void = () => {},
): AsyncGenerator<{ number: number; text: string }> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for (let offset = 0; ; ) {
    const chunk = (await store.read(auditFile, offset, pieceBytes)) ?? Buffer.alloc(0);
    if (chunk.length === 0) break;
    offset += chunk.length;
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const part = chunk.subarray(from, end);
      yield { number: ++number, text: (rest.length > 0 ? Buffer.concat([rest, part]) : part).toString('utf8') };
      rest = Buffer.alloc(0);
      from = end + 1;
    }
    if (from < chunk.length) rest = Buffer.concat([rest, chunk.subarray(from)]);
  }
  if (rest.length > 0) onTorn(rest.length);
}

/** The head file's content; undefined when it is missing or unreadable. */
export async function readHead(store: StateStore): Promise<Head | undefined> {
  const bytes = await store.read(headFile);
  try {
    const head = JSON.parse(String(bytes)) as Head;
    return Number.isSafeInteger(head.seq) && /^[0-9a-f]{64}$/.test(head.hash) ? head : undefined;
  } catch {
    return undefined;
  }
}

export async function writeHead(store: StateStore, head: Head): Promise<void> {
  await store.replace(headFile, [Buffer.from(`${JSON.stringify(head)}\n`)]);
}
