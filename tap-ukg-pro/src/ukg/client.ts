/** One page of a UKG web service: headers, retries, statuses. All HTTP of the tap goes through here. */

import type { Clock } from '@ukg-together/kit/clock';
import { ConnectorError } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import { AttemptError } from '@ukg-together/transport/http/failure';
import type { Send } from '@ukg-together/transport/http/request';
import { verdict } from '@ukg-together/transport/retry/policy';
import { retrying, retryLimits } from '@ukg-together/transport/retry/retry';
import { createSplitter } from '@ukg-together/transport/rows/json-rows';
import type { Shorten } from '@ukg-together/transport/rows/shorten';
import { pageBounds } from './page-bounds.ts';
import { RefusedError, refusal } from './page-errors.ts';
import { createPermits } from './permits.ts';
import type { Row } from './row.ts';
import { ukgPolicy } from './status-policy.ts';

export interface PageRequest {
  readonly stream: string;
  readonly url: URL;
  /** Rows asked for; absent: the web service decides. */
  readonly asked?: number;
  /** A POST that only reads (pay statements); absent: GET. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Where one object comes instead of a list: whether it is a row. Absent: only lists are answers. */
  readonly isRow?: (row: Row) => boolean;
  /** See SplitterOptions. */
  readonly shorten?: Shorten;
}

export interface PageResult {
  /** Rows that were handed over. */
  readonly rows: number;
  /** The Link header, where one came. */
  readonly link: string | undefined;
}

/** Takes rows as they arrive; a promise means "wait before the next ones". */
export type TakeRows = (rows: Row[]) => void | Promise<void>;

export interface UkgClient {
  readonly origin: string;
  /**
   * Reads a page and hands over its rows as they arrive. A page that breaks half-way is read again whole, so `take` may
   * see rows twice. Throws AttemptError for a status that no retry fixes (400, 401, 403, 404 …), ConnectorError
   * 'unreachable' when the tries are used up, the reason of `signal` (beside the run's own) when it is aborted.
   */
  page(request: PageRequest, take: TakeRows, limit?: number, signal?: AbortSignal): Promise<PageResult>;
  /** Requests sent so far, retries too. */
  readonly requests: number;
  /** Whether any web service has let us in: then the credentials are right. */
  readonly accepted: boolean;
  /** Whether this one has. */
  hasAccepted(path: string): boolean;
}

export interface ClientDeps {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Called for every wait before another try; `untilMs` on the wall clock. */
  readonly onWait?: (stream: string, wait: { untilMs: number; rateLimited: boolean }) => void;
}

/** The settings of these names. */
interface ClientSettings {
  readonly base_url: string;
  readonly username: string;
  readonly password: string;
  readonly customer_api_key: string;
  readonly user_api_key?: string | undefined;
  readonly request_timeout_secs: number;
  readonly max_retries: number;
  readonly max_wait_secs: number;
  readonly max_page_rows?: number | undefined;
  readonly max_concurrency: number;
}

export function createUkgClient(deps: ClientDeps, settings: ClientSettings): UkgClient {
  const headers: Record<string, string> = {
    authorization: `Basic ${Buffer.from(`${settings.username}:${settings.password}`, 'utf8').toString('base64')}`,
    'us-customer-api-key': settings.customer_api_key,
    ...(settings.user_api_key === undefined ? {} : { 'x-api-key': settings.user_api_key }),
    accept: 'application/json',
  };
  const permits = createPermits(settings.max_concurrency);
  let requests = 0;
  const accepted = new Set<string>();

  async function attempt(
    request: PageRequest,
    take: TakeRows,
    limit: number,
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<PageResult> {
    signal.throwIfAborted();
    requests++;
    const started = deps.clock.monotonic();
    const response = await deps.send({
      method: request.body ? 'POST' : 'GET',
      url: request.url,
      headers: request.body ? { ...headers, 'content-type': 'application/json' } : headers,
      ...(request.body ? { body: JSON.stringify(request.body) } : {}),
      signal,
      timeoutMs,
    });
    const { pathname } = request.url;
    deps.log.metric({
      type: 'timer',
      metric: 'http_request_duration',
      value: (deps.clock.monotonic() - started) / 1000,
      tags: { endpoint: pathname, http_status_code: response.status },
    });
    if (verdict({ status: response.status }, ukgPolicy) !== 'success') throw await refusal(response, deps.clock);
    const splitter = createSplitter(request);
    const bounds = pageBounds(request, settings.max_page_rows);
    let rows = 0;
    for await (const chunk of response.body) {
      bounds.bytes(chunk.length);
      let found = splitter.push(chunk);
      if (found.length === 0) continue;
      accepted.add(pathname);
      if (rows + found.length > limit) found = found.slice(0, limit - rows);
      rows += found.length;
      bounds.rows(found.length);
      const wait = take(found);
      if (wait) await wait;
      if (rows >= limit) {
        await response.discard();
        return { rows, link: undefined };
      }
    }
    splitter.end();
    // Only now: a portal's page with status 200 lets no one in.
    accepted.add(pathname);
    return { rows, link: response.headers['link'] };
  }

  return {
    origin: settings.base_url,
    get requests() {
      return requests;
    },
    get accepted() {
      return accepted.size > 0;
    },
    hasAccepted: (path) => accepted.has(path),
    async page(request, take, limit = Number.POSITIVE_INFINITY, alsoUntil) {
      const signal = alsoUntil ? AbortSignal.any([deps.signal, alsoUntil]) : deps.signal;
      const what = `${request.body ? 'POST' : 'GET'} ${request.url.pathname}`;
      const reading = retrying((_, timeoutMs) => permits(() => attempt(request, take, limit, signal, timeoutMs)), {
        policy: ukgPolicy,
        what: `${request.stream}: ${what}${pageOf(request.url)}`,
        ...retryLimits(settings),
        clock: deps.clock,
        random: deps.random,
        signal,
        onWait: ({ attempt: tries, waitMs, failure, rateLimited }) => {
          const cause = failure.status === undefined ? failure.code : `HTTP ${failure.status}`;
          deps.log.warn(
            `${request.stream}: ${cause ?? 'no answer'} at ${what}${pageOf(request.url)}; waiting ${Math.round(waitMs / 100) / 10} s before try ${tries + 1}.`,
          );
          deps.onWait?.(request.stream, { untilMs: deps.clock.now() + waitMs, rateLimited });
        },
      });
      try {
        return await reading;
      } catch (thrown) {
        throw thrown instanceof AttemptError ? new RefusedError(request.stream, thrown) : thrown;
      }
    },
  };
}

/** The same client, for as long as `signal` is not aborted. */
export function clientUntil(client: UkgClient, signal: AbortSignal): UkgClient {
  return {
    origin: client.origin,
    get requests() {
      return client.requests;
    },
    get accepted() {
      return client.accepted;
    },
    hasAccepted: (path) => client.hasAccepted(path),
    page: (request, take, limit) => client.page(request, take, limit, signal),
  };
}

function pageOf(url: URL): string {
  const page = url.searchParams.get('page');
  return page === null ? '' : ` page ${/^\d{1,9}$/.test(page) ? page : '?'}`;
}

/** Whether the tries of a request are used up, as opposed to an answer that can't be right. */
export function keptFailing(thrown: unknown): boolean {
  return thrown instanceof ConnectorError && thrown.kind === 'unreachable' && thrown.cause instanceof AttemptError;
}
