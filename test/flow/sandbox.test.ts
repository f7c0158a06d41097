/** The sandbox over real sockets: what only a connection can show. */

import { request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { FaultAction } from '@ukg-together/sandbox/faults';
import { main } from '@ukg-together/sandbox/start';
import { UKG_HEADERS } from '@ukg-together/sandbox/testing/ask';
import { startTogether, TOGETHER_CREDENTIALS, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { startUkg, type UkgServer } from '@ukg-together/sandbox/ukg-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let ukg: UkgServer;
let together: TogetherServer;
beforeEach(async () => {
  ukg = await startUkg({ people: 30, clean: true });
  together = await startTogether({ intervalMs: 0 });
});
afterEach(() => Promise.all([ukg.close(), together.close()]));

const PERSONS = '/personnel/v1/person-details';
interface Got {
  status?: number;
  headers: Record<string, unknown>;
  body: Buffer;
  /** Error code, or `aborted` where the body ended too early. */
  error?: string;
}
/** A bare client that reports what came, whole or not. */
function get(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; timeoutMs?: number } = {},
): Promise<Got> {
  return new Promise((done) => {
    const parts: Buffer[] = [];
    let seen: Pick<Got, 'status' | 'headers'> = { headers: {} };
    const end = (error?: string): void =>
      done({ ...seen, body: Buffer.concat(parts), ...(error === undefined ? {} : { error }) });
    const req = request(
      url,
      { method: options.method ?? 'GET', headers: options.headers ?? UKG_HEADERS, agent: false },
      (res) => {
        seen = { status: res.statusCode ?? 0, headers: res.headers };
        res.on('data', (part: Buffer) => parts.push(part));
        res.on('end', () => end());
        res.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'aborted'));
      },
    );
    req.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
    req.setTimeout(options.timeoutMs ?? 5000, () =>
      req.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })),
    );
    req.end(options.body);
  });
}
const withFault = async (action: FaultAction, timeoutMs?: number): Promise<Got> => {
  ukg.faults.set([{ do: action }]);
  return get(ukg.url + PERSONS, timeoutMs === undefined ? {} : { timeoutMs });
};
const HEADERS = {
  'organization-id': TOGETHER_CREDENTIALS.organizationId,
  'client-id': TOGETHER_CREDENTIALS.clientId,
  'api-key': TOGETHER_CREDENTIALS.apiKey,
  'content-type': 'application/json',
};
const ada = {
  employeeId: 'E1',
  firstName: 'Ada',
  lastName: 'Example',
  email: 'ada@example.com',
  employeeStatusCode: 'A',
};
const post = (body: unknown): Promise<Got> =>
  get(`${together.url}/public/user`, { method: 'POST', headers: HEADERS, body: JSON.stringify(body) });

describe('faults on the wire', () => {
  it('replace the answer: status with Retry-After, HTML, nothing, a redirect, a body of one’s own', async () => {
    expect(await withFault({ kind: 'status', status: 429, retryAfter: 'Thu, 15 Jan 2026 12:01:00 GMT' })).toMatchObject(
      { status: 429, headers: { 'retry-after': 'Thu, 15 Jan 2026 12:01:00 GMT' } },
    );
    expect((await withFault({ kind: 'html' })).body.toString()).toMatch(/^<!DOCTYPE html>/);
    expect(await withFault({ kind: 'empty' })).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(await withFault({ kind: 'redirect', location: 'https://elsewhere.example.com/' })).toMatchObject({
      status: 302,
      headers: { location: 'https://elsewhere.example.com/' },
    });
    expect((await withFault({ kind: 'body', body: '{"a":[' })).body.toString()).toBe('{"a":[');
    expect((await withFault({ kind: 'unauthorized' })).status).toBe(401);
  });
  it('damage the body: truncated, cut in length or chunks, lied about, with a BOM, another type', async () => {
    ukg.faults.clear();
    const good = await get(ukg.url + PERSONS);
    const whole = good.body.length;
    const truncated = await withFault({ kind: 'truncate' });
    expect([truncated.error, truncated.body.length]).toEqual([undefined, Math.floor(whole / 2)]);
    expect(() => JSON.parse(truncated.body.toString()) as unknown).toThrow();
    expect(await withFault({ kind: 'cut' })).toMatchObject({ status: 200, error: 'ECONNRESET' });
    expect(await withFault({ kind: 'cut', chunked: true })).toMatchObject({
      headers: { 'transfer-encoding': 'chunked' },
      error: 'ECONNRESET',
    });
    expect(await withFault({ kind: 'content-length', by: 50 })).toMatchObject({ error: 'ECONNRESET' });
    expect((await withFault({ kind: 'bom' })).body.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect((await withFault({ kind: 'content-type', value: 'text/plain' })).headers['content-type']).toBe('text/plain');
    expect(gunzipSync((await withFault({ kind: 'gzip' })).body)).toEqual(good.body);
    const corrupt = await withFault({ kind: 'gzip', corrupt: true });
    expect(() => gunzipSync(corrupt.body)).toThrow();
  });
  it('hurt the connection: reset before or within, silent before or within, slow', async () => {
    expect(await withFault({ kind: 'reset' })).toMatchObject({ error: 'ECONNRESET', body: Buffer.alloc(0) });
    const within = await withFault({ kind: 'reset', afterBytes: 100 });
    expect([within.status, within.error]).toEqual([200, 'ECONNRESET']);
    expect(await withFault({ kind: 'stall', at: 'headers' }, 150)).toMatchObject({ error: 'TIMEOUT' });
    const half = await withFault({ kind: 'stall', at: 'body', afterBytes: 10 }, 1000);
    expect([half.status, half.body.length]).toEqual([200, 10]);
    expect((await withFault({ kind: 'stall', at: 'body', forMs: 20 })).error).toBeUndefined();
    const slow = await withFault({ kind: 'trickle', chunkBytes: 20_000, everyMs: 1 });
    expect(slow.error).toBeUndefined();
    expect(JSON.parse(slow.body.toString())).toHaveLength(30);
    expect((await withFault({ kind: 'delay', ms: 5 })).status).toBe(200);
  });
  it('revoke for good', async () => {
    await withFault({ kind: 'revoke' });
    ukg.faults.clear();
    expect((await get(ukg.url + PERSONS)).status).toBe(401);
  });
  it('lose the answer after the deed, or before it', async () => {
    together.faults.set([{ do: { kind: 'reset' } }]);
    expect((await post(ada)).error).toBe('ECONNRESET');
    expect(together.users.size).toBe(0);
    together.faults.set([{ do: { kind: 'commit-then-reset' } }]);
    expect((await post(ada)).error).toBe('ECONNRESET');
    expect(together.users.get('E1')).toMatchObject(ada);
    together.faults.set([{ do: { kind: 'status', status: 503, processed: true } }]);
    expect((await post({ ...ada, employeeId: 'E2', email: 'e2@example.com' })).status).toBe(503);
    expect(together.users.has('E2')).toBe(true);
  });
});

describe('servers', () => {
  it('compress for those who accept it', async () => {
    ukg.options.gzip = true;
    const packed = await get(ukg.url + PERSONS, { headers: { ...UKG_HEADERS, 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(packed.body).toString())).toHaveLength(30);
    expect((await get(ukg.url + PERSONS)).headers['content-encoding']).toBeUndefined();
  });
  it('write down what they were asked: bytes, rows, ids, what was open, and no credentials', async () => {
    await get(`${ukg.url}${PERSONS}?per_Page=7`);
    await post([ada]);
    expect(ukg.journal.entries[0]).toMatchObject({
      path: PERSONS,
      query: 'per_Page=7',
      status: 200,
      rows: 7,
      inFlight: 0,
      headers: { authorization: '(sent)' },
    });
    expect(together.journal.entries[0]).toMatchObject({
      ids: ['E1'],
      rows: 1,
      status: 201,
      body: JSON.stringify([ada]),
    });
    expect(JSON.stringify(together.journal.entries)).not.toContain(TOGETHER_CREDENTIALS.apiKey);
    expect(together.journal.entries[0]?.finishedAt).toBeGreaterThan(together.journal.entries[0]?.at ?? 0);
  });
  it('catch two requests at once, and two within the interval, by their own clock', async () => {
    const strict = await startTogether({ intervalMs: 60, latencyMs: 1500, revoke: false });
    const send = (): Promise<Got> => get(`${strict.url}/public/user`, { headers: HEADERS });
    try {
      const first = send();
      while (strict.journal.maxInFlight() === 0) await new Promise((go) => setTimeout(go, 10));
      await new Promise((go) => setTimeout(go, 80));
      expect((await send()).status).toBe(429);
      expect((await first).status).toBe(200);
      expect(strict.journal.violations().map((entry) => entry.violation)).toEqual(['1 in flight']);
      expect(strict.journal.maxInFlight()).toBe(2);
    } finally {
      await strict.close();
    }
  });
  it('refuse a body that is too long', async () => {
    together.options.maxBodyBytes = 100;
    expect((await post([ada, ada])).status).toBe(413);
  });
  it('listen on the loopback address only', async () => {
    const refused = await new Promise<boolean>((done) => {
      const socket = connect({ host: '127.0.0.2', port: ukg.port }, () => done(false));
      socket.on('error', () => done(true));
      socket.on('connect', () => socket.destroy());
    });
    expect(refused).toBe(true);
  });
  it('stop although a client hangs', async () => {
    ukg.faults.set([{ do: { kind: 'stall', at: 'headers' } }]);
    const before = ukg.journal.entries.length;
    const hanging = get(ukg.url + PERSONS);
    while (ukg.journal.entries.length === before) await new Promise((go) => setTimeout(go, 10));
    await ukg.close();
    expect((await hanging).error).toBe('ECONNRESET');
  });
});

describe('the control door', () => {
  const control = async (url: string, method = 'GET', body?: unknown): Promise<{ status: number; value: never }> => {
    const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: answer.status, value: (await answer.json()) as never };
  };
  it('plays days, shows people, expectations and holdings, sets faults and options, resets', async () => {
    const at = (path: string) => `${ukg.url}/__sandbox${path}`;
    const day: { employeeId?: string }[] = (await control(at('/day'), 'POST', { changes: 5, seed: 1 })).value;
    expect(day).toHaveLength(5);
    const who = ukg.world.person(3).employeeId;
    expect((await control(at('/play'), 'POST', { kind: 'leave', employeeId: who })).value).toMatchObject({
      kind: 'leave',
    });
    expect((await control(at(`/person/${who}`))).value).toMatchObject({ employments: [{ status: 'T' }] });
    expect(Object.keys((await control(at('/expected'))).value)).toHaveLength(ukg.world.size);
    await control(at('/faults'), 'POST', { when: { nth: 1 }, do: { kind: 'empty' } });
    expect((await get(ukg.url + PERSONS)).body).toHaveLength(0);
    expect((await control(at('/faults'))).value).toMatchObject({ fired: [1] });
    await control(at('/options'), 'PATCH', { pageCap: 4 });
    expect(JSON.parse((await get(ukg.url + PERSONS)).body.toString())).toHaveLength(4);
    expect((await control(at('/journal'))).value).toMatchObject({ entries: [{}, {}] });
    await control(at('/reset'), 'POST');
    expect(ukg.world.size).toBe(30);
    expect((await control(at('/play'), 'POST', { kind: 'leave', employeeId: 'NOBODY' })).status).toBe(400);
    expect((await control(at('/nothing'))).status).toBe(404);

    const over = (path: string) => `${together.url}/__sandbox${path}`;
    await post([ada]);
    expect((await control(over('/holdings'))).value).toMatchObject([{ employeeId: 'E1' }]);
    expect((await control(over('/user/E1'))).value).toMatchObject({ email: 'ada@example.com' });
    expect((await control(over('/summary'))).value).toMatchObject({ users: 1, status: { A: 1 } });
    await control(over('/lock/E1'), 'POST');
    expect((await post([{ ...ada, title: 'x' }])).status).toBe(409);
    await control(over('/reset'), 'POST');
    expect(together.users.size).toBe(0);
  });
  it('shuts a server down', async () => {
    await control(`${ukg.url}/__sandbox/shutdown`, 'POST');
    await ukg.closed;
    expect((await get(ukg.url + PERSONS)).error).toBe('ECONNREFUSED');
  });
});

describe('npm run sandbox', () => {
  it('prints both addresses, settings and the commands', async () => {
    const lines: string[] = [];
    const running = await main(
      ['--people', '5', '--ukg-port', '0', '--together-port', '0', '--together', '{"answer":"list"}'],
      (line) => lines.push(line),
    );
    const said = lines.join('\n');
    expect(said).toContain('npx tap-ukg-pro --config');
    const settings = JSON.parse(said.slice(said.indexOf('{'), said.indexOf('\n}\n') + 2)) as Record<
      string,
      { api_url?: string }
    >;
    expect(settings['target-together']?.api_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await running?.stop();
  });
  it('refuses nonsense', async () => {
    await expect(main(['--people', 'many'], () => {})).rejects.toThrow('--people wants a whole number');
    await expect(main(['--ukg', '{'], () => {})).rejects.toThrow('--ukg wants JSON');
  });
});
