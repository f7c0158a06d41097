import { describe, expect, it } from 'vitest';
import { hash, sequence, unit, uuid } from './rng.ts';

describe('seeded randomness', () => {
  it('gives the same value for the same triple and another for any neighbour', () => {
    expect(hash(1, 2, 3)).toBe(hash(1, 2, 3));
    expect(new Set([hash(1, 2, 3), hash(2, 2, 3), hash(1, 3, 3), hash(1, 2, 4)]).size).toBe(4);
  });
  it('spreads evenly over indexes', () => {
    let below = 0;
    for (let index = 0; index < 20_000; index++) if (unit(1, index, 9) < 0.1) below++;
    expect(below).toBeGreaterThan(1800);
    expect(below).toBeLessThan(2200);
  });
  it('repeats a sequence from its seed', () => {
    const [a, b] = [sequence(5), sequence(5)];
    expect([a(), a(), a()]).toEqual([b(), b(), b()]);
  });
  it('makes lower-case uuids', () => {
    expect(uuid(1, 2, 3)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
