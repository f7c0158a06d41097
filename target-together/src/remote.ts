/**
 * What Together holds, read in one request and streamed, so that half a million users need no more memory than one. Nothing
 * published says how `GET /public/user` answers: a bare array, or one under a usual key, is recognised; anything else is said
 * to be not, and the run goes on without.
 */
import { pipeline, Readable, type Writable } from 'node:stream';
import type { Clock } from '@ukg-together/protocol/clock';
import { ConnectorError } from '@ukg-together/protocol/error';
import { AttemptError } from '@ukg-together/transport/failure';
import type { Lane, Turn } from '@ukg-together/transport/lane';
import { togetherPolicy, verdict, wordsFor } from '@ukg-together/transport/policy';
import type { HttpResponse, Send } from '@ukg-together/transport/request';
import { retryAfterMs, retrying } from '@ukg-together/transport/retry';
import pick from 'stream-json/filters/pick.js';
import parser from 'stream-json/parser.js';
import streamArray from 'stream-json/streamers/stream-array.js';
import { accountHeaders, type TogetherAccount, usersUrl } from './together-client.ts';
import type { TogetherUser } from './types.ts';

type RemoteUser = Readonly<Record<string, unknown>>;

/** Takes the users of one attempt; made anew for each, since an answer may break off in the middle. */
export interface RemoteTaker<T> {
  user(user: RemoteUser): void;
  done(): T;
}

export type Remote<T> =
  | {
      readonly recognised: true;
      readonly users: number;
      readonly shape: 'array' | 'object';
      /** A list in an object, or one with a `Link` to the next page, may be one page of several; nobody outside knows. */
      readonly mayBeAPage: boolean;
      readonly result: T;
    }
  | { readonly recognised: false; readonly reason: string };

export interface RemoteDeps {
  readonly account: TogetherAccount;
  readonly send: Send;
  readonly lane: Lane;
  readonly clock: Clock;
  readonly random: () => number;
  readonly maxRetries: number;
  readonly signal?: AbortSignal | undefined;
}

const what = 'GET /public/user';
const smallBytes = 64 << 10;
// UNVERIFIED: the guide says "list all" and shows no answer. These are the keys that such lists usually stand under.
const listKeys = /^(users|data|results|items)$/;

/**
 * Reads every user that Together lists. Throws ConnectorError `credentials` on 401, and on a stop; every other trouble comes back
 * as not recognised, with the reason. A 403 too: a key that may write users need not be allowed to list them, and if it may do
 * neither, the first POST says so.
 */
export async function readRemote<T>(deps: RemoteDeps, start: () => RemoteTaker<T>): Promise<Remote<T>> {
  const { account, clock, lane, send } = deps;
  const attempt = async (turn: Turn): Promise<Remote<T>> => {
    const response = await send({ method: 'GET', url: usersUrl(account), headers: accountHeaders(account), turn });
    const { status } = response;
    if (status === 200) return await readList(response, start());
    await response.discard();
    const meaning = verdict({ status }, togetherPolicy);
    if (meaning === 'credentials' && status !== 403) {
      throw new ConnectorError(
        'credentials',
        `${what} was answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`,
        {
          hint: 'Check organization_id, client_id, api_key and region.',
        },
      );
    }
    if (meaning === 'retry' || meaning === 'rate_limited') {
      const wishMs = retryAfterMs(response.headers, clock.now());
      throw new AttemptError({ phase: 'answer', status, ...(wishMs === undefined ? {} : { retryAfterMs: wishMs }) });
    }
    const why = status === 403 ? ', so this key may not list users' : '';
    return { recognised: false, reason: `${what} was answered HTTP ${status}${why}` };
  };
  try {
    return await retrying(() => lane.run(attempt, deps.signal), {
      policy: togetherPolicy,
      what,
      maxRetries: deps.maxRetries,
      clock,
      random: deps.random,
      ...(deps.signal ? { signal: deps.signal } : {}),
    });
  } catch (thrown) {
    if (thrown instanceof AttemptError || (thrown instanceof ConnectorError && thrown.kind === 'unreachable')) {
      return { recognised: false, reason: thrown.message.replace(/\.$/, '') };
    }
    throw thrown;
  }
}

async function readList<T>(response: HttpResponse, taker: RemoteTaker<T>): Promise<Remote<T>> {
  const no = async (reason: string): Promise<Remote<T>> => {
    await response.discard();
    return { recognised: false, reason: `${what} was answered in a shape that nobody documented: ${reason}` };
  };
  const chunks = response.body[Symbol.asyncIterator]();
  const head = await firstByte(chunks);
  if (head.byte !== '[' && head.byte !== '{')
    return await no(head.byte === '' ? 'nothing' : head.byte === '<' ? 'HTML' : 'no JSON list');
  const shape = head.byte === '[' ? 'array' : 'object';

  const kept: Buffer[] = [];
  let keptBytes = 0;
  const keep = (piece: Buffer) => {
    if (keptBytes <= smallBytes) kept.push(piece);
    keptBytes += piece.length;
    return piece;
  };
  /** A failure of the transport, as opposed to one of the parser: that one may pass. */
  let failure: unknown;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const piece of head.read) yield keep(piece);
    // Around the waiting only: a parser that has failed throws its own error in at the yield.
    const more = () =>
      chunks.next().catch((thrown: unknown) => {
        failure = thrown;
        throw thrown;
      });
    for (let next = await more(); !next.done; next = await more()) yield keep(next.value);
  }
  const stages: Writable[] = [parser.asStream({ packValues: true, streamValues: false })];
  if (shape === 'object') stages.push(pick.asStream({ filter: listKeys, once: true }));
  stages.push(streamArray.asStream());
  const items = pipeline(
    [Readable.from(bytes(), { objectMode: false }), ...stages],
    () => {},
  ) as unknown as AsyncIterable<{ value: unknown }>;

  let users = 0;
  try {
    for await (const { value } of items) {
      if (!isUser(value)) return await no('an entry without employeeId and email');
      users++;
      taker.user(value);
    }
  } catch {
    if (failure !== undefined) throw failure;
    return await no(users === 0 ? 'no list of users' : `broken JSON after ${users} users`);
  }
  // Nobody in an object: an empty list, or no list at all.
  if (shape === 'object' && users === 0 && !(keptBytes <= smallBytes && holdsEmptyList(Buffer.concat(kept)))) {
    return await no('an object without a list of users');
  }
  const mayBeAPage = shape === 'object' || /rel="?next/i.test(response.headers['link'] ?? '');
  return { recognised: true, users, shape, mayBeAPage, result: taker.done() };
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
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    read.push(next.value);
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

/** Asks for Together's own list; undefined where it can't be read. `bodyOf`: what this run would send of somebody. */
export type AskRemote = (bodyOf: (employeeId: string) => TogetherUser | undefined) => Promise<RemoteIndex | undefined>;

export interface RemoteIndex {
  readonly users: number;
  has(employeeId: string): boolean;
  /** The employeeId of who holds this address, whatever its case; null: somebody without one. */
  holderOf(email: string): string | null | undefined;
  /** employeeIds that stand on two records, and pairs of records with one address. */
  readonly twins: readonly { readonly by: 'employeeId' | 'email'; readonly ids: readonly (string | null)[] }[];
  /** What Together has of a person to be compared; undefined: it lists nobody by this employeeId, or keeps were full. */
  valuesOf(employeeId: string): RemoteValues | undefined;
}

/** By field of the body: the old value, where Together lists the field. Fields that hold what would be sent are `same`. */
export type RemoteValues = ReadonlyMap<string, { readonly same: boolean; readonly from: string | undefined }>;

/** Old values are kept of so many people, as many as a plan shows. */
const mostKept = 20_000;

/**
 * Who is there, by the two keys that Together matches by. `bodyOf`: what this person would be sent, where old values are wanted.
 * Of half a million users only those are kept whose body would change something.
 */
export function remoteIndexTaker(
  bodyOf: (employeeId: string) => TogetherUser | undefined = () => undefined,
): RemoteTaker<RemoteIndex> {
  const values = new Map<string, RemoteValues>();
  const ids = new Set<string>();
  const byEmail = new Map<string, string | null>();
  const twins: { by: 'employeeId' | 'email'; ids: (string | null)[] }[] = [];
  let users = 0;
  return {
    user(listed) {
      const { employeeId, email } = listed;
      users++;
      const id = typeof employeeId === 'string' || typeof employeeId === 'number' ? String(employeeId) : null;
      if (id !== null && ids.has(id)) twins.push({ by: 'employeeId', ids: [id, id] });
      else if (id !== null) ids.add(id);
      const body = id === null || values.size >= mostKept ? undefined : bodyOf(id);
      if (id !== null && body) values.set(id, valuesIn(listed, body));
      if (typeof email !== 'string' || email === '') return;
      const key = email.trim().toLowerCase();
      const other = byEmail.get(key);
      if (other !== undefined && other !== id) twins.push({ by: 'email', ids: [other, id] });
      else byEmail.set(key, id);
    },
    done: () => ({
      users,
      has: (employeeId) => ids.has(employeeId),
      holderOf: (email) => byEmail.get(email.trim().toLowerCase()),
      twins,
      valuesOf: (employeeId) => values.get(employeeId),
    }),
  };
}

function valuesIn(listed: RemoteUser, body: TogetherUser): RemoteValues {
  const found = new Map<string, { same: boolean; from: string | undefined }>();
  for (const [field, value] of Object.entries(body)) {
    const old = listedValue(listed, field);
    if (old === undefined) continue;
    const blank = old === null || old === '';
    const from = blank ? undefined : typeof old === 'string' ? old : JSON.stringify(old);
    found.set(field, { same: sameValue(field, old, value), from });
  }
  return found;
}

/** UNVERIFIED: whether custom fields come back flat, as they are sent, or nested. Both are found. */
function listedValue(listed: RemoteUser, field: string): unknown {
  if (Object.hasOwn(listed, field)) return listed[field];
  const [first = '', rest] = field.split(/\.(.*)/s);
  const inner = rest === undefined || !Object.hasOwn(listed, first) ? undefined : listed[first];
  return typeof inner === 'object' && inner !== null && rest !== undefined && Object.hasOwn(inner, rest)
    ? (inner as RemoteUser)[rest]
    : undefined;
}

/** Instants may be written in another way, and addresses in another case. */
function sameValue(field: string, old: unknown, value: unknown): boolean {
  const empty = (one: unknown) => one === null || one === undefined || one === '';
  if (empty(old) || empty(value)) return empty(old) && empty(value);
  if (typeof old !== 'string' || typeof value !== 'string') return JSON.stringify(old) === JSON.stringify(value);
  if (old === value) return true;
  if (field === 'email') return old.toLowerCase() === value.toLowerCase();
  return /^\d{4}-\d\d-\d\d/.test(old) && /^\d{4}-\d\d-\d\dT/.test(value) && Date.parse(old) === Date.parse(value);
}
