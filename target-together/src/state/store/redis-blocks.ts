/**
 * The bytes of files in Redis, in encrypted blocks. Each block is bound to the state, the file, its number and the block before it;
 * the last one's tag stands in the directory. So no block can be changed, moved, left out or put back to what it was.
 */
import type { RedisClient } from '@ukg-together/transport/redis/client';
import { boundTo, type Encryption, encryptionBytes, tagBytes } from './encryption.ts';
import { tampered, vanished } from './redis-checks.ts';
import type { StoredFile } from './redis-directory.ts';

/** Text of a block. An append encrypts the last one anew, so a small one keeps appends cheap. */
export const blockBytes = 16 << 10;
const encryptedBytes = blockBytes + encryptionBytes;
/** Blocks of one string in Redis, 4 MiB. */
const chunkBytes = 256 * encryptedBytes;
const noTag = Buffer.alloc(tagBytes);

export interface Piece {
  readonly chunk: string;
  readonly at: number;
  readonly bytes: Buffer;
}

/** A file's last block as it was before the append: its text, and the tag of the block before it. */
interface Tail {
  readonly id: string;
  readonly size: number;
  readonly text: Buffer;
  readonly before: Buffer;
}

export interface Blocks {
  /** The file with `bytes` at its end, and what has to be written for that. */
  extend(name: string, file: StoredFile, bytes: Uint8Array): Promise<{ file: StoredFile; pieces: Piece[] }>;
  /** Text from `from` to `to`. Throws ConnectorError where it is not what was written. */
  range(name: string, file: StoredFile, from: number, to: number): Promise<Buffer>;
  chunksOf(file: StoredFile): number;
  chunk(id: string, number: number): string;
}

export interface BlocksOptions {
  readonly redis: RedisClient;
  readonly keys: string;
  readonly where: string;
  readonly encryption: Encryption;
}

export function openBlocks({ redis, keys, where, encryption }: BlocksOptions): Blocks {
  const tails = new Map<string, Tail>();
  const chunk = (id: string, number: number) => `${keys}:chunk:${id}:${number}`;
  const bound = (name: string, id: string, number: number, before: Buffer) =>
    boundTo(['block', keys, name, id, number], before);

  async function tailOf(name: string, file: StoredFile): Promise<Tail> {
    const known = tails.get(name);
    if (known?.id === file.id && known.size === file.size) return known;
    const { id, size, tag } = file;
    const number = Math.floor(size / blockBytes);
    if (size % blockBytes === 0) return { id, size, text: noTag.subarray(0, 0), before: Buffer.from(tag, 'hex') };
    const [text, before] = await openFrom(name, file, number, number + 1);
    return { id, size, text, before };
  }

  /** Encrypted bytes as they lie there, over the borders of chunks. */
  async function stored(id: string, from: number, to: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let at = from; at < to; ) {
      const number = Math.floor(at / chunkBytes);
      const begin = number * chunkBytes;
      const end = Math.min(to, begin + chunkBytes);
      const bytes = await redis.command('GETRANGE', chunk(id, number), String(at - begin), String(end - begin - 1));
      if (!Buffer.isBuffer(bytes) || bytes.length < end - at) throw vanished(where);
      pieces.push(bytes);
      at = end;
    }
    return Buffer.concat(pieces);
  }

  /** The text of blocks `first` to `last` (not included), and the tag of the block before them. */
  async function openFrom(name: string, file: StoredFile, first: number, last: number): Promise<[Buffer, Buffer]> {
    const { id, size, tag } = file;
    const lead = first > 0 ? tagBytes : 0;
    const encryptedSize = (number: number) => number * encryptedBytes - Math.max(0, number * blockBytes - size);
    const bytes = await stored(id, first * encryptedBytes - lead, encryptedSize(last));
    const start = lead > 0 ? bytes.subarray(0, lead) : noTag;
    const texts: Buffer[] = [];
    let before = start;
    for (let number = first, at = lead; number < last; number++) {
      const encrypted = bytes.subarray(at, at + encryptedBytes);
      const text = encryption.open(encrypted, bound(name, id, number, before));
      before = encrypted.subarray(-tagBytes);
      const isLast = (number + 1) * blockBytes >= size;
      if (!text || (isLast && before.toString('hex') !== tag)) throw tampered(where, name);
      texts.push(text);
      at += encrypted.length;
    }
    return [Buffer.concat(texts), start];
  }

  return {
    chunk,
    chunksOf: ({ size }) => Math.ceil((Math.ceil(size / blockBytes) * encryptedBytes) / chunkBytes),
    async extend(name, file, bytes) {
      if (bytes.length === 0) return { file, pieces: [] };
      const { id } = file;
      const tail = await tailOf(name, file);
      const text = Buffer.concat([tail.text, bytes]);
      const first = Math.floor(file.size / blockBytes);
      let { before } = tail;
      let tag = before;
      const encrypted: Buffer[] = [];
      for (let at = 0; at < text.length; at += blockBytes) {
        before = tag;
        const block = encryption.encrypt(
          text.subarray(at, at + blockBytes),
          bound(name, id, first + encrypted.length, before),
        );
        tag = block.subarray(-tagBytes);
        encrypted.push(block);
      }
      const size = file.size + bytes.length;
      const over = size % blockBytes;
      const rest = Buffer.from(text.subarray(text.length - over));
      tails.set(name, { id, size, text: rest, before: over === 0 ? tag : before });
      const pieces = piecesOf(Buffer.concat(encrypted), first * encryptedBytes);
      return {
        file: { id, size, tag: tag.toString('hex') },
        pieces: pieces.map(({ number, ...piece }) => ({ ...piece, chunk: chunk(id, number) })),
      };
    },
    async range(name, file, from, to) {
      const first = Math.floor(from / blockBytes);
      const [text] = await openFrom(name, file, first, Math.ceil(to / blockBytes));
      return text.subarray(from - first * blockBytes, to - first * blockBytes);
    },
  };
}

/** Cuts bytes where chunks end. */
function piecesOf(bytes: Buffer, offset: number): { number: number; at: number; bytes: Buffer }[] {
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

const pooledBytes = 1 << 20;

/** Small pieces together, so that each is worth a command. */
export async function* pooled(content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    pieces.push(piece);
    size += piece.length;
    if (size < pooledBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces);
}
