import { describe, expect, it } from 'vitest';
import { longHash, shortHash } from './siphash.ts';

const key = Uint8Array.from({ length: 16 }, (_, i) => i);
/** Text whose UTF-16 units are the bytes 8, 9, 10 … : with the salt they are the reference's message 0, 1, 2 … */
const message = (bytes: number) =>
  Array.from({ length: (bytes - 8) / 2 }, (_, i) => String.fromCharCode((8 + 2 * i) | ((9 + 2 * i) << 8))).join('');

describe('the short hash', () => {
  it('is SipHash-2-4: the low words of the reference vectors', () => {
    const hash = shortHash(key);
    const salted = (bytes: number) => hash(message(bytes), 0x03020100, 0x07060504);
    // The paper's own example (appendix A) has 15 bytes and the result a129ca6149be45e5: the model below must agree with it.
    expect(reference(15)).toBe(0x49be45e5);
    for (const bytes of [8, 10, 12, 14, 16, 24, 62]) expect(salted(bytes)).toBe(reference(bytes));
  });

  it('differs by key, salt and text', () => {
    const seen = new Set<number>();
    for (const first of [0, 1]) {
      const hash = shortHash(key.map((byte) => byte ^ first));
      for (const salt of [0, 1])
        for (const text of ['', 'a', 'aa', '\0', 'é', '李']) seen.add(hash(text, salt, 0)).add(hash(text, 0, salt + 2));
    }
    expect(seen.size).toBe(2 * 2 * 2 * 6);
  });
});

describe('the long hash', () => {
  it('is 53 bits of the same, different for each text and key', () => {
    const [hash, other] = [longHash(key), longHash(key.map((byte) => byte + 1))];
    const seen = new Set<number>();
    for (let n = 0; n < 2000; n++) {
      const text = `e${n}@example.com`;
      for (const number of [hash(text), other(text)]) {
        expect(Number.isSafeInteger(number) && number >= 0).toBe(true);
        seen.add(number);
      }
      expect(hash(text) % 2 ** 32).toBe(shortHash(key)(text, 0, 0));
    }
    expect(seen.size).toBe(4000);
    expect([...seen].some((number) => number > 2 ** 52)).toBe(true);
  });
});

/** SipHash-2-4 as the paper writes it, with 64-bit numbers. */
function reference(bytes: number): number {
  const mask = (1n << 64n) - 1n;
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & mask;
  const read = (from: (i: number) => number) =>
    Array.from({ length: 8 }, (_, i) => BigInt(from(i)) << BigInt(8 * i)).reduce((a, b) => a | b);
  const [k0, k1] = [read((i) => i), read((i) => 8 + i)];
  let [v0, v1, v2, v3] = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  const round = () => {
    v0 = (v0 + v1) & mask;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & mask;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & mask;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & mask;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  const full = bytes - (bytes % 8);
  for (let at = 0; at <= full; at += 8) {
    const m = read((i) => (at + i < bytes ? at + i : at === full && i === 7 ? bytes & 255 : 0));
    v3 ^= m;
    round();
    round();
    v0 ^= m;
  }
  v2 ^= 0xffn;
  for (let i = 0; i < 4; i++) round();
  return Number((v0 ^ v1 ^ v2 ^ v3) & 0xffffffffn);
}
