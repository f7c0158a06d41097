/**
 * One run at a time for everybody who keeps state under one name in Redis, on whatever machine: a key with a time to live that
 * its holder extends. A killed run's lock runs out by itself; a run that finds a lock watches whether its holder still lives,
 * and takes over from a dead one without anyone's help.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '@ukg-together/kit/clock';
import { asConnectorError, ConnectorError, said } from '@ukg-together/kit/error';
import type { RedisClient } from '@ukg-together/transport/redis/client';

export interface RedisLock {
  /** The key that holds it, and what stands there: a writer for this run proves with both that the lock is still its own. */
  readonly key: string;
  readonly token: string;
  /** Throws ConnectorError `locked` when the lock is no longer this run's. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

export interface RedisLockOptions {
  readonly redis: RedisClient;
  /** Starts the names of this state's keys. */
  readonly keys: string;
  /** For the message: "the state in Redis at …". */
  readonly what: string;
  readonly clock: Clock;
  readonly holder: { readonly host: string; readonly pid: number };
  /** Aborts the wait for a dead holder. */
  readonly signal?: AbortSignal;
  /** Milliseconds that the lock outlives its holder (default 30,000); it is extended ten times as often. */
  readonly ttlMs?: number;
}

/** KEYS lock; ARGV token, ttl. Empty when taken, else who holds it and for how long: "<ms> <holder>". */
const takeScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return redis.call('PTTL', KEYS[1]) .. ' ' .. holder end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ''`;

/** Who holds the lock now; undefined: no one. Takes nothing. */
export async function redisLockHolder(
  redis: RedisClient,
  keys: string,
): Promise<{ host: string; pid: number; since: string } | undefined> {
  const holder = await redis.command('GET', `${keys}:lock`);
  return typeof holder === 'string' ? (JSON.parse(holder) as { host: string; pid: number; since: string }) : undefined;
}

const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

/** Takes the lock or throws ConnectorError `locked`, naming who holds it, as soon as it has seen that one extend it. */
export async function takeRedisLock(options: RedisLockOptions): Promise<RedisLock> {
  const { redis, what, clock, holder, signal, ttlMs = 30_000 } = options;
  const key = `${options.keys}:lock`;
  const since = new Date(clock.now()).toISOString();
  const token = JSON.stringify({ ...holder, since, token: randomUUID() });
  /** Empty: it is ours now. */
  const take = async () => String(await redis.command('EVAL', takeScript, '1', key, token, String(ttlMs)));

  const until = clock.monotonic() + 2 * ttlMs;
  let seen: { holder: string; left: number } | undefined;
  for (let answer = await take(); answer !== ''; answer = await take()) {
    const space = answer.indexOf(' ');
    const left = Number(answer.slice(0, space));
    const found = { holder: answer.slice(space + 1), left };
    // Its time went up again, or it is another one by now: a person is at work.
    const lives = seen !== undefined && (found.holder !== seen.holder || left > seen.left);
    if (lives || clock.monotonic() > until) throw lockedBy(found.holder, what);
    seen = found;
    await clock.sleep(Math.max(1, Math.min(left, ttlMs / 30)), signal);
  }

  let lost: ConnectorError | undefined;
  const extending = setInterval(() => {
    take().then(
      (answer) => {
        if (answer !== '') lost ??= lockedBy(answer.slice(answer.indexOf(' ') + 1), what);
      },
      // Redis is away: the next write or request that needs it says so.
      () => {},
    );
  }, ttlMs / 10);
  extending.unref();

  return {
    key,
    token,
    async confirm() {
      const answer = lost === undefined ? await take() : '';
      if (answer !== '') lost = lockedBy(answer.slice(answer.indexOf(' ') + 1), what);
      if (lost) throw lost;
    },
    async release() {
      clearInterval(extending);
      // Where Redis is gone the lock runs out by itself.
      await redis.command('EVAL', releaseScript, '1', key, token).catch((error: unknown) => asConnectorError(error));
    },
  };
}

/** The refusal of a run that finds, or suddenly finds, another one in its place. */
export function lockedBy(token: string, what: string): ConnectorError {
  return new ConnectorError('locked', said`Another run uses ${what}${holderWords(token)}.`, {
    hint: 'Wait until it has ended, or stop it; what it leaves behind frees itself within half a minute.',
  });
}

function holderWords(token: string): string {
  try {
    const { host, pid, since } = JSON.parse(token) as { host?: unknown; pid?: unknown; since?: unknown };
    const plain = (value: unknown) =>
      String(value)
        .replace(/[^\w.:-]/g, '?')
        .slice(0, 60);
    return ` (process ${plain(pid)} on ${plain(host)}, since ${plain(since)})`;
  } catch {
    return '';
  }
}
