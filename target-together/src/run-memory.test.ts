import { describe, expect, it } from 'vitest';
import { baselineOf, type RunMemory } from './run-memory.ts';

const point = (peopleRead: number) => ({
  runId: 'a',
  finishedAt: '2026-01-01T00:00:00Z',
  peopleRead,
  exitCode: 0,
  guards: {},
});
const after = (...read: number[]): RunMemory => ({
  good: { run_id: 'a', finished_at: '2026-01-01T00:00:00Z', people_read: read.at(-1) ?? 0 },
  history: read.map(point),
});

describe('what guards compare with', () => {
  it('is nothing after runs that brought nobody: the first people to come are no alarm', () => {
    expect(baselineOf(after(0, 0), { known: 0, active: 0 }).baseline).toBeUndefined();
  });
  it('stays after a quiet run, and when the ledger was lost', () => {
    expect(baselineOf(after(500, 0), { known: 500, active: 480 }).baseline).toMatchObject({ known: 500 });
    expect(baselineOf(after(500, 0), { known: 0, active: 0 }).baseline).toMatchObject({ known: 0 });
  });
});
