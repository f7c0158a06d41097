import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseEmployment, decidedByHome, type Employment, statusRank } from './choose.ts';

const one = (
  companyId: string | null,
  employeeStatusCode: string | null,
  lastHireDate: string | null = null,
): Employment => ({
  companyId,
  employeeStatusCode,
  lastHireDate,
  originalHireDate: null,
});
const chosen = (all: Employment[], home: string | null = null) => {
  const { employment, reason } = chooseEmployment(all, home);
  return [employment.companyId, reason];
};

describe('chooseEmployment', () => {
  test('the only one counts', () => expect(chosen([one('C1', 'T')])).toEqual(['C1', 'only_employment']));
  test('active before leave before terminated, whatever the home company says', () => {
    expect(chosen([one('C1', 'T'), one('C2', 'L'), one('C3', 'A')], 'C1')).toEqual(['C3', 'status']);
    expect(chosen([one('C1', 'T'), one('C2', 'S')], 'C1')).toEqual(['C2', 'status']);
    expect(chosen([one('C1', 'R'), one('C2', 'O')], 'C1')).toEqual(['C2', 'status']);
  });
  test('an unknown status is neither active nor terminated', () => {
    expect(chosen([one('C1', 'X'), one('C2', 'T')])).toEqual(['C1', 'status']);
    expect(chosen([one('C1', 'X'), one('C2', 'L')])).toEqual(['C2', 'status']);
  });
  test('then the home company, then the latest hire, then the company id', () => {
    expect(chosen([one('C1', 'A', '2026-01-01'), one('C2', 'O', '2020-01-01')], 'C2')).toEqual(['C2', 'home_company']);
    expect(chosen([one('C1', 'A', '2020-01-01'), one('C2', 'A', '2026-01-01')], 'C9')).toEqual(['C2', 'latest_hire']);
    expect(chosen([one('C2', 'A', '2020-01-01'), one('C1', 'A', '2020-01-01')])).toEqual(['C1', 'company_id']);
    expect(chosen([one('C2', 'A'), one('C1', 'A')])).toEqual(['C1', 'company_id']);
  });

  test('on leave and suspended come before an unknown status, released and terminated after it', () => {
    const ranks = Object.fromEntries(['A', 'O', 'L', 'S', 'X', '', 'R', 'T'].map((code) => [code, statusRank(code)]));
    expect(ranks).toEqual({ A: 0, O: 0, L: 1, S: 1, X: 2, '': 2, R: 3, T: 3 });
    expect(statusRank(null)).toBe(2);
  });
  test('an employment without a company is never the home one, and comes first among equals', () => {
    expect(chosen([one(null, 'A', '2020-01-01'), one('C1', 'A', '2026-01-01')])).toEqual(['C1', 'latest_hire']);
    expect(chosen([one('C1', 'A'), one(null, 'A')])).toEqual([null, 'company_id']);
    expect(chosen([one(null, 'A'), one('C1', 'A')])).toEqual([null, 'company_id']);
  });
  test('without a last hire date the original one counts; without both it is the earliest', () => {
    const rehired = { ...one('C1', 'A', '2024-01-01'), originalHireDate: '2010-01-01' };
    const kept = { ...one('C2', 'A'), originalHireDate: '2020-01-01' };
    expect(chosen([rehired, kept])).toEqual(['C1', 'latest_hire']);
    expect(chosen([kept, one('C3', 'A')])).toEqual(['C2', 'latest_hire']);
    expect(chosen([one('C3', 'A'), kept])).toEqual(['C2', 'latest_hire']);
  });
  test.each([
    ['no employment', [], false],
    ['a single employment', [one('C1', 'A')], false],
    ['statuses that differ', [one('C1', 'A'), one('C2', 'T')], false],
    ['hire dates that differ', [one('C1', 'A', '2020-01-01'), one('C2', 'A', '2021-01-01')], true],
    ['nothing but company ids that differ', [one('C1', 'A'), one('C2', 'A')], true],
  ])('the home company is worth asking for with %s: %j', (_, own, worth) => {
    expect(decidedByHome(own)).toBe(worth);
  });

  const employment = fc.record({
    companyId: fc.constantFrom('C1', 'C2', 'C3', 'C4', 'C5'),
    employeeStatusCode: fc.constantFrom('A', 'O', 'L', 'S', 'R', 'T', 'X', null),
    lastHireDate: fc.option(fc.constantFrom('2019-01-01', '2020-02-29', '2026-01-01')),
    originalHireDate: fc.option(fc.constantFrom('2018-01-01', '2020-02-29')),
  });
  const several = fc.uniqueArray(employment, { selector: ({ companyId }) => companyId, minLength: 1 });
  test('is the same for every order, and never worse in status than any other', () => {
    fc.assert(
      fc.property(several, fc.option(fc.constantFrom('C1', 'C2')), fc.infiniteStream(fc.nat()), (all, home, random) => {
        const { employment: first, reason } = chooseEmployment(all, home);
        const shuffled = all
          .map((value) => ({ value, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ value }) => value);
        expect(chooseEmployment(shuffled, home)).toEqual({ employment: first, reason });
        for (const other of all) {
          expect(statusRank(first.employeeStatusCode)).toBeLessThanOrEqual(statusRank(other.employeeStatusCode));
        }
      }),
    );
  });
});
