/**
 * One HTTP attempt, for both halves: no redirect is followed (every client measured leaks custom key headers to the other
 * host), TLS 1.2 and up with no off switch, proxies and CA files by the usual variables, and a timeout that counts only the
 * time spent waiting for the network, so that a slow reader downstream is never mistaken for a slow server.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable, Transform } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Clock, systemClock } from '@ukg-together/kit/clock';
import { ConnectorError } from '@ukg-together/kit/error';
import { openAgents } from './agents.ts';
import { AttemptError, type Phase } from './failure.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Overrides the sender's timeout, milliseconds of waiting for the network in all. */
  readonly timeoutMs?: number;
  /** Asked when the connection stands, right before the first byte; what it throws is thrown, and nothing is sent. */
  readonly turn?: () => void;
}

export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; a header sent twice is joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed bytes as they arrive. Throws AttemptError when the answer is cut, corrupt or too slow. Read once. */
  readonly body: AsyncIterable<Buffer>;
  /** The whole body as UTF-8; AttemptError `TOO_LONG` above `maxBytes` (default 16 MiB). */
  text(maxBytes?: number): Promise<string>;
  /** Lets go of the body without reading it. */
  discard(): Promise<void>;
}

/** One attempt. Throws AttemptError when no answer came. */
export type Send = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpOptions {
  /** Milliseconds of waiting for the network, for one attempt in all. */
  readonly timeoutMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly userAgent: string;
  readonly clock?: Clock;
  /** Connections kept to one host. */
  readonly connections?: number;
}

/** Opens the connection pools; `close()` lets the process end. */
export function createHttp(options: HttpOptions): { send: Send; close(): Promise<void> } {
  const clock = options.clock ?? systemClock;
  const agents = openAgents(options);
  const connectTimeoutMs = Math.min(options.timeoutMs, 30_000);

  const send: Send = async (request) => {
    const limit = deadline(request.timeoutMs ?? options.timeoutMs, request.signal);
    try {
      const answer = await limit.during(answered(request, limit.signal));
      const headers = flatten(answer.headers);
      return {
        status: answer.statusCode as number,
        headers,
        body: bodyOf(answer, headers, limit),
        text: (maxBytes) => readText(bodyOf(answer, headers, limit), maxBytes),
        async discard() {
          limit.end();
          answer.destroy();
        },
      };
    } catch (thrown) {
      limit.end();
      if (limit.abortedByCaller()) throw limit.signal.reason;
      throw attemptError(thrown, 'connect');
    }
  };

  /** Resolves with the answer's head. Rejects with an AttemptError that says how far it got. */
  function answered(request: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      let phase: Phase = 'connect';
      const asked = (request.url.protocol === 'https:' ? httpsRequest : httpRequest)(request.url, {
        method: request.method,
        agent: agents.of(request.url),
        headers: { 'accept-encoding': 'gzip, br', 'user-agent': options.userAgent, ...request.headers },
      });
      // Destroyed before it has a connection, a request says nothing until one comes.
      const giveUp = (reason: Error) => {
        reject(attemptError(reason, phase));
        asked.destroy(reason);
      };
      const silent = Object.assign(new Error('no connection'), { code: 'CONNECT_TIMEOUT' });
      const connecting = setTimeout(() => giveUp(silent), connectTimeoutMs);
      const onAbort = () => giveUp(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
      const connected = () => {
        clearTimeout(connecting);
        try {
          request.turn?.();
        } catch (expired) {
          giveUp(expired as Error);
          return;
        }
        phase = 'headers';
        asked.end(request.body);
      };
      asked.once('socket', (socket) => {
        // A kept connection is there already, a tunnel comes with its handshake done.
        const { authorized } = socket as Partial<TLSSocket>;
        if (authorized ?? !socket.connecting) connected();
        else socket.once(authorized === undefined ? 'connect' : 'secureConnect', connected);
      });
      asked.once('response', (answer) => {
        // Whoever reads the body hears of it there; nobody else must.
        answer.on('error', () => {});
        resolve(answer);
      });
      asked.on('error', (error) => reject(attemptError(error, phase)));
      asked.once('close', () => {
        clearTimeout(connecting);
        signal.removeEventListener('abort', onAbort);
        reject(new AttemptError({ phase, code: 'CLOSED' }));
      });
    });
  }

  /** A stopwatch that runs only while somebody waits for the network. */
  function deadline(totalMs: number, outer: AbortSignal | undefined) {
    const controller = new AbortController();
    const onOuter = () => controller.abort(outer?.reason);
    if (outer?.aborted) onOuter();
    else outer?.addEventListener('abort', onOuter, { once: true });
    let leftMs = totalMs;
    return {
      signal: controller.signal,
      /** What the caller aborted with, as opposed to our own timeout. */
      abortedByCaller: () => controller.signal.aborted && !(controller.signal.reason instanceof AttemptTimeout),
      async during<T>(wait: Promise<T>): Promise<T> {
        const from = clock.monotonic();
        const timer = setTimeout(() => controller.abort(new AttemptTimeout()), Math.max(1, leftMs));
        try {
          return await wait;
        } finally {
          clearTimeout(timer);
          leftMs -= clock.monotonic() - from;
        }
      },
      end() {
        outer?.removeEventListener('abort', onOuter);
      },
    };
  }
  type Deadline = ReturnType<typeof deadline>;

  async function* bodyOf(
    raw: IncomingMessage,
    headers: Record<string, string>,
    limit: Deadline,
  ): AsyncGenerator<Buffer> {
    const source = decompressed(raw, headers['content-encoding']);
    const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      for (;;) {
        const next = await limit.during(abortable(chunks.next(), limit.signal));
        if (next.done) return;
        yield next.value;
      }
    } catch (thrown) {
      if (limit.abortedByCaller()) throw limit.signal.reason;
      throw attemptError(thrown, 'body');
    } finally {
      limit.end();
      raw.destroy();
      if (source !== raw) source.destroy();
    }
  }

  return {
    send,
    async close() {
      agents.close();
    },
  };
}

class AttemptTimeout extends Error {
  readonly code = 'TIMEOUT';
}

function abortable<T>(wait: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    wait.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function readText(body: AsyncIterable<Buffer>, maxBytes = 16 * 1024 * 1024): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new AttemptError({ phase: 'answer', code: 'TOO_LONG' });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function decompressed(raw: Readable, encoding: string | undefined): Readable {
  const make = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    (encoding ?? '').trim().toLowerCase()
  ];
  if (!make) return raw;
  const inflate: Transform = make();
  raw.on('error', (error) => inflate.destroy(error));
  // A cut connection ends some bodies without an error event: zlib then reports the unexpected end itself.
  raw.on('close', () => {
    if (!raw.readableEnded) inflate.destroy(Object.assign(new Error('closed'), { code: 'TRUNCATED' }));
  });
  return raw.pipe(inflate);
}

function attemptError(thrown: unknown, phase: Phase): Error {
  if (thrown instanceof AttemptError || thrown instanceof ConnectorError) return thrown;
  return new AttemptError({ phase, code: codeOf(thrown) }, { cause: thrown });
}

function codeOf(thrown: unknown): string {
  const { code, cause, name } = (thrown ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  for (const candidate of [code, cause?.code, name]) {
    if (typeof candidate === 'string' && candidate !== 'Error') return candidate;
  }
  return 'NETWORK';
}

function flatten(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
