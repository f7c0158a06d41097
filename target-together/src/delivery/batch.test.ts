import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import { bodyBytes, bodyOf } from '../together/body.ts';
import { createBatcher, halve, halveByBytes } from './batch.ts';
import { createSizer, type Limits } from './batch-size.ts';

const person = (index: number, text = 'x'): Delivery => ({
  index,
  employeeId: `E${index}`,
  body: Buffer.from(JSON.stringify({ employeeId: `E${index}`, title: text })),
  isNew: true,
});
const people = fc
  .array(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1, maxLength: 60 })
  .map((texts) => texts.map((text, index) => person(index, text)));

function batches(source: Iterable<Delivery>, limits: Limits) {
  const batcher = createBatcher(source);
  const all: Delivery[][] = [];
  for (let batch = batcher.next(limits); batch; batch = batcher.next(limits)) all.push(batch);
  return all;
}

describe('batches', () => {
  it('hold everybody once, in order, within the users and bytes allowed', () => {
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 600 }), (all, users, bytes) => {
        const made = batches(all, { users, bytes });
        expect(made.flat()).toEqual(all);
        for (const batch of made) {
          expect(batch.length).toBeLessThanOrEqual(users);
          expect(bodyOf(batch).length).toBe(bodyBytes(batch));
          if (batch.length > 1) expect(bodyBytes(batch)).toBeLessThanOrEqual(bytes);
        }
        // As full as allowed: the first of a batch would not have fitted into the one before.
        for (let at = 1; at < made.length; at++) {
          const before = made[at - 1] as Delivery[];
          const joined = [...before, (made[at] as Delivery[])[0] as Delivery];
          expect(before.length === users || bodyBytes(joined) > bytes).toBe(true);
        }
      }),
    );
  });

  it('take people from their source no further ahead than one', () => {
    let taken = 0;
    const batcher = createBatcher(
      (function* () {
        for (; taken < 100; taken++) yield person(taken);
      })(),
    );
    batcher.next({ users: 10, bytes: 1e6 });
    expect(taken).toBeLessThanOrEqual(11);
  });

  it('are halved without losing or reordering anybody, neither half empty', () => {
    fc.assert(
      fc.property(
        people.filter((all) => all.length > 1),
        (all) => {
          for (const [left, right] of [halve(all), halveByBytes(all)]) {
            expect([...left, ...right]).toEqual(all);
            expect(Math.min(left.length, right.length)).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('the size of a batch', () => {
  const now = () => 1_000_000_000_000;
  const options = { batchSize: 4000, maxBodyBytes: 1_000_000, now };

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
          const sizer = createSizer({ batchSize, maxBodyBytes, now });
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
