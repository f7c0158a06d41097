import { describe, expect, test } from 'vitest';
import { realDay } from './real-day.ts';

describe('days that stand for none', () => {
  test.each([
    { day: '0001-01-01', why: "the first day of .NET's and Python's calendars" },
    { day: '1753-01-01', why: "the first day of SQL Server's datetime" },
    { day: '1899-12-30', why: "day zero of OLE and of Excel's serial days" },
    { day: '1899-12-31', why: 'day zero of spreadsheets' },
    { day: '1900-01-01', why: "the first day of SQL Server's smalldatetime" },
    { day: '1901-01-01', why: 'an empty date of older HR systems' },
    { day: '2099-12-31', why: 'open end' },
    { day: '2100-06-01', why: 'open end' },
    { day: '9999-12-31', why: 'the last day that a database holds' },
    { day: '', why: 'empty' },
    { day: null, why: 'absent' },
  ])('$day: $why', ({ day }) => expect(realDay(day)).toBeNull());

  test.each(['1899-12-29', '1900-01-02', '1953-01-01', '2026-02-28', '2099-12-30'])('%s is a day', (day) =>
    expect(realDay(day)).toBe(day),
  );
});
