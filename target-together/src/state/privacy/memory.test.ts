import { expect, it } from 'vitest';
import type { RunMemory } from '../run-history.ts';
import { formerIds, memoryOf, memoryWithout } from './memory.ts';

const day = '2026-01-01';
const memory: RunMemory = {
  last: { run_id: 'r', finished_at: day, exit_code: 0 },
  complete: { finished_at: day, rows: 3, filled: { title: 1 } },
  pending_links: { gone: 'E1', E2: 'gone', E3: 'E4' },
  calendar: [
    { id: 'gone', kind: 'leaves', day },
    { id: 'E2', kind: 'leaves', day },
  ],
  missing: { gone: 1, E2: 2 },
  moved_ids: { gone: 'E5', E6: 'gone', E7: 'E8' },
  second_record: { from: 'E1', to: 'gone' },
  supervisors: ['gone', 'E1'],
};

it('a person leaves the memory of earlier runs wherever it names them, and nobody else does', () => {
  const kept = memoryWithout(memory, 'gone');
  expect(JSON.stringify(kept)).not.toContain('gone');
  expect(kept).toEqual({
    last: memory.last,
    complete: memory.complete,
    pending_links: { E3: 'E4' },
    calendar: [{ id: 'E2', kind: 'leaves', day }],
    missing: { E2: 2 },
    moved_ids: { E7: 'E8' },
    supervisors: ['E1'],
  });
  expect(memoryOf(memory, 'gone')).toHaveLength(6);
  expect([memoryOf(kept, 'gone'), memoryWithout(memory, 'title')]).toEqual([[], memory]);
});

it('former ids are those of moves that happened, one after another, and no circle', () => {
  const moved: RunMemory = { moved_ids: { a: 'b', b: 'c', c: 'a', d: 'c', e: 'f' } };
  expect(formerIds(moved, 'c', (id) => id === 'd')).toEqual(['b', 'a']);
  expect([formerIds({}, 'c', () => false), formerIds(moved, 'e', () => false)]).toEqual([[], []]);
});
