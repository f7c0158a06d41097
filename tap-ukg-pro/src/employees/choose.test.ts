import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  beginsLater,
  type Calendar,
  chooseEmployment,
  decidedByHome,
  type Employment,
  hasEnded,
  statusRank,
} from './choose.ts';

const today = '2026-11-30';
const calendar: Calendar = { today, leadDays: 0 };

const one = (
  companyId: string | null,
  employeeStatusCode: string | null,
  days: Partial<Employment> = {},
): Employment => ({
  companyId,
  employeeStatusCode,
  lastHireDate: null,
  originalHireDate: null,
  dateOfTermination: null,
  ...days,
});
const hired = (day: string) => ({ lastHireDate: day });
const ends = (day: string) => ({ dateOfTermination: day });

describe('the employment that counts', () => {
  const table: { why: string; rows: Employment[]; home?: string; lead?: number | null; counts: string; by: string }[] =
    [
      { why: 'the only one', rows: [one('C1', 'T')], counts: 'C1', by: 'only_employment' },
      {
        why: 'active before leave before terminated, whatever the home company is',
        rows: [one('C1', 'T'), one('C2', 'L'), one('C3', 'A')],
        home: 'C1',
        counts: 'C3',
        by: 'status',
      },
      {
        why: 'suspended before terminated',
        rows: [one('C1', 'T'), one('C2', 'S')],
        home: 'C1',
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'on strike before released',
        rows: [one('C1', 'R'), one('C2', 'O')],
        home: 'C1',
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'a status that is not known before terminated',
        rows: [one('C1', 'X'), one('C2', 'T')],
        counts: 'C1',
        by: 'status',
      },
      {
        why: 'leave before a status that is not known',
        rows: [one('C1', 'X'), one('C2', 'L')],
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'of two active ones the home company',
        rows: [one('C1', 'A', hired('2026-01-01')), one('C2', 'O', hired('2020-01-01'))],
        home: 'C2',
        counts: 'C2',
        by: 'home_company',
      },
      {
        why: 'without a home company the latest hire',
        rows: [one('C1', 'A', hired('2020-01-01')), one('C2', 'A', hired('2026-01-01'))],
        home: 'C9',
        counts: 'C2',
        by: 'latest_hire',
      },
      {
        why: 'a hire date that stands for none is no latest hire',
        rows: [one('C1', 'A', hired('2020-01-01')), one('C2', 'A', hired('9999-12-31'))],
        counts: 'C1',
        by: 'latest_hire',
      },
      {
        why: 'of equal hires the lowest company id',
        rows: [one('C2', 'A', hired('2020-01-01')), one('C1', 'A', hired('2020-01-01'))],
        counts: 'C1',
        by: 'company_id',
      },
      {
        why: 'an active one that begins later is behind the one in force, though it is the home company',
        rows: [one('C1', 'A', hired('2020-01-01')), one('C2', 'A', hired('2026-12-15'))],
        home: 'C2',
        counts: 'C1',
        by: 'begun',
      },
      {
        why: 'from its first day on it counts',
        rows: [one('C1', 'A', hired('2020-01-01')), one('C2', 'A', hired(today))],
        counts: 'C2',
        by: 'latest_hire',
      },
      {
        why: 'a leave is in force, an active one that begins later is not',
        rows: [one('C1', 'L', hired('2020-01-01')), one('C2', 'A', hired('2026-12-15'))],
        counts: 'C1',
        by: 'begun',
      },
      {
        why: 'a termination whose day is ahead is in force before one that begins later',
        rows: [one('C1', 'T', ends('2026-12-14')), one('C2', 'A', hired('2026-12-15'))],
        counts: 'C1',
        by: 'begun',
      },
      {
        why: 'who left and comes back later has left until then',
        rows: [one('C1', 'T', ends('2020-06-30')), one('C2', 'A', hired('2026-12-15'))],
        counts: 'C1',
        by: 'begun',
      },
      {
        why: 'within the lead, the one that begins later counts',
        rows: [one('C1', 'T', ends('2020-06-30')), one('C2', 'A', hired('2026-12-15'))],
        lead: 15,
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'without a lead at all it counts as soon as it is listed',
        rows: [one('C1', 'T', ends('2020-06-30')), one('C2', 'A', hired('2027-12-15'))],
        lead: null,
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'active before a termination that is ahead',
        rows: [one('C1', 'T', ends('2026-12-31')), one('C2', 'A')],
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'a termination that is ahead before one that is over',
        rows: [one('C1', 'T', ends('2026-11-29')), one('C2', 'T', ends('2026-12-31'))],
        home: 'C1',
        counts: 'C2',
        by: 'status',
      },
      {
        why: 'of two rows of one company the active one',
        rows: [one('C1', 'T', { ...hired('2026-01-01') }), one('C1', 'A', hired('2020-01-01'))],
        counts: 'C1',
        by: 'status',
      },
      {
        why: 'of two equal rows of one company the one that changed last',
        rows: [one('C1', 'A', { dateTimeChanged: '2026-01-01' }), one('C1', 'A', { dateTimeChanged: '2026-02-02' })],
        counts: 'C1',
        by: 'latest_change',
      },
    ];
  test.each(table)('$why', ({ rows, home = null, lead = 0, counts, by }) => {
    const chosen = chooseEmployment(rows, home, { today, leadDays: lead });
    expect({ counts: chosen.employment.companyId, by: chosen.reason }).toEqual({ counts, by });
    expect(chooseEmployment([...rows].reverse(), home, { today, leadDays: lead })).toEqual(chosen);
  });
});

describe('the days of an employment', () => {
  test.each([
    { first: '2026-11-30', lead: 0, later: false, why: 'today' },
    { first: '2026-12-01', lead: 0, later: true, why: 'tomorrow' },
    { first: '2026-12-05', lead: 5, later: false, why: 'as many days ahead as the lead' },
    { first: '2026-12-06', lead: 5, later: true, why: 'a day beyond the lead' },
    { first: '2027-12-06', lead: null, later: false, why: 'with no lead at all' },
    { first: '2099-12-31', lead: 0, later: false, why: 'a day that stands for none' },
  ])('begins later: $why → $later', ({ first, lead, later }) => {
    expect(beginsLater(one('C1', 'A', hired(first)), { today, leadDays: lead })).toBe(later);
  });
  test('the last hire decides, not the first', () => {
    const rehired = { originalHireDate: '2010-01-01', lastHireDate: '2026-12-15' };
    expect(beginsLater(one('C1', 'A', rehired), calendar)).toBe(true);
    expect(beginsLater(one('C1', 'A', { originalHireDate: '2026-12-15' }), calendar)).toBe(true);
  });
  test.each([
    { status: 'T', last: '2026-11-29', ended: true, why: 'the day after the last day' },
    { status: 'T', last: '2026-11-30', ended: false, why: 'on the last day' },
    { status: 'R', last: '2026-12-14', ended: false, why: 'released with the day ahead' },
    { status: 'T', last: null, ended: true, why: 'without a day' },
    { status: 'T', last: '9999-12-31', ended: true, why: 'with a day that stands for none' },
    { status: 'A', last: '2020-06-30', ended: false, why: 'active, with a day left from before a rehire' },
  ])('has ended: $why → $ended', ({ status, last, ended }) => {
    expect(hasEnded(one('C1', status, { dateOfTermination: last }), calendar)).toBe(ended);
  });
});

test('the ranks of the statuses', () => {
  const rank = (code: string | null, last: string | null = null) =>
    statusRank(one('C1', code, { dateOfTermination: last }), calendar);
  const ranks = Object.fromEntries(['A', 'O', 'L', 'S', 'X', '', 'R', 'T'].map((code) => [code, rank(code)]));
  expect(ranks).toEqual({ A: 0, O: 0, L: 1, S: 1, X: 3, '': 3, R: 4, T: 4 });
  expect(rank(null)).toBe(3);
  expect([rank('T', today), rank('R', '2027-01-01')]).toEqual([2, 2]);
});

test.each([
  { why: 'no employment', own: [], worth: false },
  { why: 'a single employment', own: [one('C1', 'A')], worth: false },
  { why: 'statuses that differ', own: [one('C1', 'A'), one('C2', 'T')], worth: false },
  { why: 'one that begins later', own: [one('C1', 'A'), one('C2', 'A', hired('2027-01-01'))], worth: false },
  {
    why: 'hire dates that differ',
    own: [one('C1', 'A', hired('2020-01-01')), one('C2', 'A', hired('2021-01-01'))],
    worth: true,
  },
  { why: 'nothing but company ids that differ', own: [one('C1', 'A'), one('C2', 'A')], worth: true },
  { why: 'two rows of one company', own: [one('C1', 'A'), one('C1', 'A', hired('2020-01-01'))], worth: false },
])('the home company is worth asking for with $why: $worth', ({ own, worth }) => {
  expect(decidedByHome(own, calendar)).toBe(worth);
});

describe('any employments', () => {
  const day = fc.option(fc.constantFrom('2019-01-01', '2020-02-29', '2026-11-30', '2026-12-24', '9999-12-31'));
  const employment = fc.record({
    companyId: fc.constantFrom('C1', 'C2', 'C3'),
    employeeStatusCode: fc.constantFrom('A', 'O', 'L', 'S', 'R', 'T', 'X', null),
    lastHireDate: day,
    originalHireDate: day,
    dateOfTermination: day,
    dateTimeChanged: fc.option(fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z')),
  });
  const several = fc.array(employment, { minLength: 1, maxLength: 6 });
  test('are chosen from alike in every order, and never worse than any that has begun', () => {
    fc.assert(
      fc.property(several, fc.option(fc.constantFrom('C1', 'C2')), fc.infiniteStream(fc.nat()), (all, home, random) => {
        const { employment: first, reason } = chooseEmployment(all, home, calendar);
        const shuffled = all
          .map((value) => ({ value, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ value }) => value);
        expect(chooseEmployment(shuffled, home, calendar)).toEqual({ employment: first, reason });
        const begun = all.filter((each) => !beginsLater(each, calendar));
        if (begun.length > 0) expect(begun).toContainEqual(first);
        for (const other of begun) {
          expect(statusRank(first, calendar)).toBeLessThanOrEqual(statusRank(other, calendar));
        }
      }),
    );
  });
});
