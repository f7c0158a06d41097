/** Keeps nothing beyond the process: `state_dir: null`, and tests. */
import { ConnectorError, said } from '@ukg-together/kit/error';
import type { StateStore } from './store.ts';

export function memoryStore(files = new Map<string, Buffer>()): StateStore {
  /** What lies in `files` after an append is a view of one of these, which have room for more. */
  const rooms = new Map<string, { readonly bytes: Buffer; view: Buffer }>();
  return {
    where: 'memory',
    read: async (name, offset = 0, length) => {
      const bytes = files.get(name);
      return bytes && Buffer.from(bytes.subarray(offset, length === undefined ? undefined : offset + length));
    },
    size: async (name) => files.get(name)?.length,
    append: async (name, bytes, offset) => {
      const before = files.get(name) ?? Buffer.alloc(0);
      if (before.length !== offset) throw new ConnectorError('locked', said`Another run writes to ${name}.`);
      let room = rooms.get(name);
      const size = offset + bytes.length;
      if (room === undefined || room.view !== before || room.bytes.length < size) {
        const larger = Buffer.allocUnsafeSlow(Math.max(4096, 2 * size));
        before.copy(larger);
        rooms.set(name, (room = { bytes: larger, view: before }));
      }
      room.bytes.set(bytes, offset);
      files.set(name, (room.view = room.bytes.subarray(0, size)));
    },
    truncate: async (name, size) => {
      const bytes = files.get(name);
      if (bytes) files.set(name, bytes.subarray(0, size));
    },
    replace: async (name, content) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(piece);
      files.set(name, Buffer.concat(pieces));
    },
    remove: async (name) => {
      files.delete(name);
    },
    names: async () => [...files.keys()],
    free: async () => undefined,
    close: async () => {},
  };
}
