import { describe, expect, it } from 'vitest';
import { addDays, calendarDay } from './calendar-day.ts';

describe('the calendar day', () => {
  it.each([
    { zone: 'UTC', now: '2026-03-13T23:59:59Z', day: '2026-03-13' },
    { zone: 'UTC', now: '2026-03-14T00:00:01Z', day: '2026-03-14' },
    { zone: 'Pacific/Kiritimati', now: '2026-03-13T10:00:00Z', day: '2026-03-14' },
    { zone: 'Pacific/Pago_Pago', now: '2026-03-14T10:59:59Z', day: '2026-03-13' },
    { zone: 'America/New_York', now: '2026-03-08T04:59:59Z', day: '2026-03-07' },
    { zone: 'America/New_York', now: '2026-03-09T03:59:59Z', day: '2026-03-08' },
  ])('$now in $zone is $day', ({ zone, now, day }) => {
    expect(calendarDay(Date.parse(now), zone)).toBe(day);
  });
});

it('days are counted over months and leap days', () => {
  expect(addDays('2026-12-30', 3)).toBe('2027-01-02');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
});
