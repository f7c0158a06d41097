import { expect, it } from 'vitest';
import type { Collected } from '../../collect/collected.ts';
import type { RunMemory } from '../../state/run-history.ts';
import { peopleOf, person } from '../../testing/people.ts';
import type { RemoteIndex } from '../../together/list/remote-index.ts';
import { checkLedger, checkListed } from './lost-ledger.ts';

const point = (exitCode: number): NonNullable<RunMemory['history']>[number] => ({
  ...{ runId: 'r', finishedAt: '2026-01-01T00:00:00.000Z', peopleRead: 1, guards: {} },
  exitCode,
});

/** An increment of one person, where Together lists four others, and no run has got anybody through. */
function check(memory: RunMemory): void {
  const kept = { keeps: true, known: 0, lost: 0, memory };
  const collected = { complete: false, claimsEmpty: false, increment: true, mayBeIncrement: true } as Collected;
  const listed = ['1', '2', '3', '4'];
  const remote = { activeOutside: (isRead: (id: string) => boolean) => listed.filter((id) => !isRead(id)) };
  checkLedger(collected, kept);
  checkListed({ ...collected, increment: false }, kept, peopleOf([person('9')]), remote as RemoteIndex);
}

const stopped = { last: { run_id: 'r', finished_at: '2026-01-01T00:00:00.000Z', exit_code: 3 }, history: [point(3)] };

it.each<[why: string, memory: RunMemory]>([
  ['no run before', {}],
  ['a guard stopped those before, and the bookmark stayed', stopped],
])('an increment without a ledger is not sent: %s', (_why, memory) => {
  expect(() => check(memory)).toThrow(/part of the people can't be compared, so nothing was sent/);
});

it.each<[why: string, memory: RunMemory]>([
  ['a run gave the bookmark back though nobody got through', { history: [point(4), point(3)] }],
  ['a run was interrupted', { open: { run_id: 'r', started_at: '2026-01-01T00:00:00.000Z', planned: {} } }],
])('goes on where the bookmark is of this state: %s', (_why, memory) => {
  expect(() => check(memory)).not.toThrow();
});
