import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { HttpRequest, HttpResponse } from '@ukg-together/transport/http/request';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRemote } from './list-users.ts';
import { remoteIndexTaker } from './remote-index.ts';

type Step = {
  status?: number;
  body?: string;
  pieces?: Iterable<string>;
  chunk?: number;
  cutAt?: number;
  link?: string;
  ms?: number;
};

type Script = Step | ((url: URL) => Step);

const read = (...script: Script[]) => readWith(remoteIndexTaker, ...script);

async function readWith(taker: typeof remoteIndexTaker, ...script: Script[]) {
  const clock = fakeClock();
  const asked: HttpRequest[] = [];
  let discarded = 0;
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const step = script[Math.min(asked.length, script.length - 1)] as Script;
    const {
      status = 200,
      body = '',
      pieces = [],
      chunk = 7,
      cutAt,
      link,
      ms = 0,
    } = typeof step === 'function' ? step(request.url) : step;
    asked.push(request);
    clock.advance(ms);
    const bytes = Buffer.from(body);
    return {
      status,
      headers: link === undefined ? {} : { link },
      body: (async function* () {
        for (let at = 0; at < bytes.length; at += chunk) {
          if (cutAt !== undefined && at >= cutAt) throw new AttemptError({ phase: 'body', code: 'TRUNCATED' });
          yield bytes.subarray(at, at + chunk);
        }
        for (const piece of pieces) yield Buffer.from(piece);
      })(),
      text: async () => body,
      discard: async () => {
        discarded++;
      },
    };
  };
  const remote = await readRemote(
    {
      account: { apiUrl: 'http://127.0.0.1:9', organizationId: 'o', clientId: 'c', apiKey: 'k' },
      send,
      limiter: { run: (job) => job(() => {}), close: async () => {} },
      clock,
      random: () => 0.5,
      limits: { maxRetries: 2, timeoutMs: 60_000, maxWaitMs: 600_000 },
    },
    () => taker(),
  );
  return { remote, asked, discarded, clock };
}
const users = [
  { employeeId: 'E1', email: 'One@example.com', hrisFields: { a: [1, { b: '}]"' }] } },
  { employeeId: 'E2', email: 'two@example.com' },
  { email: 'three@example.com' },
  { employeeId: 17 },
];

describe('what Together holds', () => {
  it('an answer that never ends is given up, whatever it repeats', async () => {
    const bodies: [string, string, RegExp][] = [
      ['[{"employeeId":"E1"},{"employeeId":"', 'a'.repeat(1 << 20), /after [01] users and 1[567] MiB/],
      ['[{"employeeId":"E1"},', ' '.repeat(1 << 20), /after [01] users and 1[567] MiB/],
      ['[', '{"employeeId":['.repeat(10_000), /after 0 users/],
      ['', ' '.repeat(10_000), /nothing/],
    ];
    for (const [head, again, reason] of bodies) {
      function* endless() {
        yield head;
        for (;;) yield again;
      }
      const { remote, discarded } = await read({ pieces: endless() });
      expect(remote).toMatchObject({ recognised: false, reason: expect.stringMatching(reason) });
      expect(discarded).toBe(1);
    }
  });

  it('takes an hour at most, however slow its pages come, and however often they break off', async () => {
    const page = (url: URL, more: Step = {}): Step => {
      const n = Number(url.searchParams.get('page') ?? 1);
      const body = JSON.stringify({ users: [{ employeeId: `E${n}` }], page: n, totalPages: 100_000 });
      return { body, ms: 50_000, ...more };
    };
    const slow = await read((url) => page(url));
    expect(slow.remote).toMatchObject({ recognised: true, whole: 'no' });
    let n = 0;
    const broken = await read((url) => page(url, ++n % 60 === 0 ? { cutAt: 0 } : {}));
    for (const { clock } of [slow, broken]) expect(clock.monotonic()).toBeLessThanOrEqual(3_660_000);
  });

  it('is read in one request, from an array or from one under a usual key', async () => {
    for (const [body, whole] of [
      [users, 'yes'],
      [{ total: 4, users, next: null }, 'yes'],
      [{ data: users }, 'unknown'],
      [{ errors: [], data: { items: users, 'not "users":[': '\\' } }, 'unknown'],
      [{ page: { items: 1 }, items: users }, 'unknown'],
      [{ users, meta: { page: 1, totalPages: 1 } }, 'yes'],
      [users.map(({ employeeId, ...rest }) => ({ employee_id: employeeId, ...rest })), 'yes'],
      [users.map((user, id) => ({ id, type: 'user', attributes: user })), 'yes'],
    ] as const) {
      const { remote, asked } = await read({ body: `\uFEFF \n${JSON.stringify(body)}` });
      expect(remote).toMatchObject({ recognised: true, users: 4, whole });
      expect([asked.length, asked[0]?.method, asked[0]?.url.pathname, asked[0]?.headers['api-key']]).toEqual([
        1,
        'GET',
        '/public/user',
        'k',
      ]);
      if (!remote.recognised) continue;
      expect([
        remote.result.statusOf('E2') !== undefined,
        remote.result.statusOf('17') !== undefined,
        remote.result.statusOf('E9') !== undefined,
      ]).toEqual([true, true, false]);
      expect([
        remote.result.ownerOf('ONE@example.com'),
        remote.result.ownerOf('three@example.com'),
        remote.result.ownerOf('x'),
      ]).toEqual(['E1', null, undefined]);
    }
    for (const body of ['[]', '{"users": [], "total": 0}']) {
      expect((await read({ body })).remote).toMatchObject({ recognised: true, users: 0 });
    }
  });

  it('comes out the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 50 }),
        fc.array(fc.string({ unit: 'binary' })),
        async (chunk, names) => {
          const list = names.map((name, i) => ({ employeeId: `E${i}`, firstName: name }));
          const { remote } = await read({ body: JSON.stringify(list), chunk });
          expect(remote).toMatchObject({ recognised: true, users: names.length });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('names two records of one person', async () => {
    const { remote } = await read({
      body: JSON.stringify([...users, { employeeId: 'E1' }, { employeeId: 'E3', email: 'TWO@example.com' }]),
    });
    expect(remote.recognised && remote.result.twins).toEqual([
      { by: 'employeeId', ids: ['E1', 'E1'] },
      { by: 'email', ids: ['E2', 'E3'] },
    ]);
  });

  const everybody = Array.from({ length: 10 }, (_, at) => ({ employeeId: `E${at}`, email: `e${at}@example.com` }));
  /** A server that shows four at a time, and what its answer says beside them. */
  const paged =
    (of: (url: URL) => number, say: (from: number, list: object[]) => { body: unknown; link?: string }) =>
    (url: URL): Step => {
      const from = of(url);
      const { body, ...more } = say(from, everybody.slice(from, from + 4));
      return { body: JSON.stringify(body), ...more };
    };
  const param =
    (name: string, otherwise = 0) =>
    (url: URL) =>
      Number(url.searchParams.get(name) ?? otherwise);
  const at = (from: number) => (from + 4 < 10 ? from + 4 : undefined);

  it.each([
    [
      'Link',
      paged(param('from'), (from, body) => ({
        body,
        ...(at(from) && { link: `</public/user?from=${at(from)}>; rel="next"` }),
      })),
    ],
    [
      'a URL',
      paged(param('from'), (from, users) => ({
        body: { users, links: { next: at(from) ? { href: `?from=${at(from)}` } : null } },
      })),
    ],
    [
      'a cursor',
      paged(param('cursor'), (from, data) => ({ body: { data, nextCursor: at(from) ? `${at(from)}` : null } })),
    ],
    [
      'pages',
      paged(
        (url) => (param('page', 1)(url) - 1) * 4,
        (from, data) => ({ body: { data, page: from / 4 + 1, totalPages: 3 } }),
      ),
    ],
    [
      'pages from 0',
      paged(
        (url) => param('page')(url) * 4,
        (from, data) => ({ body: { data, meta: { page: from / 4, totalPages: 3 } } }),
      ),
    ],
    [
      'an offset',
      paged(param('offset'), (from, items) => ({ body: { data: { items }, offset: from, limit: 4, total: 10 } })),
    ],
  ])('is read to its end where its pages go on by %s', async (_, answer) => {
    const { remote, asked } = await read(answer);
    expect(remote).toMatchObject({ recognised: true, users: 10, whole: 'yes' });
    expect(
      remote.recognised && [
        remote.result.twins,
        everybody.every(({ employeeId }) => remote.result.statusOf(employeeId)),
      ],
    ).toEqual([[], true]);
    expect(asked.length).toBeLessThan(5);
    expect(new Set(asked.map(({ url }) => url.origin)).size).toBe(1);
  });

  it('is a page of several where the next one can not be asked for, and then says so', async () => {
    const body = JSON.stringify(users);
    for (const [step, whole, times] of [
      [{ body }, 'yes', 1],
      [{ body: `{"data":${body},"page":1}` }, 'unknown', 1],
      [{ body: `{"data":${body},"total":10}` }, 'no', 1],
      [{ body: `{"data":${body},"hasMore":true}` }, 'no', 1],
      // Another host gets no key; a query that changes nothing is no page.
      [{ body, link: '<https://elsewhere.example.com/public/user?page=2>; rel="next"' }, 'no', 1],
      [{ body, link: '</public/user?page=2>; rel="next"' }, 'no', 2],
      [{ body: `{"data":${body},"nextCursor":"again"}` }, 'no', 2],
      [{ body: `{"data":${body},"page":1,"total":10}` }, 'no', 2],
    ] as const) {
      const { remote, asked } = await read(step);
      expect({ ...remote, asked: asked.length, twins: remote.recognised && remote.result.twins }).toMatchObject({
        ...{ recognised: true, users: 4, whole, asked: times, twins: [] },
      });
    }
  });

  it('gives the old value of each field that it lists, however it writes it', async () => {
    const body = {
      employeeId: 'E1',
      email: 'ONE@example.com',
      title: 'Chief',
      lastHireDate: '2019-01-01T00:00:00.000Z',
      dateInJob: '2020-02-02T00:00:00.000Z',
      remote: true,
      officeId: 'L1',
      preferredName: null,
      'hrisFields.grade': '7',
      'hrisFields.team': 'A',
      departmentId: 'D1',
    };
    const listed = {
      ...{ employeeId: 'E1', email: 'one@example.com', title: 'Clerk', lastHireDate: '2019-01-01' },
      ...{ dateInJob: '2020-02-03T00:00:00Z', remote: false, officeId: null, preferredName: '' },
      ...{ hrisFields: { grade: '6' }, 'hrisFields.team': 'A' },
    };
    const { remote } = await readWith(() => remoteIndexTaker((id) => (id === 'E1' ? body : undefined)), {
      body: JSON.stringify([listed, { employeeId: 'E2' }]),
    });
    const values = remote.recognised ? remote.result.valuesOf('E1') : undefined;
    const differ = [...(values ?? [])].filter(([, { same }]) => !same).map(([field, { from }]) => [field, from]);
    expect(differ).toEqual([
      ['title', 'Clerk'],
      ['dateInJob', '2020-02-03T00:00:00Z'],
      ['remote', 'false'],
      ['officeId', undefined],
      ['hrisFields.grade', '6'],
    ]);
    expect(values?.has('departmentId')).toBe(false);
    expect(remote.recognised && remote.result.valuesOf('E2')).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html></html>'],
    ['words', 'Forbidden'],
    ['an object without a list', '{"count": 3}'],
    ['a list of something else', '[{"name":"x"}]'],
    ['a list of words', '["a"]'],
    ['something else under the key', '{"users": {"a": 1}}'],
    ['broken JSON', '[{"employeeId":"E1"},{"employee'],
    ['two lists', '[][]'],
  ])('in a shape that nobody knows is said to be so: %s', async (_, body) => {
    const { remote } = await read({ body });
    expect(remote).toMatchObject({ recognised: false, reason: expect.stringContaining('GET /public/user') });
  });

  it('is asked for again when the answer breaks off, and then counted once', async () => {
    const body = JSON.stringify(users);
    const { remote, asked } = await read({ body, cutAt: 120 }, { status: 503 }, { body });
    expect(asked).toHaveLength(3);
    expect(remote).toMatchObject({ recognised: true, users: 4 });
  });

  it('is done without when it is no JSON, however much of it is still to come', async () => {
    const body = `[${JSON.stringify(users[0])},{broken},${JSON.stringify(users).repeat(20_000)}`;
    const { remote } = await read({ body, chunk: 1000 });
    expect(remote).toMatchObject({
      recognised: false,
      reason: expect.stringMatching(/no list of users|broken JSON/) as string,
    });
  });

  it('is done without when it can not be had, but not when the key is wrong', async () => {
    expect((await read({ status: 404 })).remote).toEqual({
      recognised: false,
      reason: 'GET /public/user was answered HTTP 404',
    });
    expect((await read({ status: 503 })).remote).toMatchObject({ recognised: false });
    expect((await read({ status: 403 })).remote).toMatchObject({
      recognised: false,
      reason: expect.stringContaining('may not list users'),
    });
    await expect(read({ status: 401 })).rejects.toMatchObject({ kind: 'credentials', exitCode: 6 });
  });
});
