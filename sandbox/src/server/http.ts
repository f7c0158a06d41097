/** A loopback HTTP server with a journal, faults, latency and a control door under /__sandbox/. */
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { sequence } from '../company/rng.ts';
import { createFaults, type FaultAction, type FaultRule, type Faults } from '../faults.ts';
import { createJournal, type Entry, type Journal, maskedHeaders } from './journal.ts';
import { header, json, type Reply, replacement, type Sleep, send, sendDamaged, text } from './reply.ts';

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The fault ordered for this request, for those that the server itself must play. */
  readonly fault?: FaultAction;
  readonly entry?: Entry;
}

/** Time as the servers see it; a test may bring its own. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  wall(): number;
  /** Milliseconds on a clock that never jumps. */
  mono(): number;
  sleep: Sleep;
}
export const machineClock: SandboxClock = { wall: Date.now, mono: () => performance.now(), sleep: (ms) => wait(ms) };

/** What every sandbox server takes. */
export interface ServeOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Each answer takes this long, and up to `jitterMs` more. */
  latencyMs?: number;
  jitterMs?: number;
  /** Answers are compressed for clients that accept it. */
  gzip?: boolean;
  /** The largest request body; longer ones are answered 413. Default 10,000,000. */
  maxBodyBytes?: number;
  /** A certificate and its key in PEM: https instead of http. */
  tls?: { cert: string; key: string };
  faults?: FaultRule[];
  clock?: SandboxClock;
}

export interface App {
  /** At the head's arrival, before anything else: an answer here ends it. */
  arrived?(entry: Entry): Reply | undefined;
  handle(request: Request): Promise<Reply>;
  /** From now on no credentials are good. */
  revoke(): void;
  /** Requests under /__sandbox/; undefined where there is no such thing. */
  control(method: string, path: string, body: unknown): Promise<Reply | undefined>;
}

export interface Served {
  readonly url: string;
  readonly port: number;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Resolves when the server has stopped, also by a request over HTTP. */
  readonly closed: Promise<void>;
  /** Once no client is connected and nothing is being answered: what a killed process had sent is in the journal by then. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

async function readBody(req: IncomingMessage, limit: number): Promise<Buffer | 'too-long'> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= limit) parts.push(part);
  }
  return length > limit ? 'too-long' : Buffer.concat(parts);
}

/** A server with all that it works with. */
interface Running {
  readonly live: ServeOptions;
  readonly clock: SandboxClock;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly jitter: () => number;
  /** When it started, on the clock that never jumps. */
  readonly started: number;
  readonly app: App;
  close(): void;
}

/** Answers one request: refused at the door, damaged as a fault orders, or as the app says. */
async function answer(
  { live, clock, faults, jitter, started, journal, app }: Running,
  req: IncomingMessage,
  res: ServerResponse,
  entry: Entry,
): Promise<void> {
  const [path = '/', query = ''] = (req.url ?? '/').split(/\?(.*)/s);
  const early = app.arrived?.(entry);
  const chosen = early
    ? undefined
    : faults.pick({ method: entry.method, url: req.url ?? '/', sinceStart: clock.mono() - started });
  const action = chosen?.action;
  if (chosen) entry.fault = chosen.rule.name ?? chosen.action.kind;
  if (action?.kind === 'reset' && action.afterBytes === undefined && !action.processed) {
    entry.broken = true;
    req.socket.resetAndDestroy();
    return;
  }
  if (action?.kind === 'delay') await clock.sleep(action.ms);
  const limit = live.maxBodyBytes ?? 10_000_000;
  const body = await readBody(req, limit);
  entry.requestBytes = body === 'too-long' ? Number(req.headers['content-length'] ?? limit) : body.length;
  if (body !== 'too-long' && body.length > 0) journal.keepBody(entry, body.toString());
  const latency = (live.latencyMs ?? 0) + jitter() * (live.jitterMs ?? 0);
  if (latency > 0) await clock.sleep(latency);
  if (action?.kind === 'revoke') app.revoke();

  const instead = action && replacement(action);
  const silent = action?.kind === 'stall' && action.at === 'headers' && !action.processed && action.forMs === undefined;
  if (silent) return;
  let reply: Reply | undefined = early;
  if (!reply && (!instead || action.processed)) {
    reply =
      body === 'too-long'
        ? json(413, { message: 'Payload Too Large' })
        : await app.handle({
            method: entry.method,
            path,
            query,
            headers: req.headers,
            body,
            entry,
            ...(action ? { fault: action } : {}),
          });
  }
  if (
    action?.kind === 'commit-then-reset' ||
    (action?.kind === 'reset' && action.processed && action.afterBytes === undefined)
  ) {
    entry.broken = true;
    req.socket.resetAndDestroy();
    return;
  }
  const final = instead ?? reply ?? text(500, 'no answer');
  entry.status = final.status;
  if (final.rows !== undefined) entry.rows = final.rows;
  const accepts = /\bgzip\b/.test(header(req.headers, 'accept-encoding'));
  const damaging = action && !instead && !early;
  entry.responseBytes = damaging
    ? await sendDamaged(res, final, action, clock.sleep)
    : await send(res, final, live.gzip === true && accepts);
}

/** Answers what is under /__sandbox/. */
async function controlled(running: Running, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { app } = running;
  const body = await readBody(req, 100_000_000);
  const path = (req.url ?? '').slice('/__sandbox'.length);
  let reply: Reply | undefined;
  try {
    const value: unknown = body === 'too-long' || body.length === 0 ? undefined : JSON.parse(body.toString());
    reply =
      commonControl(running, req.method ?? 'GET', path, value) ?? (await app.control(req.method ?? 'GET', path, value));
  } catch (error) {
    reply = json(400, { message: error instanceof Error ? error.message : String(error) });
  }
  await send(res, reply ?? json(404, { message: `no control ${req.method} ${path}; see sandbox/README.md` }), false);
  if (path === '/shutdown' && req.method === 'POST') res.on('close', () => running.close());
}

/** What every server understands there: journal, faults, options, the end. */
function commonControl(
  { live, journal, faults }: Running,
  method: string,
  path: string,
  value: unknown,
): Reply | undefined {
  switch (`${method} ${path}`) {
    case 'GET /journal':
      return json(200, {
        entries: journal.entries,
        minGap: finite(journal.minGap()),
        minRest: finite(journal.minRest()),
        maxInFlight: journal.maxInFlight(),
      });
    case 'DELETE /journal':
      journal.clear();
      return json(200, {});
    case 'GET /faults':
      return json(200, { rules: faults.rules, fired: faults.fired() });
    case 'PUT /faults':
      faults.set(value as never);
      return json(200, { rules: faults.rules });
    case 'POST /faults':
      faults.add(value as never);
      return json(200, { rules: faults.rules });
    case 'DELETE /faults':
      faults.clear();
      return json(200, {});
    case 'GET /options': {
      const { clock: _clock, tls: _tls, world: _world, ...shown } = live as ServeOptions & { world?: unknown };
      return json(200, shown);
    }
    case 'PATCH /options':
      Object.assign(live, value);
      return json(200, {});
    case 'POST /shutdown':
      return json(200, {});
    default:
      return undefined;
  }
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/** Starts a server on 127.0.0.1. `live` is read at every request, so options may change while it runs. */
export async function serve(
  live: ServeOptions,
  makeApp: (at: { url: string; journal: Journal; faults: Faults; close: () => void }) => App,
): Promise<Served> {
  const clock = live.clock ?? machineClock;
  const journal = createJournal();
  const faults = createFaults(live.faults);
  let running: Running;
  let answering = 0;

  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    if (req.url?.startsWith('/__sandbox')) {
      void controlled(running, req, res).catch(() => res.destroy());
      return;
    }
    const [path = '/', query = ''] = (req.url ?? '/').split(/\?(.*)/s);
    const entry = journal.arrive({
      at: clock.mono(),
      wall: new Date(clock.wall()).toISOString(),
      method: req.method ?? 'GET',
      path,
      query,
      headers: maskedHeaders(req.headers),
    });
    // An answer counts as given the moment its end is handed over: taken afterwards, the client could be faster than the note.
    const end = res.end.bind(res) as (...args: unknown[]) => ServerResponse;
    res.end = (...args: unknown[]) => {
      journal.finish(entry, clock.mono());
      return end(...args);
    };
    // A client that closes its side waits for no answer; on a busy machine the end of the answer comes much later than this.
    const gone = () => journal.finish(entry, clock.mono());
    req.socket.once('end', gone);
    res.on('close', () => {
      req.socket.off('end', gone);
      if (!res.writableFinished) entry.broken = true;
      gone();
    });
    answering++;
    answer(running, req, res, entry)
      .catch((error: unknown) => {
        if (res.destroyed) return;
        if (res.headersSent) res.destroy();
        else void send(res, text(500, `sandbox: ${error instanceof Error ? error.stack : String(error)}`), false);
      })
      .finally(() => {
        answering--;
      });
  };
  const server = live.tls ? createTlsServer(live.tls, listener) : createPlainServer(listener);
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((go, fail) => {
    server.once('error', fail);
    server.listen(live.port ?? 0, '127.0.0.1', go);
  });
  const { port } = server.address() as AddressInfo;
  const url = `${live.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const closed = new Promise<void>((go) => server.on('close', go));
  const connections = () => new Promise<number>((go) => server.getConnections((error, count) => go(error ? 0 : count)));
  const idle = async (): Promise<void> => {
    // Who has come, but was not let in yet, is counted from the next turn on.
    do await wait(10);
    while (answering > 0 || (await connections()) > 0);
  };
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await closed;
  };
  running = {
    live,
    clock,
    journal,
    faults,
    jitter: sequence(7),
    started: clock.mono(),
    app: makeApp({ url, journal, faults, close: () => void close() }),
    close: () => void close(),
  };
  return { url, port, journal, faults, closed, idle, close };
}
