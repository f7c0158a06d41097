/**
 * The state of containers that have no disk: files in Redis, sealed with a key that is not there.
 *
 *   <keys>:files            hash: name → "<id> <size> <nonce>"
 *   <keys>:chunk:<id>:<n>   the bytes of a file, in strings of 4 MiB
 *   <keys>:waste            set: "<id> <chunks>" of files that nobody names, or that are not yet named
 *
 * A replaced file is written under a new id and named in one step, so readers see the old one or the new one. What a killed run
 * left unnamed is in the waste, and removed by the next run that writes.
 */

import { randomBytes } from 'node:crypto';
import { ConnectorError } from '@ukg-together/kit/error';
import type { RedisClient } from '@ukg-together/transport/redis/client';
import { redisServerFacts } from '@ukg-together/transport/redis/server-facts';
import { sealing } from './encryption.ts';
import { examined, synced } from './redis-checks.ts';
import { chunkBytes, type File, type Piece, piecesOf, pooled } from './redis-files.ts';
import { lockedBy, type RedisLock } from './redis-lock.ts';
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
  /** 32 bytes: seals what is written. */
  readonly key: Buffer;
  /** Absent: only to look. */
  readonly lock?: RedisLock | undefined;
  readonly warn?: (message: string) => void;
}

export async function redisStore(options: RedisStoreOptions): Promise<StateStore> {
  const { redis, keys, where, lock } = options;
  const seal = sealing(options.key);
  const files = `${keys}:files`;
  const waste = `${keys}:waste`;
  const chunk = (id: string, number: number) => `${keys}:chunk:${id}:${number}`;
  const chunksOf = (size: number) => Math.ceil(size / chunkBytes);
  /** Files as this run found or left them: like an open file, one that another run replaces is read to its end. */
  const open = new Map<string, File>();
  const pages = new Map<string, Buffer>();
  /** What this run has put into the waste: at its end it removes no other's. */
  const ours = new Set<string>();
  const syncs = lock ? await examined(options) : false;

  async function find(name: string): Promise<File | undefined> {
    const entry = (await redis.command('HGET', files, name)) as Buffer | null;
    const now = entry === null ? undefined : parse(entry.toString());
    const before = open.get(name);
    if (!now) {
      if (!before || lock) open.delete(name);
      return lock ? undefined : before;
    }
    if (!before || lock || now.id === before.id) open.set(name, now);
    return open.get(name);
  }

  const draw = (): string => randomBytes(12).toString('hex');
  const next = (id: string, size: number): File => ({ id, size, entry: `${id} ${size} ${draw()}` });

  async function write(script: string, keysOf: string[], name: string, before: string, after: string, rest: Piece[]) {
    if (!lock) throw new Error('this state was opened to be read');
    const names = [lock.key, files, ...keysOf];
    const parts = [script, String(names.length), ...names, lock.token, name, before, after, ...rest];
    let answer = String(await redis.command('EVAL', ...parts));
    if (answer === 'lost') {
      // Redis lost it, by a restart perhaps: where nobody else has come it is this run's again.
      await lock.confirm();
      answer = String(await redis.command('EVAL', ...parts));
    }
    if (answer === 'ok') return;
    if (answer === 'lost' || answer === 'moved') throw changed(where, name);
    throw lockedBy(answer, where);
  }

  async function append(name: string, bytes: Uint8Array, offset: number): Promise<void> {
    const before = open.get(name) ?? (await find(name));
    if ((before?.size ?? 0) !== offset) throw changed(where, name);
    const after = next(before?.id ?? draw(), offset + bytes.length);
    const written = piecesOf(seal(Buffer.from(after.id, 'hex'), bytes, offset), offset);
    await write(
      appendScript,
      written.map(({ number }) => chunk(after.id, number)),
      name,
      before?.entry ?? '',
      after.entry,
      written.flatMap(({ at, bytes: piece }) => [String(at), piece]),
    );
    open.set(name, after);
  }

  /** Names `after` in the place of what was there; `after` absent: nothing. */
  async function name(fileName: string, after: File | undefined, pending: string): Promise<void> {
    const before = await find(fileName);
    const old = before ? `${before.id} ${chunksOf(before.size)}` : '';
    if (old) ours.add(old);
    await write(switchScript, [waste], fileName, before?.entry ?? '', after?.entry ?? '', [old, pending]);
    if (after) open.set(fileName, after);
    else open.delete(fileName);
  }

  async function replace(fileName: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    if (!lock) throw new Error('this state was opened to be read');
    const id = draw();
    let size = 0;
    // Before the first chunk: whoever comes after a kill must find it. How many there will be is not known yet.
    const pending = `${id} -`;
    await redis.command('SADD', waste, pending);
    ours.add(pending);
    for await (const piece of pooled(content)) {
      const sealed = seal(Buffer.from(id, 'hex'), piece, size);
      for (const { number, at, bytes } of piecesOf(sealed, size))
        await redis.command('SETRANGE', chunk(id, number), String(at), bytes);
      size += piece.length;
    }
    await name(fileName, next(id, size), pending);
    ours.delete(pending);
  }

  async function sweep(items: Iterable<string>): Promise<void> {
    for (const item of items) {
      const [id = '', chunks] = item.split(' ');
      for (let number = 0; chunks === '-' || number < Number(chunks); number++) {
        const gone = Number(await redis.command('UNLINK', chunk(id, number)));
        if (chunks === '-' && gone === 0) break;
      }
      await redis.command('SREM', waste, item);
    }
  }

  async function range(file: File, from: number, to: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let at = from; at < to; ) {
      const number = Math.floor(at / chunkBytes);
      const end = Math.min(to, (number + 1) * chunkBytes);
      const begin = number * chunkBytes;
      const bytes = await redis.command(
        'GETRANGE',
        chunk(file.id, number),
        String(at - begin),
        String(end - begin - 1),
      );
      if (!Buffer.isBuffer(bytes) || bytes.length < end - at) throw vanished(where);
      pieces.push(bytes);
      at = end;
    }
    return seal(Buffer.from(file.id, 'hex'), Buffer.concat(pieces), from);
  }

  /** Small pieces are mostly neighbours: a page is fetched once. Bytes that are there never change, so only full pages are kept. */
  async function page(file: File, number: number): Promise<Buffer> {
    const key = `${file.id} ${number}`;
    const known = pages.get(key);
    if (known) return known;
    const bytes = await range(file, number * pageBytes, Math.min(file.size, (number + 1) * pageBytes));
    if (bytes.length < pageBytes) return bytes;
    if (pages.size >= pagesKept) pages.delete(pages.keys().next().value as string);
    pages.set(key, bytes);
    return bytes;
  }

  async function read(file: File, from: number, to: number): Promise<Buffer> {
    if (to - from > pageBytes / 16) return await range(file, from, to);
    const pieces: Buffer[] = [];
    for (let at = from; at < to; ) {
      const number = Math.floor(at / pageBytes);
      const end = Math.min(to, (number + 1) * pageBytes);
      pieces.push((await page(file, number)).subarray(at - number * pageBytes, end - number * pageBytes));
      at = end;
    }
    return Buffer.concat(pieces);
  }

  if (lock) await sweep(((await redis.command('SMEMBERS', waste)) as Buffer[]).map(String));
  return {
    where,
    async read(fileName, offset = 0, length = Number.POSITIVE_INFINITY) {
      const kept = open.get(fileName);
      // Within what is known to be there, nobody has to be asked.
      const file = kept && (lock || offset + length <= kept.size) ? kept : await find(fileName);
      if (!file) return undefined;
      const to = Math.min(file.size, offset + length);
      return to <= offset ? Buffer.alloc(0) : await read(file, offset, to);
    },
    size: async (fileName) => (await find(fileName))?.size,
    async append(fileName, bytes, offset, durable) {
      await append(fileName, bytes, offset);
      if (durable && syncs) await synced(redis, where);
    },
    async truncate(fileName, size) {
      const file = await find(fileName);
      if (!file || file.size <= size) return;
      // A new file: bytes added where others were cut off must not meet the same counters.
      const content = async function* () {
        for (let at = 0; at < size; at += chunkBytes) yield await range(file, at, Math.min(size, at + chunkBytes));
      };
      await replace(fileName, content());
    },
    async replace(fileName, content) {
      await replace(fileName, content);
      if (syncs) await synced(redis, where);
    },
    async remove(fileName) {
      if (await find(fileName)) await name(fileName, undefined, '');
    },
    names: async () => ((await redis.command('HKEYS', files)) as Buffer[]).map(String),
    free: async () => (await redisServerFacts(redis)).freeBytes,
    close: () => sweep(ours),
  };
}

function parse(entry: string): File {
  const [id = '', size] = entry.split(' ');
  return { id, size: Number(size), entry };
}

function changed(where: string, name: string): ConnectorError {
  return new ConnectorError('locked', `${where}: ${name} is not as this run left it. This run stopped.`, {
    hint: 'Redis has lost or gone back on what it held (a restart, a failover), or another run took over. Run again: who was not written down is sent once more.',
  });
}

function vanished(where: string): ConnectorError {
  return new ConnectorError('locked', `${where}: a run replaced a file while it was read, or Redis lost it.`, {
    hint: 'Try again. If it stays, restore the state from a backup.',
  });
}
