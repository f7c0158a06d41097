import { pipeline, Readable, type Writable } from 'node:stream';
import type { HttpResponse } from '@ukg-together/transport/http/request';
import pick from 'stream-json/filters/pick.js';
import parser from 'stream-json/parser.js';
import streamArray from 'stream-json/streamers/stream-array.js';

export type RemoteUser = Readonly<Record<string, unknown>>;

/** Takes the users of one attempt; made anew for each, since an answer may break off in the middle. */
export interface RemoteTaker<T> {
  user(user: RemoteUser): void | Promise<void>;
  done(): T | Promise<T>;
}

export type Remote<T> =
  | {
      readonly recognised: true;
      readonly users: number;
      readonly shape: 'array' | 'object';
      /** A list in an object, or one with a `Link` to the next page, may be one page of several; no one outside knows. */
      readonly mayBeAPage: boolean;
      readonly result: T;
    }
  | { readonly recognised: false; readonly reason: string };

export const what = 'GET /public/user';

const smallBytes = 64 << 10;

/** No company is that large, and no user that long; a server whose answer never ends is. */
const mostUsers = 2_000_000;
const mostBytes = 4 * 1024 ** 3;
const longestUser = 16 << 20;

// UNVERIFIED: the guide says "list all" and shows no answer. These are the keys that such lists usually stand under.
const listKeys = /^(users|data|results|items)$/;

export async function readList<T>(response: HttpResponse, taker: RemoteTaker<T>): Promise<Remote<T>> {
  const no = async (reason: string): Promise<Remote<T>> => {
    await response.discard();
    return { recognised: false, reason: `${what} was answered in a shape that nobody documented: ${reason}` };
  };
  const chunks = response.body[Symbol.asyncIterator]();
  const head = await firstByte(chunks);
  if (head.byte !== '[' && head.byte !== '{')
    return await no(head.byte === '' ? 'nothing' : head.byte === '<' ? 'HTML' : 'no JSON list');
  const shape = head.byte === '[' ? 'array' : 'object';

  let users = 0;
  let endless = false;
  const kept: Buffer[] = [];
  let keptBytes = 0;
  const keep = (piece: Buffer) => {
    if (keptBytes <= smallBytes) kept.push(piece);
    keptBytes += piece.length;
    return piece;
  };
  /** A failure of the transport or of who takes the users, as opposed to one of the parser. */
  let failure: unknown;
  /** Bytes since the last user came out. */
  let pending = 0;
  const count = (piece: Buffer) => {
    pending += piece.length;
    endless ||= pending > longestUser || keptBytes > mostBytes;
    if (endless) throw new Error('endless');
    return keep(piece);
  };
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const piece of head.read) yield count(piece);
    // Around the waiting only: a parser that has failed throws its own error in at the yield.
    const more = () =>
      chunks.next().catch((thrown: unknown) => {
        failure = thrown;
        throw thrown;
      });
    for (let next = await more(); !next.done; next = await more()) yield count(next.value);
  }
  const takeOne = (value: RemoteUser) =>
    taker.user(value)?.catch((thrown: unknown) => {
      failure = thrown;
      throw thrown;
    });
  const stages: Writable[] = [parser.asStream({ packValues: true, streamValues: false })];
  if (shape === 'object') stages.push(pick.asStream({ filter: listKeys, once: true }));
  stages.push(streamArray.asStream());
  const items = pipeline(
    [Readable.from(bytes(), { objectMode: false }), ...stages],
    () => {},
  ) as unknown as AsyncIterable<{ value: unknown }>;

  try {
    for await (const { value } of items) {
      if (!isUser(value)) return await no('an entry without employeeId and email');
      users++;
      pending = 0;
      endless = users > mostUsers;
      if (endless) break;
      await takeOne(value);
    }
  } catch {
    if (failure !== undefined) throw failure;
    if (!endless) return await no(users === 0 ? 'no list of users' : `broken JSON after ${users} users`);
  }
  if (endless)
    return await no(
      `an answer that does not end, given up after ${users} users and ${Math.round(keptBytes / 1024 ** 2)} MiB`,
    );
  // No one in an object: an empty list, or no list at all.
  if (shape === 'object' && users === 0 && !(keptBytes <= smallBytes && holdsEmptyList(Buffer.concat(kept)))) {
    return await no('an object without a list of users');
  }
  const mayBeAPage = shape === 'object' || /rel="?next/i.test(response.headers['link'] ?? '');
  return { recognised: true, users, shape, mayBeAPage, result: await taker.done() };
}

function holdsEmptyList(bytes: Buffer): boolean {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) as Record<string, unknown>;
  } catch {
    // What comes after the list that was read need not be JSON.
    return false;
  }
  return Object.entries(value).some(([key, list]) => listKeys.test(key) && Array.isArray(list) && list.length === 0);
}

/** Reads up to the first byte that means something, past a byte order mark and blanks. */
async function firstByte(chunks: AsyncIterator<Buffer>): Promise<{ byte: string; read: Buffer[] }> {
  const read: Buffer[] = [];
  let blanks = 0;
  for (let next = await chunks.next(); !next.done && blanks < smallBytes; next = await chunks.next()) {
    read.push(next.value);
    blanks += next.value.length;
    const byte = next.value
      .toString('latin1')
      .replace(/^\u00ef\u00bb\u00bf/, '')
      .trimStart()[0];
    if (byte !== undefined) return { byte, read };
  }
  return { byte: '', read };
}

function isUser(value: unknown): value is RemoteUser {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { employeeId, email } = value as RemoteUser;
  return typeof employeeId === 'string' || typeof employeeId === 'number' || typeof email === 'string';
}
