/**
 * Tells a person, once: the first failure, the recovery, and new refusals. What goes out holds counts, ids of runs and our own
 * sentences, never a person's data (not even an employeeId: chat rooms have guests).
 */

import type { ConnectorError } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Send } from '@ukg-together/transport/http/request';
import type { RunSummary } from '../model/run-summary.ts';
import type { Notice } from '../report/notices.ts';
import type { Settings } from '../settings/settings.ts';

/** A run that could not even open its state: nothing is remembered, so each such run is reported. */
export function openingFailure(
  destination: RunSummary['destination'],
  run: { readonly id: string; readonly at: number },
  error: ConnectorError,
): Notice {
  return {
    event: 'failure',
    text: `target-together (${destination.organization_id}): run ${run.id} could not begin, exit code ${error.exitCode}. ${[error.message, ...error.advice].join(' ')}`,
    run_id: run.id,
    host: destination.host,
    organization_id: destination.organization_id,
    at: new Date(run.at).toISOString(),
    exit_code: error.exitCode,
    failing_since: null,
    new_refusals: 0,
    open_refusals: 0,
  };
}

/** Posts each notice once and returns those that got through; a webhook that can't be reached is a warning and never fails a run. */
export async function notify(
  webhook: NonNullable<Settings['webhook']>,
  notices: readonly Notice[],
  { send, log }: { readonly send: Send; readonly log: Pick<Logger, 'warn'> },
): Promise<Set<Notice>> {
  const delivered = new Set<Notice>();
  for (const notice of notices) {
    try {
      const answer = await send({
        method: 'POST',
        url: new URL(webhook.url),
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(webhook.format === 'slack' ? { text: notice.text } : notice),
        timeoutMs: 10_000,
      });
      await answer.discard();
      if (answer.status < 300) delivered.add(notice);
      else
        log.warn(
          `The webhook was answered HTTP ${answer.status}; its notice may be lost: ${notice.event}. It is told after the next run.`,
        );
    } catch {
      log.warn(`The webhook can't be reached; it was not told of: ${notice.event}. It is told after the next run.`);
    }
  }
  return delivered;
}
