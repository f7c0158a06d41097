import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber, dayString, fromWall, toWall, usDateTime, wallString } from './dates.ts';

describe('dates as UKG sends them', () => {
  it('counts days as the calendar does, leap days and centuries included', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 60_000 }), (days) => {
        expect(dayString(days)).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
        expect(dayNumber(dayString(days))).toBe(days);
      }),
    );
  });
  it('drops the trailing zeros of the fraction', () => {
    expect([0, 50, 160, 927].map((ms) => wallString(0, ms))).toEqual([
      '1970-01-01T00:00:00',
      '1970-01-01T00:00:00.05',
      '1970-01-01T00:00:00.16',
      '1970-01-01T00:00:00.927',
    ]);
  });
  it('finds the instant of a wall time back, in any zone', () => {
    const zones = ['UTC', 'America/New_York', 'America/St_Johns', 'Asia/Kolkata', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const wall = toWall(seconds * 1000, zone);
        expect(toWall(fromWall(wall, zone), zone)).toBe(wall);
      }),
    );
  });
  it('takes the first of a twice-told hour and moves a skipped one forward', () => {
    expect(new Date(fromWall('2025-11-02T01:30:00', 'America/New_York')).toISOString()).toBe(
      '2025-11-02T05:30:00.000Z',
    );
    expect(new Date(fromWall('2025-03-09T02:30:00', 'America/New_York')).toISOString()).toBe(
      '2025-03-09T07:30:00.000Z',
    );
  });
  it('writes the American form of employee-changes', () => {
    expect(usDateTime('1996-01-01T00:00:00')).toBe('1/1/1996 12:00:00 AM');
    expect(usDateTime('2024-02-29T13:05:09')).toBe('2/29/2024 1:05:09 PM');
    expect(usDateTime(null)).toBe('');
  });
});
