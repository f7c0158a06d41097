import { ConnectorError, said } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { HttpRequest, HttpResponse } from '@ukg-together/transport/http/request';
import { describe, expect, it } from 'vitest';
import type { Delivery, PersonOutcome } from '../model/person.ts';
import type { BatchMemory } from '../state/run-history.ts';
import { createRequestLog } from '../together/request-log.ts';
import { type DeliveryOptions, openDelivery } from './open-delivery.ts';

type Answer = { status: number; headers?: Record<string, string> } | AttemptError;
type Settings = DeliveryOptions['settings'];

const people = (count: number): Delivery[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    employeeId: `E${index}`,
    body: Buffer.from(`{"employeeId":"E${index}"}`),
    isNew: true,
  }));

/** Delivers to a server that gives these answers, one a request, then 200. */
async function run(
  answers: readonly Answer[],
  options: { count?: number; settings?: Partial<Settings>; learnt?: BatchMemory; confirm?: () => Promise<void> } = {},
) {
  const clock = fakeClock();
  const said: string[] = [];
  const metrics: unknown[] = [];
  const events: string[] = [];
  const sizes: number[] = [];
  const waiting = [...answers];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    events.push('request');
    sizes.push((JSON.parse(String(request.body)) as unknown[]).length);
    clock.advance(1500);
    const answer = waiting.shift() ?? { status: 200 };
    if (answer instanceof AttemptError) throw answer;
    return {
      status: answer.status,
      headers: answer.headers ?? {},
      body: (async function* () {})(),
      text: async () => '',
      discard: async () => {},
    };
  };
  const log = { warn: (line: string) => said.push(line), metric: (point: unknown) => metrics.push(point) };
  const requests = createRequestLog(clock.now());
  const delivery = openDelivery({
    account: { apiUrl: 'http://127.0.0.1:9/', organizationId: 'o', clientId: 'c', apiKey: 'k' },
    send,
    limiter: async () => {
      events.push('limiter');
      return { run: (job) => job(() => {}), close: async () => {} };
    },
    settings: {
      batch_size: 500,
      batch_size_rows: null,
      max_body_bytes: 100_000,
      max_retries: 2,
      request_timeout_secs: 60,
      max_wait_secs: 600,
      ...options.settings,
    },
    clock,
    random: () => 0,
    log: log as unknown as Logger,
    signal: new AbortController().signal,
    requests,
    learnt: options.learnt,
    confirm: async () => {
      events.push('confirm');
      await options.confirm?.();
    },
  });
  const before = { memory: delivery.memory(), events: [...events] };
  const outcomes: PersonOutcome[] = [];
  const { stopped } = await delivery.deliver(people(options.count ?? 1), async (batch) => {
    outcomes.push(...batch);
  });
  return { before, stopped, outcomes, said, metrics, events, sizes, memory: delivery.memory(), requests, clock };
}

describe('the delivery of a run', () => {
  it('opens the limiter at the first use, and asks before each request whether it may still send', async () => {
    const { before, events, stopped } = await run([{ status: 503 }]);
    expect({ before, events, stopped }).toEqual({
      before: { memory: undefined, events: [] },
      events: ['limiter', 'confirm', 'request', 'confirm', 'request'],
      stopped: undefined,
    });
  });

  it('sends nothing once another run has taken over', async () => {
    const taken = new ConnectorError('locked', said`Another run has taken over.`);
    const { events, stopped, outcomes } = await run([], { confirm: () => Promise.reject(taken) });
    expect({ events, stopped, outcomes }).toEqual({ events: ['limiter', 'confirm'], stopped: taken, outcomes: [] });
  });

  it('says why it waits and for how long, and counts what it waited', async () => {
    const { said, requests } = await run([
      { status: 429, headers: { 'retry-after': '7' } },
      new AttemptError({ phase: 'connect', code: 'ECONNREFUSED' }),
    ]);
    expect(said).toEqual([
      'Together asked to slow down (HTTP 429); trying again in 7.0 s.',
      expect.stringMatching(/^Together failed \(ECONNREFUSED\); trying again in \d+\.\d s\.$/) as string,
    ]);
    expect(requests.summary(1000)).toMatchObject({ count: 3, retries: 2, by_status: { 200: 1, 429: 1, none: 1 } });
  });

  it('says so where no answer came and nothing tells why', async () => {
    const { said } = await run([new AttemptError({ phase: 'answer' }), { status: 503 }]);
    expect(said.map((line) => line.replace(/ in .*/, ''))).toEqual([
      'Together failed (no answer); trying again',
      'Together failed (HTTP 503); trying again',
    ]);
  });

  it('measures each request by its status', async () => {
    const { metrics } = await run([new AttemptError({ phase: 'connect', code: 'ECONNRESET' }), { status: 200 }]);
    const timer = (status: number | null) => ({
      type: 'timer',
      metric: 'http_request_duration',
      value: 1.5,
      tags: { endpoint: '/public/user', http_status_code: status },
    });
    expect(metrics).toEqual([timer(null), timer(200)]);
  });

  it.each([
    { settings: { batch_size: 3 }, sizes: [3, 3, 1] },
    { settings: { batch_size: 3, batch_size_rows: 2 }, sizes: [2, 2, 2, 1] },
    { settings: { batch_size: 3, batch_size_rows: 9 }, sizes: [3, 3, 1] },
    { settings: { max_body_bytes: 60 }, sizes: [2, 2, 2, 1] },
  ])('keeps to $settings', async ({ settings, sizes }) => {
    expect((await run([], { count: 7, settings })).sizes).toEqual(sizes);
  });

  it('goes by what earlier runs learnt of sizes, and leaves what it learnt itself', async () => {
    const troubledAt = Date.UTC(2026, 0, 5);
    const learnt = { users: 4, usersCeiling: 4, bytes: 90_000, bytesCeiling: null, troubledAt };
    const { sizes, memory } = await run([], { count: 6, learnt });
    expect({ sizes, memory }).toEqual({ sizes: [4, 2], memory: { ...learnt, bytes: 100_000, bodies: false } });
    const old = await run([], { count: 6, learnt: { ...learnt, troubledAt: Date.UTC(2025, 11, 1) } });
    expect(old.sizes).toEqual([6]);
  });
});
