import { ConnectorError, said } from '@ukg-together/kit/error';
import { describe, expect, it } from 'vitest';
import { noticesOf, notifiedAfter } from '../report/notices.ts';
import { ended, type RunMemory } from '../state/run-history.ts';
import { sampleSummary } from '../testing/sample-report.ts';
import { notify, openingFailure } from './webhook.ts';

const read = {
  complete: true,
  whole: true,
  peopleRead: 4987,
  pendingLinks: {},
  filled: {},
  vocabulary: {},
  calendar: [],
  domains: [],
  supervisors: [],
  vanished: [],
  began: true,
};
const after = (memory: RunMemory, exit_code: number, over: Partial<typeof read> = {}) =>
  ended(memory, sampleSummary({ exit_code }), { ...read, ...over });

describe('telling somebody', () => {
  const refusals = { fresh: 0, open: 0 };
  const tellOf = (memory: RunMemory, exit_code: number, over = refusals) =>
    noticesOf(memory, after(memory, exit_code), sampleSummary({ exit_code }), over).map(({ event }) => event);

  it('happens on the first failure, on the recovery and on new refusals, and not again', () => {
    const good = after({}, 0);
    const failing = { ...after(good, 5), notified: { failing: true, unreportedRefusals: 0 } };
    expect(tellOf(good, 5)).toEqual(['failure']);
    expect(tellOf(failing, 5)).toEqual([]);
    expect(tellOf(failing, 0)).toEqual(['recovery']);
    expect(tellOf(good, 0)).toEqual([]);
    expect(tellOf(good, 0, { fresh: 2, open: 5 })).toEqual(['refusals']);
    expect(tellOf(good, 130)).toEqual([]);
  });

  it('comes after the next run where it did not get through', () => {
    const good = after({}, 0);
    const summary = sampleSummary({ exit_code: 4 });
    const failing = after(good, 4);
    const notices = noticesOf(good, failing, summary, { fresh: 2, open: 5 });
    expect(notices.map(({ event }) => event)).toEqual(['failure', 'refusals']);
    const unheard = { ...failing, notified: notifiedAfter(good, notices, new Set()) };
    expect(unheard.notified).toEqual({ failing: false, unreportedRefusals: 2 });
    const again = noticesOf(unheard, after(unheard, 4), summary, { fresh: 1, open: 6 });
    expect(again.map(({ event, new_refusals }) => [event, new_refusals])).toEqual([
      ['failure', 3],
      ['refusals', 3],
    ]);
    const heard = { ...unheard, notified: notifiedAfter(unheard, again, new Set(again)) };
    expect(heard.notified).toEqual({ failing: true, unreportedRefusals: 0 });
    expect(noticesOf(heard, after(heard, 4), summary, { fresh: 0, open: 6 })).toEqual([]);
  });

  it('knows a source that broke off: such a run is no success, whatever its exit code', () => {
    const good = after({}, 0);
    const broken = after(good, 0, { whole: false, peopleRead: 7 });
    expect([broken.last_success?.people_read, broken.baseline?.people_read]).toEqual([4987, 7]);
    expect(broken.failing_since).toBeDefined();
    const [notice] = noticesOf(good, broken, sampleSummary(), refusals);
    expect([notice?.event, notice?.text]).toEqual(['failure', expect.stringContaining('broke off')]);
    expect(after(broken, 0).failing_since).toBeUndefined();
  });

  it('needs no state: a run that could not open it is told each time', () => {
    const error = new ConnectorError('unexpected', said`The ledger is damaged.`, { hint: 'Restore it.' });
    const { destination } = sampleSummary();
    expect(openingFailure(destination, { id: 'r1', at: 0 }, error)).toMatchObject({
      event: 'failure',
      exit_code: 1,
      text: `target-together (${destination.organization_id}): run r1 could not begin, exit code 1. The ledger is damaged. Restore it. See https://github.com/ukg-together/ukg-together/blob/main/docs/troubleshooting.md#the-ledger-is-damaged`,
    });
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
    const deps = { send, log: { warn: (message: string) => void warnings.push(message) } };
    for (const format of ['json', 'slack', 'json'] as const) {
      await notify({ url: 'https://example.com/hook', format }, notice ? [notice] : [], deps);
    }
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ event: 'failure', exit_code: 5 });
    expect(Object.keys(JSON.parse(bodies[1] ?? '') as object)).toEqual(['text']);
    expect(warnings).toEqual([expect.stringMatching(/HTTP 500/), expect.stringMatching(/can't be reached/)]);
  });
});
