import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { withoutTlsSwitch } from './agents.ts';
import { createHttp } from './request.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A proxy that refuses every tunnel and notes what it was asked for. */
async function startProxy(status: number): Promise<{ address: string; asked: string[]; keys: string[] }> {
  const asked: string[] = [];
  const keys: string[] = [];
  const server: Server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(`${request.url}`);
    keys.push(Buffer.from(request.headers['proxy-authorization']?.slice(6) ?? '', 'base64').toString());
    socket.end(`HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, keys };
}

async function failure(url: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const http = createHttp({ timeoutMs: 5000, env, userAgent: 'test/1' });
  closers.push(() => http.close());
  return http.send({ method: 'GET', url: new URL(url), headers: {} }).catch((error: unknown) => error);
}

describe('the proxy', () => {
  it.each(['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'])(
    'is taken from %s, with and without http://',
    async (variable) => {
      const proxy = await startProxy(407);
      for (const value of [`http://${proxy.address}`, proxy.address, ` http://${proxy.address}/ `]) {
        expect(await failure('https://api.corp.test/x', { [variable]: value })).toMatchObject({
          failure: { code: 'PROXY_ANSWERED_407', phase: 'connect' },
        });
      }
      expect(proxy.asked).toEqual(Array(3).fill('api.corp.test:443'));
    },
  );

  it.each([
    ['us%40er:p%25w', 'us@er:p%w'],
    ['user:100%sure^', 'user:100%sure^'],
    ['user:%e9', 'user:\ufffd'],
    ['', ''],
  ])('is told who asks: %s', async (written, sent) => {
    const proxy = await startProxy(407);
    await failure('https://api.corp.test/', { https_proxy: `http://${written}@${proxy.address}` });
    expect(proxy.keys).toEqual([sent]);
  });

  it('of the more special variable goes first, lower case before upper case', async () => {
    const [wanted, other] = [await startProxy(403), await startProxy(502)];
    const env = { https_proxy: wanted.address, HTTPS_PROXY: other.address, all_proxy: other.address };
    await failure('https://api.corp.test/', env);
    await failure('https://api.corp.test/', { HTTPS_PROXY: wanted.address, HTTP_PROXY: other.address });
    expect([wanted.asked.length, other.asked.length]).toEqual([2, 0]);
  });

  it.each([
    'api.corp.test',
    '.corp.test',
    '*.corp.test',
    'corp.test',
    'other.test, API.CORP.TEST',
    'other.test api.corp.test',
    'api.corp.test:9',
    '*',
    'other.test,*',
  ])('is left out for NO_PROXY=%s', async (list) => {
    const proxy = await startProxy(502);
    for (const name of ['NO_PROXY', 'no_proxy']) {
      await failure('https://api.corp.test:9/', { HTTPS_PROXY: proxy.address, [name]: list });
    }
    expect(proxy.asked).toEqual([]);
  });

  it.each(['ample.com', 'other.test', 'api.corp.test:443', 'x.api.corp.test'])(
    'is not left out for NO_PROXY=%s',
    async (list) => {
      const proxy = await startProxy(502);
      await failure('https://api.corp.test:9/', { HTTPS_PROXY: proxy.address, NO_PROXY: list });
      expect(proxy.asked).toEqual(['api.corp.test:9']);
    },
  );

  it('that is none is a settings error without its value', async () => {
    for (const value of ['socks5://u:hunter2@127.0.0.1:1', 'http://u:hunter2@', 'ftp://hunter2']) {
      const error = (await failure('https://api.corp.test/', { HTTPS_PROXY: value })) as Error;
      expect(error).toMatchObject({ kind: 'settings', message: expect.stringContaining('HTTPS_PROXY') });
      expect(JSON.stringify(error) + error.message).not.toContain('hunter2');
    }
  });
});

describe("Node's switch for all certificate checks", () => {
  it('is turned back on, and told of', () => {
    const env: NodeJS.ProcessEnv = { NODE_TLS_REJECT_UNAUTHORIZED: '0', HOME: '/' };
    const told: string[] = [];
    withoutTlsSwitch(env, (message) => told.push(message));
    withoutTlsSwitch(env, (message) => told.push(message));
    expect(env).toEqual({ HOME: '/' });
    expect(told).toEqual([expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored')]);
  });
});
