/**
 * What Together holds, streamed, so that half a million users need no more memory than one. Nothing published says how
 * `GET /public/user` answers: a bare list in one answer, one in an object, and pages of either are recognised; anything else is said
 * not to be, and the run goes on without.
 */

import { ConnectorError, said } from '@ukg-together/kit/error';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { Permit } from '@ukg-together/transport/limiter/limiter';
import { verdict, wordsFor } from '@ukg-together/transport/retry/policy';
import { retryAfterMs, retrying } from '@ukg-together/transport/retry/retry';
import { accountHeaders, usersUrl } from '../account.ts';
import type { ClientDeps } from '../client.ts';
import { togetherPolicy } from '../status-policy.ts';
import { isExpected, type Paging, pagingOf } from './paging.ts';
import type { BodyOf, RemoteIndex } from './remote-index.ts';
import type { RemoteUser } from './user-keys.ts';
import { type NoList, type Page, type RemoteTaker, readPage, what } from './user-list.ts';

export type RemoteDeps = Omit<ClientDeps, 'onRequest' | 'onWait'>;

/** `whole`: whether these are all users; where Together lists them in an object that says nothing of pages, no one outside knows. */
export type Remote<T> =
  | { readonly recognised: true; readonly users: number; readonly whole: Paging['whole']; readonly result: T }
  | { readonly recognised: false; readonly reason: string };

/** At one a second, an hour: the list as a whole may take no longer, however slow its pages come and however often it is begun again. */
const mostPages = 3600;
const mostMs = mostPages * 1000;

/**
 * Reads every user that Together lists. Throws ConnectorError `credentials` on 401, and on a stop; every other trouble comes back
 * as not recognised, with the reason. A 403 too: a key that may write users need not be allowed to list them, and if it may do
 * neither, the first POST says so.
 */
export async function readRemote<T>(deps: RemoteDeps, start: () => RemoteTaker<T>): Promise<Remote<T>> {
  const { account, clock } = deps;
  const until = clock.monotonic() + mostMs;
  try {
    // What broke off is read again from its beginning.
    return await retrying((_, timeoutMs) => readPages(deps, usersUrl(account), start(), { timeoutMs, until }), {
      policy: togetherPolicy,
      what,
      ...deps.limits,
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

async function readPages<T>(
  deps: RemoteDeps,
  first: URL,
  taker: RemoteTaker<T>,
  { timeoutMs, until }: { readonly timeoutMs: number; readonly until: number },
): Promise<Remote<T>> {
  let users = 0;
  let begins: string | undefined;
  let url = first;
  const asked = new Set<string>();
  const finish = async (whole: Paging['whole']): Promise<Remote<T>> => ({
    ...{ recognised: true, users, whole },
    result: await taker.done(),
  });
  for (let expects: Paging['expects']; ; ) {
    asked.add(url.href);
    // A server that does not know the query answers with the first page again.
    const page = await askPage(deps, url, timeoutMs, unlessAgain(taker, begins));
    if ('reason' in page) return users === 0 ? { recognised: false, reason: page.reason } : await finish('no');
    if (page.users === 0 && begins !== undefined) return await finish('yes');
    if (page.first === begins || !isExpected(page.around, expects)) return await finish('no');
    begins = page.first;
    const paging = pagingOf({ users: page.users, before: users }, page.around, page.headers);
    users += page.users;
    const next = paging.next === undefined ? undefined : nextUrl(url, first, paging.next);
    if (!next || asked.has(next.href)) return await finish(next ? 'no' : paging.whole);
    if (asked.size >= mostPages || deps.clock.monotonic() >= until) return await finish('no');
    url = next;
    expects = paging.expects;
  }
}

/** Takes the users of a page, or none of one that begins as the page before it. */
function unlessAgain<T>(taker: RemoteTaker<T>, begins: string | undefined): RemoteTaker<T>['user'] {
  if (begins === undefined) return (user) => taker.user(user);
  let isAgain: boolean | undefined;
  return (user) => {
    isAgain ??= JSON.stringify(user) === begins;
    return isAgain ? undefined : taker.user(user);
  };
}

/** The key goes to no other host. */
function nextUrl(from: URL, first: URL, next: NonNullable<Paging['next']>): URL | undefined {
  const url = new URL(first.href);
  if (typeof next !== 'string') {
    for (const [name, value] of Object.entries(next)) url.searchParams.set(name, value);
    return url;
  }
  if (!URL.canParse(next, from.href)) return undefined;
  const named = new URL(next, from);
  return named.origin === first.origin ? named : undefined;
}

type Answered = (Page & { readonly headers: Readonly<Record<string, string>> }) | NoList;

async function askPage(
  { account, clock, limiter, send, signal }: RemoteDeps,
  url: URL,
  timeoutMs: number,
  take: (user: RemoteUser) => void | Promise<void>,
): Promise<Answered> {
  return await limiter.run(async (permit: Permit): Promise<Answered> => {
    const response = await send({ method: 'GET', url, headers: accountHeaders(account), permit, timeoutMs });
    const { status, headers } = response;
    if (status === 200) {
      const page = await readPage(response, take);
      return 'reason' in page ? page : { ...page, headers };
    }
    await response.discard();
    const meaning = verdict({ status }, togetherPolicy);
    if (meaning === 'credentials' && status !== 403) {
      throw new ConnectorError(
        'credentials',
        said`${what} was answered HTTP ${status}: ${wordsFor(status, togetherPolicy)}.`,
        {
          hint: 'Check organization_id, client_id, api_key and region.',
        },
      );
    }
    if (meaning === 'retry' || meaning === 'rate_limited') {
      const wishMs = retryAfterMs(headers, clock.now());
      throw new AttemptError({ phase: 'answer', status, ...(wishMs === undefined ? {} : { retryAfterMs: wishMs }) });
    }
    const why = status === 403 ? ', so this key may not list users' : '';
    return { reason: `${what} was answered HTTP ${status}${why}` };
  }, signal);
}

/** Asks for Together's own list; undefined where it can't be read. `bodyOf`: what this run would send of a person. */
export type AskRemote = (bodyOf: BodyOf) => Promise<RemoteIndex | undefined>;
