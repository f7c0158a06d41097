import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimes } from './time.ts';
import { advance, changedSince, later } from './window.ts';

const utc = await createTimes('UTC');
const kiritimati = await createTimes('Pacific/Kiritimati');
const instants = fc.date({ min: new Date('1950-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

describe('changedSince', () => {
  test("asks for days before the bookmark, in UKG's own spelling", () => {
    expect(changedSince('2026-03-01T10:00:00.000Z', 2, utc).value).toBe('>02-25-2026');
    expect(changedSince('2024-03-01T10:00:00.000Z', 0, utc).value).toBe('>02-28-2024');
    expect(changedSince('2026-01-01T10:00:00.000Z', 2, kiritimati).value).toBe('>12-29-2025');
  });

  test('a timestamp at or after the bookmark is inside, exclusive or inclusive, and whatever zone the filter means', () => {
    fc.assert(
      fc.property(instants, fc.nat({ max: 30 }), fc.integer({ min: -14, max: 14 }), (bookmark, lookback, zoneHours) => {
        const [month, date, year] = changedSince(bookmark.toISOString(), lookback, utc).value.slice(1).split('-');
        // Exclusive to the day: only later days count, in a zone up to 14 hours away.
        const firstIncluded = Date.UTC(Number(year), Number(month) - 1, Number(date) + 1) + zoneHours * 3_600_000;
        expect(firstIncluded).toBeLessThanOrEqual(bookmark.getTime() - lookback * 86_400_000);
      }),
    );
  });
});

describe('ChangedSince.mayHold', () => {
  test('keeps whatever a filter could mean, and drops what a server sends that has none', () => {
    const { mayHold } = changedSince('2026-03-01T10:00:00.000Z', 2, utc);
    expect(mayHold('2026-02-24T00:00:00.000Z')).toBe(true);
    expect(mayHold('2026-02-23T23:59:59.999Z')).toBe(false);
    expect(mayHold(null)).toBe(true);
    expect(mayHold(undefined)).toBe(true);
  });
});

describe('advance', () => {
  test('never moves back, never passes the start of the run', () => {
    fc.assert(
      fc.property(fc.option(instants), fc.option(instants), instants, (old, newest, start) => {
        const before = old?.toISOString();
        const after = advance(before, newest?.toISOString(), start.getTime());
        if (before !== undefined) expect(Date.parse(after as string)).toBeGreaterThanOrEqual(Date.parse(before));
        if (after !== undefined && after !== before) expect(Date.parse(after)).toBeLessThanOrEqual(start.getTime());
        if (newest && newest <= start && after) expect(Date.parse(after)).toBeGreaterThanOrEqual(newest.getTime());
      }),
    );
  });
  test('without rows it stays what it was', () => {
    expect(advance('2026-01-01T00:00:00.000Z', undefined, 0)).toBe('2026-01-01T00:00:00.000Z');
    expect(advance(undefined, undefined, 0)).toBeUndefined();
  });
});

test('later takes the newer of what is there', () => {
  expect(later('2026-01-01T00:00:00.000Z', null)).toBe('2026-01-01T00:00:00.000Z');
  expect(later(null, '2026-01-01T00:00:00.000Z')).toBe('2026-01-01T00:00:00.000Z');
  expect(later('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z')).toBe('2026-01-01T00:00:00.001Z');
  expect(later(null, null)).toBeUndefined();
});
