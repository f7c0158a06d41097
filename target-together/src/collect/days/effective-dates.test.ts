import { describe, expect, it } from 'vitest';
import type { TogetherUser } from '../../model/person.ts';
import { asOfToday, type DateRules } from './effective-dates.ts';

const today = '2026-03-14';
const wire = (day: string) => `${day}T00:00:00.000Z`;

interface Row {
  readonly reason: string;
  readonly status: string;
  readonly start?: string;
  readonly end?: string;
  readonly accepted?: string;
  readonly rules?: Partial<DateRules>;
  /** What is sent; undefined: nothing yet. */
  readonly sent: { readonly status: string; readonly end?: string } | undefined;
  readonly upcoming?: string;
}

const rows: readonly Row[] = [
  { reason: 'a leaver without an end date has left', status: 'T', sent: { status: 'T' } },
  { reason: 'the last day was yesterday', status: 'T', end: '2026-03-13', sent: { status: 'T', end: '2026-03-13' } },
  {
    reason: 'the last day is today',
    status: 'T',
    end: today,
    accepted: 'A',
    sent: { status: 'A' },
    upcoming: 'leaves 2026-03-14',
  },
  {
    reason: 'the last day lies ahead',
    status: 'T',
    end: '2026-03-31',
    accepted: 'A',
    sent: { status: 'A' },
    upcoming: 'leaves 2026-03-31',
  },
  {
    reason: 'on leave until the last day',
    status: 'T',
    end: '2026-03-31',
    accepted: 'L',
    sent: { status: 'L' },
    upcoming: 'leaves 2026-03-31',
  },
  {
    reason: 'Together never had the person, who still works',
    status: 'T',
    end: '2026-03-31',
    sent: { status: 'A' },
    upcoming: 'leaves 2026-03-31',
  },
  {
    reason: 'terminated before, and again later: stays out',
    status: 'T',
    end: '2026-03-31',
    accepted: 'T',
    sent: { status: 'T' },
  },
  {
    reason: 'neither begun nor ended: not sent',
    status: 'T',
    start: '2026-03-20',
    end: '2026-03-31',
    sent: undefined,
    upcoming: 'starts 2026-03-20',
  },
  {
    reason: 'day_of: access ends on the last day',
    status: 'T',
    end: today,
    accepted: 'A',
    rules: { end: 'day_of' },
    sent: { status: 'T', end: today },
  },
  {
    reason: 'day_of: the day before it does not',
    status: 'T',
    end: '2026-03-15',
    accepted: 'A',
    rules: { end: 'day_of' },
    sent: { status: 'A' },
    upcoming: 'leaves 2026-03-15',
  },
  {
    reason: 'status: as the source says',
    status: 'T',
    end: '2026-12-31',
    accepted: 'A',
    rules: { end: 'status' },
    sent: { status: 'T', end: '2026-12-31' },
  },
  {
    reason: 'an active person with the end of an earlier employment',
    status: 'A',
    end: '2020-01-01',
    accepted: 'A',
    sent: { status: 'A' },
  },
  {
    reason: 'somebody on leave with an end date ahead',
    status: 'L',
    end: '2026-12-31',
    accepted: 'L',
    sent: { status: 'L' },
  },
  { reason: 'the first day is today', status: 'A', start: today, sent: { status: 'A' } },
  {
    reason: 'the first day is tomorrow',
    status: 'A',
    start: '2026-03-15',
    sent: undefined,
    upcoming: 'starts 2026-03-15',
  },
  { reason: 'one day of lead', status: 'A', start: '2026-03-15', rules: { hireLeadDays: 1 }, sent: { status: 'A' } },
  {
    reason: 'beyond the lead',
    status: 'A',
    start: '2026-03-16',
    rules: { hireLeadDays: 1 },
    sent: undefined,
    upcoming: 'starts 2026-03-16',
  },
  {
    reason: 'no lead at all: as soon as the source has them',
    status: 'A',
    start: '2027-01-01',
    rules: { hireLeadDays: null },
    sent: { status: 'A' },
  },
  {
    reason: 'a leaver who comes back later stays out until then',
    status: 'A',
    start: '2026-04-01',
    accepted: 'T',
    sent: undefined,
    upcoming: 'returns 2026-04-01',
  },
  { reason: 'a leaver who comes back today', status: 'A', start: today, accepted: 'T', sent: { status: 'A' } },
];

describe('a person as of today', () => {
  it.each(rows)('$reason', ({ status, start, end, accepted, rules, sent, upcoming }) => {
    const user = {
      employeeId: '7',
      employeeStatusCode: status,
      ...(start && { lastHireDate: wire(start) }),
      ...(end && { dateOfTermination: wire(end) }),
    } as TogetherUser;
    const before = structuredClone(user);
    const dated = asOfToday(user, {
      today,
      end: 'day_after',
      hireLeadDays: 0,
      acceptedStatus: () => accepted,
      ...rules,
    });
    expect({
      sent: dated.early ? undefined : { status: dated.user.employeeStatusCode, end: dated.user['dateOfTermination'] },
      upcoming: dated.upcoming && `${dated.upcoming.kind} ${dated.upcoming.day}`,
    }).toEqual({
      sent: sent && { status: sent.status, end: sent.end && wire(sent.end) },
      upcoming,
    });
    expect(user).toEqual(before);
  });

  it('falls back to the original hire date, and prefers the last one', () => {
    const rules = { today, end: 'day_after', hireLeadDays: 0, acceptedStatus: () => undefined } as const;
    const user = { employeeId: '7', employeeStatusCode: 'A', originalHireDate: wire('2026-05-01') };
    expect(asOfToday(user, rules)).toMatchObject({ early: true, upcoming: { day: '2026-05-01' } });
    expect(asOfToday({ ...user, lastHireDate: wire('2026-01-01') }, rules)).not.toHaveProperty('early');
  });
});
