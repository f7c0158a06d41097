import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import type { AttemptError } from '../http/failure.ts';
import type { RedisClient } from '../redis/client.ts';
import type { Turn } from './limiter.ts';
import { redisLane } from './redis-limiter.ts';

/** A Redis that grants every turn and keeps what it was asked; test/services has a real one. */
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
  return { clock, asked, lane: redisLane({ redis, name: 'test', clock, intervalMs: 1000 }) };
}

const codeOf = (turn: Turn) => {
  try {
    turn();
    return 'sent';
  } catch (error) {
    return (error as AttemptError).failure.code;
  }
};

describe('a turn on a shared lane', () => {
  it('is good for ten seconds, and nothing is sent on an older one', async () => {
    const { clock, lane } = granting();
    const seen = await lane.run(async (turn) => {
      const at = [codeOf(turn)];
      clock.advance(9_999);
      at.push(codeOf(turn));
      clock.advance(1);
      at.push(codeOf(turn));
      return at;
    });
    expect(seen).toEqual(['sent', 'sent', 'TURN_EXPIRED']);
  });

  it('counts from before Redis was asked, for the answer may have lain about while the process stood still', async () => {
    const { lane } = granting(12_000);
    expect(await lane.run(async (turn) => codeOf(turn))).toBe('TURN_EXPIRED');
  });

  it('counts the sleep of the machine, in which monotonic time stands still', async () => {
    const { clock, lane } = granting();
    const now = clock.now;
    const seen = await lane.run(async (turn) => {
      clock.now = () => now() + 60_000;
      return codeOf(turn);
    });
    expect(seen).toBe('TURN_EXPIRED');
  });

  it('that expired before anything was sent leaves the lane as it is: the next turn is asked for', async () => {
    const { clock, asked, lane } = granting();
    const late = lane.run(async (turn) => {
      clock.advance(20_000);
      turn();
    });
    await expect(late).rejects.toMatchObject({ failure: { code: 'TURN_EXPIRED', phase: 'connect' } });
    expect(await lane.run(async (turn) => codeOf(turn))).toBe('sent');
    expect(asked.filter((each) => each === 'acquire')).toHaveLength(2);
  });
});
