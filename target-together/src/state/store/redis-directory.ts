/**
 * Which files a state in Redis has, as one encrypted document that every write replaces: all of a state is as the last write left it,
 * or does not open. Only a Redis that goes back whole, between two runs, looks as it did then.
 */
import type { RedisClient } from '@ukg-together/transport/redis/client';
import { boundTo, type Encryption, tagBytes } from './encryption.ts';
import { changed, unreadable } from './redis-checks.ts';
import { lockedBy, type RedisLock } from './redis-lock.ts';

export interface StoredFile {
  /** Names its chunks; drawn anew whenever bytes are replaced. */
  readonly id: string;
  readonly size: number;
  /** Of its last block, hex; of an empty file that of no block. */
  readonly tag: string;
}

export type Files = ReadonlyMap<string, StoredFile>;

export interface Directory {
  /** As they stand in Redis now. */
  load(): Promise<Files>;
  /** Runs `script` (redis-scripts.ts) with the files as they are after it. Throws where they are not as this run left them. */
  write(script: string, name: string, after: Files, more: { keys: string[]; args: (string | Buffer)[] }): Promise<void>;
}

export interface DirectoryOptions {
  readonly redis: RedisClient;
  readonly keys: string;
  readonly where: string;
  readonly encryption: Encryption;
  readonly lock: RedisLock | undefined;
}

export function openDirectory({ redis, keys, where, encryption, lock }: DirectoryOptions): Directory {
  const key = `${keys}:directory`;
  const bound = boundTo(['directory', keys]);
  let tag: Buffer = Buffer.alloc(0);
  return {
    async load() {
      const encrypted = (await redis.command('GET', key)) as Buffer | null;
      if (!encrypted) return new Map();
      const text = encryption.open(encrypted, bound);
      if (!text) throw unreadable(where);
      tag = encrypted.subarray(-tagBytes);
      return new Map(JSON.parse(text.toString('utf8')) as [string, StoredFile][]);
    },
    async write(script, name, after, more) {
      if (!lock) throw new Error('this state was opened to be read');
      const encrypted = encryption.encrypt(Buffer.from(JSON.stringify([...after])), bound);
      const names = [lock.key, key, ...more.keys];
      const parts = [script, String(names.length), ...names, lock.token, tag, encrypted, ...more.args];
      let answer = String(await redis.command('EVAL', ...parts));
      if (answer === 'lost') {
        // Redis lost it, by a restart perhaps: where no one else has come it is this run's again.
        await lock.confirm();
        answer = String(await redis.command('EVAL', ...parts));
      }
      if (answer === 'lost' || answer === 'moved') throw changed(where, name);
      if (answer !== 'ok') throw lockedBy(answer, where);
      tag = encrypted.subarray(-tagBytes);
    },
  };
}
