import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import { bodyBytes, bodyOf } from '../together/body.ts';
import { createBatcher, fitting, halve, halveByBytes } from './batch.ts';
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

describe('where batches end', () => {
  /** Somebody who adds so many bytes to a body. */
  const sized = (bytes: number, index: number): Delivery => ({ ...person(index), body: Buffer.alloc(bytes - 1) });
  const indexes = (made: readonly (readonly Delivery[])[]) => made.map((batch) => batch.map(({ index }) => index));

  it('before a person who comes after one of the same batch, and before no other', () => {
    const all = [person(0), person(1), { ...person(2), after: [7, 0] }, { ...person(3), after: [0] }, person(4)];
    expect(indexes(batches(all, { users: 10, bytes: 1e6 }))).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(indexes(batches([person(0), { ...person(1), after: [7] }], { users: 10, bytes: 1e6 }))).toEqual([[0, 1]]);
  });

  it.each([
    { bytes: 11, fit: 2 },
    { bytes: 10, fit: 1 },
    { bytes: 16, fit: 3 },
    { bytes: 15, fit: 2 },
    { bytes: 1, fit: 1 },
  ])('$fit of three five-byte people fit into $bytes bytes', ({ bytes, fit }) => {
    const all = [0, 1, 2].map((index) => sized(5, index));
    expect(fitting(all, { users: 10, bytes })).toBe(fit);
    expect(batches(all, { users: 10, bytes })[0]).toHaveLength(fit);
  });

  it('no more users fit than allowed, and none of none', () => {
    expect(fitting([sized(5, 0), sized(5, 1), sized(5, 2)], { users: 2, bytes: 1000 })).toBe(2);
    expect(fitting([], { users: 2, bytes: 1000 })).toBe(0);
  });

  it.each([
    { sizes: [5, 5, 5, 5], left: 2 },
    { sizes: [4, 5, 10], left: 2 },
    { sizes: [4, 6, 10], left: 2 },
    { sizes: [4, 7, 10], left: 1 },
    { sizes: [100, 2, 2, 2], left: 1 },
    { sizes: [2, 2, 2, 100], left: 3 },
    { sizes: [2, 100], left: 1 },
  ])('people of $sizes bytes are halved by bytes after $left', ({ sizes, left }) => {
    const all = sizes.map(sized);
    expect(indexes(halveByBytes(all))).toEqual(indexes([all.slice(0, left), all.slice(left)]));
  });

  it.each([
    { users: 2, left: 1 },
    { users: 5, left: 2 },
  ])('$users people are halved by number after $left', ({ users, left }) => {
    expect(halve(Array.from({ length: users }, (_, index) => person(index)))[0]).toHaveLength(left);
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
