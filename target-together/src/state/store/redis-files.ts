export const chunkBytes = 4 << 20;

export interface File {
  readonly id: string;
  readonly size: number;
  /** As it stands in Redis. */
  readonly entry: string;
}

export type Piece = string | Buffer;

/** Cuts bytes where chunks end. */
export function piecesOf(bytes: Buffer, offset: number): { number: number; at: number; bytes: Buffer }[] {
  const pieces: { number: number; at: number; bytes: Buffer }[] = [];
  for (let done = 0; done < bytes.length; ) {
    const number = Math.floor((offset + done) / chunkBytes);
    const at = (offset + done) % chunkBytes;
    const length = Math.min(bytes.length - done, chunkBytes - at);
    pieces.push({ number, at, bytes: bytes.subarray(done, done + length) });
    done += length;
  }
  return pieces;
}

/** Small pieces together, so that each is worth a command. */
export async function* pooled(content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    pieces.push(piece);
    size += piece.length;
    if (size < chunkBytes / 4) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces);
}
