/** A Together, written from its public guide alone, half filled by someone else; it shares no code with the connectors or the sandbox. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type User = Record<string, unknown>;

export interface ForeignTogether {
  readonly url: string;
  readonly account: { readonly organization: string; readonly client: string; readonly key: string };
  readonly users: readonly User[];
  /** Of all requests, in order. */
  readonly requests: readonly string[];
  /** Requests that came less than a second after another, or beside one. */
  readonly tooFast: () => number;
  close(): Promise<void>;
}

export interface ForeignTogetherOptions {
  readonly users?: readonly User[];
  readonly refuse?: { readonly status: number; readonly body: string };
  readonly aheadMs?: number;
}

/** Starts it on 127.0.0.1. */
export async function startForeignTogether(options: ForeignTogetherOptions = {}): Promise<ForeignTogether> {
  const account = { organization: 'nordlicht-eu', client: 'cl_8842', key: 'tk-live "q" #77$x' };
  const users: User[] = [...(options.users ?? [])];
  const requests: string[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let open = 0;
  let fast = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    // A timer of the caller may fire a little early by this clock.
    if (open > 0 || performance.now() - last < 950) fast++;
    open++;
    last = performance.now();
    const send = (status: number, body: string) => {
      open--;
      const date = new Date(Date.now() + (options.aheadMs ?? 0)).toUTCString();
      response.writeHead(status, { 'content-type': 'application/json', date }).end(body);
    };
    request.resume().on('end', () => {
      const given = request.headers;

      if (options.refuse) send(options.refuse.status, options.refuse.body);
      else if (
        given['organization-id'] !== account.organization ||
        given['client-id'] !== account.client ||
        given['api-key'] !== account.key
      )
        send(401, '{"error":"not authenticated"}');
      else if (request.method === 'GET' && request.url === '/public/user') send(200, JSON.stringify(users));
      else if (request.method === 'POST') send(200, '{}');
      else send(404, '{}');
    });
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    users,
    requests,
    tooFast: () => fast,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
}
