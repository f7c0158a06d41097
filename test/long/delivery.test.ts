/** Delivery on real sockets: every way an array may be answered, every fault of the Together side, and nobody lost. */
import { systemClock } from '@ukg-together/kit/clock';
import type { FaultAction, FaultRule } from '@ukg-together/sandbox/faults';
import { startTogether, type TogetherOptions, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { createHttp } from '@ukg-together/transport/http/request';
import { localLimiter } from '@ukg-together/transport/limiter/limiter';
import { afterEach, expect, it } from 'vitest';
import { createSizer } from '../../target-together/src/delivery/batch-size.ts';
import { deliver } from '../../target-together/src/delivery/deliver.ts';
import type { Delivery, PersonOutcome } from '../../target-together/src/model/person.ts';
import { createTogetherClient } from '../../target-together/src/together/client.ts';

const intervalMs = 15;
/** Backoffs pass in a hundredth of their time; the interval between requests, which the server checks, is kept. */
const clock = {
  ...systemClock,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms > 100 ? ms / 100 : ms, signal),
};
const count = 60;
const badOnes = new Set(['E7', 'E8', 'E33']);

let server: TogetherServer | undefined;
afterEach(() => server?.close());

const user = (index: number, good: boolean) => ({
  employeeId: `E${index}`,
  firstName: 'Ada',
  lastName: 'Example',
  ...(good ? { email: `e${index}@example.com` } : {}),
  employeeStatusCode: 'A',
});
const people = (bad: ReadonlySet<string>): Delivery[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    employeeId: `E${index}`,
    body: Buffer.from(JSON.stringify(user(index, !bad.has(`E${index}`)))),
    isNew: true,
  }));

async function run(deliveries: readonly Delivery[], timeoutMs = 2000) {
  const { url, credentials } = server as TogetherServer;
  const http = createHttp({ timeoutMs, env: {}, userAgent: 'test' });
  const limiter = localLimiter({ clock, intervalMs });
  const random = Math.random;
  const limits = { maxRetries: 4, timeoutMs, maxWaitMs: 600_000 };
  const client = createTogetherClient({
    account: { apiUrl: url, ...credentials },
    send: http.send,
    limiter,
    clock,
    random,
    limits,
  });
  const recorded: PersonOutcome[] = [];
  const sizer = createSizer({ batchSize: 20, maxBodyBytes: 1e6, timeoutMs: 60_000, now: () => clock.now() });
  const record = async (batch: readonly PersonOutcome[]) => {
    for (const one of batch) {
      // Whatever went wrong on the way: who is called accepted is there, at this very moment.
      if (one.outcome.outcome !== 'rejected') expect(server?.users.has(one.delivery.employeeId)).toBe(true);
      recorded.push(one);
    }
  };
  const { stopped } = await deliver({ client, sizer, maxBodyBytes: 1e6, ...limits, clock, random, record }, deliveries);
  await limiter.close();
  await http.close();
  const ids = new Set(recorded.map((one) => one.delivery.employeeId));
  expect(ids.size).toBe(recorded.length);
  return { stopped, recorded, left: deliveries.filter((one) => !ids.has(one.employeeId)) };
}

function expectLimitsKept(): void {
  const { journal } = server as TogetherServer;
  expect(journal.violations()).toEqual([]);
  expect(journal.maxInFlight()).toBeLessThanOrEqual(1);
}

// All or nothing goes only with answers that don't say of anybody that they were taken.
const shapes: TogetherOptions[] = [
  ...(['bare', 'named'] as const).map((answer) => ({ answer, arrays: 'atomic' as const })),
  ...(['bare', 'named', 'list', 'results', 'multistatus', 'split'] as const).flatMap((answer) =>
    [false, true].map((multiStatus) => ({ answer, arrays: 'each' as const, multiStatus })),
  ),
];

it.each(shapes)(
  'names exactly the refused and delivers the others: $answer, $arrays, 207: $multiStatus',
  async (options) => {
    server = await startTogether({ intervalMs: intervalMs - 2, ...options });
    const { stopped, recorded, left } = await run(people(badOnes));
    expect([stopped, left.length]).toEqual([undefined, 0]);
    const rejected = recorded.filter((one) => one.outcome.outcome === 'rejected');
    expect(new Set(rejected.map((one) => one.delivery.employeeId))).toEqual(badOnes);
    for (const one of rejected) expect(one.outcome.status).toBe(400);
    // Only a list of results says which field it was.
    if (!['bare', 'named'].includes(options.answer ?? '')) {
      for (const one of rejected) expect(one.outcome.reason).toContain('email');
    }
    expect(server.users.size).toBe(count - badOnes.size);
    expectLimitsKept();
  },
);

it('stops at an answer that nobody knows, and nobody has an outcome by it', async () => {
  server = await startTogether({ intervalMs: intervalMs - 2, answer: 'unrecognised' });
  const { stopped, recorded } = await run(people(new Set()));
  expect([stopped?.exitCode, recorded.length]).toEqual([5, 0]);
});

const faults: FaultAction[] = [
  { kind: 'status', status: 429, retryAfter: 1 },
  { kind: 'status', status: 429, retryAfter: 'Wed, 01 Jan 2020 00:00:00 GMT' },
  { kind: 'status', status: 429, retryAfter: '99999999999' },
  { kind: 'status', status: 429, retryAfter: 'soon' },
  ...[408, 500, 502, 503, 504].map((status): FaultAction => ({ kind: 'status', status })),
  { kind: 'status', status: 413 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 202 },
  { kind: 'reset' },
  { kind: 'reset', afterBytes: 5, processed: true },
  { kind: 'commit-then-reset' },
  { kind: 'stall', at: 'headers' },
  { kind: 'stall', at: 'body', afterBytes: 4 },
  { kind: 'truncate', processed: true },
  { kind: 'cut' },
  { kind: 'cut', chunked: true },
  { kind: 'content-type', value: 'text/html' },
  { kind: 'content-length', by: 10 },
  { kind: 'html' },
  { kind: 'empty', processed: true },
  { kind: 'bom' },
  { kind: 'gzip' },
  { kind: 'gzip', corrupt: true },
  { kind: 'redirect', location: 'http://127.0.0.1:1/elsewhere' },
  { kind: 'unauthorized' },
  { kind: 'body', body: '{"jobId": 1}' },
  { kind: 'body', body: '[]' },
];
const moments: Record<string, FaultRule['when']> = {
  start: { nth: 1 },
  middle: { nth: 2 },
  end: { nth: 3 },
  throughout: {},
};

it.each(
  faults.flatMap((action) => Object.keys(moments).map((moment) => ({ moment, action, name: JSON.stringify(action) }))),
)('ends as without the fault, or stops aloud with nothing lost: $name at the $moment', async ({ moment, action }) => {
  server = await startTogether({ intervalMs: intervalMs - 2, answer: 'list' });
  server.faults.add({ ...(moments[moment] ? { when: moments[moment] } : {}), do: action });
  const first = await run(people(new Set()), 150);
  if (first.left.length > 0) expect(first.stopped?.exitCode).toBeOneOf([5, 6]);
  server.faults.clear();
  const second = await run(first.left);
  expect([second.stopped, second.left.length]).toEqual([undefined, 0]);
  const accepted = [...first.recorded, ...second.recorded].filter((one) => one.outcome.outcome !== 'rejected');
  // Only a 413 of a single person, again and again, is a refusal.
  expect(accepted.length).toBe(
    action.kind === 'status' && action.status === 413 && moment === 'throughout' ? 0 : count,
  );
  expectLimitsKept();
});
