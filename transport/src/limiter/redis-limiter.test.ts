import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import type { AttemptError } from '../http/failure.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Permit } from './limiter.ts';
import { redisLimiter } from './redis-limiter.ts';

/** A Redis that grants every permit and keeps what it was asked; test/services has a real one. */
function granting(takesMs = 0) {
  const clock = fakeClock();
  const asked: string[] = [];
  const redis: RedisClient = {
    async command(...parts) {
      const script = String(parts[1]);
      asked.push(script.includes('not-before') || script.includes("'PTTL'") ? 'acquire' : 'other');
      clock.advance(takesMs);
      return 0;
    },
    close: async () => {},
  };
  return { clock, asked, limiter: redisLimiter({ redis, name: 'test', clock, intervalMs: 1000 }) };
}

const codeOf = (permit: Permit) => {
  try {
    permit();
    return 'sent';
  } catch (error) {
    return (error as AttemptError).failure.code;
  }
};

describe('a permit on a shared limiter', () => {
  it('is good for ten seconds, and nothing is sent on an older one', async () => {
    const { clock, limiter } = granting();
    const seen = await limiter.run(async (permit) => {
      const at = [codeOf(permit)];
      clock.advance(9_999);
      at.push(codeOf(permit));
      clock.advance(1);
      at.push(codeOf(permit));
      return at;
    });
    expect(seen).toEqual(['sent', 'sent', 'PERMIT_EXPIRED']);
  });

  it('counts from before Redis was asked, for the answer may have lain about while the process stood still', async () => {
    const { limiter } = granting(12_000);
    expect(await limiter.run(async (permit) => codeOf(permit))).toBe('PERMIT_EXPIRED');
  });

  it('counts the sleep of the machine, in which monotonic time stands still', async () => {
    const { clock, limiter } = granting();
    const now = clock.now;
    const seen = await limiter.run(async (permit) => {
      clock.now = () => now() + 60_000;
      return codeOf(permit);
    });
    expect(seen).toBe('PERMIT_EXPIRED');
  });

  it('that expired before anything was sent leaves the limiter as it is: the next permit is asked for', async () => {
    const { clock, asked, limiter } = granting();
    const late = limiter.run(async (permit) => {
      clock.advance(20_000);
      permit();
    });
    await expect(late).rejects.toMatchObject({ failure: { code: 'PERMIT_EXPIRED', phase: 'connect' } });
    expect(await limiter.run(async (permit) => codeOf(permit))).toBe('sent');
    expect(asked.filter((each) => each === 'acquire')).toHaveLength(2);
  });
});
