import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseEmployment, type Employment, statusRank } from './choose.ts';

const one = (companyId: string, employeeStatusCode: string | null, lastHireDate: string | null = null): Employment => ({
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
