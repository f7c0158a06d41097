/** Asks a server's app without a socket. */
import type { FaultAction } from '../faults.ts';
import type { App } from '../server/http.ts';
import { whole } from '../server/reply.ts';
import { UKG_CREDENTIALS } from '../ukg/access.ts';

export const UKG_HEADERS: Readonly<Record<string, string>> = {
  authorization: `Basic ${Buffer.from(`${UKG_CREDENTIALS.username}:${UKG_CREDENTIALS.password}`).toString('base64')}`,
  'us-customer-api-key': UKG_CREDENTIALS.customerApiKey,
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON. */
  json<T = Record<string, unknown>[]>(): T;
}

export async function ask(
  app: App,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: unknown; fault?: FaultAction } = {},
): Promise<Answer> {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  const { method = 'GET', headers = UKG_HEADERS, body, fault } = options;
  const reply = await app.handle({
    method,
    path,
    query,
    headers,
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    ...(fault ? { fault } : {}),
  });
  const text = (await whole(reply.body)).toString();
  return { status: reply.status, headers: reply.headers ?? {}, text, json: <T>() => JSON.parse(text) as T };
}
