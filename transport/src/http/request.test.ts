import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { AttemptError } from './failure.ts';
import { createHttp } from './request.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<URL> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

function http(timeoutMs = 2000, env: NodeJS.ProcessEnv = {}) {
  const made = createHttp({ timeoutMs, env, userAgent: 'test/1' });
  closers.push(() => made.close());
  return made.send;
}

const failureOf = async (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: AttemptError) => error.failure,
  );

describe('one attempt', () => {
  it('gives status, headers and text', async () => {
    const url = await serve((req, res) => {
      res.setHeader('Link', '<x>; rel="next"').end(`${req.method} ${req.headers['user-agent']}`);
    });
    const answer = await http()({ method: 'GET', url, headers: {} });
    expect([answer.status, answer.headers['link'], await answer.text()]).toEqual([
      200,
      '<x>; rel="next"',
      'GET test/1',
    ]);
  });

  it('asks whether the permit still holds when the connection stands, and sends nothing where it is not', async () => {
    let reached = 0;
    let permits = 0;
    const url = await serve((_req, res) => {
      reached++;
      res.end('ok');
    });
    const send = http();
    const permit = () => {
      permits++;
    };
    // On a fresh connection, then on one that was kept.
    for (let i = 0; i < 2; i++) await (await send({ method: 'POST', url, headers: {}, body: 'a', permit })).text();
    expect([permits, reached]).toEqual([2, 2]);
    for (const sender of [send, http()]) {
      const late = sender({
        method: 'POST',
        url,
        headers: {},
        body: 'b',
        permit: () => {
          throw new AttemptError({ phase: 'connect', code: 'PERMIT_EXPIRED' });
        },
      });
      expect(await failureOf(late)).toMatchObject({ code: 'PERMIT_EXPIRED', phase: 'connect' });
    }
    await (await send({ method: 'POST', url, headers: {}, body: 'c', permit })).text();
    expect(reached).toBe(3);
  });

  it('never follows a redirect, so that no key header reaches another host', async () => {
    let reached = 0;
    const other = await serve((_req, res) => {
      reached++;
      res.end();
    });
    const url = await serve((_req, res) => res.writeHead(302, { location: other.href }).end());
    const answer = await http()({ method: 'GET', url, headers: { 'US-Customer-Api-Key': 'K' } });
    await answer.discard();
    expect([answer.status, reached]).toEqual([302, 0]);
  });

  it('unpacks gzip, and calls a corrupt or cut one a failure', async () => {
    const packed = gzipSync(Buffer.from('people '.repeat(5000)));
    const bodies: Record<string, Buffer> = {
      '/good': packed,
      '/cut': packed.subarray(0, 40),
      '/bad': Buffer.from('not gzip'),
    };
    const url = await serve((req, res) => res.setHeader('content-encoding', 'gzip').end(bodies[req.url ?? '']));
    const get = (path: string) => http()({ method: 'GET', url: new URL(path, url), headers: {} });
    expect(await (await get('/good')).text()).toHaveLength(35_000);
    expect(await failureOf((await get('/cut')).text())).toMatchObject({ phase: 'body' });
    expect(await failureOf((await get('/bad')).text())).toMatchObject({ phase: 'body' });
  });

  it('reports a body that ends before its length as cut', async () => {
    const url = await serve((_req, res) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('ten bytes!');
      setTimeout(() => res.destroy(), 10);
    });
    const answer = await http()({ method: 'GET', url, headers: {} });
    expect((await failureOf(answer.text())).phase).toBe('body');
  });

  it('gives up on silence, and on a trickle that never ends', async () => {
    const url = await serve((req, res) => {
      if (req.url === '/silent') return;
      const drip = setInterval(() => res.write('.'), 20);
      res.on('close', () => clearInterval(drip));
    });
    const send = http(150);
    expect(await failureOf(send({ method: 'GET', url: new URL('/silent', url), headers: {} }))).toEqual({
      phase: 'headers',
      code: 'TIMEOUT',
    });
    // Longer, for the head must come through on a busy machine too.
    const trickling = await http(1500)({ method: 'GET', url: new URL('/trickle', url), headers: {} });
    expect(await failureOf(trickling.text())).toEqual({ phase: 'body', code: 'TIMEOUT' });
  });

  describe('through a proxy', () => {
    const url = new URL('https://example.com/');
    /** Answers each CONNECT as `answer` does; resolves with the settings that name it. */
    async function proxied(answer: (socket: Duplex, head: IncomingMessage) => void): Promise<NodeJS.ProcessEnv> {
      const proxy = createServer();
      const open = new Set<Duplex>();
      proxy.on('connect', (head, socket) => {
        open.add(socket.on('error', () => {}));
        answer(socket, head);
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      closers.push(() => {
        for (const socket of open) socket.destroy();
        proxy.closeAllConnections();
        proxy.close();
      });
      return { HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    }

    it('gives up where the tunnel never opens, and lets the process end', async () => {
      const made = createHttp({ timeoutMs: 150, env: await proxied(() => {}), userAgent: 'test/1' });
      expect(await failureOf(made.send({ method: 'GET', url, headers: {} }))).toMatchObject({
        phase: 'connect',
        code: expect.stringMatching(/TIMEOUT$/),
      });
      await made.close();
    });

    it('asks for the host by name, with its own credentials only', async () => {
      const heads: IncomingMessage[] = [];
      const env = await proxied((socket, head) => {
        heads.push(head);
        socket.end('HTTP/1.1 200 OK\r\n\r\nno TLS');
      });
      const failure = await failureOf(http(2000, env)({ method: 'GET', url, headers: { 'api-key': 'K' } }));
      expect(failure).toMatchObject({ phase: 'connect' });
      expect([heads[0]?.url, heads[0]?.headers['proxy-authorization'], heads[0]?.headers['api-key']]).toEqual([
        'example.com:443',
        `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
        undefined,
      ]);
    });

    it.each([403, 407, 502])("never takes the proxy's own %i for an answer of the host", async (status) => {
      const env = await proxied((socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 2\r\n\r\n{}`));
      expect(await failureOf(http(2000, env)({ method: 'GET', url, headers: {} }))).toEqual({
        phase: 'connect',
        code: `PROXY_ANSWERED_${status}`,
        to: 'example.com',
      });
    });
  });

  it('names a host that is not found, and the address that a name was resolved to', async () => {
    const unknown = await failureOf(http()({ method: 'GET', url: new URL('http://no-such.invalid/'), headers: {} }));
    expect(unknown).toMatchObject({ phase: 'connect', to: 'no-such.invalid' });
    const closed = new URL('http://localhost:1/');
    const refused = new AttemptError(await failureOf(http()({ method: 'GET', url: closed, headers: {} })));
    expect(refused.message).toMatch(
      /nothing listens there \(ECONNREFUSED\) while connecting to localhost:1 \(.*127\.0\.0\.1/,
    );
  });

  it('sends bytes as they are, and their length', async () => {
    const url = await serve((req, res) => {
      const pieces: Buffer[] = [];
      req.on('data', (piece: Buffer) => pieces.push(piece));
      req.on('end', () => res.end(`${req.headers['content-length']} ${Buffer.concat(pieces).toString('hex')}`));
    });
    const answer = await http()({ method: 'POST', url, headers: {}, body: Buffer.from('José') });
    expect(await answer.text()).toBe('5 4a6f73c3a9');
  });

  it('keeps one connection for one request after another', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((req, res) => {
      ports.add(req.socket.remotePort);
      res.end('{}');
    });
    const send = http();
    for (let n = 0; n < 3; n++) await (await send({ method: 'GET', url, headers: {} })).text();
    expect(ports.size).toBe(1);
  });

  it("does not count the reader's own slowness as the server's", async () => {
    const url = await serve((_req, res) => {
      for (let i = 0; i < 20; i++) res.write(Buffer.alloc(64 * 1024));
      res.end();
    });
    const answer = await http(200)({ method: 'GET', url, headers: {} });
    let bytes = 0;
    for await (const chunk of answer.body) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 350));
      bytes += chunk.length;
    }
    expect(bytes).toBe(20 * 64 * 1024);
  });

  it('says where the connection failed', async () => {
    const failure = await failureOf(http()({ method: 'GET', url: new URL('http://127.0.0.1:1/'), headers: {} }));
    expect(failure).toEqual({
      phase: 'connect',
      code: 'ECONNREFUSED',
      to: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    });
  });

  it("throws the caller's own reason when the caller aborts", async () => {
    const url = await serve(() => {});
    const controller = new AbortController();
    const reason = new Error('stop');
    setTimeout(() => controller.abort(reason), 30);
    await expect(http()({ method: 'GET', url, headers: {}, signal: controller.signal })).rejects.toBe(reason);
  });

  it.each(['plain', 'gzip'])("throws the caller's own reason when the caller aborts within a %s body", async (kind) => {
    const body = Buffer.alloc(100_000, 'x');
    const url = await serve((_req, res) => {
      if (kind === 'gzip') res.setHeader('content-encoding', 'gzip');
      // And never an end.
      res.write(kind === 'gzip' ? gzipSync(body).subarray(0, -8) : body);
    });
    const controller = new AbortController();
    const reason = new Error('stop');
    const answer = await http(60_000)({ method: 'GET', url, headers: {}, signal: controller.signal });
    const read = async () => {
      for await (const chunk of answer.body) if (chunk.length > 0) setTimeout(() => controller.abort(reason), 5);
    };
    await expect(read()).rejects.toBe(reason);
  });

  it('refuses an answer longer than asked for', async () => {
    const url = await serve((_req, res) => res.end('x'.repeat(1000)));
    const answer = await http()({ method: 'GET', url, headers: {} });
    expect((await failureOf(answer.text(100))).code).toBe('TOO_LONG');
  });

  it('leaves loopback alone when a proxy is set', async () => {
    const url = await serve((_req, res) => res.end('direct'));
    const answer = await http(2000, { HTTP_PROXY: 'http://127.0.0.1:1' })({ method: 'GET', url, headers: {} });
    expect(await answer.text()).toBe('direct');
  });

  it('never takes what came unasked on a kept connection for the next answer', async () => {
    const stray = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray';
    const closed: Promise<unknown>[] = [];
    const server = createTcpServer((socket) => {
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      socket.on('error', () => {});
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nasked');
        setTimeout(() => socket.write(stray), 20);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const send = http();
    for (let n = 0; n < 3; n++) {
      expect(await (await send({ method: 'GET', url, headers: {} })).text()).toBe('asked');
      await closed[n];
    }
    expect(closed).toHaveLength(3);
  });
});
