import { describe, expect, it } from 'vitest';
import { createPlanHash, sameHash } from './plan-hash.ts';

const bytes = (...list: number[]) => Uint8Array.from({ length: 16 }, (_, at) => list[at] ?? 0);
const hashOf = (
  entries: readonly (readonly [Parameters<ReturnType<typeof createPlanHash>['add']>[0], Uint8Array])[],
  scope = 's',
) => {
  const hash = createPlanHash(10);
  for (const [action, body] of entries) hash.add(action, body);
  return hash.result(scope);
};

describe('the hash of a plan', () => {
  const one = bytes(1, 2, 3, 4, 5, 6, 7, 8);

  it('is sixteen digits, the same in every release and whatever the order', () => {
    const other = bytes(9, 9, 9, 9, 9, 9, 9, 200);
    const forth = hashOf([
      ['join', one],
      ['leave', other],
    ]);
    const back = hashOf([
      ['leave', other],
      ['join', one],
    ]);
    expect({ forth, back, empty: hashOf([]) }).toEqual({
      forth: 'c191601310e69200',
      back: forth,
      empty: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
  });

  it('changes with each of the first eight bytes, the action, the scope and the number of people', () => {
    const changed = Array.from({ length: 8 }, (_, at) =>
      bytes(...[...one.subarray(0, 8)].map((b, i) => (i === at ? b + 128 : b))),
    );
    const hashes = [
      hashOf([['join', one]]),
      ...changed.map((body) => hashOf([['join', body]])),
      hashOf([['leave', one]]),
      hashOf([['join', one]], 'other'),
      hashOf([
        ['join', one],
        ['join', one],
      ]),
      hashOf([]),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('two body hashes', () => {
  it('are the same when all sixteen bytes are', () => {
    const differing = Array.from({ length: 16 }, (_, at) => at).filter((at) => {
      const other = bytes(1);
      other[at] = 77;
      return !sameHash(bytes(1), other);
    });
    expect({ same: sameHash(bytes(1), bytes(1)), differing: differing.length }).toEqual({ same: true, differing: 16 });
  });
});
