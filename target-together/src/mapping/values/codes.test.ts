import { beforeAll, describe, expect, test } from 'vitest';
import {
  booleanTable,
  type CountryTable,
  falseTokens,
  loadCountries,
  loadSubdivisions,
  type SubdivisionTable,
  trueTokens,
} from './codes.ts';

let country: CountryTable;
let subdivision: SubdivisionTable;
beforeAll(async () => {
  country = await loadCountries();
  subdivision = await loadSubdivisions();
});

describe('countries', () => {
  test.each([
    ['CA', 'CA'],
    ['can', 'CA'],
    ['USA', 'US'],
    ['840', 'US'],
    ['4', 'AF'],
    ['United States', 'US'],
    ['united kingdom', 'GB'],
    ['UK', 'GB'],
    ['Côte d’Ivoire', 'CI'],
    ['U.S.A.', 'US'],
    ['South Korea', 'KR'],
    ['Viet Nam', 'VN'],
    ["Cote d'Ivoire", 'CI'],
    ['Türkiye', 'TR'],
    ['AUT', 'AT'],
    ['AGO', 'AO'],
  ])('%s is %s', (given, wanted) => {
    expect(country(given)).toBe(wanted);
  });

  test.each(['XX', 'ZZZ', '999', 'Atlantis', '', 'U', '__proto__', 'constructor'])(
    '%j is none, and is not cut to fit',
    (given) => {
      expect(country(given)).toBeUndefined();
    },
  );
});

describe('subdivisions', () => {
  test.each([
    ['ON', 'CA', 'ON'],
    ['on', 'CA', 'ON'],
    ['CA-ON', 'CA', 'ON'],
    ['Ontario', 'CA', 'ON'],
    ['Québec', 'CA', 'QC'],
    ['Quebec', 'CA', 'QC'],
    ['California', 'US', 'CA'],
    ['NSW', 'AU', 'NSW'],
    ['Baden-Württemberg', 'DE', 'BW'],
    ['ON', undefined, 'ON'],
    ['US-NY', undefined, 'NY'],
  ])('%s in %s is %s', (given, of, wanted) => {
    expect(subdivision(given, of)).toBe(wanted);
  });

  test.each([
    ['ON', 'US'],
    ['Bavaria-on-Sea', 'DE'],
    ['Ontario', undefined],
    ['XX-99', undefined],
    ['ON', 'ZZ'],
  ])('%s in %s is none', (given, of) => {
    expect(subdivision(given, of)).toBeUndefined();
  });

  test('a name for two subdivisions of one country decides nothing', () => {
    expect(subdivision('Dhaka', 'BD')).toBeUndefined();
    expect(subdivision('C', 'BD')).toBe('C');
  });

  test('more different values than the memory holds are still translated', () => {
    const found = Array.from({ length: 12_000 }, (_, i) => subdivision(`no-${i}`, 'CA'));
    expect(found.every((one) => one === undefined)).toBe(true);
    expect(subdivision('ON', 'CA')).toBe('ON');
  });
});

test('booleans by tokens, without case', () => {
  const table = booleanTable(trueTokens, falseTokens);
  expect(['Yes', 'y', 'TRUE', '1', 'on'].map(table)).toEqual([true, true, true, true, true]);
  expect(['No', 'N', 'false', '0', 'off'].map(table)).toEqual([false, false, false, false, false]);
  expect(table('perhaps')).toBeUndefined();
  expect(booleanTable(['Remote'], ['Office'])('remote')).toBe(true);
});
