import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateFormat } from './date-format.ts';
import { isCalendarDay, loadZone, toDay, toInstant } from './dates.ts';

const day = fc
  .record({
    year: fc.integer({ min: 1, max: 9999 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 31 }),
  })
  .filter(({ year, month, day }) => isCalendarDay(year, month, day))
  .map(
    ({ year, month, day }) =>
      `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  );
const time = fc.constantFrom('', 'T00:00:00', 'T00:00:00.000', 'T00:00', ' 00:00:00', 'T23:59:59.999999', 'T05:30:00');
const zone = fc.constantFrom('', 'Z', 'z', '+14:00', '-11:00', '+0530', '-03', '+00:00');

describe('a calendar day', () => {
  test('is the day as written, whatever time and zone follow', () => {
    fc.assert(
      fc.property(day, time, zone, (date, clock, offset) => {
        expect(toDay(date + clock + (clock === '' ? '' : offset))).toBe(`${date}T00:00:00.000Z`);
      }),
    );
  });

  test.each([
    '2019-02-29',
    '2019-02-30',
    '2019-13-01',
    '2019-00-10',
    '2019-1-1',
    '01/02/2019',
    '20190101',
    '2019-01-01T24:00:00',
    '2019-01-01T00:00:00+99:00',
    '2019-01-01x',
    '0000-01-01',
    '',
  ])('%j is none', (text) => {
    expect(toDay(text)).toBeUndefined();
  });

  test.each(['2020-02-29', '2000-02-29', '1900-01-01', '1899-12-31', '0001-01-01', '9999-12-31'])(
    '%s is one',
    (text) => {
      expect(toDay(text)).toBe(`${text}T00:00:00.000Z`);
    },
  );

  test.each(['2020-02-03-08:00', '2020-02-03+14:00', '2020-02-03Z'])(
    '%s is the day as written: XML has such',
    (text) => {
      expect(toDay(text)).toBe('2020-02-03T00:00:00.000Z');
    },
  );

  test('the year 1900 was no leap year', () => {
    expect(toDay('1900-02-29')).toBeUndefined();
  });
});

describe('an instant', () => {
  test.each([
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05.000Z'],
    ['2026-01-02 03:04:05.678901+00:00', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05.1', '2026-01-02T03:04:05.100Z'],
    ['2026-01-02T03:04:05-0930', '2026-01-02T12:34:05.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
  ])('%s is %s', (text, wanted) => {
    expect(toInstant(text)).toBe(wanted);
  });

  test.each([
    '2026-01-02T25:00:00Z',
    '2026-02-30T00:00:00.000Z',
    '2026-01-02T03:60:00.000Z',
    '2026-01-02T03:04:05.67xZ',
    'yesterday',
    '1735689600',
  ])('%j is none', (text) => {
    expect(toInstant(text)).toBeUndefined();
  });

  test('without a zone it is read in the zone of the settings: the gap moves on, of an overlap the earlier counts', async () => {
    const zone = await loadZone('America/New_York');
    expect(toInstant('2026-01-15T08:00:00', zone)).toBe('2026-01-15T13:00:00.000Z');
    expect(toInstant('2026-07-15T08:00:00', zone)).toBe('2026-07-15T12:00:00.000Z');
    expect(toInstant('2026-03-08T02:30:00', zone)).toBe('2026-03-08T07:30:00.000Z');
    expect(toInstant('2026-11-01T01:30:00', zone)).toBe('2026-11-01T05:30:00.000Z');
    expect(toInstant('2026-01-15T08:00:00Z', zone)).toBe('2026-01-15T08:00:00.000Z');
  });
});

describe('a date written another way', () => {
  test.each([
    ['DD/MM/YYYY', '03/02/2020', '2020-02-03'],
    ['M/D/YYYY', '2/3/2020', '2020-02-03'],
    ['YYYYMMDD', '20200203', '2020-02-03'],
    ['D. M. YYYY', '3. 2. 2020', '2020-02-03'],
    ['DD-MM-YYYY', '03-02-2020', '2020-02-03'],
    ['DD-MMM-YYYY', '03-Feb-2020', '2020-02-03'],
    ['MMMM D, YYYY', 'february 3, 2020', '2020-02-03'],
    ['D-MMM-YY', '03-FEB-20', '2020-02-03'],
    ['DMMMYYYY', '03FEB1968', '1968-02-03'],
    ['D-MMM-YY', '03-FEB-69', '1969-02-03'],
    ['D-MMM-YY', '03-FEB-68', '2068-02-03'],
    ['M/D/YYYY h:mm:ss A', '2/3/2020 12:00:00 AM', '2020-02-03T00:00:00'],
    ['M/D/YYYY h:mm A', '2/3/2020 12:15 pm', '2020-02-03T12:15:00'],
    ['D.M.YYYY, HH:mm', '03.02.2020, 17:05', '2020-02-03T17:05:00'],
    ['D-MMM-YY h.mm.ss.SSS A', '03-FEB-20 05.04.03.000000 PM', '2020-02-03T17:04:03.000000'],
    ['excel', '43864', '2020-02-03T00:00:00.000Z'],
    ['odata', '/Date(1580688000000)/', '2020-02-03T00:00:00.000Z'],
    ['excel_1904', '42402', '2020-02-03T00:00:00.000Z'],
    ['odata', '/Date(1580680800000+0200)/', '2020-02-03T00:00:00.000+02:00'],
    ['odata', '\\/Date(1580706000000-0500)\\/', '2020-02-03T00:00:00.000-05:00'],
    ['epoch_s', '1580688000', '2020-02-03T00:00:00.000Z'],
    ['epoch_ms', '1580688000000', '2020-02-03T00:00:00.000Z'],
  ])('%s reads %s', (format, text, wanted) => {
    expect(dateFormat(format)?.(text)).toBe(wanted);
  });

  test('a format without year, month or day is refused', () => {
    const wrong = [
      'YYYY',
      'DD/MM',
      'YYYY-MM-DD-DD',
      'YYYY-MM-DD YY',
      'YYYY-MM-DD H',
      'YYYY-MM-DD h:mm',
      'YYYY-MM-DD H:mm A',
      'hello',
      '',
    ];
    for (const format of wrong) expect(dateFormat(format), format).toBeUndefined();
  });

  test('what does not match is no date', () => {
    expect(dateFormat('DD/MM/YYYY')?.('2020-02-03')).toBeUndefined();
    expect(dateFormat('M/D/YYYY h:mm A')?.('2/3/2020 13:00 PM')).toBeUndefined();
  });
});
