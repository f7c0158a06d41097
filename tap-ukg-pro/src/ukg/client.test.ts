import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { HttpRequest, Send } from '@ukg-together/transport/http/request';
import { describe, expect, test } from 'vitest';
import { memoryLog } from '../testing/log.ts';
import { fakeSettings } from '../testing/run.ts';
import { createUkgClient } from './client.ts';

type Script = (
  request: HttpRequest,
  call: number,
) => { status?: number; headers?: Record<string, string>; chunks?: string[] };

function setUp(script: Script, changes = {}) {
  const requests: HttpRequest[] = [];
  const log = memoryLog();
  const clock = fakeClock();
  const controller = new AbortController();
  let inFlight = 0;
  let most = 0;
  const send: Send = async (request) => {
    requests.push(request);
    most = Math.max(most, ++inFlight);
    const { status = 200, headers = {}, chunks = ['[]'] } = script(request, requests.length);
    async function* body() {
      for (const chunk of chunks) {
        await Promise.resolve();
        yield Buffer.from(chunk);
      }
      inFlight--;
    }
    return {
      status,
      headers,
      body: body(),
      text: async () => chunks.join(''),
      discard: async () => void inFlight--,
    };
  };
  const client = createUkgClient(
    { send, clock, log, random: () => 0.5, signal: controller.signal },
    fakeSettings(changes),
  );
  const url = (path = '/personnel/v1/x') => new URL(path, client.origin);
  return { client, requests, log, clock, url, most: () => most };
}

describe('createUkgClient', () => {
  test('sends Basic credentials in UTF-8, the customer key, and the user key only where set', async () => {
    const { client, requests, url } = setUp(() => ({}), { password: 'pä:ss' });
    await client.page({ stream: 's', url: url() }, () => {});
    expect(requests[0]?.headers).toEqual({
      authorization: `Basic ${Buffer.from('reader:pä:ss').toString('base64')}`,
      'us-customer-api-key': 'ABCDE',
      accept: 'application/json',
    });
    const withKey = setUp(() => ({}), { user_api_key: 'UKEY1' });
    await withKey.client.page({ stream: 's', url: withKey.url() }, () => {});
    expect(withKey.requests[0]?.headers['x-api-key']).toBe('UKEY1');
  });

  test('waits as Retry-After says instead of its own backoff', async () => {
    const { client, clock, url } = setUp((_, call) =>
      call === 1 ? { status: 429, headers: { 'retry-after': '7' } } : {},
    );
    await client.page({ stream: 's', url: url() }, () => {});
    expect(clock.slept).toEqual([7000]);
  });

  test.each([500, 502, 503, 504, 429])('tries %d again and gives up with a clear error', async (status) => {
    const { client, requests, url } = setUp(() => ({ status }));
    await expect(client.page({ stream: 's', url: url('/personnel/v1/x?page=3') }, () => {})).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('GET /personnel/v1/x page 3') as string,
    });
    expect(requests).toHaveLength(3);
  });

  test.each([['<html>sorry</html>'], [''], ['[{"a":1},'], ['{"error":1}']])(
    'an answer such as %j at status 200 is no data',
    async (text) => {
      const { client, requests, url } = setUp(() => ({ chunks: [text] }));
      await expect(client.page({ stream: 's', url: url() }, () => {})).rejects.toMatchObject({ kind: 'unreachable' });
      expect(requests.length).toBeGreaterThan(1);
    },
  );

  const page = (rows: number, from: number) => {
    const made = Array.from({ length: rows }, (_, i) => `{"id":${from + i}}`);
    return `${from === 0 ? '[' : ','}${made.join(',')}`;
  };
  function* endless() {
    for (let from = 0; ; from += 1000) yield page(1000, from);
  }

  test.each([
    [{ asked: 100 }, {}, '10000 rows, where 100 were asked for'],
    [{ asked: 5000 }, {}, '50000 rows'],
    [{}, {}, '1000000 rows.'],
    [{ asked: 100 }, { max_page_rows: 2500 }, '2500 rows'],
  ])('a page that never ends is left with an error: asked %j, settings %j', async (asked, settings, words) => {
    const { client, requests, url } = setUp(() => ({ chunks: endless() as unknown as string[] }), settings);
    let taken = 0;
    const reading = client.page({ stream: 's', url: url(), ...asked }, (rows) => {
      taken += rows.length;
    });
    await expect(reading).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining(words) });
    expect([requests.length, taken <= 1_000_000]).toEqual([1, true]);
  });

  test('blanks without an end are left with an error', async () => {
    const blank = ' '.repeat(1 << 22);
    function* blanks() {
      yield '[';
      for (;;) yield blank;
    }
    const { client, requests, url } = setUp(() => ({ chunks: blanks() as unknown as string[] }));
    await expect(client.page({ stream: 's', url: url() }, () => {})).rejects.toMatchObject({
      message: expect.stringContaining('more than 512 MiB'),
    });
    expect(requests).toHaveLength(1);
  });

  test('what is no data is asked for three times, whatever max_retries allows', async () => {
    const { client, requests, url } = setUp(() => ({ chunks: ['<html>'] }), { max_retries: 50 });
    await expect(client.page({ stream: 's', url: url() }, () => {})).rejects.toMatchObject({
      kind: 'unreachable',
      hint: expect.stringContaining('a proxy, a portal or a maintenance page'),
    });
    expect(requests).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 302, 418])('does not repeat a %d', async (status) => {
    const { client, requests, url } = setUp(() => ({ status }));
    await expect(client.page({ stream: 's', url: url() }, () => {})).rejects.toMatchObject({
      failure: { status },
      stream: 's',
    });
    expect(requests).toHaveLength(1);
    expect(client.accepted).toBe(false);
  });

  test('never has more requests under way than max_concurrency', async () => {
    const { client, url, most } = setUp(() => ({ chunks: ['[{"a":1},', '{"a":2}]'] }), { max_concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, () => client.page({ stream: 's', url: url() }, () => {})));
    expect(most()).toBe(3);
    expect(client.requests).toBe(20);
  });

  test('logs of a wait name stream, path, page and status, and nothing else', async () => {
    const { client, log, url } = setUp((_, call) => (call === 1 ? { status: 503, chunks: ['CANARY'] } : {}));
    await client.page({ stream: 'person_details', url: url('/personnel/v1/x?page=2&employeeId=CANARY') }, () => {});
    expect(log.lines.join('\n')).toContain('person_details: HTTP 503 at GET /personnel/v1/x page 2');
    expect(log.lines.join('\n')).not.toContain('CANARY');
  });

  test('stops at a limit without reading on', async () => {
    const { client, url } = setUp(() => ({ chunks: ['[{"a":1},{"a":2},{"a":3},', '{"a":4}'] }));
    const rows: unknown[] = [];
    expect(await client.page({ stream: 's', url: url() }, (some) => void rows.push(...some), 1)).toMatchObject({
      rows: 1,
    });
    expect(rows).toEqual([{ a: 1 }]);
  });
});
