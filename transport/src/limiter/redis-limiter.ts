/**
 * The limiter of several machines: one request at a time, and the interval after each answer, for all processes that share a key.
 *
 * A lease with a time to live, and a "not before" that the holder sets when its answer has come. All times are Redis' own
 * (`TIME`), so the machines' clocks don't matter. What can go wrong, and what happens then:
 *
 * - the holder is killed: its lease runs out `leaseMs` after its last sign of life;
 * - the holder is stopped, or its machine sleeps: when it wakes it asks its own clocks first, and sends nothing on a permit that may
 *   have passed to another by then. What was under way before is given `leaseMs` to be answered;
 * - Redis restarts, empty or with what it had saved earlier, or a replica takes over: the first process that comes finds another server's
 *   `epoch` and makes all processes wait for `graceMs`, in which a holder whose request is still under way claims its lease again;
 * - Redis stays away: the run stops rather than break the limit.
 */
import { randomUUID } from 'node:crypto';
import type { ConnectorError } from '@ukg-together/kit/error';
import { AttemptError } from '../http/failure.ts';
import type { RedisClient } from '../redis/client.ts';
import type { LimiterOptions, Permit, RateLimiter } from './limiter.ts';

export interface RedisLimiterOptions extends LimiterOptions {
  readonly redis: RedisClient;
  /** What is shared: everybody with the same name takes permits. Never a key or another secret. */
  readonly name: string;
}

/** `now` in whole milliseconds, and `server`: who answers, which changes with every start of Redis. */
const preamble = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
local info = redis.pcall('INFO', 'server')
local server = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or '1'
`;

/**
 * KEYS lease, not-before, epoch; ARGV token, lease, interval, grace. Answers 0 when the lease is ours (already, where the answer to
 * the first asking was lost), the milliseconds until the earliest start when it is free, or less than 0: it is held, for so
 * many milliseconds at most.
 */
const acquireScript = `${preamble}
if redis.call('GET', KEYS[3]) ~= server then
  redis.call('SET', KEYS[3], server)
  redis.call('SET', KEYS[2], now + tonumber(ARGV[4]))
end
local left = redis.call('PTTL', KEYS[1])
if left > 0 and redis.call('GET', KEYS[1]) ~= ARGV[1] then return -left end
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local longest = tonumber(ARGV[4]) + tonumber(ARGV[3])
if before - now > longest then
  before = now + longest
  redis.call('SET', KEYS[2], before)
end
if before > now then return before - now end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0`;

/** KEYS lease; ARGV token, lease. A lease that vanished with Redis' memory is claimed again; another process's is not. */
const extendScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * KEYS lease, not-before; ARGV token, interval. Never brings the start forward, and counts a millisecond more, since both ends
 * of the pause are cut to whole ones.
 */
const releaseScript = `${preamble}
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
redis.call('SET', KEYS[2], math.max(before, now + tonumber(ARGV[2]) + 1))
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`;

export function redisLimiter({ redis, name, clock, intervalMs }: RedisLimiterOptions): RateLimiter {
  const keys = ['lease', 'not-before', 'epoch'].map((part) => `ukg-together:{${name}}:${part}`) as [
    string,
    string,
    string,
  ];
  const graceMs = Math.max(3000, 3 * intervalMs);
  const leaseMs = Math.max(15_000, graceMs);
  /** A third less, for the way to Redis and back and for clocks that run apart. */
  const turnMs = (leaseMs * 2) / 3;
  let tail: Promise<unknown> = Promise.resolve();
  let broken: ConnectorError | undefined;

  /** Monotonic time stands still while the machine sleeps, and the wall clock may be set back: the later of both counts. */
  const moment = () => [clock.monotonic(), clock.now()] as const;
  const since = ([monotonic, wall]: ReturnType<typeof moment>) =>
    Math.max(clock.monotonic() - monotonic, clock.now() - wall);

  /** Gives the moment from which the lease counts at the latest: before Redis was asked for it. */
  async function acquire(token: string, signal: AbortSignal | undefined): Promise<ReturnType<typeof moment>> {
    const times = [leaseMs, intervalMs, graceMs].map(String);
    for (;;) {
      signal?.throwIfAborted();
      const asked = moment();
      const wait = Number(await redis.command('EVAL', acquireScript, '3', ...keys, token, ...times));
      if (wait === 0) return asked;
      // A held lease is asked for again soon (it is usually given back early); a known start is slept out.
      await clock.sleep(wait < 0 ? Math.min(-wait, 200) + Math.random() * 10 : wait, signal);
    }
  }

  async function alone<T>(job: (permit: Permit) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (broken) throw broken;
    const token = randomUUID();
    let held = await acquire(token, signal);
    let lost = false;
    const permit = () => {
      if (lost || since(held) >= turnMs) throw new AttemptError({ phase: 'connect', code: 'PERMIT_EXPIRED' });
    };
    const extending = setInterval(() => {
      const asked = moment();
      redis.command('EVAL', extendScript, '1', keys[0], token, String(leaseMs)).then(
        (ours) => {
          if (Number(ours) === 0) lost = true;
          else held = asked;
        },
        (error: ConnectorError) => {
          broken ??= error;
        },
      );
    }, graceMs / 3);
    extending.unref();
    try {
      return await job(permit);
    } finally {
      clearInterval(extending);
      // The answer counts even when Redis is gone by now: it is the next request that must not be sent.
      await redis
        .command('EVAL', releaseScript, '2', keys[0], keys[1], token, String(intervalMs))
        .catch((error: ConnectorError) => {
          broken ??= error;
        });
    }
  }

  return {
    run(job, signal) {
      const permit = tail.then(() => alone(job, signal));
      tail = permit.catch(() => {});
      return permit;
    },
    close: () => redis.close(),
  };
}
