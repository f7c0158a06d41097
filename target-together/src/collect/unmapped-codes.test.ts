import { describe, expect, it } from 'vitest';
import type { Fault } from '../model/person.ts';
import { createUnmappedCodes } from './unmapped-codes.ts';

const fault = (value: string, field = 'addressCountry', code = 'unknown_country'): Fault => ({
  field,
  code,
  value,
  message: '',
  fix: '',
});

function codesOf(...values: string[]) {
  const codes = createUnmappedCodes();
  for (const value of values) codes.add([fault(value)]);
  return codes.result().map(({ value, people }) => [value, people]);
}

describe('codes that could not be translated', () => {
  it('are shown where at least three people share them', () => {
    expect(codesOf('UKX', 'UKX', 'UKX', 'Q', 'Q', '12')).toEqual([
      ['UKX', 3],
      ['(1 letter, not shown)', 2],
      ['(2 digits, not shown)', 1],
    ]);
  });

  it('are not shown at all where most people have one of their own: the column holds something else', () => {
    const names = ['Byron', 'Curie', 'Gauss', 'Noether'];
    expect(codesOf('Smith', 'Smith', 'Smith', ...names)).toEqual([
      ['(5 letters, not shown)', 6],
      ['(7 letters, not shown)', 1],
    ]);
  });

  it('count codes only', () => {
    const codes = createUnmappedCodes();
    codes.add([fault('DD.MM.YYYY', 'lastHireDate', 'date_format')]);
    expect(codes.result()).toEqual([]);
  });
});
