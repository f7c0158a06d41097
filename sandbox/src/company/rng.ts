/**
 * Seeded randomness with random access: a value belongs to (seed, index, salt), so the millionth person costs as much as the
 * first and nothing needs to be kept.
 */

/** 32 well-mixed bits for a triple of integers. */
export function hash(seed: number, index: number, salt: number): number {
  let x = (seed | 0) ^ Math.imul(index + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) ^ Math.imul(salt + 1, 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  x = Math.imul(x ^ (x >>> 16), 0x27d4eb2f);
  return (x ^ (x >>> 15)) >>> 0;
}

/** A number in [0, 1) for a triple of integers. */
export function unit(seed: number, index: number, salt: number): number {
  return hash(seed, index, salt) / 0x1_0000_0000;
}

/** The item of a list that a number in [0, 1) points at. */
export function pick<T>(list: readonly T[], at: number): T {
  const item = list[Math.floor(at * list.length)];
  if (item === undefined) throw new RangeError('pick() needs a list that is not empty and a number in [0, 1)');
  return item;
}

/** A stream of numbers in [0, 1), the same for the same seed. */
export function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex32 = (n: number): string => `${HEX[n >>> 24]}${HEX[(n >>> 16) & 255]}${HEX[(n >>> 8) & 255]}${HEX[n & 255]}`;

/** A lower-case uuid (version 4 in form) for a triple of integers. */
export function uuid(seed: number, index: number, salt: number): string {
  const b = hex32(hash(seed, index, salt + 1));
  const c = hex32(hash(seed, index, salt + 2));
  return `${hex32(hash(seed, index, salt))}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${hex32(hash(seed, index, salt + 3))}`;
}
