import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundTo, sealBytes, sealing } from './encryption.ts';

const key = Buffer.alloc(32, 1);
const place = boundTo(['block', 'state', 'ledger.log', 'id', 0]);

describe('sealed bytes', () => {
  it('open again, are longer by nonce and tag, and never look alike twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
        const { seal, open } = sealing(key);
        const sealed = seal(text, place);
        expect(sealed.length).toBe(text.length + sealBytes);
        expect([...(open(sealed, place) as Buffer)]).toEqual([...text]);
        expect(seal(text, place).equals(sealed)).toBe(false);
      }),
    );
  });

  it('do not open with any single bit turned, cut short, elsewhere or with another key', () => {
    const { seal, open } = sealing(key);
    const sealed = seal(Buffer.from('what Together accepted'), place);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const turned = Buffer.from(sealed);
      turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(open(turned, place)).toBeUndefined();
    }
    for (let length = 0; length < sealed.length; length++)
      expect(open(sealed.subarray(0, length), place)).toBeUndefined();
    for (const other of [
      boundTo(['block', 'state', 'ledger.log', 'id', 1]),
      boundTo(['block', 'state', 'runs.json', 'id', 0]),
      boundTo(['block', 'another', 'ledger.log', 'id', 0]),
      boundTo(['block', 'state', 'ledger.log', 'id', 0], Buffer.alloc(16, 1)),
    ])
      expect(open(sealed, other)).toBeUndefined();
    expect(sealing(Buffer.alloc(32, 2)).open(sealed, place)).toBeUndefined();
  });
});
