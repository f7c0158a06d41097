/**
 * The state of containers that have no disk: files in Redis, encrypted with a key that is not there.
 *
 *   <keys>:directory        which files there are, encrypted (redis-directory.ts)
 *   <keys>:chunk:<id>:<n>   the encrypted blocks of a file, in strings of 4 MiB (redis-blocks.ts)
 *   <keys>:garbage            set: "<id> <chunks>" of files that no one names, or that are not yet named
 *
 * A replaced file is written under a new id and named in one step, so readers see the old one or the new one. What a killed run
 * left unnamed is in the garbage, and removed by the next run that writes.
 */

import { randomBytes } from 'node:crypto';
import type { RedisClient } from '@ukg-together/transport/redis/client';
import { redisServerFacts } from '@ukg-together/transport/redis/server-facts';
import { encryption } from './encryption.ts';
import { type Blocks, openBlocks, pooled } from './redis-blocks.ts';
import { changed, examined, isTampered, synced } from './redis-checks.ts';
import { type Directory, type Files, openDirectory, type StoredFile } from './redis-directory.ts';
import type { RedisLock } from './redis-lock.ts';
import { appendScript, switchScript } from './redis-scripts.ts';
import type { StateStore } from './store.ts';

const pageBytes = 64 << 10;
const pagesKept = 128;

export interface RedisStoreOptions {
  readonly redis: RedisClient;
  /** Starts the names of all keys. In a cluster, a `{tag}` in it keeps them together. */
  readonly keys: string;
  /** For messages. */
  readonly where: string;
  /** 32 bytes: encrypts what is written. */
  readonly key: Buffer;
  /** Absent: only to look. */
  readonly lock?: RedisLock | undefined;
  readonly warn?: (message: string) => void;
}

export async function redisStore(options: RedisStoreOptions): Promise<StateStore> {
  const { redis, where } = options;
  const parts = { ...options, lock: options.lock, encryption: encryption(options.key) };
  const syncs = options.lock ? await examined(options) : false;
  const blocks = openBlocks(parts);
  const directory = openDirectory(parts);
  const files = await openFiles(directory, options.lock !== undefined);
  const read = openReader(blocks, files);
  const writer = openWriter({ ...options, blocks, directory, files });
  const durable = async () => {
    if (syncs) await synced(redis, where);
  };
  if (options.lock)
    await writer.collectGarbage(((await redis.command('SMEMBERS', `${options.keys}:garbage`)) as Buffer[]).map(String));
  return {
    where,
    async read(name, offset = 0, length = Number.POSITIVE_INFINITY) {
      const file = await files.find(name, offset + length);
      if (!file) return undefined;
      const to = Math.min(file.size, offset + length);
      return to <= offset ? Buffer.alloc(0) : await read(name, file, offset, to);
    },
    size: async (name) => (await files.find(name))?.size,
    async append(name, bytes, offset, isDurable) {
      await writer.append(name, bytes, offset);
      if (isDurable) await durable();
    },
    async truncate(name, size) {
      const file = await files.find(name);
      if (!file || file.size <= size) return;
      // A new file: what was cut off must not fit there any more.
      const content = async function* () {
        for (let at = 0; at < size; at += 16 * pageBytes)
          yield await blocks.range(name, file, at, Math.min(size, at + 16 * pageBytes));
      };
      await writer.replace(name, content());
    },
    async replace(name, content) {
      await writer.replace(name, content);
      await durable();
    },
    remove: writer.remove,
    names: async () => await files.names(),
    free: async () => (await redisServerFacts(redis)).freeBytes,
    close: writer.close,
  };
}

type OpenFiles = Awaited<ReturnType<typeof openFiles>>;

/** Files as this run found or left them: like an open file, one that another run replaces is read to its end. */
async function openFiles(directory: Directory, writes: boolean) {
  let all: Files = await directory.load();
  const open = new Map<string, StoredFile>(all);
  /** Who only looks asks again: a run may have been at work since. */
  async function refresh(): Promise<void> {
    if (writes) return;
    all = await directory.load();
    for (const [name, now] of all) if ((open.get(name)?.id ?? now.id) === now.id) open.set(name, now);
  }
  return {
    get all() {
      return all;
    },
    open,
    refresh,
    /** `to`: what is wanted of it. Within what is known to be there, no one has to be asked. */
    async find(name: string, to = Number.POSITIVE_INFINITY): Promise<StoredFile | undefined> {
      if (to > (open.get(name)?.size ?? -1)) await refresh();
      return open.get(name);
    },
    async names(): Promise<string[]> {
      await refresh();
      return [...all.keys()];
    },
    /** The files with `file` in the place of `name`, or nothing. */
    with(name: string, file: StoredFile | undefined): Files {
      const after = new Map(all);
      if (file) after.set(name, file);
      else after.delete(name);
      return after;
    },
    put(after: Files): void {
      all = after;
      open.clear();
      for (const [name, file] of after) open.set(name, file);
    },
  };
}

type Range = (name: string, file: StoredFile, from: number, to: number) => Promise<Buffer>;

function openReader(blocks: Blocks, files: OpenFiles): Range {
  const pages = new Map<string, Buffer>();

  /** A file that a run is adding to has another last block than a moment ago: a reader takes what stands there now. */
  const range: Range = async (name, file, from, to) => {
    for (let found = file; ; ) {
      try {
        return await blocks.range(name, found, from, to);
      } catch (thrown) {
        await files.refresh();
        const now = files.open.get(name);
        if (!isTampered(thrown) || !now || now.id !== file.id || now.tag === found.tag) throw thrown;
        found = now;
      }
    }
  };

  /** Small pieces are mostly neighbours: a page is fetched once. Bytes that are there never change, so only full pages are kept. */
  async function page(name: string, file: StoredFile, number: number): Promise<Buffer> {
    const key = `${file.id} ${number}`;
    const known = pages.get(key);
    if (known) return known;
    const bytes = await range(name, file, number * pageBytes, Math.min(file.size, (number + 1) * pageBytes));
    if (bytes.length < pageBytes) return bytes;
    if (pages.size >= pagesKept) pages.delete(pages.keys().next().value as string);
    pages.set(key, bytes);
    return bytes;
  }

  return async (name, file, from, to) => {
    if (to - from > pageBytes / 16) return await range(name, file, from, to);
    const pieces: Buffer[] = [];
    for (let at = from; at < to; ) {
      const number = Math.floor(at / pageBytes);
      const end = Math.min(to, (number + 1) * pageBytes);
      pieces.push((await page(name, file, number)).subarray(at - number * pageBytes, end - number * pageBytes));
      at = end;
    }
    return Buffer.concat(pieces);
  };
}

interface WriterParts extends Pick<RedisStoreOptions, 'redis' | 'keys' | 'where' | 'lock'> {
  readonly blocks: Blocks;
  readonly directory: Directory;
  readonly files: OpenFiles;
}

function openWriter({ redis, keys, where, lock, blocks, directory, files }: WriterParts) {
  const garbage = `${keys}:garbage`;
  /** What this run has put into the garbage: at its end it removes no other's. */
  const ours = new Set<string>();
  const draw = (): StoredFile => ({ id: randomBytes(12).toString('hex'), size: 0, tag: '0'.repeat(32) });

  async function append(name: string, bytes: Uint8Array, offset: number): Promise<void> {
    const before = files.open.get(name) ?? draw();
    if (before.size !== offset) throw changed(where, name);
    const { file, pieces } = await blocks.extend(name, before, bytes);
    const after = files.with(name, file);
    await directory.write(appendScript, name, after, {
      keys: pieces.map(({ chunk }) => chunk),
      args: pieces.flatMap((piece) => [String(piece.at), piece.bytes]),
    });
    files.put(after);
  }

  /** Names `file` in the place of what was there; absent: nothing. */
  async function put(name: string, file: StoredFile | undefined, pending: string): Promise<void> {
    const before = files.open.get(name);
    const old = before ? `${before.id} ${blocks.chunksOf(before)}` : '';
    if (old) ours.add(old);
    const after = files.with(name, file);
    await directory.write(switchScript, name, after, { keys: [garbage], args: [old, pending] });
    files.put(after);
  }

  async function replace(name: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    if (!lock) throw new Error('this state was opened to be read');
    let file = draw();
    // Before the first chunk: the run after a kill must find it. How many there will be is not known yet.
    const pending = `${file.id} -`;
    await redis.command('SADD', garbage, pending);
    ours.add(pending);
    for await (const bytes of pooled(content)) {
      const extended = await blocks.extend(name, file, bytes);
      for (const { chunk, at, bytes: piece } of extended.pieces)
        await redis.command('SETRANGE', chunk, String(at), piece);
      file = extended.file;
    }
    await put(name, file, pending);
    ours.delete(pending);
  }

  /** Whatever the garbage says: a file that the directory names stays. */
  async function collectGarbage(items: Iterable<string>): Promise<void> {
    const named = new Set([...files.all.values()].map(({ id }) => id));
    for (const item of items) {
      const [id = '', chunks] = item.split(' ');
      for (let number = 0; !named.has(id) && (chunks === '-' || number < Number(chunks)); number++) {
        const gone = Number(await redis.command('UNLINK', blocks.chunk(id, number)));
        if (chunks === '-' && gone === 0) break;
      }
      await redis.command('SREM', garbage, item);
    }
  }

  return {
    append,
    replace,
    collectGarbage,
    async remove(name: string) {
      if (files.open.has(name)) await put(name, undefined, '');
    },
    close: async () => await collectGarbage(ours),
  };
}
