/** Answers, and how they are put on the wire: whole, or damaged as a fault orders. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { FaultAction } from '../faults.ts';

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer | AsyncIterable<string | Buffer>;
  /** Rows in the body, for the journal. */
  rows?: number;
}
/** A request header as one string; `''` where it was not sent. */
export function header(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string {
  return [headers[name] ?? ''].flat().join(', ');
}

/** A path's part without its percent signs; as it is where they make no sense. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

export type Sleep = (ms: number) => Promise<void>;

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** A plain text answer. */
export function text(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** The answer that replaces the server's own, for faults that do. */
export function replacement(action: FaultAction): Reply | undefined {
  switch (action.kind) {
    case 'status': {
      const retry = action.retryAfter === undefined ? {} : { 'retry-after': `${action.retryAfter}` };
      const body = action.body ?? '';
      return {
        status: action.status,
        headers: { ...retry, ...(body ? { 'content-type': 'text/plain' } : {}), ...action.headers },
        body,
      };
    }
    case 'html':
      return {
        status: action.status ?? 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><title>Sign in</title><p>Please wait</p></html>',
      };
    case 'empty':
      return { status: action.status ?? 200, headers: { 'content-type': 'application/json' }, body: '' };
    case 'body':
      return { status: action.status ?? 200, headers: { 'content-type': 'application/json' }, body: action.body };
    case 'endless':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: endless(action.head, action.again) };
    case 'redirect':
      return { status: action.status ?? 302, headers: { location: action.location }, body: '' };
    case 'unauthorized':
    case 'revoke':
      return text(401, 'Unauthorized');
    case 'bom':
    case 'commit-then-reset':
    case 'content-length':
    case 'content-type':
    case 'cut':
    case 'delay':
    case 'endless-pages':
    case 'gzip':
    case 'hang-up':
    case 'lose-rows':
    case 'repeat-pages':
    case 'reset':
    case 'shift-rows':
    case 'stall':
    case 'trickle':
    case 'truncate':
      return undefined;
  }
}

async function* endless(head: string, again: string): AsyncGenerator<string> {
  yield head;
  for (let n = 0; ; n += 1000) yield Array.from({ length: 1000 }, (_, i) => again.replaceAll('#', `${n + i}`)).join('');
}

export async function whole(body: Reply['body']): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (Buffer.isBuffer(body)) return body;
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** Writes and waits for room; false once the client is gone. */
async function write(res: ServerResponse, chunk: string | Buffer): Promise<boolean> {
  if (res.destroyed || res.closed) return false;
  if (res.write(chunk)) return true;
  await new Promise<void>((go) => {
    const done = (): void => {
      res.off('drain', done);
      res.off('close', done);
      go();
    };
    res.once('drain', done);
    res.once('close', done);
  });
  return !res.destroyed;
}

/** Sends an answer as it should be. Returns the bytes of body handed over. */
export async function send(res: ServerResponse, reply: Reply, gzip: boolean): Promise<number> {
  const { status, headers = {}, body } = reply;
  const none = status === 204 || status === 304;
  if (none || body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    let bytes = none ? Buffer.alloc(0) : await whole(body);
    if (gzip && bytes.length > 0) bytes = gzipSync(bytes);
    const length: Record<string, string> = none ? {} : { 'content-length': `${bytes.length}` };
    res.writeHead(status, { ...headers, ...length, ...(gzip && bytes.length ? { 'content-encoding': 'gzip' } : {}) });
    res.end(bytes);
    return bytes.length;
  }
  if (gzip) return send(res, { ...reply, body: await whole(body) }, true);
  res.writeHead(status, headers);
  let sent = 0;
  for await (const chunk of body) {
    sent += Buffer.byteLength(chunk);
    if (!(await write(res, chunk))) return sent;
  }
  res.end();
  return sent;
}

/** Sends an answer damaged. Returns the bytes of body handed over. */
export async function sendDamaged(
  res: ServerResponse,
  reply: Reply,
  action: FaultAction,
  sleep: Sleep,
): Promise<number> {
  const bytes = await whole(reply.body);
  const { status, headers = {} } = reply;
  const plain = (body: Buffer, more: Record<string, string> = {}): number => {
    res.writeHead(status, { ...headers, 'content-length': `${body.length}`, ...more });
    res.end(body);
    return body.length;
  };
  const part = (share = 0.5): Buffer => bytes.subarray(0, Math.floor(bytes.length * share));
  switch (action.kind) {
    case 'truncate':
      return plain(part(action.share));
    case 'bom':
      return plain(Buffer.concat([Buffer.from('\ufeff'), bytes]));
    case 'content-type':
      return plain(bytes, { 'content-type': action.value });
    case 'gzip': {
      const packed = gzipSync(bytes);
      if (action.corrupt) packed.fill(0xaa, Math.floor(packed.length / 2));
      return plain(packed, { 'content-encoding': 'gzip' });
    }
    case 'content-length':
    case 'cut':
    case 'reset': {
      const share = action.kind === 'cut' ? action.share : undefined;
      const cutAt =
        action.kind === 'reset'
          ? bytes.subarray(0, action.afterBytes ?? 0)
          : action.kind === 'cut'
            ? part(share)
            : bytes;
      const claimed = action.kind === 'content-length' ? Math.max(0, bytes.length + action.by) : bytes.length;
      const chunked = action.kind === 'cut' && action.chunked === true;
      // The declared length is meant to be wrong: Node must not correct it.
      res.strictContentLength = false;
      res.writeHead(status, chunked ? headers : { ...headers, 'content-length': `${claimed}` });
      if (cutAt.length) await new Promise<void>((go) => res.write(cutAt, () => go()));
      else res.flushHeaders();
      await sleep(5); // what was written reaches the client before the connection goes
      if (action.kind === 'reset') res.socket?.resetAndDestroy();
      else res.socket?.destroy();
      return cutAt.length;
    }
    case 'stall': {
      // An answer without a body is whole with its head: there is nothing to be silent within.
      if (action.at === 'body' && bytes.length === 0) return plain(bytes);
      const before =
        action.at === 'body' ? bytes.subarray(0, action.afterBytes ?? Math.floor(bytes.length / 2)) : Buffer.alloc(0);
      if (action.at === 'body') {
        res.writeHead(status, { ...headers, 'content-length': `${bytes.length}` });
        if (before.length) await write(res, before);
        else res.flushHeaders();
      }
      if (action.forMs === undefined) return before.length; // left open until the client or the server closes it
      await sleep(action.forMs);
      if (action.at === 'headers') return plain(bytes);
      res.end(bytes.subarray(before.length));
      return bytes.length;
    }
    case 'trickle': {
      const { chunkBytes = 100, everyMs = 10 } = action;
      res.writeHead(status, { ...headers, 'content-length': `${bytes.length}` });
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        if (!(await write(res, bytes.subarray(at, at + chunkBytes)))) return at;
        await sleep(everyMs);
      }
      res.end();
      return bytes.length;
    }
    case 'hang-up':
      res.once('finish', () => res.socket?.end());
      return plain(bytes);
    case 'body':
    case 'commit-then-reset':
    case 'delay':
    case 'empty':
    case 'endless':
    case 'endless-pages':
    case 'html':
    case 'lose-rows':
    case 'redirect':
    case 'repeat-pages':
    case 'revoke':
    case 'shift-rows':
    case 'status':
    case 'unauthorized':
      return plain(bytes);
  }
}
