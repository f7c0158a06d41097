import { describe, expect, it } from 'vitest';
import type { Cause } from '../../model/run-summary.ts';
import { sampleReport } from '../../testing/sample-report.ts';
import { causeLines, causeSection } from './causes.ts';

const cause = (over: Partial<Cause>): Cause => ({
  action: 'change',
  field: 'departmentName',
  from: 'Fin Ops',
  to: 'Legal',
  same: true,
  people: 10,
  of: 90,
  ...over,
});
const shown = (causes: Cause[]): string => {
  const data = sampleReport({ size: 100, changed: 10 });
  const text = causeSection({ ...data, summary: { ...data.summary, causes } }).markup;
  return text.replace(/<svg.*?<\/svg>/g, '').replace(/<[^>]+>/g, '');
};

describe('the lines of causes', () => {
  it('are one for many values of one field, and for several fields of the same people', () => {
    const moves = ['20001', '20002', '20003'].map((to) => cause({ field: 'supervisorId', from: '1', to, people: 7 }));
    const office = cause({ action: 'leave', field: 'officeId', from: null, to: 'B', people: 59, of: 60 });
    const day = cause({
      action: 'leave',
      field: 'dateOfTermination',
      from: null,
      to: '2026-03-30',
      people: 59,
      of: 60,
    });
    const other = cause({ people: 40 });
    expect(causeLines([other, ...moves, office, day])).toEqual([[other], moves, [office, day]]);
    expect(causeLines([other, cause({ to: 'People', people: 9 })])).toHaveLength(2);
  });

  it('tell the day that many leavers share', () => {
    const day = cause({
      action: 'leave',
      field: 'dateOfTermination',
      from: null,
      to: '2026-03-30',
      people: 59,
      of: 60,
    });
    expect(shown([day])).toContain('59 of 60 leavers dateOfTermination 2026-03-30');
    // Of two people it would tell of the people.
    expect(shown([{ ...day, people: 2, of: 2 }])).not.toContain('2026-03-30');
  });

  it('name an old value once', () => {
    const text = shown(['Legal', 'People', 'Sales'].map((to) => cause({ to })));
    expect(text).toContain('30 of 90 changes departmentName Fin Ops→Legal (10), People (10), Sales (10)');
  });
});
