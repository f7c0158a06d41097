/**
 * Bytes as they lie on a server that others may share: AES-256 in counter mode, so that any piece of a file can be read, and
 * bytes be added, without the rest. Every file has its own counters by its `id`, which is drawn anew whenever bytes are replaced.
 * It keeps others from reading; what they change is found by the checksums and chains of the files themselves.
 */
import { createCipheriv } from 'node:crypto';

/** Seals and opens alike. `id`: 12 bytes; `offset`: the place of the first byte in the file. */
export type Seal = (id: Buffer, bytes: Uint8Array, offset: number) => Buffer;

const blockBytes = 16;

/** `key`: 32 bytes. Good for 64 GB in a file. */
export function sealing(key: Buffer): Seal {
  return (id, bytes, offset) => {
    const counter = Buffer.alloc(blockBytes);
    id.copy(counter, 0, 0, 12);
    counter.writeUInt32BE(Math.floor(offset / blockBytes), 12);
    const cipher = createCipheriv('aes-256-ctr', key, counter);
    const skip = offset % blockBytes;
    if (skip > 0) cipher.update(Buffer.alloc(skip));
    return cipher.update(bytes);
  };
}
