/**
 * The lane of several machines: one request at a time, and the interval after each answer, for all processes that share a key.
 *
 * A lease with a time to live, and a "not before" that the holder sets when its answer has come. All times are Redis' own
 * (`TIME`), so the machines' clocks don't matter. What can go wrong, and what happens then:
 *
 * - the holder is killed: its lease runs out `ttl` after its last sign of life, which is longer than the interval;
 * - Redis restarts, empty or with what it had saved earlier, or a replica takes over: whoever comes first finds another server's
 *   `epoch` and makes everybody wait one `ttl`, in which a holder whose request is still under way claims its lease again;
 * - Redis stays away: the run stops rather than break the limit.
 */
import { randomUUID } from 'node:crypto';
import { ConnectorError } from '@ukg-together/protocol/error';
import type { Lane, LaneOptions } from './lane.ts';
import type { RedisClient } from './redis-client.ts';

export interface RedisLaneOptions extends LaneOptions {
  readonly redis: RedisClient;
  /** What is shared: everybody with the same name takes turns. Never a key or another secret. */
  readonly name: string;
}

/** `now` in whole milliseconds, and `server`: who answers, which changes with every start of Redis. */
const preamble = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
local info = redis.pcall('INFO', 'server')
local server = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or '1'
`;

/**
 * KEYS lease, not-before, epoch; ARGV token, ttl, interval. Answers 0 when the lease is ours, the milliseconds until the earliest
 * start when nobody holds it, or less than 0: somebody does, for so many milliseconds at most.
 */
const acquireScript = `${preamble}
if redis.call('GET', KEYS[3]) ~= server then
  redis.call('SET', KEYS[3], server)
  redis.call('SET', KEYS[2], now + tonumber(ARGV[2]))
end
local left = redis.call('PTTL', KEYS[1])
if left > 0 then return -left end
local before = tonumber(redis.call('GET', KEYS[2]) or '0')
local longest = tonumber(ARGV[2]) + tonumber(ARGV[3])
if before - now > longest then
  before = now + longest
  redis.call('SET', KEYS[2], before)
end
if before > now then return before - now end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0`;

/** KEYS lease; ARGV token, ttl. A lease that vanished with Redis' memory is claimed again; somebody else's is not. */
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

export function redisLane({ redis, name, clock, intervalMs }: RedisLaneOptions): Lane {
  const keys = ['lease', 'not-before', 'epoch'].map((part) => `ukg-together:{${name}}:${part}`) as [
    string,
    string,
    string,
  ];
  const ttlMs = Math.max(3000, 3 * intervalMs);
  let tail: Promise<unknown> = Promise.resolve();
  let broken: ConnectorError | undefined;

  async function acquire(token: string, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const wait = Number(
        await redis.command('EVAL', acquireScript, '3', ...keys, token, String(ttlMs), String(intervalMs)),
      );
      if (wait === 0) return;
      // A held lease is asked for again soon (it is usually given back early); a known start is slept out.
      await clock.sleep(wait < 0 ? Math.min(-wait, 200) + Math.random() * 10 : wait, signal);
    }
  }

  async function alone<T>(job: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (broken) throw broken;
    const token = randomUUID();
    await acquire(token, signal);
    let lost = false;
    const extending = setInterval(() => {
      redis.command('EVAL', extendScript, '1', keys[0], token, String(ttlMs)).then(
        (ours) => {
          lost ||= Number(ours) === 0;
        },
        (error: ConnectorError) => {
          broken ??= error;
        },
      );
    }, ttlMs / 3);
    extending.unref();
    try {
      return await job();
    } finally {
      clearInterval(extending);
      // The answer counts even when Redis is gone by now: it is the next request that must not be sent.
      await redis
        .command('EVAL', releaseScript, '2', keys[0], keys[1], token, String(intervalMs))
        .catch((error: ConnectorError) => {
          broken ??= error;
        });
      if (lost) {
        broken ??= new ConnectorError(
          'unexpected',
          'Another run took over the shared request lane while an answer was late.',
          {
            hint: 'This machine was held up for seconds (suspended, or out of CPU). Run again; nothing is lost.',
          },
        );
      }
    }
  }

  return {
    run(job, signal) {
      const turn = tail.then(() => alone(job, signal));
      tail = turn.catch(() => {});
      return turn;
    },
    close: () => redis.close(),
  };
}
