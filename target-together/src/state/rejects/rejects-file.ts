import type { StateStore } from '../store/store.ts';

export const pieceBytes = 1 << 20;

export interface Reject {
  readonly stream: string;
  /** The record as JSON, as it came. */
  readonly record: string;
  readonly timeExtracted?: string | undefined;
  /** employeeId, or what else stands for the person: never a name or an address. */
  readonly id: string;
  /** Tells the row from all others; the same one when its content changes, where the stream has a key. */
  readonly row: string;
}

interface Message {
  readonly type: string;
  readonly stream: string;
  readonly reject?: Entry;
}

interface Entry {
  readonly id: string;
  readonly row: string;
  /** RFC 3339: when the person was first refused, and when the record was kept last. */
  readonly since: string;
  readonly at: string;
}

/** `reject` is an extra key at the end, which readers of Singer pass over. */
export function recordLine({ stream, record, timeExtracted, id, row }: Reject, at: string): string {
  const time = timeExtracted === undefined ? '' : `,"time_extracted":${JSON.stringify(timeExtracted)}`;
  const reject = JSON.stringify({ id, row, since: at, at } satisfies Entry);
  return `{"type":"RECORD","stream":${JSON.stringify(stream)},"record":${record}${time},"reject":${reject}}\n`;
}

/** Whether this is a message of a file of rejects. `raw` as it came. */
export function isReject(raw: string): boolean {
  return raw.includes('"reject":') && (JSON.parse(raw) as Message).reject?.id !== undefined;
}

export interface Line {
  readonly message: Message;
  readonly text: string;
}

/** Whole, readable lines from `from` to `to`. A line that a crash cut off was never durable: no checkpoint has passed it. */
export async function* linesOf(
  store: StateStore,
  name: string,
  from: number,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line> {
  let carry: Buffer = Buffer.alloc(0);
  for (let at = from; at < to; ) {
    const piece = await store.read(name, at, Math.min(pieceBytes, to - at));
    if (!piece || piece.length === 0) break;
    at += piece.length;
    let bytes = carry.length > 0 ? Buffer.concat([carry, piece]) : piece;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10)) {
      const text = bytes.toString('utf8', 0, end);
      const message = parse(text);
      if (message) yield { message, text };
      bytes = bytes.subarray(end + 1);
    }
    carry = bytes;
  }
}

function parse(text: string): Message | undefined {
  try {
    const value = JSON.parse(text) as Message;
    return value.type === 'SCHEMA' || (value.type === 'RECORD' && value.reject) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A person's record as it came, for the file of rejects. */
export interface RejectedRecord {
  /** employeeId; undefined where the record had none. */
  readonly id: string | undefined;
  readonly raw: string;
}
