/** Wires delivery to the session: lane, client, batch sizes, the log of requests. */

import { traced } from '@ukg-together/transport/http/traced';
import type { Lane } from '@ukg-together/transport/limiter/limiter';
import type { Session } from '../app/session.ts';
import type { TargetDeps } from '../run/run-types.ts';
import type { BatchMemory } from '../state/run-history.ts';
import { createTogetherClient } from '../together/client.ts';
import type { RequestLog } from '../together/request-log.ts';
import { createSizer, type Sizer } from './batch-size.ts';
import { deliver } from './deliver.ts';

export interface Sending {
  readonly deliver: TargetDeps['deliver'];
  readonly memory: () => BatchMemory | undefined;
}

/** `confirm` is asked before each request whether this run may still send. */
export function openSending(
  session: Session,
  requests: RequestLog,
  memory: BatchMemory | undefined,
  confirm: () => Promise<void>,
): Sending {
  const { io, settings, account, send } = session;
  const { clock, log, random, signal } = io;
  const maxBodyBytes = settings.max_body_bytes;
  let sizer: Sizer | undefined;
  return {
    memory: () => sizer?.memory(),
    async deliver(people, settle) {
      sizer = createSizer({
        batchSize: Math.min(settings.batch_size, settings.batch_size_rows ?? settings.batch_size),
        maxBodyBytes,
        memory,
        now: () => clock.now(),
      });
      const client = createTogetherClient({
        account,
        send: traced(send, log),
        lane: confirming(await session.lane(), confirm),
        clock,
        random,
        maxRetries: settings.max_retries,
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
      return await deliver(
        { client, sizer, maxBodyBytes, maxRetries: settings.max_retries, clock, random, settle, signal },
        people,
      );
    },
  };
}

/** Asked when the turn has come, for the wait may have been long. */
function confirming(lane: Lane, confirm: () => Promise<void>): Lane {
  return {
    ...lane,
    run: (job, signal) =>
      lane.run(async (turn) => {
        await confirm();
        return await job(turn);
      }, signal),
  };
}
