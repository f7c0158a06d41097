import { describe, expect, it } from 'vitest';
import { type Action, actions } from '../model/outcome.ts';
import { baselineOf } from '../plan/guards/baseline.ts';
import { sampleSummary } from '../testing/sample-report.ts';
import { begun, domainsOf, ended, failedAtEnd, type RunMemory } from './run-history.ts';

const planned = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
const read = {
  complete: true,
  whole: true,
  peopleRead: 4987,
  pendingLinks: {},
  filled: { officeId: 0.97 },
  vocabulary: {},
  calendar: [],
  domains: [] as readonly string[],
  supervisors: [] as readonly string[],
  vanished: [],
  began: true,
};
const after = (memory: RunMemory, exit_code: number, over: Partial<typeof read> = {}) =>
  ended(memory, sampleSummary({ exit_code }), { ...read, ...over });
const ledger = { known: 100, active: 90 };

describe('what a run leaves to the next', () => {
  it('is no baseline after nothing, and one after a run that ended well', () => {
    expect(baselineOf({}, ledger)).toEqual({ baseline: undefined, note: expect.stringMatching(/first run/) });
    expect(baselineOf(after({}, 0), ledger).baseline).toMatchObject({
      ...ledger,
      rows: 4987,
      filled: { officeId: 0.97 },
    });
  });

  it('keeps the last complete read through partial ones, and the last successful run through failures', () => {
    const partial = after(after({}, 0), 0, { complete: false, peopleRead: 3 });
    expect(baselineOf(partial, ledger).baseline?.rows).toBe(4987);
    expect(after(partial, 5).baseline?.people_read).toBe(3);
  });

  it('lets only the rest of an interrupted plan pass, until a run ends well', () => {
    const first = begun(after({}, 0), { runId: 'r1', startedAt: 'x', planned: { ...planned, leave: 40 }, domains: [] });
    const interrupted = after(first, 5);
    expect(baselineOf(interrupted, ledger).baseline).toMatchObject({
      ...ledger,
      whole: true,
      vetted: expect.objectContaining({ leave: 40 }),
    });
    const again = begun(interrupted, { runId: 'r2', startedAt: 'y', planned: { ...planned, leave: 25 }, domains: [] });
    expect(again.open?.planned.leave).toBe(40);
    expect(after(again, 0).open).toBeUndefined();
    expect(after(again, 4).open).toBeUndefined();
  });

  it('knows the domains of an interrupted run, whose guards let them pass', () => {
    const before = { domains: ['old.example'] };
    const first = after(begun(before, { runId: 'r1', startedAt: 'x', planned, domains: ['example.com'] }), 5);
    expect(domainsOf(first)).toEqual(['old.example', 'example.com']);
    const second = begun(first, { runId: 'r2', startedAt: 'x', planned, domains: [] });
    expect(domainsOf(second)).toEqual(['old.example', 'example.com']);
    expect(after(second, 0, { complete: false, whole: false }).domains).toEqual(['old.example', 'example.com']);
  });

  it('knows the domains of a run in which others were refused, and none of one that sent nothing', () => {
    expect(after({}, 4, { domains: ['example.com'] }).domains).toEqual(['example.com']);
    expect(after({}, 4, { domains: ['example.com'], began: false })).not.toHaveProperty('domains');
  });

  it('has no domains and no supervisors to compare with after a source that broke off before its first record', () => {
    const broken = { complete: false, whole: false, peopleRead: 0 };
    expect(after({}, 0, broken)).not.toHaveProperty('domains');
    expect(after({}, 0, broken)).not.toHaveProperty('supervisors');
    const read = after({}, 0, { domains: ['example.com'], supervisors: ['E1'] });
    expect(after(read, 0, broken)).toMatchObject({ domains: ['example.com'], supervisors: ['E1'] });
  });

  it('a wrong key interrupts nothing, and leaves what was interrupted before', () => {
    const nobody = Object.fromEntries(
      Object.keys(sampleSummary().outcomes).map((outcome) => [outcome, 0]),
    ) as ReturnType<typeof sampleSummary>['outcomes'];
    const { run_id } = sampleSummary();
    const key = (memory: RunMemory, outcomes = nobody) =>
      ended(
        begun(memory, { runId: run_id, startedAt: 'y', planned: { ...planned, leave: 9 }, domains: ['new.example'] }),
        sampleSummary({ exit_code: 6, outcomes }),
        read,
      );
    const interrupted = after(
      begun({}, { runId: 'r1', startedAt: 'x', planned: { ...planned, leave: 40 }, domains: [] }),
      5,
    );
    expect(key({}).open).toBeUndefined();
    expect(domainsOf(key({}))).toEqual([]);
    expect(key(interrupted).open).toEqual({
      run_id: 'r1',
      started_at: 'x',
      planned: { ...planned, leave: 40 },
      domains: [],
    });
    // Some were accepted before the key was taken away.
    expect(key({}, { ...nobody, updated: 1 }).open?.run_id).toBe(run_id);
  });

  it('guards as before after a failed night: with the rows and the fields of the last successful one', () => {
    const night = after(begun(after({}, 0), { runId: 'r2', startedAt: 'y', planned, domains: [] }), 5);
    expect(baselineOf(night, ledger)).toMatchObject({
      baseline: { rows: 4987, filled: { officeId: 0.97 } },
      note: undefined,
    });
  });

  it('forgets nothing of an interruption when a guard stops the run after it', () => {
    const interrupted = after(begun({}, { runId: 'r1', startedAt: 'x', planned, domains: [] }), 5);
    expect(after(interrupted, 3).open?.run_id).toBe('r1');
  });

  it('is no success for a monitor where the end of the run failed, and still a baseline', () => {
    const good = { ...after({}, 0), last_success: { run_id: 'before', finished_at: 'x', people_read: 1 } };
    const failed = failedAtEnd(good, after(good, 0), 1);
    const { run_id, finished_at } = sampleSummary();
    expect(failed).toMatchObject({
      baseline: { run_id },
      last_success: { run_id: 'before' },
      failing_since: finished_at,
    });
    expect(failed.last).toEqual({ run_id, finished_at, exit_code: 1 });
    expect(failed.history?.at(-1)?.exitCode).toBe(1);
    expect(failedAtEnd({}, after({}, 0), 1)).not.toHaveProperty('last_success');
    expect(failedAtEnd({}, {}, 1)).toEqual({});
    expect(after(failed, 0)).not.toHaveProperty('failing_since');
  });
});
