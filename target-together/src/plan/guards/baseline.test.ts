import { describe, expect, it } from 'vitest';
import type { RunMemory } from '../../state/run-history.ts';
import { baselineOf } from './baseline.ts';

const last = { run_id: 'r1', finished_at: '2026-03-30T04:00:00Z', people_read: 90, whole: true };
const complete = { finished_at: '2026-03-30T04:00:00Z', rows: 90, filled: { title: 0.5 } };
const open = { run_id: 'r2', started_at: '2026-03-31T04:00:00Z', planned: { leave: 7 } };

interface Case {
  readonly what: string;
  readonly memory: RunMemory;
  readonly known?: number;
  readonly baseline: ReturnType<typeof baselineOf>['baseline'];
  readonly note: string | undefined;
}

const cases: readonly Case[] = [
  {
    what: 'after no run at all',
    memory: {},
    baseline: undefined,
    note: 'first run: no baseline to compare with',
  },
  {
    what: 'after a first run that was interrupted',
    memory: { open },
    baseline: undefined,
    note: 'run r2 was interrupted, and none before it ended well: no baseline',
  },
  {
    what: 'after runs that brought no person',
    memory: { baseline: last, complete },
    known: 0,
    baseline: undefined,
    note: 'no run before this one brought any people: no baseline to compare with',
  },
  {
    what: 'after a complete read',
    memory: { baseline: last, complete },
    baseline: { known: 100, active: 80, whole: true, rows: 90, filled: { title: 0.5 } },
    note: undefined,
  },
  {
    what: 'after increments alone',
    memory: { baseline: { ...last, whole: false } },
    baseline: { known: 100, active: 80, whole: false, rows: undefined, filled: undefined },
    note: undefined,
  },
  {
    what: 'after a run that was interrupted, with what was left of its plan',
    memory: { baseline: last, complete, open },
    baseline: {
      known: 100,
      active: 80,
      whole: true,
      rows: 90,
      filled: { title: 0.5 },
      vetted: { leave: 7 },
    },
    note: undefined,
  },
];

describe('what guards compare with', () => {
  it.each(cases)('$what', ({ memory, known = 100, baseline, note }) => {
    expect(baselineOf(memory, { known, active: 80 })).toStrictEqual({
      // What successful runs have met; none has, here.
      baseline: baseline && { domains: undefined, supervisors: undefined, ...baseline },
      note,
    });
  });
});
