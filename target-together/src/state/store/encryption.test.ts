import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealing } from './encryption.ts';

const key = Buffer.alloc(32, 1);
const bytes = fc.uint8Array({ maxLength: 300 });

describe('sealed bytes', () => {
  it('are the same however the file was cut into pieces, and open from any place', () => {
    fc.assert(
      fc.property(bytes, fc.nat(300), fc.nat(1_000_000), (text, cut, offset) => {
        const seal = sealing(key);
        const id = Buffer.alloc(12, 3);
        const at = Math.min(cut, text.length);
        const whole = seal(id, text, offset);
        expect(
          Buffer.concat([seal(id, text.subarray(0, at), offset), seal(id, text.subarray(at), offset + at)]),
        ).toEqual(whole);
        expect([...seal(id, whole.subarray(at), offset + at)]).toEqual([...text.subarray(at)]);
      }),
    );
  });

  it('differ by key, file and place', () => {
    const zeros = Buffer.alloc(64);
    const id = randomBytes(12);
    const texts = [
      sealing(key)(id, zeros, 0),
      sealing(key)(id, zeros, 64),
      sealing(key)(randomBytes(12), zeros, 0),
      sealing(Buffer.alloc(32, 2))(id, zeros, 0),
    ].map((sealed) => sealed.toString('hex'));
    expect(new Set(texts).size).toBe(4);
  });
});
