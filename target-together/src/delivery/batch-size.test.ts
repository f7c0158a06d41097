import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSizer } from './batch-size.ts';

describe('the size of a batch', () => {
  const now = () => 1_000_000_000_000;
  const options = { batchSize: 4000, maxBodyBytes: 1_000_000, timeoutMs: 8000, now };

  it('starts modest and doubles after full batches that were answered quickly', () => {
    const sizer = createSizer(options);
    const sizes = Array.from({ length: 5 }, () => {
      const { users } = sizer.limits();
      sizer.answered({ users, bytes: 1000, ms: 300 });
      return users;
    });
    expect(sizes).toEqual([500, 1000, 2000, 4000, 4000]);
  });

  it('does not grow on slow answers or on batches that were not full', () => {
    const sizer = createSizer(options);
    sizer.answered({ users: 500, bytes: 1000, ms: 2500 });
    sizer.answered({ users: 50, bytes: 1000, ms: 10 });
    expect(sizer.limits().users).toBe(500);
  });

  it('takes trouble that passes at the same size for a blip', () => {
    const sizer = createSizer(options);
    sizer.struggled({ users: 500 });
    sizer.answered({ users: 500, bytes: 1, ms: 100 });
    for (let i = 0; i < 5; i++) sizer.answered({ users: sizer.limits().users, bytes: 1, ms: 1 });
    expect(sizer.limits().users).toBe(4000);
  });

  it('halves after trouble, stays below what made trouble, and is remembered', () => {
    const sizer = createSizer(options);
    sizer.struggled({ users: 500 });
    sizer.struggled({ users: 500 });
    sizer.tooLarge({ users: 250, bytes: 400_000 });
    expect(sizer.limits()).toEqual({ users: 250, bytes: 200_000 });
    for (let i = 0; i < 3; i++) sizer.answered({ users: sizer.limits().users, bytes: 1, ms: 1 });
    expect(sizer.limits().users).toBe(250);
    const next = createSizer({ ...options, memory: sizer.memory() });
    expect(next.limits()).toEqual({ users: 250, bytes: 200_000 });
    const weeksLater = createSizer({ ...options, memory: sizer.memory(), now: () => now() + 30 * 86_400_000 });
    expect(weeksLater.limits()).toEqual({ users: 500, bytes: 1_000_000 });
  });

  it('grows again after an outage, and tries more and more seldom what makes trouble each time', () => {
    const fits = 60;
    const sizer = createSizer(options);
    for (let users = 500; users > 1; users >>= 1) sizer.struggled({ users });
    const sizes: number[] = [];
    let troubles = 0;
    for (let request = 0; request < 300; request++) {
      const { users } = sizer.limits();
      if (users > fits) {
        troubles++;
        sizer.struggled({ users });
      } else {
        sizes.push(users);
        sizer.answered({ users, bytes: 1, ms: 50 });
      }
    }
    expect(sizes.slice(0, 5)).toEqual([1, 1, 1, 1, 2]);
    expect(sizes.at(-1)).toBe(32);
    expect(troubles).toBeLessThan(8);
  });

  it('grows on answers of less than a quarter of the timeout to batches that were full', () => {
    const after = (batch: { users: number; ms: number }) => {
      const sizer = createSizer(options);
      sizer.answered({ ...batch, bytes: 1 });
      return sizer.limits().users;
    };
    const sizes = {
      quick: after({ users: 500, ms: 1999 }),
      slow: after({ users: 500, ms: 2000 }),
      notFull: after({ users: 499, ms: 1 }),
    };
    expect(sizes).toEqual({ quick: 1000, slow: 500, notFull: 500 });
  });

  it('keeps what it learnt for a week after the last trouble, and for ever that answers have bodies', () => {
    const week = 7 * 86_400_000;
    const memory = { users: 40, usersCeiling: 50, bytes: 3000, bytesCeiling: 3000, troubledAt: now(), bodies: true };
    const at = (ms: number) => createSizer({ ...options, memory, now: () => now() + ms });
    expect({ limits: at(week).limits(), memory: at(week).memory() }).toEqual({
      limits: { users: 40, bytes: 3000 },
      memory,
    });
    expect({ limits: at(week + 1).limits(), memory: at(week + 1).memory() }).toEqual({
      limits: { users: 500, bytes: 1_000_000 },
      memory: { users: 500, usersCeiling: null, bytes: 1_000_000, bytesCeiling: null, troubledAt: null, bodies: true },
    });
    const never = { users: 800, usersCeiling: null, bytes: 5000, bytesCeiling: null, troubledAt: null };
    const years = createSizer({ ...options, memory: never, now: () => now() + 100 * week });
    expect(years.memory()).toStrictEqual(never);
  });

  it('takes nothing from memory that the settings no longer allow', () => {
    const memory = { users: 900, usersCeiling: 2000, bytes: 2_000_000, bytesCeiling: null, troubledAt: now() };
    const small = createSizer({ ...options, batchSize: 100, maxBodyBytes: 1000, memory });
    expect(small.limits()).toEqual({ users: 100, bytes: 1000 });
    const ceiling = createSizer({ ...options, memory: { ...memory, usersCeiling: 700 } });
    expect(ceiling.limits().users).toBe(700);
  });

  it('lets bytes grow with users, also where bytes end each batch, and never beyond half of what was refused', () => {
    const sizer = createSizer({ ...options, maxBodyBytes: 4_000_000 });
    const sizes = Array.from({ length: 4 }, () => {
      const limits = sizer.limits();
      sizer.answered({
        users: Math.min(limits.users, Math.floor(limits.bytes / 2500)),
        bytes: limits.bytes - 500,
        ms: 10,
      });
      return limits;
    });
    expect(sizes).toEqual([
      { users: 500, bytes: 1_000_000 },
      { users: 1000, bytes: 2_000_000 },
      { users: 2000, bytes: 4_000_000 },
      { users: 4000, bytes: 4_000_000 },
    ]);
    sizer.tooLarge({ users: 1600, bytes: 4_000_000 });
    sizer.answered({ users: 800, bytes: 2_000_000, ms: 10 });
    expect(sizer.limits().bytes).toBe(2_000_000);
    expect(createSizer({ ...options, maxBodyBytes: 9_000_000, memory: sizer.memory() }).limits().bytes).toBe(2_000_000);
  });

  it('remembers when the last trouble was, of either kind', () => {
    let at = 5;
    const sizer = createSizer({ ...options, now: () => at });
    expect(sizer.memory().troubledAt).toBeNull();
    sizer.struggled({ users: 500 });
    expect(sizer.memory()).toMatchObject({ troubledAt: 5, users: 250, usersCeiling: 250 });
    at = 9;
    sizer.tooLarge({ users: 250, bytes: 1001 });
    expect(sizer.memory()).toMatchObject({ troubledAt: 9, bytes: 500, usersCeiling: 250 });
    sizer.tooLarge({ users: 250, bytes: 4000 });
    expect(sizer.limits().bytes).toBe(500);
  });

  it('expects a body once one came, whatever comes later', () => {
    const sizer = createSizer(options);
    const seen = [{ expects: sizer.expectsBody, kept: sizer.memory().bodies }];
    for (const withBody of [false, true, false]) {
      sizer.accepted(withBody);
      seen.push({ expects: sizer.expectsBody, kept: sizer.memory().bodies });
    }
    expect(seen).toEqual([
      { expects: false, kept: undefined },
      { expects: false, kept: false },
      { expects: true, kept: true },
      { expects: true, kept: true },
    ]);
  });

  it('lifts a ceiling after four quick answers, after twice as many each time that this made trouble, after 256 at most', () => {
    const sizer = createSizer({ ...options, batchSize: 500 });
    sizer.struggled({ users: 500 });
    const waited: number[] = [];
    for (let time = 0; time < 8; time++) {
      let answers = 0;
      for (; sizer.limits().users === 250; answers++) sizer.answered({ users: 250, bytes: 1, ms: 1 });
      waited.push(answers);
      expect(sizer.limits().users).toBe(500);
      sizer.struggled({ users: 500 });
    }
    expect(waited).toEqual([4, 8, 16, 32, 64, 128, 256, 256]);
  });

  it('waits no longer after trouble that no lift brought, and counts quick answers anew', () => {
    const sizer = createSizer({ ...options, batchSize: 500 });
    const answer = (times: number) => {
      for (let i = 0; i < times; i++) sizer.answered({ users: sizer.limits().users, bytes: 1, ms: 1 });
    };
    sizer.struggled({ users: 500 });
    answer(3);
    sizer.struggled({ users: 250 });
    answer(3);
    expect(sizer.limits().users).toBe(125);
    answer(1);
    expect(sizer.limits().users).toBe(250);
  });

  it('never passes the ceilings and never falls below one, whatever happens', () => {
    const event = fc.oneof(
      fc.record({ answered: fc.integer({ min: 0, max: 5000 }) }),
      fc.record({ tooLarge: fc.integer({ min: 1, max: 2_000_000 }) }),
      fc.constant('struggled' as const),
    );
    fc.assert(
      fc.property(
        fc.array(event),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 1e6 }),
        (events, batchSize, maxBodyBytes) => {
          const sizer = createSizer({ batchSize, maxBodyBytes, timeoutMs: 8000, now });
          for (const one of events) {
            const before = sizer.limits();
            if (one === 'struggled') sizer.struggled({ users: before.users });
            else if ('tooLarge' in one) sizer.tooLarge({ users: before.users, bytes: one.tooLarge });
            else sizer.answered({ users: before.users, bytes: 1, ms: one.answered });
            const { users, bytes } = sizer.limits();
            expect(users).toBeGreaterThanOrEqual(1);
            expect(users).toBeLessThanOrEqual(batchSize);
            expect(bytes).toBeGreaterThanOrEqual(1);
            expect(bytes).toBeLessThanOrEqual(maxBodyBytes);
            if (one === 'struggled') expect(users).toBe(Math.max(1, before.users >> 1));
          }
        },
      ),
    );
  });
});
