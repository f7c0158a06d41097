import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { createTimes } from './time.ts';

const utc = await createTimes('UTC');
const newYork = await createTimes('America/New_York');

describe('days', () => {
  test.each([
    ['2021-09-20T00:00:00', '2021-09-20'],
    ['2021-09-20', '2021-09-20'],
    ['2021-09-20T00:00:00Z', '2021-09-20'],
    ['2021-09-20T23:59:59.999+14:00', '2021-09-20'],
    ['2021-09-20 11:00:00', '2021-09-20'],
    ['1900-01-01T00:00:00', '1900-01-01'],
    ['0001-01-01T00:00:00', '0001-01-01'],
    ['2024-02-29T00:00:00', '2024-02-29'],
    ['2000-02-29', '2000-02-29'],
    ['1/1/1996 12:00:00 AM', '1996-01-01'],
    ['12/31/2025 11:59:59 PM', '2025-12-31'],
    ['2/29/2024', '2024-02-29'],
  ])('%s is the day %s', (text, expected) => expect(utc.day(text)).toBe(expected));

  test.each([
    '',
    'x',
    '2023-02-29',
    '1900-02-29T00:00:00',
    '2021-13-01',
    '2021-00-10',
    '2021-09-31',
    '13/1/2020',
    '20210920',
    '2021-09-20x',
    '0000-01-01',
  ])('%j is no day', (text) => expect(utc.day(text)).toBeUndefined());

  test('a day is the same in every zone', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
        const text = date.toISOString().slice(0, 10);
        expect(newYork.day(`${text}T00:00:00`)).toBe(text);
        expect(newYork.day(`${text}T00:00:00Z`)).toBe(text);
      }),
    );
  });
});

describe('instants', () => {
  test.each([
    ['2023-03-29T11:43:28.927', '2023-03-29T11:43:28.927Z'],
    ['2010-05-27T21:26:53.05', '2010-05-27T21:26:53.050Z'],
    ['2023-03-29T08:24:30', '2023-03-29T08:24:30.000Z'],
    ['2023-03-29T08:24:30.1234567', '2023-03-29T08:24:30.1234567Z'],
    ['2023-03-29T08:24:30+02:00', '2023-03-29T06:24:30.000Z'],
    ['2023-03-29T08:24:30Z', '2023-03-29T08:24:30.000Z'],
    ['2023-03-29', '2023-03-29T00:00:00.000Z'],
    ['1/1/1996 1:02:03 PM', '1996-01-01T13:02:03.000Z'],
    ['1/1/1996 12:00:00 AM', '1996-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59', '9999-12-31T23:59:59.000Z'],
    ['0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
  ])('in UTC, %s is %s', (text, expected) => expect(utc.instant(text)).toBe(expected));

  test.each([
    ['2026-01-15T10:00:00', '2026-01-15T15:00:00.000Z', 'winter'],
    ['2026-07-15T10:00:00', '2026-07-15T14:00:00.000Z', 'summer'],
    ['2026-03-08T02:30:00', '2026-03-08T07:30:00.000Z', 'the skipped hour'],
    ['2026-11-01T01:30:00.05', '2026-11-01T05:30:00.050Z', 'the hour that comes twice: the first one'],
    ['1900-01-01T00:00:00', '1900-01-01T05:00:00.000Z', '1900'],
    ['9999-12-31T23:59:59', '9999-12-31T23:59:59.000Z', 'a sentinel stays within four-digit years'],
  ])('in New York, %s is %s (%s)', (text, expected) => expect(newYork.instant(text)).toBe(expected));

  test('the empty date of .NET stays within the years that there are, east of Greenwich too', async () => {
    const kolkata = await createTimes('Asia/Kolkata');
    expect(kolkata.instant('0001-01-01T00:00:00')).toBe('0001-01-01T00:00:00.000Z');
    expect(kolkata.day('0001-01-01T00:00:00')).toBe('0001-01-01');
  });

  test('half-hour changes within an hour are exact', async () => {
    const lordHowe = await createTimes('Australia/Lord_Howe');
    expect(lordHowe.instant('2026-04-05T01:45:00')).toBe('2026-04-04T14:45:00.000Z');
    expect(lordHowe.instant('2026-04-05T01:15:00')).toBe('2026-04-04T14:15:00.000Z');
    expect(lordHowe.instant('2026-10-04T02:15:00')).toBe('2026-10-03T15:45:00.000Z');
    expect(lordHowe.instant('2026-10-04T02:45:00')).toBe('2026-10-03T15:45:00.000Z');
  });

  // Changes at midnight, by half an hour, of a whole day, twice within four weeks.
  test.each([
    'America/Santiago',
    'Africa/Cairo',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Casablanca',
    'America/New_York',
    'Antarctica/Troll',
  ])('every quarter of an hour about the days of change of %s is as Temporal has it', async (zone) => {
    const times = await createTimes(zone);
    const wrong: string[] = [];
    let at = Temporal.ZonedDateTime.from(`2010-01-01[${zone}]`);
    for (; at.year < 2025; at = at.getTimeZoneTransition('next') ?? at.with({ year: 2025 })) {
      for (let local = at.toPlainDateTime().subtract({ days: 1 }), i = 0; i < 192; i++) {
        local = local.add({ minutes: 15 });
        const text = local.toString({ smallestUnit: 'second' });
        const wanted = local.toZonedDateTime(zone).epochMilliseconds;
        if (Date.parse(times.instant(text) as string) !== wanted) wrong.push(text);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(['', 'yesterday', '2021-02-30T00:00:00', '2021-02-03T25:00:00', '2021-02-03T10:61:00', '13:00'])(
    '%j is no instant',
    (text) => expect(utc.instant(text)).toBeUndefined(),
  );

  test('an instant with its own zone is the same in every tenant', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (date) => {
          expect(newYork.instant(date.toISOString())).toBe(date.toISOString());
        },
      ),
    );
  });

  test('a local timestamp never lands more than 15 hours from itself, and in order within a day without a change', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2099, 0, 1) }), (ms) => {
        const timestamp = new Date(ms).toISOString().slice(0, 23);
        expect(Math.abs(Date.parse(newYork.instant(timestamp) as string) - ms)).toBeLessThanOrEqual(15 * 3_600_000);
      }),
    );
  });

  test('knows the local day of a moment', () => {
    expect(newYork.localDay(Date.parse('2026-01-15T04:59:59Z'))).toBe('2026-01-14');
    expect(newYork.localDay(Date.parse('2026-01-15T05:00:00Z'))).toBe('2026-01-15');
    expect(utc.localDay(Date.parse('2026-01-15T23:59:59Z'))).toBe('2026-01-15');
  });

  test('knows the local day where clocks change at midnight itself', async () => {
    const santiago = await createTimes('America/Santiago');
    // The hour before midnight comes twice on 2026-04-04.
    expect(santiago.localDay(Date.parse('2026-04-05T03:59:59Z'))).toBe('2026-04-04');
    expect(santiago.localDay(Date.parse('2026-04-05T04:00:00Z'))).toBe('2026-04-05');
  });
});
