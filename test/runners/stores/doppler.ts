/** Doppler's one request that matters: https://docs.doppler.com/reference/secrets-get */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DopplerServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export async function startDoppler(secrets: Readonly<Record<string, string>>): Promise<DopplerServer> {
  const token = 'dp.st.prd.token-for-tests';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const fault = (status: number, message: string) => send(status, { messages: [message], success: false });
    if (request.headers.authorization !== `Bearer ${token}`) return fault(401, 'Invalid Service token');
    const { project, config, name = '' } = Object.fromEntries(url.searchParams);
    const known = url.pathname === '/v3/configs/config/secret' && project === 'hr' && config === 'prd';
    const value = known && Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (value === undefined) return fault(404, `Could not find requested secret: ${name}`);
    return send(200, { name, value: { raw: value, computed: value, note: '' }, success: true });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
