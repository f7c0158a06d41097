/** Keeps nothing beyond the process: `state_dir: null`, and tests. */
import { ConnectorError } from '@ukg-together/protocol/error';
import type { StateStore } from './store.ts';

export function memoryStore(files = new Map<string, Buffer>()): StateStore {
  return {
    where: 'memory',
    read: async (name, offset = 0, length) => {
      const bytes = files.get(name);
      return bytes && Buffer.from(bytes.subarray(offset, length === undefined ? undefined : offset + length));
    },
    size: async (name) => files.get(name)?.length,
    append: async (name, bytes, offset) => {
      const before = files.get(name) ?? Buffer.alloc(0);
      if (before.length !== offset) throw new ConnectorError('locked', `Somebody else writes to ${name}.`);
      files.set(name, Buffer.concat([before, bytes]));
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
