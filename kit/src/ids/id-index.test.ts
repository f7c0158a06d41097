import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdIndex } from './id-index.ts';

describe('id index', () => {
  it('finds every id at the position of its first sight, and gives it back unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[0-9a-f]{0,6}$/))),
        (ids) => {
          const wanted = ids.map((id) => Buffer.from(id, 'utf8').toString('utf8'));
          const index = createIdIndex();
          const expected = new Map<string, number>();
          for (const id of wanted) {
            if (!expected.has(id)) expected.set(id, expected.size);
            expect(index.add(id)).toBe(expected.get(id));
          }
          expect(index.size).toBe(expected.size);
          for (const [id, position] of expected) {
            expect(index.find(id)).toBe(position);
            expect(index.at(position)).toBe(id);
          }
          expect(index.find('never added anywhere')).toBe(-1);
        },
      ),
    );
  });

  it('keeps a hundred thousand ids apart, also with a hash that is always the same seed', () => {
    const index = createIdIndex(1);
    for (let i = 0; i < 100_000; i++) index.add(`person-${i}`);
    for (let i = 0; i < 100_000; i += 997) expect(index.at(index.find(`person-${i}`))).toBe(`person-${i}`);
    expect(index.find('person-100000')).toBe(-1);
  });

  it('takes ids longer than its chunks', () => {
    const index = createIdIndex();
    const long = 'x'.repeat(3 << 20);
    index.add('short');
    index.add(long);
    index.add('after');
    expect([index.find('short'), index.find(long), index.find('after')]).toEqual([0, 1, 2]);
    expect(index.at(1)).toBe(long);
  });
});
