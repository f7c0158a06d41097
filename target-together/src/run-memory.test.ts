import { describe, expect, it } from 'vitest';
import { sampleSummary } from './report/sample.ts';
import { baselineOf, begun, ended, type RunMemory } from './run-memory.ts';
import { type Action, actions } from './types.ts';
import { noticesOf, tell } from './webhook.ts';

const planned = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
const read = {
  complete: true,
  whole: true,
  peopleRead: 4987,
  pendingLinks: {},
  filled: { officeId: 0.97 },
  vocabulary: {},
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

  it('keeps the last complete read through partial ones, and the last good run through failures', () => {
    const partial = after(after({}, 0), 0, { complete: false, peopleRead: 3 });
    expect(baselineOf(partial, ledger).baseline?.rows).toBe(4987);
    expect(after(partial, 5).good?.people_read).toBe(3);
  });

  it('lets only the rest of an interrupted plan pass, until a run ends well', () => {
    const first = begun(after({}, 0), { runId: 'r1', startedAt: 'x', planned: { ...planned, leave: 40 } });
    const interrupted = after(first, 5);
    expect(baselineOf(interrupted, ledger).baseline).toEqual({
      ...ledger,
      whole: true,
      vetted: expect.objectContaining({ leave: 40 }),
    });
    const again = begun(interrupted, { runId: 'r2', startedAt: 'y', planned: { ...planned, leave: 25 } });
    expect(again.open?.planned.leave).toBe(40);
    expect(after(again, 0).open).toBeUndefined();
    expect(after(again, 4).open).toBeUndefined();
  });

  it('forgets nothing of an interruption when a guard stops the run after it', () => {
    const interrupted = after(begun({}, { runId: 'r1', startedAt: 'x', planned }), 5);
    expect(after(interrupted, 3).open?.run_id).toBe('r1');
  });
});

describe('telling somebody', () => {
  const refusals = { fresh: 0, open: 0 };
  const tellOf = (memory: RunMemory, exit_code: number, over = refusals) =>
    noticesOf(memory, after(memory, exit_code), sampleSummary({ exit_code }), over).map(({ event }) => event);

  it('happens on the first failure, on the recovery and on new refusals, and not again', () => {
    const good = after({}, 0);
    const failing = after(good, 5);
    expect(tellOf(good, 5)).toEqual(['failure']);
    expect(tellOf(failing, 5)).toEqual([]);
    expect(tellOf(failing, 0)).toEqual(['recovery']);
    expect(tellOf(good, 0)).toEqual([]);
    expect(tellOf(good, 0, { fresh: 2, open: 5 })).toEqual(['refusals']);
    expect(tellOf(good, 130)).toEqual([]);
  });

  it('posts JSON or what chat rooms read, and a webhook that fails is a warning only', async () => {
    const [notice] = noticesOf({}, after({}, 5), sampleSummary({ exit_code: 5 }), refusals);
    const bodies: string[] = [];
    const warnings: string[] = [];
    const send = async ({ body = '' }: { body?: string | Buffer }) => {
      bodies.push(String(body));
      if (bodies.length > 2) throw new Error('down');
      return { status: bodies.length === 2 ? 500 : 200, discard: async () => {} } as never;
    };
    const deps = { send, warn: (message: string) => warnings.push(message) };
    for (const format of ['json', 'slack', 'json'] as const) {
      await tell({ url: 'https://example.com/hook', format }, notice ? [notice] : [], deps);
    }
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ event: 'failure', exit_code: 5 });
    expect(Object.keys(JSON.parse(bodies[1] ?? '') as object)).toEqual(['text']);
    expect(warnings).toEqual([expect.stringMatching(/HTTP 500/), expect.stringMatching(/can't be reached/)]);
  });
});
