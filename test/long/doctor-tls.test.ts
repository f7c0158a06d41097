/** What both doctors say of a host's certificate: by a handshake alone, with the authorities that requests trust. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, makeCertificates } from '../faults/support/certificates.ts';
import { start } from '../support/pipe.ts';

let folder: string;
let certificates: Certificates;
const servers: Server[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-tls-'));
  certificates = makeCertificates();
});
afterAll(() => {
  for (const server of servers) server.close();
  certificates.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function serve(kind: 'good' | 'expired' | 'otherHost' | 'selfSigned'): Promise<string> {
  const server = createServer(certificates[kind], (_, response) => response.writeHead(404).end());
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const settings = (url: string, half: string) =>
  half === 'tap-ukg-pro'
    ? { base_url: url, username: 'u', password: 'p', customer_api_key: 'k', max_retries: 0 }
    : { api_url: url, organization_id: 'o', client_id: 'c', api_key: 'k', state_dir: null, max_retries: 0 };

async function tls(half: string, url: string, env: NodeJS.ProcessEnv = {}) {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ [half]: settings(url, half) }), { mode: 0o600 });
  const { stdout, stderr } = await start(half, ['doctor', '--config', config, '--json'], { env });
  expect(stdout, stderr).toContain('findings');
  const { findings } = JSON.parse(stdout) as { findings: Record<string, string>[] };
  return findings.find(({ check }) => check === 'tls');
}

describe.each(['tap-ukg-pro', 'target-together'])('%s', (half) => {
  it('warns of a certificate that ends soon', async () => {
    const found = await tls(half, await serve('good'), { SSL_CERT_FILE: certificates.authority });
    expect(found).toMatchObject({
      verdict: 'warning',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+: TLSv1\.3, signed by Test authority, until .* in [12] days\.$/),
      hint: expect.any(String),
      docs: expect.stringMatching(/troubleshooting\.md#doctor-tls$/),
    });
  });

  it.each([
    ['expired', /has expired .*CERT_HAS_EXPIRED/, /This machine's clock says 20/],
    ['otherHost', /another host name/, /NODE_EXTRA_CA_CERTS/],
    ['selfSigned', /signed by itself/, /NODE_EXTRA_CA_CERTS/],
  ] as const)('fails at one that is %s', async (kind, message, hint) => {
    const found = await tls(half, await serve(kind), { SSL_CERT_FILE: certificates.authority });
    expect(found).toMatchObject({
      verdict: 'failed',
      kind: 'unreachable',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      docs: expect.stringMatching(/#is-not-trusted$/),
    });
  });

  it('fails at an authority that nobody has named', async () => {
    expect(await tls(half, await serve('good'))).toMatchObject({
      verdict: 'failed',
      message: expect.stringContaining('an authority that is not trusted here'),
    });
  });

  it('goes through the proxy, as requests do', async () => {
    const { port } = new URL(await serve('good'));
    const proxy = createProxy().on('connect', (request, client: Socket) => {
      asked.push(request.url ?? '');
      const there = connect(Number(port), '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
      there.on('error', () => client.destroy());
      client.on('error', () => there.destroy());
      there.pipe(client).pipe(there);
    });
    const asked: string[] = [];
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    try {
      const HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const env = { SSL_CERT_FILE: certificates.authority, HTTPS_PROXY };
      expect(await tls(half, 'https://api.example.com', env)).toMatchObject({
        verdict: 'warning',
        message: expect.stringContaining('api.example.com: TLSv1.3, signed by Test authority'),
      });
      expect(new Set(asked)).toEqual(new Set(['api.example.com:443']));
    } finally {
      proxy.close();
    }
  });

  it('looks at none where plain HTTP is spoken, or nothing listens', async () => {
    expect(await tls(half, 'http://127.0.0.1:9')).toMatchObject({
      verdict: 'skipped',
      message: expect.stringContaining('Plain HTTP'),
    });
    expect(await tls(half, 'https://127.0.0.1:9')).toMatchObject({
      verdict: 'skipped',
      message: expect.stringContaining('nothing listens there'),
    });
  });
});
