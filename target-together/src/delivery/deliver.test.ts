import { ConnectorError, said } from '@ukg-together/kit/error';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { HttpRequest, HttpResponse } from '@ukg-together/transport/http/request';
import type { RateLimiter } from '@ukg-together/transport/limiter/limiter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, PersonOutcome } from '../model/person.ts';
import { createTogetherClient } from '../together/client.ts';
import { createSizer } from './batch-size.ts';
import { deliver } from './deliver.ts';

const people = (count: number): Delivery[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    employeeId: `E${index}`,
    body: Buffer.from(JSON.stringify({ employeeId: `E${index}`, email: `e${index}@example.com` })),
    isNew: true,
  }));

// One job after the other without the real limiter's timers, which cost a millisecond each; transport tests the limiter.
const plainLimiter: RateLimiter = {
  run: (job, signal) => {
    signal?.throwIfAborted();
    return job(() => {});
  },
  close: async () => {},
};

type Answer =
  | { status: number; body?: unknown; headers?: Record<string, string>; ms?: number }
  | { error: AttemptError }
  | 'stall';
type User = { readonly employeeId: string };
/** What a server does with the ids of a request; `n` counts requests from 1. */
type Server = (ids: string[], n: number, request: HttpRequest) => Answer;

async function run(
  server: Server,
  count: number,
  options: {
    batchSize?: number;
    maxRetries?: number;
    maxBodyBytes?: number;
    people?: Delivery[];
    stopAfter?: number;
  } = {},
) {
  const clock = fakeClock();
  const requests: string[][] = [];
  const bodies: string[] = [];
  const recorded: PersonOutcome[] = [];
  const stop = new AbortController();
  let inFlight = 0;
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    expect(++inFlight).toBe(1);
    const users = [JSON.parse(String(request.body)) as User | User[]].flat();
    const ids = users.map((user) => user.employeeId);
    requests.push(ids);
    bodies.push(String(request.body));
    if (requests.length === options.stopAfter) stop.abort(new ConnectorError('sigterm', said`Stopped by SIGTERM.`));
    await Promise.resolve();
    inFlight--;
    const answer = server(ids, requests.length, request);
    if (answer === 'stall') {
      clock.advance(request.timeoutMs ?? 60_000);
      throw new AttemptError({ phase: 'headers', code: 'TIMEOUT' });
    }
    if ('error' in answer) throw answer.error;
    clock.advance(answer.ms ?? 100);
    const text =
      typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body);
    return {
      status: answer.status,
      headers: answer.headers ?? {},
      body: (async function* () {
        yield Buffer.from(text);
      })(),
      text: async () => text,
      discard: async () => {},
    };
  };
  const limits = { maxRetries: options.maxRetries ?? 5, timeoutMs: 60_000, maxWaitMs: 600_000 };
  const maxBodyBytes = options.maxBodyBytes ?? 1_000_000;
  const sizer = createSizer({
    batchSize: options.batchSize ?? 500,
    maxBodyBytes,
    timeoutMs: 60_000,
    now: () => clock.now(),
  });
  const client = createTogetherClient({
    account: { apiUrl: 'http://127.0.0.1:9/', organizationId: 'org', clientId: 'client', apiKey: 'key' },
    send,
    limiter: plainLimiter,
    clock,
    random: () => 0.5,
    limits,
    signal: stop.signal,
  });
  const { stopped } = await deliver(
    {
      client,
      sizer,
      maxBodyBytes,
      ...limits,
      clock,
      random: () => 0.5,
      signal: stop.signal,
      record: async (batch) => {
        expect(inFlight).toBe(0);
        recorded.push(...batch);
      },
    },
    options.people ?? people(count),
  );
  const by = (outcome: string) =>
    recorded.filter((one) => one.outcome.outcome === outcome).map((one) => one.delivery.employeeId);
  return { requests, bodies, recorded, stopped, by, clock, sizer };
}

const wait = (seconds: number) => ({ 'retry-after': String(seconds) });

const refusing =
  (bad: ReadonlySet<string>, status = 400): Server =>
  (ids) =>
    ids.some((id) => bad.has(id)) ? { status } : { status: 200 };

describe('requests of a first run', () => {
  const padding = 'x'.repeat(900);
  const company: Delivery[] = Array.from({ length: 20_000 }, (_, index) => ({
    index,
    employeeId: `E${index}`,
    body: Buffer.from(JSON.stringify({ employeeId: `E${index}`, jobTitle: padding })),
    isNew: true,
  }));
  const requestsOf = async (server: Server, sizes: { batchSize: number; maxBodyBytes: number }) => {
    const { requests, recorded, stopped } = await run(server, 0, { ...sizes, people: company });
    expect({ stopped, people: recorded.length }).toEqual({ stopped: undefined, people: company.length });
    return requests.length;
  };
  const growing = { batchSize: 2000, maxBodyBytes: 4_000_000 };
  const fixed = { batchSize: 500, maxBodyBytes: 1_000_000 };

  it('are 12 for 20,000 people where Together takes 2,000 users at once', async () => {
    expect(await requestsOf(() => ({ status: 204 }), growing)).toBe(12);
  });

  it.each<{ name: string; server: Server }>([
    { name: '100 users', server: (ids) => ({ status: ids.length > 100 ? 413 : 204 }) },
    { name: '100 kB', server: (_ids, _n, { body }) => ({ status: (body?.length ?? 0) > 100_000 ? 413 : 204 }) },
    { name: '10 ms a user', server: (ids) => ({ status: 204, ms: ids.length * 10 }) },
    {
      name: '10 ms a user, and a gateway that waits 15 s',
      server: (ids) => ({ status: ids.length > 1500 ? 504 : 204, ms: ids.length * 10 }),
    },
  ])('are at most a twentieth more than with a fixed size where the limit is $name', async ({ server }) => {
    expect(await requestsOf(server, growing)).toBeLessThanOrEqual(Math.ceil(1.05 * (await requestsOf(server, fixed))));
  });
});

describe('delivering', () => {
  it('sends everybody once, in order, as arrays with the three headers', async () => {
    let headers: unknown;
    const { requests, stopped, by, bodies } = await run((_ids, _n, request) => {
      headers = request.headers;
      expect([request.method, request.url.href]).toEqual(['POST', 'http://127.0.0.1:9/public/user']);
      return { status: 200 };
    }, 1201);
    expect(requests.map((ids) => ids.length)).toEqual([500, 500, 201]);
    expect(requests.flat()).toEqual(people(1201).map((one) => one.employeeId));
    expect(bodies[2]).toBe(
      `[${people(1201)
        .slice(1000)
        .map((one) => one.body.toString())
        .join(',')}]`,
    );
    expect(headers).toMatchObject({
      'organization-id': 'org',
      'client-id': 'client',
      'api-key': 'key',
      'content-type': 'application/json',
    });
    expect(by('created')).toHaveLength(1201);
    expect(stopped).toBeUndefined();
  });

  it('needs one request for fifty changes', async () => {
    expect((await run(() => ({ status: 200 }), 50)).requests).toHaveLength(1);
  });

  it('sends nobody beside or before whose address they get, and not at all when those were refused or failed', async () => {
    const chain = people(4).map((one, at) => (at === 1 || at === 2 ? { ...one, after: [at - 1] } : one));
    const fine = await run(() => ({ status: 200 }), 4, { people: chain });
    expect(fine.requests).toEqual([['E0'], ['E1'], ['E2', 'E3']]);
    for (const status of [409, 500]) {
      const { by, requests, stopped } = await run(refusing(new Set(['E0']), status), 4, {
        people: [...people(1), ...people(6).slice(4), ...chain.slice(1)],
        maxRetries: 1,
      });
      expect(requests.flat()).not.toContain('E1');
      expect([by('rejected'), by('created')]).toEqual([
        [...(status === 409 ? ['E0'] : []), 'E1', 'E2'],
        ['E4', 'E5', 'E3'],
      ]);
      expect(stopped?.message).toEqual(status === 409 ? undefined : expect.stringContaining('E0'));
    }
  });

  it('finds one refused person in n in at most 2·log2(n) + 1 requests beyond the first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 500 }),
        fc.nat(),
        fc.constantFrom(400, 409, 410, 422),
        async (count, at, status) => {
          const bad = `E${at % count}`;
          const { requests, by, recorded } = await run(refusing(new Set([bad]), status), count);
          expect(requests.length - 1).toBeLessThanOrEqual(Math.floor(2 * Math.log2(count)) + 1);
          expect(by('rejected')).toEqual([bad]);
          expect(by('created')).toHaveLength(count - 1);
          expect(recorded.find((one) => one.outcome.outcome === 'rejected')?.outcome.status).toBe(status);
        },
      ),
      { numRuns: 300 },
    );
    const worst = Math.max(
      ...(await Promise.all(
        [0, 1, 249, 250, 373, 374, 375, 498, 499].map(
          async (at) => (await run(refusing(new Set([`E${at}`])), 500)).requests.length,
        ),
      )),
    );
    expect(worst - 1).toBeLessThanOrEqual(18);
  });

  it('gives everybody one outcome, whoever is refused and however the server answers', async () => {
    const style = fc.constantFrom('bare', 'each', 'named', 'partial-207');
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(59), { maxLength: 20 }),
        style,
        fc.integer({ min: 1, max: 60 }),
        async (bad, kind, batchSize) => {
          const set = new Set(bad.map((at) => `E${at}`));
          const server: Server = (ids) => {
            const refused = ids.filter((id) => set.has(id));
            if (refused.length === 0) return { status: 200 };
            if (kind === 'bare') return { status: 400, body: { message: 'invalid' } };
            if (kind === 'named')
              return { status: 400, body: { errors: refused.map((employeeId) => ({ employeeId, message: 'no' })) } };
            if (kind === 'each')
              return {
                status: 207,
                body: ids.map((employeeId) => ({ employeeId, status: set.has(employeeId) ? 409 : 200 })),
              };
            return { status: 200, body: { errors: refused.map((employeeId) => ({ employeeId, error: 'no' })) } };
          };
          const { recorded, by, stopped } = await run(server, 60, { batchSize });
          expect(stopped).toBeUndefined();
          expect(new Set(recorded.map((one) => one.delivery.index)).size).toBe(60);
          expect(recorded).toHaveLength(60);
          expect(new Set(by('rejected'))).toEqual(set);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('needs two requests when the answer names the refused', async () => {
    const named = await run(
      (ids) =>
        ids.includes('E7') ? { status: 400, body: { results: [{ employeeId: 'E7', error: 'no' }] } } : { status: 200 },
      500,
    );
    expect(named.requests).toHaveLength(2);
  });

  it('splits by bytes on 413, keeps below that size from then on, and rejects who is too large alone', async () => {
    const server: Server = (_ids, _n, request) =>
      (request.body?.length ?? 0) > 2000 ? { status: 413 } : { status: 200 };
    const all = people(200).map((one) =>
      one.index === 50
        ? { ...one, body: Buffer.from(JSON.stringify({ employeeId: 'E50', title: 'x'.repeat(3000) })) }
        : one,
    );
    const { by, bodies, stopped, requests } = await run(server, 0, { people: all });
    expect(stopped).toBeUndefined();
    expect(by('rejected')).toEqual(['E50']);
    expect(by('created')).toHaveLength(199);
    expect(new Set(requests.flat()).size).toBe(200);
    expect(bodies.filter((body) => body.length > 2000).length).toBeLessThan(10);
  });

  it('rejects without sending who is larger than max_body_bytes', async () => {
    const { by, requests } = await run(() => ({ status: 200 }), 3, {
      maxBodyBytes: 60,
      people: people(3).map((one) =>
        one.index === 1
          ? { ...one, body: Buffer.from(JSON.stringify({ employeeId: 'E1', title: 'x'.repeat(100) })) }
          : one,
      ),
    });
    expect(by('rejected')).toEqual(['E1']);
    expect(requests.flat()).toEqual(['E0', 'E2']);
  });

  it('repeats the same request through a transient fault, honouring Retry-After', async () => {
    const script: Answer[] = [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503 },
      { error: new AttemptError({ phase: 'headers', code: 'ECONNRESET' }) },
      { status: 200, body: '<html>maintenance</html>' },
      { status: 200, body: '[{"employeeId":"E0","st' },
    ];
    const { bodies, clock, stopped, by } = await run((_ids, n) => script[n - 1] ?? { status: 204 }, 3);
    expect(stopped).toBeUndefined();
    expect(new Set(bodies).size).toBe(1);
    expect(bodies).toHaveLength(6);
    expect(clock.slept).toContain(7000);
    expect(by('unchanged')).toHaveLength(3);
  });

  it.each(['999999999', 'Fri, 31 Dec 9999 23:59:59 GMT', '601'])(
    'sends nothing more, not even a half, where it is asked to wait for too long: %s',
    async (wait) => {
      const { requests, stopped } = await run(() => ({ status: 503, headers: { 'retry-after': wait } }), 40);
      expect([requests.length, stopped?.exitCode]).toEqual([1, 5]);
    },
  );

  it('takes an empty 200 for an answer only where none before had a body', async () => {
    expect((await run(() => ({ status: 200 }), 1200)).stopped).toBeUndefined();
    const once = await run((_ids, n) => (n === 2 ? { status: 200 } : { status: 200, body: { message: 'OK' } }), 1200);
    expect(once.requests.map((ids) => ids.length)).toEqual([500, 500, 500, 200]);
    expect(once.by('created')).toHaveLength(1200);
    const away = await run((_ids, n) => (n > 1 ? { status: 200 } : { status: 200, body: { message: 'OK' } }), 1200);
    expect([away.recorded.length, away.stopped?.exitCode]).toEqual([500, 5]);
  });

  it('tries a smaller part after two timeouts of one size, and stays smaller', async () => {
    const server: Server = (ids) =>
      ids.length > 125 ? { error: new AttemptError({ phase: 'headers', code: 'TIMEOUT' }) } : { status: 200 };
    const { requests, stopped, by } = await run(server, 1000);
    expect(stopped).toBeUndefined();
    expect(requests.slice(0, 4).map((ids) => ids.length)).toEqual([500, 500, 250, 125]);
    expect(by('created')).toHaveLength(1000);
    expect(requests.length).toBeLessThan(20);
  });
});

describe('stopping', () => {
  it.each([401, 403])('sends nothing more after a %s', async (status) => {
    const { requests, recorded, stopped } = await run((_ids, n) => ({ status: n === 1 ? 200 : status }), 1500);
    expect(requests).toHaveLength(2);
    expect(recorded).toHaveLength(500);
    expect(stopped).toMatchObject({ kind: 'credentials', exitCode: 6 });
  });

  it.each([
    { status: 202 },
    { status: 302 },
    { status: 404 },
    { status: 418 },
    { status: 501 },
    { status: 200, body: { jobId: 17 } },
    { status: 207 },
  ])('stops at %j, which nobody documented, and gives no outcome', async (answer) => {
    const { requests, recorded, stopped } = await run(() => answer, 10);
    expect(requests).toHaveLength(1);
    expect(recorded).toEqual([]);
    expect(stopped?.exitCode).toBe(5);
  });

  it('ends an outage after its tries, with nothing lost', async () => {
    const { requests, recorded, stopped } = await run(
      (_ids, n) =>
        n === 1 ? { status: 200 } : { error: new AttemptError({ phase: 'connect', code: 'ECONNREFUSED' }) },
      1000,
      { maxRetries: 3 },
    );
    expect(requests).toHaveLength(5);
    expect(recorded).toHaveLength(500);
    expect(stopped?.exitCode).toBe(5);
  });

  it('ends an outage of the server itself after a look at both halves', async () => {
    const { requests, recorded, stopped } = await run(() => ({ status: 500 }), 1000, { maxRetries: 3 });
    expect(requests).toHaveLength(4 + 2 + 2);
    expect([recorded.length, stopped?.exitCode]).toEqual([0, 5]);
  });

  it.each<{ name: string; server: Server }>([
    { name: 'stalls', server: () => 'stall' },
    { name: 'stalls or asks to wait', server: (_ids, n) => (n % 2 ? 'stall' : { status: 429, headers: wait(50) }) },
    {
      name: 'asks to wait, at last stalls',
      server: (_ids, n) => (n < 3 ? { status: 429, headers: wait(200) } : 'stall'),
    },
    {
      name: 'puts everybody off, again and again',
      server: (ids) => ({ status: 207, body: ids.map((employeeId) => ({ employeeId, status: 503 })) }),
    },
  ])('ends within max_wait_secs and one timeout where Together only $name', async ({ server }) => {
    for (const maxRetries of [8, 1000]) {
      const { recorded, stopped, clock } = await run(server, 500, { maxRetries });
      expect([recorded.length, stopped?.exitCode]).toEqual([0, 5]);
      expect(clock.monotonic()).toBeLessThanOrEqual(660_000);
    }
  });

  it.each([
    { status: 200, ended: undefined },
    { status: 201, ended: expect.objectContaining({ kind: 'refused' }) },
  ])(
    'takes a bare $status to a single object for an answer, where arrays have one with a body',
    async ({ status, ended }) => {
      const [first, second, moved] = people(3) as [Delivery, Delivery, Delivery];
      const results = (ids: string[]) => ids.map((employeeId) => ({ employeeId, status: 200 }));
      const { requests, stopped } = await run(
        (ids, _n, { body }) => (String(body).startsWith('[') ? { status: 200, body: results(ids) } : { status }),
        3,
        { batchSize: 2, people: [first, second, { ...moved, isNew: false, movedFrom: 'E9' }] },
      );
      expect({ requests, stopped }).toEqual({ requests: [['E0', 'E1'], ['E2']], stopped: ended });
    },
  );

  it('sends the others where Together stalls at one person alone, on which side of the batch they may be', async () => {
    for (const id of ['E0', 'E77', 'E499']) {
      const { stopped, by } = await run((ids) => (ids.includes(id) ? 'stall' : { status: 200 }), 1200);
      expect(by('created')).toHaveLength(1199);
      expect(stopped).toMatchObject({ exitCode: 5, message: expect.stringContaining(`(${id})`) });
    }
  });

  it.each([500, 503])('finds the size that a server can take when larger requests end in %i', async (status) => {
    const { requests, stopped, by, sizer } = await run((ids) => ({ status: ids.length > 60 ? status : 200 }), 3000, {
      maxRetries: 8,
    });
    expect([stopped, by('created').length]).toEqual([undefined, 3000]);
    expect(requests[0]).toEqual(requests[1]);
    expect(requests.filter((ids) => ids.length > 60).length).toBeLessThan(20);
    expect(sizer.memory().users).toBeLessThanOrEqual(62);
  });

  it('leaves only one undelivered when Together keeps failing on that one alone', async () => {
    const { recorded, stopped, by } = await run(
      (ids) => (ids.includes('E77') ? { status: 500 } : { status: 200 }),
      1200,
      { maxRetries: 2 },
    );
    expect(by('created')).toHaveLength(1199);
    expect(recorded).toHaveLength(1199);
    expect(stopped).toMatchObject({ exitCode: 5, message: expect.stringContaining('(E77)') });
    const single = await run((ids) => (ids.includes('E3') ? { status: 500 } : { status: 200 }), 10, {
      batchSize: 1,
      maxRetries: 2,
    });
    expect(single.by('created')).toHaveLength(9);
    const outage = await run(() => ({ status: 500 }), 10, { batchSize: 1, maxRetries: 2 });
    expect([outage.requests.length, outage.stopped?.exitCode]).toEqual([6, 5]);
  });

  it('repeats only those whose own result says later', async () => {
    const { requests, stopped, by } = await run(
      (ids, n) =>
        n < 3
          ? { status: 207, body: ids.map((employeeId) => ({ employeeId, status: employeeId === 'E1' ? 503 : 200 })) }
          : { status: 200 },
      4,
    );
    expect(requests).toEqual([['E0', 'E1', 'E2', 'E3'], ['E1'], ['E1']]);
    expect([stopped, by('updated').length, by('created')]).toEqual([undefined, 3, ['E1']]);
    const forever = await run(
      (ids) => ({
        status: 207,
        body: ids.map((employeeId) => ({ employeeId, status: employeeId === 'E1' ? 503 : 200 })),
      }),
      4,
      { maxRetries: 2 },
    );
    expect(forever.requests).toHaveLength(3);
    expect(forever.stopped).toMatchObject({ exitCode: 5, message: expect.stringContaining('(E1)') });
  });

  it('finishes and records the request in flight on a signal, and leaves the rest', async () => {
    const { requests, recorded, stopped } = await run(() => ({ status: 200 }), 2000, { stopAfter: 2 });
    expect(requests).toHaveLength(2);
    expect(recorded).toHaveLength(1000);
    expect(stopped).toMatchObject({ kind: 'sigterm', exitCode: 143 });
  });

  it('stops halving when everybody is refused and nobody was ever accepted', async () => {
    const { stopped, by, requests } = await run(() => ({ status: 400 }), 1000);
    expect(by('rejected')).toHaveLength(100);
    expect(requests.length).toBeLessThan(220);
    expect(stopped).toMatchObject({ kind: 'refused', exitCode: 4 });
  });

  it('sends nothing more when outcomes can not be kept', async () => {
    const clock = fakeClock();
    let posts = 0;
    const full = new ConnectorError('unexpected', said`The disk is full.`);
    const { stopped } = await deliver(
      {
        client: {
          postUsers: async (sent) => ({
            sent,
            bytes: 1,
            ms: 1,
            answer: { kind: 'each', people: sent.map(() => ({ outcome: 'updated' as const })) },
            posts: posts++,
          }),
        },
        sizer: createSizer({ batchSize: 10, maxBodyBytes: 1e6, timeoutMs: 60_000, now: () => clock.now() }),
        maxBodyBytes: 1e6,
        maxRetries: 1,
        maxWaitMs: 600_000,
        clock,
        random: Math.random,
        record: () => Promise.reject(full),
      },
      people(100),
    );
    expect([posts, stopped]).toEqual([1, full]);
  });
});

describe('fields that a body empties and Together refuses to', () => {
  const clearing = (index: number): Delivery => {
    const [person] = people(index + 1).slice(-1) as [Delivery];
    const body = Buffer.from(JSON.stringify({ ...JSON.parse(String(person.body)), dateOfTermination: null }));
    return { ...person, body, clears: { fields: ['dateOfTermination'], without: person.body } };
  };
  const four = [...people(2), clearing(2), ...people(4).slice(3)];
  const holdsNull = ({ body }: HttpRequest) => String(body).includes('null');

  it('are left out of a second try, found by halves where nobody is named; the outcome says so', async () => {
    const { recorded, bodies } = await run((_, __, request) => ({ status: holdsNull(request) ? 400 : 200 }), 0, {
      people: four,
    });
    expect(recorded.map(({ outcome }) => outcome.outcome)).toEqual(Array.from({ length: 4 }, () => 'created'));
    const refused = recorded.filter(({ delivery }) => delivery.refusedClears);
    expect(refused.map(({ delivery }) => [delivery.employeeId, delivery.refusedClears])).toEqual([
      ['E2', ['dateOfTermination']],
    ]);
    expect(bodies.at(-2)).toBe('[{"employeeId":"E2","email":"e2@example.com"}]');
  });

  it('leave a person refused who is refused without them too', async () => {
    const { recorded } = await run((ids) => ({ status: ids.includes('E2') ? 400 : 200 }), 0, { people: four });
    const refused = recorded.filter(({ outcome }) => outcome.outcome === 'rejected');
    expect(refused.map(({ delivery }) => delivery.employeeId)).toEqual(['E2']);
    expect(recorded.length).toBe(4);
  });

  it('are tried together with the others where the answer names each', async () => {
    const each = (ids: string[], _: number, request: HttpRequest) => ({
      status: 207,
      body: ids.map((employeeId) => {
        const user = (JSON.parse(String(request.body)) as Record<string, unknown>[]).find(
          (one) => one['employeeId'] === employeeId,
        );
        return { employeeId, status: user && 'dateOfTermination' in user ? 400 : 200 };
      }),
    });
    const { recorded, requests } = await run(each, 0, { people: four });
    expect([recorded.length, requests]).toEqual([4, [['E0', 'E1', 'E2', 'E3'], ['E2']]]);
  });
});
