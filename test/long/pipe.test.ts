/** The main job through faults and kills: real processes, both sandbox servers, an independent computation of what Together should hold. */
import { readFileSync } from 'node:fs';
import { expectedUsers } from '@ukg-together/sandbox/expected';
import { afterEach, describe, expect, it } from 'vitest';
import { differences, type House, openHouse } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

describe('the pipe', () => {
  it('keeps one in flight and the interval after each answer, through retries, refusals and jitter', async () => {
    house = await openHouse({
      ukg: { people: 400, seed: 5 },
      together: { latencyMs: 5, jitterMs: 60, answer: 'bare' },
      intervalMs: 200,
    });
    house.configure({}, { batch_size: 100 });
    const ids = [...expectedUsers(house.ukg.world).keys()];
    house.together.state.lock(ids[17] as string);
    house.together.state.remove(ids[301] as string);
    house.together.faults.set([
      { when: { nth: 2 }, do: { kind: 'status', status: 503 } },
      { when: { nth: 4 }, do: { kind: 'commit-then-reset' } },
      { when: { nth: 6 }, do: { kind: 'status', status: 429, retryAfter: '1' } },
    ]);
    const { tap, target, summary } = await house.sync();
    expect([tap.code, target.code], target.stderr).toEqual([0, 0]);
    expect(house.together.journal.violations()).toEqual([]);
    expect(house.together.journal.minGap()).toBeGreaterThanOrEqual(200);
    expect(house.together.journal.maxInFlight()).toBe(1);
    expect(summary.outcomes['rejected']).toBe(2);
  });

  it('ends as undisturbed after kill -9 of either process at any moment, and never covers an unsettled person by STATE', async () => {
    house = await openHouse({ ukg: { people: 600, seed: 2 }, together: { latencyMs: 20 } });
    house.configure({ page_size: 100 }, { batch_size: 40 });
    for (let round = 0; round < 5; round++) {
      const { tap, target } = house.startSync();
      await new Promise((resolve) => setTimeout(resolve, 150 + round * 420));
      (round % 2 === 0 ? target : tap).child.kill('SIGKILL');
      await Promise.all([tap, target]);
    }
    const { tap, target } = await house.sync();
    expect([tap.code, target.code], target.stderr).toEqual([0, 0]);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
    expect(house.together.journal.violations()).toEqual([]);
  });

  it('holds back the bookmark when Together stays down, and loses nothing', async () => {
    house = await openHouse({ ukg: { people: 120 } });
    house.configure({}, { max_retries: 1 });
    house.together.faults.set([{ when: { after: 1 }, do: { kind: 'status', status: 502 } }]);
    house.configure({}, { max_retries: 1, batch_size: 40 });
    const down = await house.sync();
    expect(down.target.code).toBe(5);
    expect(down.target.stdout).toBe('');
    expect(() => readFileSync(house.state, 'utf8')).toThrow();
    expect(down.summary.outcomes['undelivered']).toBeGreaterThan(0);
    house.together.faults.clear();
    house.together.journal.clear();
    const up = await house.sync();
    expect(up.target.code).toBe(0);
    expect(differences(house.together, expectedUsers(house.ukg.world))).toEqual([]);
  });
});
