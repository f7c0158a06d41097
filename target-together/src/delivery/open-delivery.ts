/** Delivery opened for one run: rate limiter, client, batch sizes, the log of requests; at the first use. */
import type { Clock } from '@ukg-together/kit/clock';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Send } from '@ukg-together/transport/http/request';
import { traced } from '@ukg-together/transport/http/traced';
import type { RateLimiter } from '@ukg-together/transport/limiter/limiter';
import { retryLimits } from '@ukg-together/transport/retry/retry';
import type { Delivery, PersonOutcome } from '../model/person.ts';
import type { Settings } from '../settings/settings.ts';
import type { BatchMemory } from '../state/run-history.ts';
import type { TogetherAccount } from '../together/account.ts';
import { createTogetherClient } from '../together/client.ts';
import type { RequestLog } from '../together/request-log.ts';
import { createSizer, type Sizer } from './batch-size.ts';
import { type Delivered, deliver } from './deliver.ts';

export interface OpenDelivery {
  /** Sends people in order; `before` is awaited before each request, `record` before the next one. Never rejects. */
  deliver(
    people: Iterable<Delivery>,
    record: (outcomes: readonly PersonOutcome[]) => Promise<void>,
    before?: (group: readonly Delivery[]) => Promise<void>,
  ): Promise<Delivered>;
  /** What was learnt of the sizes that Together takes; undefined: nothing was sent. */
  memory(): BatchMemory | undefined;
}

export interface DeliveryOptions {
  readonly account: TogetherAccount;
  readonly send: Send;
  /** One request at a time. */
  readonly limiter: () => Promise<RateLimiter>;
  readonly settings: Pick<
    Settings,
    'batch_size' | 'batch_size_rows' | 'max_body_bytes' | 'max_retries' | 'request_timeout_secs' | 'max_wait_secs'
  >;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly requests: RequestLog;
  /** What earlier runs have learnt of sizes. */
  readonly learnt: BatchMemory | undefined;
  /** Asked before each request whether this run may still send. */
  readonly confirm: () => Promise<void>;
}

export function openDelivery(options: DeliveryOptions): OpenDelivery {
  const { account, send, settings, clock, random, log, signal, requests } = options;
  const { max_body_bytes: maxBodyBytes } = settings;
  let sizer: Sizer | undefined;
  return {
    memory: () => sizer?.memory(),
    async deliver(people, record, before) {
      sizer = createSizer({
        batchSize: Math.min(settings.batch_size, settings.batch_size_rows ?? settings.batch_size),
        maxBodyBytes,
        timeoutMs: settings.request_timeout_secs * 1000,
        memory: options.learnt,
        now: () => clock.now(),
      });
      const client = createTogetherClient({
        account,
        send: traced(send, log),
        limiter: confirming(await options.limiter(), options.confirm),
        clock,
        random,
        limits: retryLimits(settings),
        signal,
        onRequest(record) {
          requests.request(record);
          log.metric({
            type: 'timer',
            metric: 'http_request_duration',
            value: record.ms / 1000,
            tags: { endpoint: '/public/user', http_status_code: record.status ?? null },
          });
        },
        onWait({ waitMs, failure, rateLimited }) {
          requests.wait(waitMs);
          const why = failure.status === undefined ? (failure.code ?? 'no answer') : `HTTP ${failure.status}`;
          log.warn(
            `Together ${rateLimited ? 'asked to slow down' : 'failed'} (${why}); trying again in ${(waitMs / 1000).toFixed(1)} s.`,
          );
        },
      });
      const limits = retryLimits(settings);
      return await deliver({ client, sizer, maxBodyBytes, ...limits, clock, random, record, before, signal }, people);
    },
  };
}

/** Asked when the permit has come, for the wait may have been long. */
function confirming(limiter: RateLimiter, confirm: () => Promise<void>): RateLimiter {
  return {
    ...limiter,
    run: (job, signal) =>
      limiter.run(async (permit) => {
        await confirm();
        return await job(permit);
      }, signal),
  };
}
