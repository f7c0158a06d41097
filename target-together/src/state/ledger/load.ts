/** Reads the log from its start: every entry in order, the truncated end of an interrupted append distinguished from damage. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { StateStore } from '../store/store.ts';
import { entryAt, frameAt, headerBytes, nextFrame } from './format.ts';

export const logFile = 'ledger.log';
const chunkBytes = 4 << 20;

export interface Frame {
  readonly bytes: Buffer;
  /** Where the payload lies in `bytes`. */
  readonly from: number;
  readonly to: number;
  /** Add it to a place in `bytes` to get the place in the file. */
  readonly base: number;
}

/** All whole frames in order. Ends early where the last append was interrupted: compare the last `base + to` with the size. */
export async function* readFrames(store: StateStore): AsyncGenerator<Frame> {
  const size = (await store.size(logFile)) ?? 0;
  let base = headerBytes;
  let bytes: Buffer = Buffer.alloc(0);
  let at = 0;
  while (base + at < size) {
    const frame = frameAt(bytes, at);
    if (frame === 'broken') return await requireTruncated(store, base + at, size);
    if ('short' in frame) {
      base += at;
      at = 0;
      if (base + frame.short > size) return await requireTruncated(store, base, size);
      bytes = (await store.read(logFile, base, Math.max(chunkBytes, frame.short))) ?? Buffer.alloc(0);
      if (bytes.length < frame.short) return await requireTruncated(store, base, size);
      continue;
    }
    yield { bytes, ...frame, base };
    at = frame.to;
  }
}

/** Every entry of a frame: its type, and where it starts in `frame.bytes`. */
export function forEntries(
  store: StateStore,
  frame: Frame,
  take: (type: number, at: number, length: number) => void,
): void {
  for (let at = frame.from; at < frame.to; ) {
    const { type, length } = entryAt(frame.bytes, at);
    if (type === 0 || at + length > frame.to) throw broken(store, frame.base + at);
    take(type, at, length);
    at += length;
  }
}

/** Each append is durable before the next, so only the last one can be truncated: a whole frame after it means damage. */
async function requireTruncated(store: StateStore, offset: number, size: number): Promise<void> {
  const rest = (await store.read(logFile, offset, size - offset)) ?? Buffer.alloc(0);
  if (nextFrame(rest, 0) >= 0) throw broken(store, offset);
}

const hint =
  'Restore it from a backup. Or move ledger.log away: then everybody is sent once more, which changes nothing in Together, but who ' +
  'vanished from UKG before the next complete read is not noticed.';

export function broken(store: StateStore, offset: number, file = logFile): ConnectorError {
  const message = said`The ledger ${store.where}/${file} is damaged at byte ${offset}. Nothing was sent.`;
  return new ConnectorError('unexpected', message, { hint });
}

/** `had`: where it ended after the last run. */
export function cutOff(store: StateStore, file: string, end: number, had: number): ConnectorError {
  const message = said`The ledger ${store.where}/${file} is whole up to byte ${end} only, and had reached ${had} at the end of the last run: it is damaged, or an older copy. Nothing was sent.`;
  return new ConnectorError('unexpected', message, { hint });
}
