import { describe, expect, test } from 'vitest';
import type { UkgRecord } from '../records/record.ts';
import { isoDay } from '../time/time.ts';
import type { Employment } from './choose.ts';
import { keepReasonOf } from './keep-reason.ts';

const row = (changes: UkgRecord = {}): UkgRecord & Employment => ({
  companyId: 'C1',
  employeeStatusCode: 'T',
  lastHireDate: '2020-01-01',
  originalHireDate: '2020-01-01',
  dateOfTermination: '2026-11-29',
  termReason: 'TRO',
  dateTimeChanged: '2024-05-06T00:00:00.000Z',
  ...changes,
});

describe('why a person is kept as before', () => {
  const table: {
    why: string;
    counts?: UkgRecord;
    others?: UkgRecord[];
    elsewhere?: boolean;
    grace?: number;
    reasons?: string[];
    keep: string | undefined;
  }[] = [
    { why: 'a transfer that ended yesterday', keep: 'in_transfer' },
    { why: 'three days after the last day', counts: { dateOfTermination: '2026-11-27' }, keep: 'in_transfer' },
    { why: 'four days after the last day', counts: { dateOfTermination: '2026-11-26' }, keep: undefined },
    {
      why: 'an old day, though payroll has stamped the row yesterday',
      counts: { dateOfTermination: '2026-11-01', dateTimeChanged: '2026-11-29T08:00:00.000Z' },
      keep: undefined,
    },
    {
      why: 'no day, changed yesterday',
      counts: { dateOfTermination: null, dateTimeChanged: '2026-11-29T08:00:00.000Z' },
      keep: 'in_transfer',
    },
    {
      why: 'no day, and changed long ago',
      counts: { dateOfTermination: null },
      keep: undefined,
    },
    { why: 'no day and no timestamp', counts: { dateOfTermination: null, dateTimeChanged: null }, keep: undefined },
    { why: 'a code in another spelling', counts: { termReason: ' tro ' }, keep: 'in_transfer' },
    { why: 'another reason', counts: { termReason: '202' }, keep: undefined },
    { why: 'a reason of the tenant', counts: { termReason: 'MOV' }, reasons: ['MOV'], keep: 'in_transfer' },
    { why: 'no grace', grace: 0, keep: undefined },
    { why: 'the last day is ahead: still in force', counts: { dateOfTermination: '2026-12-14' }, keep: undefined },
    { why: 'the last day is today: still in force', counts: { dateOfTermination: '2026-11-30' }, keep: undefined },
    {
      why: 'another employment counts and is in force',
      counts: { employeeStatusCode: 'A', dateOfTermination: null },
      others: [{}],
      keep: undefined,
    },
    {
      why: 'an older end counts, the transfer is beside it',
      counts: { companyId: 'C2', termReason: '202', dateOfTermination: '2021-01-01' },
      others: [{}],
      keep: 'in_transfer',
    },
    { why: 'works in a company that is not read', elsewhere: true, keep: 'out_of_scope' },
    {
      why: 'left for good here, works in a company that is not read',
      counts: { termReason: '202' },
      elsewhere: true,
      keep: 'out_of_scope',
    },
    {
      why: 'active here, and in a company that is not read',
      counts: { employeeStatusCode: 'A' },
      elsewhere: true,
      keep: undefined,
    },
  ];
  test.each(table)('$why → $keep', ({ counts, others = [], elsewhere = false, grace = 3, reasons = ['TRO'], keep }) => {
    const first = row(counts);
    const own = [first, ...others.map(row)];
    const rules = {
      today: '2026-11-30',
      graceDays: grace,
      reasons: new Set(reasons),
      times: { localDay: isoDay },
    };
    expect(keepReasonOf(first, own, elsewhere, rules)).toBe(keep);
  });
});
