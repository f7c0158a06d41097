import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remarkOn } from './remarks.ts';
import { cleanText, hasStrayCharacters, isPlainText, showCode } from './text.ts';

describe('cleanText', () => {
  test.each([
    ['  Ada ', 'Ada'],
    ['Jose\u0301', 'José'],
    ['李小龍', '李小龍'],
    ['\u1ECC\u0300', 'Ọ̀'],
    ['👩🏽‍💻 Ada', '👩🏽‍💻 Ada'],
    ['\u200Fמירי\u200F', '\u200Fמירי\u200F'],
    ['Ada\r\nByron', 'Ada Byron'],
    ['A\u0000da\u0007', 'Ada'],
    ['\uFEFFAda\u00A0', 'Ada'],
    ['Ada\uD800', 'Ada'],
    [' \t ', ''],
  ])('%j becomes %j', (given, wanted) => {
    expect(cleanText(given)).toBe(wanted);
  });

  test('is idempotent, and leaves well-formed NFC without control characters or outer blanks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clean = cleanText(text);
        return cleanText(clean) === clean && clean === clean.trim().normalize('NFC') && !/\p{Cc}|\p{Cs}/u.test(clean);
      }),
    );
  });

  test('text of 300 letters arrives whole', () => {
    expect(cleanText('é'.repeat(300))).toHaveLength(300);
  });

  test('plain text is exactly what cleaning would not touch', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isPlainText(text))
          expect(text.replace(/\s+/g, ' ').trim().normalize('NFC')).toBe(text.replace(/\s+/g, ' '));
      }),
    );
  });

  test('plain text has nothing to remark and nothing to remove, with accents too', () => {
    const signs = Array.from({ length: 0x180 }, (_, unit) => String.fromCharCode(unit));
    const unit = fc.constantFrom(...signs, '\u0301', '\u0153', '\u2013', '\u20ac');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 6 }), (text) => {
        if (!isPlainText(text)) return;
        expect(text.normalize('NFC').trim()).toBe(text);
        expect(text).not.toMatch(/\p{Cc}|\p{Cf}/u);
        expect(remarkOn(text)).toBeUndefined();
      }),
      { numRuns: 5_000 },
    );
    expect(isPlainText('Müller')).toBe(true);
    expect(isPlainText('MÃ¼ller')).toBe(false);
  });
});

test('an identifier with control characters or broken text inside is told apart from one with outer blanks', () => {
  expect(hasStrayCharacters(' 0012\t')).toBe(false);
  expect(hasStrayCharacters('00\u000012')).toBe(true);
  expect(hasStrayCharacters('00\uDC0012')).toBe(true);
});

test('shows codes and labels, never what may be personal', () => {
  expect(showCode('On Leave')).toBe('On Leave');
  expect(showCode('X')).toBe('X');
  for (const personal of [
    'ada@example.com',
    '1990-02-03',
    '+49 151 2345678',
    '1 Main Street Apt 4 Springfield',
    'x'.repeat(33),
  ]) {
    expect(showCode(personal)).toMatch(/^\(\d+ characters, not shown\)$/);
  }
});
