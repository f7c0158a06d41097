/** A session over a temporary folder: real settings and files; Together and the webhook answer in memory. */

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Clock } from '@ukg-together/kit/clock';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { HttpRequest, HttpResponse } from '@ukg-together/transport/http/request';
import type { RateLimiter } from '@ukg-together/transport/limiter/limiter';
import type { Io } from '../app/io.ts';
import { openSession, type Session } from '../app/session.ts';
import { keptLog } from './steps.ts';

const userFields = ['employeeId', 'supervisorId', 'employeeStatusCode', 'email', 'firstName', 'lastName', 'title'];

/** Columns of the stream `employees`, mapped to fields of the same name. */
export const testSchema = {
  properties: Object.fromEntries(userFields.map((name) => [name, { type: 'string' as const }])),
};

export interface TestFolder {
  readonly folder: string;
  readonly config: string;
  at(name: string): string;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/** A folder with a settings file; `settings` go over ones that suffice. */
export async function testFolder(settings: object = {}): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'session-'));
  const config = join(folder, 'config.json');
  const whole = {
    api_url: 'http://127.0.0.1:1',
    organization_id: 'org',
    // The locks of tests that run at once must not meet.
    client_id: `client ${randomUUID()}`,
    api_key: 'a key',
    ledger_key: 'a key for the ledger of tests',
    state_dir: join(folder, 'state'),
    mapping: { stream: 'employees', fields: Object.fromEntries(userFields.map((field) => [field, field])) },
    ...settings,
  };
  await writeFile(config, JSON.stringify(whole), { mode: 0o600 });
  return {
    folder,
    config,
    at: (name) => join(folder, name),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface TestIoOptions {
  /** What comes on stdin. */
  readonly input?: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly structured?: boolean;
  readonly clock?: Clock;
}

/** The process as a command sees it, with what it wrote. */
export function testIo(options: TestIoOptions = {}) {
  const out = keptText();
  const err = keptText();
  const { log, lines } = keptLog();
  const metrics: string[] = [];
  const stop = new AbortController();
  const io: Io = {
    env: options.env ?? {},
    stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
    stdout: out.stream,
    stderr: err.stream,
    clock: options.clock ?? fakeClock(),
    random: () => 0.5,
    log: { ...log, metric: ({ metric }) => void metrics.push(metric) },
    redactor: createRedactor(),
    structured: options.structured ?? false,
    signal: stop.signal,
  };
  return { io, lines, metrics, stop, stdout: out.text, stderr: err.text };
}

function keptText(): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

/** One job after the other, without waiting. */
const plainLimiter: RateLimiter = { run: (job) => job(() => {}), close: async () => {} };

export interface TestSessionOptions extends TestIoOptions {
  readonly settings?: object;
  /** What the server says to a request; default 200 without a body. */
  readonly answer?: (request: HttpRequest) => { readonly status: number; readonly body?: string };
}

/** `requests`: what was asked, in order. */
export async function testSession(options: TestSessionOptions = {}) {
  const place = await testFolder(options.settings);
  const process = testIo(options);
  const opened = await openSession([place.config], process.io);
  const requests: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push({ method: request.method, url: request.url.href, body: String(request.body ?? '') });
    const { status, body = '' } = options.answer?.(request) ?? { status: 200 };
    return {
      status,
      headers: {},
      body: (async function* () {
        yield Buffer.from(body);
      })(),
      text: async () => body,
      discard: async () => {},
    };
  };
  const session: Session = {
    ...opened,
    connections: { ...opened.connections, send, limiter: async () => plainLimiter },
  };
  return {
    ...place,
    ...process,
    session,
    requests,
    async close() {
      await session.close();
      await place.remove();
    },
  };
}

export type TestSession = Awaited<ReturnType<typeof testSession>>;
