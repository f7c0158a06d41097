import { describe, expect, it } from 'vitest';
import { everybody, row, schema, state, world } from '../testing/run.ts';

const user = (id: string, more: object = {}) => ({
  employeeId: id,
  employeeStatusCode: 'A',
  email: `${id.toLowerCase()}@example.com`,
  firstName: 'Ada',
  ...more,
});
const ids = Array.from({ length: 40 }, (_, at) => `E${at + 1}`);
const company = (change: (id: string) => object | undefined = () => ({})) =>
  ids.flatMap((id) => {
    const more = change(id);
    return more ? [user(id, more)] : [];
  });
const only = (...named: string[]) => ({ asked: { only: new Set(named) } });
const memoryOf = (files: Map<string, Buffer>) => JSON.parse(String(files.get('runs.json'))).memory;

describe('--only', () => {
  it('sends who is named, leaves all others as they are, and gives no STATE back', async () => {
    const w = world();
    await w.day({ events: everybody(company()) });
    const before = memoryOf(w.files);
    const changed = everybody(company((id) => (id === 'E9' ? undefined : { firstName: 'New' })));
    const one = await w.day({ events: changed, ...only('E3') });
    expect(one.sent.map(({ employeeId }) => employeeId)).toEqual(['E3']);
    expect(one.released).toEqual([]);
    expect(one.exitCode).toBe(0);
    expect(one.summary).toMatchObject({
      people_read: 39,
      outcomes: { updated: 1, excluded: 38, skipped: 0 },
      excluded_by: { 'not named by --only': 38 },
      actions: { change: 1, vanished: 0, excluded: 38 },
      vanished: [],
    });
    const { guard_window: _, vocabulary: __, ...after } = memoryOf(w.files);
    const { guard_window: ___, vocabulary: ____, ...same } = before;
    expect(after).toEqual(same);
    // The next run of everybody has the rest to do, and nothing of the one who was named.
    const next = await w.day({ events: changed, settings: { guards: { max_changed: null } } });
    expect(next.summary.actions).toMatchObject({ change: 38, same: 1, vanished: 1 });
  });

  it('ends with exit code 2 where none is in the read, and goes on where one is', async () => {
    const w = world();
    const nobody = await w.day({ events: everybody(company()), ...only('X1', 'X2') });
    expect([nobody.exitCode, nobody.error?.message]).toEqual([
      2,
      '--only: X1, X2 are not in this read. Nothing was sent.',
    ]);
    const one = await w.day({ events: everybody(company()), ...only('X1', 'E2') });
    expect([one.exitCode, one.sent.length]).toEqual([0, 1]);
  });

  it('ends with exit code 4 where Together refuses who is named, and keeps nobody else among the rejects', async () => {
    const w = world();
    await w.day({ events: everybody(company()) });
    const changed = everybody(company((id) => ({ firstName: 'New', ...(id === 'E5' ? { fault: true } : {}) })));
    const one = await w.day({
      events: changed,
      ...only('E3', 'E4'),
      answer: ({ employeeId }) => (employeeId === 'E3' ? { outcome: 'rejected', status: 400 } : { outcome: 'updated' }),
    });
    expect([one.exitCode, one.rejects.map(({ id }) => id)]).toEqual([4, ['E3']]);
    expect(one.summary.outcomes).toMatchObject({ rejected: 1, updated: 1, excluded: 38, invalid: 0 });
  });

  it('sends no link to a manager and no address of an owner who are left out', async () => {
    const w = world();
    await w.day({ events: everybody(company()) });
    const events = everybody([
      ...company((id) =>
        id === 'E1' ? { email: 'new@example.com' } : id === 'E2' ? { firstName: 'New', supervisorId: 'B1' } : {},
      ),
      user('B1'),
      user('C1', { email: 'e1@example.com' }),
    ]);
    const two = await w.day({ events, ...only('E2', 'C1') });
    expect(two.sent).toEqual([user('E2', { firstName: 'New' })]);
    expect(two.summary.outcomes).toMatchObject({ invalid: 1, excluded: 40 });
    expect(two.summary.supervisors.dropped).toEqual([{ id: 'E2', supervisor_id: 'B1', reason: 'excluded' }]);
    expect(memoryOf(w.files).pending_links).toEqual({ E2: 'B1' });
    const rest = await w.day({ events: [schema(), row(user('B1')), state('s')] });
    expect(rest.sent.map(({ employeeId, supervisorId }) => [employeeId, supervisorId])).toEqual([
      ['B1', undefined],
      ['E2', 'B1'],
    ]);
  });

  it('counts for the guards of the day, and is stopped by what the whole read shows', async () => {
    const w = world();
    await w.day({ events: everybody(company()) });
    const half = await w.day({
      events: everybody(company((id) => (Number(id.slice(1)) > 12 ? undefined : {}))),
      ...only('E3'),
    });
    expect([half.exitCode, half.sent]).toEqual([3, []]);
    const leavers = ids.slice(0, 8);
    const ended = (named: readonly string[]) => ({
      events: everybody(company((id) => (leavers.includes(id) ? { employeeStatusCode: 'T' } : {}))),
      ...only(...named),
      settings: { guards: { max_terminated: { count: 5, percent: 5 } } },
    });
    expect((await w.day(ended(leavers.slice(0, 4)))).exitCode).toBe(0);
    expect((await w.day(ended(leavers.slice(4)))).exitCode).toBe(3);
  });
});
