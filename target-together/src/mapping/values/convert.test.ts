import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { valueTypes } from '../../model/user-fields.ts';
import { loadCountries, loadSubdivisions } from './codes.ts';
import { type ConvertOptions, converterFor, isEmail, shortcutFor } from './convert.ts';
import { loadZone } from './dates.ts';

let options: ConvertOptions;
beforeAll(async () => {
  options = { zone: await loadZone('UTC'), countries: await loadCountries(), subdivisions: await loadSubdivisions() };
});

describe('an e-mail address', () => {
  test.each([
    'ada@example.com',
    "o'brien+hr@mail.example.co.uk",
    'José@example.com',
    '用户@例子.公司',
    'a@b.io',
    'a_b-c.d@ex-ample.com',
    `${'a'.repeat(64)}@example.com`,
  ])('%s is one', (text) => {
    expect(isEmail(text)).toBe(true);
  });

  test.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@localhost',
    'ada@example.c',
    'ada@@example.com',
    'ada@exa mple.com',
    'ada@example..com',
    '.ada@example.com',
    'ada.@example.com',
    'ada@.example.com',
    'ada@-example.com',
    'Ada <ada@example.com>',
    'ada@example.com, bo@example.com',
    'ada@example.com;',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a'.repeat(260)}.com`,
  ])('%j is none', (text) => {
    expect(isEmail(text)).toBe(false);
  });

  test('mailto: is taken off', () => {
    expect(converterFor('email', options)('mailto:ada@example.com')).toBe('ada@example.com');
  });
});

test('a shortcut never answers differently from its converter', () => {
  const likely = fc.constantFrom(
    'A',
    ' A',
    'CA',
    'CAN',
    'canada',
    '2020-02-29',
    '2020-02-30',
    '2020-02-29T01:02:03.004Z',
    '2020-02-29T25:02:03.004Z',
    'ada@example.com',
    '\u0000A',
    'é',
    'e\u0301',
    '',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...valueTypes),
      fc.oneof(likely, fc.string({ unit: 'binary', maxLength: 30 }), fc.string()),
      (type, text) => {
        const quick = shortcutFor(type, options)?.(text);
        return quick === undefined || quick === converterFor(type, options)(text);
      },
    ),
    { numRuns: 2_000 },
  );
});
