/** One page of Together's list, its users as the bytes arrive. */
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { HttpResponse } from '@ukg-together/transport/http/request';
import { createSplitter, type Splitter } from '@ukg-together/transport/rows/json-rows';
import { aroundList, listStart } from './list-start.ts';
import { type RemoteUser, userReader } from './user-keys.ts';

/** Takes the users of one attempt; made anew for each, since an answer may break off in the middle. */
export interface RemoteTaker<T> {
  user(user: RemoteUser): void | Promise<void>;
  done(): T | Promise<T>;
}

export const what = 'GET /public/user';

export interface Page {
  readonly users: number;
  /** What an object says around its list; undefined: the answer is a bare list. */
  readonly around: Readonly<Record<string, unknown>> | undefined;
  /** The first user, as text: two pages that begin alike are one. */
  readonly first: string;
}

/** The reason, where an answer is no list that can be understood. */
export type NoList = { readonly reason: string };

/** What may stand around a list. */
const smallBytes = 64 << 10;

/** No company is that large, and no user that long; a server whose answer never ends is. */
const mostUsers = 2_000_000;
const mostBytes = 4 * 1024 ** 3;
const longestUser = 16 << 20;

/** A fault of the answer, beside those of the transport and of who takes the users. */
class Unusable extends Error {}

export async function readPage(
  response: HttpResponse,
  take: (user: RemoteUser) => void | Promise<void>,
): Promise<Page | NoList> {
  const parts = listParts();
  const read = userReader();
  let users = 0;
  let bytes = 0;
  let pending = 0;
  let first = '';
  const endless = () =>
    new Unusable(`an answer that does not end, given up after ${users} users and ${Math.round(bytes / 1024 ** 2)} MiB`);
  try {
    for await (const piece of response.body) {
      bytes += piece.length;
      pending += piece.length;
      const entries = parts.push(piece, users);
      for (const entry of entries) {
        const user = read(entry);
        if (!user) throw new Unusable('an entry without employeeId and email');
        if (users++ === 0) first = JSON.stringify(user);
        const waits = take(user);
        if (waits) await waits;
      }
      if (entries.length > 0) pending = 0;
      if (pending > longestUser || bytes > mostBytes || users > mostUsers) throw endless();
    }
    return { users, first, around: parts.end(users) };
  } catch (thrown) {
    if (!(thrown instanceof Unusable)) throw thrown;
    await response.discard();
    return { reason: `${what} was answered in an undocumented shape: ${thrown.message}` };
  }
}

/** A bare list, or one in an object: what stands before it, its entries, and what stands behind it. */
function listParts() {
  let head = Buffer.alloc(0);
  let splitter: Splitter | undefined;
  let inObject = false;
  const behind: Buffer[] = [];
  let behindBytes = 0;
  const entriesOf = (piece: Buffer, users: number) =>
    usable(users, () => (splitter as Splitter).push(piece) as RemoteUser[]);

  return {
    push(piece: Buffer, users: number): readonly RemoteUser[] {
      if (splitter) return entriesOf(piece, users);
      head = Buffer.concat([head, piece]);
      const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
      const begin = text.trimStart()[0];
      if (begin === undefined && head.length <= smallBytes) return [];
      if (begin !== '[' && begin !== '{')
        throw new Unusable(begin === undefined ? 'nothing' : begin === '<' ? 'HTML' : 'no JSON list');
      if (begin === '[') {
        splitter = createSplitter({ maxRowBytes: longestUser });
        return entriesOf(head, users);
      }
      const from = listStart(text);
      if (from === undefined) {
        if (head.length > smallBytes) throw new Unusable('an object without a list of users');
        return [];
      }
      inObject = true;
      splitter = createSplitter({
        maxRowBytes: longestUser,
        behind(bytes) {
          behindBytes += bytes.length;
          if (behindBytes > smallBytes) throw new Unusable('an object that goes on behind its list of users');
          behind.push(bytes);
        },
      });
      const at = head.length - text.length + from;
      const list = head.subarray(at);
      head = head.subarray(head.length - text.length, at);
      return entriesOf(list, users);
    },
    /** What stands around the list. */
    end(users: number): Page['around'] {
      if (!splitter) {
        const isBlank = head.toString('latin1').trim() === '';
        throw new Unusable(isBlank ? 'nothing' : 'an object without a list of users');
      }
      usable(users, () => (splitter as Splitter).end());
      if (!inObject) return undefined;
      const around = aroundList(head.toString('utf8'), Buffer.concat(behind).toString('utf8'));
      if (!around) throw new Unusable(`broken JSON after ${users} users`);
      return around;
    },
  };
}

/** The faults of the bytes as reasons. */
function usable<T>(users: number, job: () => T): T {
  try {
    return job();
  } catch (thrown) {
    const code = thrown instanceof AttemptError && thrown.failure.phase === 'answer' ? thrown.failure.code : undefined;
    if (code === undefined) throw thrown;
    if (code === 'TOO_LONG')
      throw new Unusable(`an answer that does not end, given up after ${users} users and 16 MiB`);
    if (code === 'NOT_ROWS') throw new Unusable('an entry without employeeId and email');
    throw new Unusable(users === 0 ? 'no list of users' : `broken JSON after ${users} users`);
  }
}
