import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { describe, expect, test } from 'vitest';
import { fakeUkg } from '../testing/fake-ukg.ts';
import { runFake } from '../testing/run.ts';

const hourMs = 3_600_000;
const row = {
  employeeId: 'E1',
  companyId: 'C1',
  hireDate: '1/1/1996 12:00:00 AM',
  zipCode: '12345    ',
  preferredName: '',
  isActive: true,
  workLocationCode: 'L1',
};
const setUp = () => {
  const ukg = fakeUkg({ rows: { '/personnel/v1/employee-changes': () => [row] }, link: true });
  const clock = fakeClock(Date.UTC(2026, 0, 5, 2));
  const run = (state = { bookmarks: {} }) =>
    runFake({
      send: ukg.send,
      clock,
      state,
      select: { employee_changes: ['hireDate', 'zipCode', 'preferredName', 'isActive', 'workLocationCode'] },
    });
  return { ukg, clock, run };
};

describe('employee_changes', () => {
  test('reads everybody first, in its own date format and pages of 200', async () => {
    const { ukg, run } = setUp();
    const ran = await run();
    expect(ukg.asked).toEqual([
      '/personnel/v1/employee-changes?startDate=1900-12-31T00%3A00%3A00Z&endDate=2026-01-05T02%3A00%3A00Z&page=1&per_page=200',
    ]);
    expect(ran.records).toEqual([
      {
        employeeId: 'E1',
        companyId: 'C1',
        hireDate: '1996-01-01',
        zipCode: '12345',
        preferredName: null,
        isActive: true,
        workLocationCode: 'L1',
        changesUntil: '2026-01-05T02:00:00.000Z',
      },
    ]);
  });

  test('is not read again within three hours, and says so; then from three hours before its bookmark', async () => {
    const { ukg, clock, run } = setUp();
    const first = await run();
    clock.advance(2 * hourMs);
    const early = await run(first.state);
    expect(early.records).toEqual([]);
    expect(early.log.join('\n')).toContain('may start in 60 min');
    expect(early.state).toEqual(first.state);
    clock.advance(hourMs);
    await run(early.state);
    expect(ukg.asked).toHaveLength(2);
    expect(ukg.asked[1]).toContain('startDate=2026-01-04T23%3A00%3A00Z&endDate=2026-01-05T05%3A00%3A00Z');
  });

  test('keeps to eight reads a day, whatever the schedule', async () => {
    const { ukg, clock, run } = setUp();
    let state: { bookmarks: Record<string, Record<string, unknown>> } = { bookmarks: {} };
    const days = 5;
    const at: number[] = [];
    for (let i = 0; i < days * 24 * 2; i++) {
      const before = ukg.asked.length;
      state = (await run(state as never)).state;
      if (ukg.asked.length > before) at.push(clock.now());
      clock.advance(hourMs / 2);
    }
    expect(at.length).toBeGreaterThanOrEqual(days * 8 - 1);
    for (const [i, time] of at.entries()) {
      if (i > 0) expect(time - (at[i - 1] as number)).toBeGreaterThanOrEqual(3 * hourMs);
      if (i >= 8) expect(time - (at[i - 8] as number)).toBeGreaterThanOrEqual(24 * hourMs);
    }
  });

  test('a clock that was put right does not stop it for years', async () => {
    const { run, ukg } = setUp();
    const state = {
      bookmarks: {
        employee_changes: { replication_key_value: '2031-01-01T00:00:00Z', reads: ['2031-01-01T00:00:00Z'] },
      },
    };
    await run(state as never);
    // What changed until then is not known to have been read.
    expect(ukg.asked[0]).toContain('startDate=1900-12-31T00%3A00%3A00Z&endDate=2026-01-05T02%3A00%3A00Z');
  });
});
