/** A session over a temporary folder: real settings and files; Together and the webhook answer in memory. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { createRedactor } from '@ukg-together/kit/log/redact';
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { HttpRequest, HttpResponse } from '@ukg-together/transport/http/request';
import type { Lane } from '@ukg-together/transport/limiter/limiter';
import type { Io } from '../app/io.ts';
import { openSession, type Session } from '../app/session.ts';
import { keptLog } from './steps.ts';

interface Answer {
  readonly status: number;
  readonly body?: string;
}

export interface TestSessionOptions {
  readonly settings?: object;
  /** What the server says to a request; default 200 without a body. Throws: it can't be reached. */
  readonly answer?: (request: HttpRequest, n: number) => Answer;
  readonly env?: NodeJS.ProcessEnv;
  /** What comes on stdin. */
  readonly input?: string;
  readonly structured?: boolean;
  /** Settings as the file holds them, instead of valid ones. */
  readonly config?: string;
}

export interface TestIo {
  readonly io: Io;
  readonly folder: string;
  readonly config: string;
  readonly lines: ReturnType<typeof keptLog>['lines'];
  readonly metrics: string[];
  readonly stop: AbortController;
  stdout(): string;
  stderr(): string;
  /** Removes the folder. */
  remove(): Promise<void>;
}

function kept(): { stream: Writable; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

let used = 0;

/** The process as a command sees it, with a settings file in a folder of its own. */
export async function testIo(options: TestSessionOptions = {}): Promise<TestIo> {
  const folder = await mkdtemp(join(tmpdir(), 'session-'));
  const config = join(folder, 'config.json');
  const settings = {
    api_url: 'http://127.0.0.1:1',
    organization_id: 'org',
    // The locks of tests that run at once must not meet.
    client_id: `client ${process.pid} ${used++}`,
    api_key: 'a key',
    ledger_key: 'a key for the ledger of tests',
    state_dir: join(folder, 'state'),
    mapping: { preset: null, stream: 'employees', fields: testFields },
    ...options.settings,
  };
  await writeFile(config, options.config ?? JSON.stringify(settings));
  const out = kept();
  const err = kept();
  const { log, lines } = keptLog();
  const metrics: string[] = [];
  const stop = new AbortController();
  return {
    io: {
      env: options.env ?? {},
      stdin: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
      stdout: out.stream,
      stderr: err.stream,
      clock: fakeClock(),
      random: () => 0.5,
      log: { ...log, metric: ({ metric }) => void metrics.push(metric) },
      redactor: createRedactor(),
      structured: options.structured ?? false,
      signal: stop.signal,
    },
    folder,
    config,
    lines,
    metrics,
    stop,
    stdout: out.text,
    stderr: err.text,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const testFields = Object.fromEntries(
  ['employeeId', 'supervisorId', 'employeeStatusCode', 'email', 'firstName', 'lastName', 'title'].map((field) => [
    field,
    field,
  ]),
);

/** One job after the other, without waiting. */
export const plainLimiter: Lane = { run: (job) => job(() => {}), close: async () => {} };

/** `requests`: what was asked, in order. */
export async function testSession(options: TestSessionOptions = {}) {
  const process = await testIo(options);
  const opened = await openSession([process.config], process.io);
  const requests: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push({ method: request.method, url: request.url.href, body: String(request.body ?? '') });
    const { status, body = '' } = options.answer?.(request, requests.length) ?? { status: 200 };
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
    ...process,
    session,
    requests,
    async close() {
      await session.close();
      await process.remove();
    },
  };
}

export type TestSession = Awaited<ReturnType<typeof testSession>>;
