import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../model/person.ts';
import { bodyBytes, bodyOf } from '../together/body.ts';
import { bisect, bisectByBytes, createBatcher, fitting } from './batch.ts';
import type { Limits } from './batch-size.ts';

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
          for (const [left, right] of [bisect(all), bisectByBytes(all)]) {
            expect([...left, ...right]).toEqual(all);
            expect(Math.min(left.length, right.length)).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('where batches end', () => {
  /** A person who adds so many bytes to a body. */
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
    expect(indexes(bisectByBytes(all))).toEqual(indexes([all.slice(0, left), all.slice(left)]));
  });

  it.each([
    { users: 2, left: 1 },
    { users: 5, left: 2 },
  ])('$users people are halved by number after $left', ({ users, left }) => {
    expect(bisect(Array.from({ length: users }, (_, index) => person(index)))[0]).toHaveLength(left);
  });
});

it.each([
  { reason: 'people under new ids go by themselves', moves: 'nnyyn', oneMove: false, sizes: [2, 2, 1] },
  { reason: 'the first one of all goes alone', moves: 'yyn', oneMove: true, sizes: [1, 1, 1] },
  { reason: 'nobody else is kept apart for that', moves: 'nnn', oneMove: true, sizes: [3] },
])('$reason', ({ moves, oneMove, sizes }) => {
  const all = Array.from(moves, (move, index) => ({
    ...person(index),
    ...(move === 'y' && { movedFrom: `old${index}` }),
  }));
  expect(batches(all, { users: 10, bytes: 10_000, oneMove }).map((batch) => batch.length)).toEqual(sizes);
});
