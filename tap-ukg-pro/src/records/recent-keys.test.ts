import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRecentKeys } from './recent-keys.ts';

describe('createRecentKeys', () => {
  test('a key is new once', () => {
    const keys = createRecentKeys();
    expect(keys.isNew(['E1', 'C1'])).toBe(true);
    expect(keys.isNew(['E1', 'C2'])).toBe(true);
    expect(keys.isNew(['E1', 'C1'])).toBe(false);
  });

  test('parts do not run together', () => {
    const keys = createRecentKeys();
    expect(keys.isNew(['ab', 'c'])).toBe(true);
    expect(keys.isNew(['a', 'bc'])).toBe(true);
    expect(keys.isNew(['abc'])).toBe(true);
    expect(keys.isNew(['abc', ''])).toBe(true);
  });

  test('agrees with a plain set as long as nothing is forgotten', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 5 })), { maxLength: 200 }),
        (all) => {
          const keys = createRecentKeys(1024);
          const plain = new Set<string>();
          for (const parts of all) {
            const text = JSON.stringify(parts);
            expect(keys.isNew(parts)).toBe(!plain.has(text));
            plain.add(text);
          }
        },
      ),
    );
  });

  test('remembers the last keys through any number of others, and forgets the oldest', () => {
    const keys = createRecentKeys(1024);
    let wrong = 0;
    for (let i = 0; i < 50_000; i++) {
      if (!keys.isNew([`E${i}`])) wrong++;
      if (i >= 500 && keys.isNew([`E${i - 500}`])) wrong++;
    }
    expect(wrong).toBe(0);
    expect(keys.isNew(['E0'])).toBe(true);
  });

  test('half a million keys do not collide', () => {
    const keys = createRecentKeys(524_288);
    let fresh = 0;
    for (let i = 0; i < 500_000; i++) if (keys.isNew([`A${i.toString(36).padStart(11, '0')}`, 'C0001'])) fresh++;
    expect(fresh).toBe(500_000);
  });
});
