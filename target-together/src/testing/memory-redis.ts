/** The commands of a state in Redis, played by a map: every byte that a server would hold lies open. */
import type { RedisClient } from '@ukg-together/transport/redis/client';
import type { RedisLock } from '../state/store/redis-lock.ts';
import { appendScript, switchScript } from '../state/store/redis-scripts.ts';
import { redisStore } from '../state/store/redis-store.ts';

export const memoryLock: RedisLock = { key: 'lock', token: 'mine', confirm: async () => {}, release: async () => {} };

export function memoryRedis(strings = new Map<string, Buffer>()) {
  const garbage = new Set<string>();
  const text = (part: string | Buffer | undefined) => String(part ?? '');

  function setRange(key: string, at: number, bytes: Buffer): void {
    const before = strings.get(key) ?? Buffer.alloc(0);
    const after = Buffer.alloc(Math.max(before.length, at + bytes.length));
    before.copy(after);
    bytes.copy(after, at);
    strings.set(key, after);
  }

  function evaluate(script: string, count: number, rest: (string | Buffer)[]): string {
    const [, directory = '', ...keys] = rest.slice(0, count).map(text);
    const [, before, after, ...args] = rest.slice(count) as [Buffer, Buffer, Buffer, ...(string | Buffer)[]];
    const tag = strings.get(directory)?.subarray(-16) ?? Buffer.alloc(0);
    if (tag.equals(after.subarray(-16))) return 'ok';
    if (!tag.equals(before)) return 'moved';
    if (script === appendScript)
      for (const [number, key] of keys.entries())
        setRange(key, Number(args[2 * number]), args[2 * number + 1] as Buffer);
    else if (script === switchScript) {
      if (text(args[0])) garbage.add(text(args[0]));
      garbage.delete(text(args[1]));
    }
    strings.set(directory, after);
    return 'ok';
  }

  const redis: RedisClient = {
    async command(name, ...parts) {
      const key = text(parts[0]);
      switch (String(name)) {
        case 'GET':
          return strings.get(key) ?? null;
        case 'GETRANGE':
          return (strings.get(key) ?? Buffer.alloc(0)).subarray(Number(parts[1]), Number(parts[2]) + 1);
        case 'SETRANGE':
          return setRange(key, Number(parts[1]), parts[2] as Buffer);
        case 'EVAL':
          return evaluate(key, Number(parts[1]), parts.slice(2));
        case 'UNLINK':
          return strings.delete(key) ? 1 : 0;
        case 'SMEMBERS':
          return [...garbage].map((item) => Buffer.from(item));
        case 'SADD':
          return garbage.add(text(parts[1]));
        case 'SREM':
          return garbage.delete(text(parts[1]));
        default:
          return Buffer.alloc(0);
      }
    },
    close: async () => {},
  };
  const store = (lock: RedisLock | undefined) =>
    redisStore({ redis, keys: 'k', where: 'The state in Redis', key: Buffer.alloc(32, 7), lock });
  return { strings, garbage, redis, open: () => store(memoryLock), look: () => store(undefined) };
}
