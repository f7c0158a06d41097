import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textOfUtf8 } from './utf8.ts';

it('decodes characters of one to four bytes wherever they stand', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '語', '𝄞', '\u0000', '\ufeff'), maxLength: 4000 });
  fc.assert(fc.property(text, (wanted) => textOfUtf8(Buffer.from(wanted)) === wanted));
  for (let before = 1015; before < 1030; before++) {
    const wanted = `${'x'.repeat(before)}𝄞${'x'.repeat(3000)}é`;
    expect(textOfUtf8(Buffer.from(wanted))).toBe(wanted);
  }
});
