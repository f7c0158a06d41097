import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundTo, encryption, encryptionBytes } from './encryption.ts';

const key = Buffer.alloc(32, 1);
const place = boundTo(['block', 'state', 'ledger.log', 'id', 0]);

describe('encrypted bytes', () => {
  it('open again, are longer by nonce and tag, and never look alike twice', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (text) => {
        const { encrypt, open } = encryption(key);
        const encrypted = encrypt(text, place);
        expect(encrypted.length).toBe(text.length + encryptionBytes);
        expect([...(open(encrypted, place) as Buffer)]).toEqual([...text]);
        expect(encrypt(text, place).equals(encrypted)).toBe(false);
      }),
    );
  });

  it('do not open with any single bit turned, cut short, elsewhere or with another key', () => {
    const { encrypt, open } = encryption(key);
    const encrypted = encrypt(Buffer.from('what Together accepted'), place);
    for (let bit = 0; bit < encrypted.length * 8; bit++) {
      const turned = Buffer.from(encrypted);
      turned[bit >> 3] = (turned[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(open(turned, place)).toBeUndefined();
    }
    for (let length = 0; length < encrypted.length; length++)
      expect(open(encrypted.subarray(0, length), place)).toBeUndefined();
    for (const other of [
      boundTo(['block', 'state', 'ledger.log', 'id', 1]),
      boundTo(['block', 'state', 'runs.json', 'id', 0]),
      boundTo(['block', 'another', 'ledger.log', 'id', 0]),
      boundTo(['block', 'state', 'ledger.log', 'id', 0], Buffer.alloc(16, 1)),
    ])
      expect(open(encrypted, other)).toBeUndefined();
    expect(encryption(Buffer.alloc(32, 2)).open(encrypted, place)).toBeUndefined();
  });
});
