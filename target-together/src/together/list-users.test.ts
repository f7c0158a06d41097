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
};

const read = (...script: Step[]) => readWith(remoteIndexTaker, ...script);

async function readWith(taker: typeof remoteIndexTaker, ...script: Step[]) {
  const clock = fakeClock();
  const asked: HttpRequest[] = [];
  let discarded = 0;
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    const {
      status = 200,
      body = '',
      pieces = [],
      chunk = 7,
      cutAt,
      link,
    } = script[Math.min(asked.length, script.length - 1)] as Step;
    asked.push(request);
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
  return { remote, asked, discarded };
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

  it('is read in one request, from an array or from one under a usual key', async () => {
    for (const [body, shape] of [
      [users, 'array'],
      [{ total: 4, users, next: null }, 'object'],
      [{ data: users }, 'object'],
      [{ page: { items: 1 }, items: users }, 'object'],
    ] as const) {
      const { remote, asked } = await read({ body: `\uFEFF \n${JSON.stringify(body)}` });
      expect(remote).toMatchObject({ recognised: true, users: 4, shape });
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

  it('may be one page of several, and then says so', async () => {
    const body = JSON.stringify(users);
    const next = '<https://api.example.com/public/user?page=2>; rel="next"';
    for (const [step, expected] of [
      [{ body }, false],
      [{ body, link: next }, true],
      [{ body: `{"data":${body},"page":1}` }, true],
    ] as const) {
      expect((await read(step)).remote).toMatchObject({ recognised: true, mayBeAPage: expected });
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
