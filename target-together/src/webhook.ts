/**
 * Tells somebody, once: the first failure, the recovery, and new refusals. What goes out holds counts, ids of runs and our own
 * sentences, never a person's data (not even an employeeId: chat rooms have guests).
 */
import type { Send } from '@ukg-together/transport/request';
import type { RunSummary } from './report/model.ts';
import type { RunMemory } from './run-memory.ts';
import type { Settings } from './settings.ts';

export interface Notice {
  readonly event: 'failure' | 'recovery' | 'refusals';
  /** The whole story in a sentence or two. */
  readonly text: string;
  readonly run_id: string;
  readonly host: string;
  readonly organization_id: string;
  readonly at: string;
  readonly exit_code: number;
  readonly failing_since: string | null;
  readonly new_refusals: number;
  readonly open_refusals: number;
}

/** `before` and `after`: what was remembered before this run and is after it. Empty when there is nothing new to tell. */
export function noticesOf(
  before: RunMemory,
  after: RunMemory,
  summary: RunSummary,
  refusals: { readonly fresh: number; readonly open: number },
): Notice[] {
  const { destination, exit_code: exit } = summary;
  // Somebody at the keyboard pressed Ctrl-C: they know.
  if (exit === 130) return [];
  const facts = {
    run_id: summary.run_id,
    host: destination.host,
    organization_id: destination.organization_id,
    at: summary.finished_at,
    exit_code: exit,
    failing_since: after.failing_since ?? before.failing_since ?? null,
    new_refusals: refusals.fresh,
    open_refusals: refusals.open,
  };
  const who = `target-together (${destination.organization_id})`;
  const notices: Notice[] = [];
  if (after.failing_since !== undefined && before.failing_since === undefined) {
    const why = summary.error
      ? `${summary.error.message} ${summary.error.hint ?? ''}`.trim()
      : `${refusals.open} people were refused, more than allowed.`;
    notices.push({
      event: 'failure',
      text: `${who}: run ${summary.run_id} failed with exit code ${exit}. ${why}`,
      ...facts,
    });
  }
  if (after.failing_since === undefined && before.failing_since !== undefined) {
    notices.push({
      event: 'recovery',
      text: `${who}: run ${summary.run_id} ended well; runs had failed since ${before.failing_since}.`,
      ...facts,
    });
  }
  if (refusals.fresh > 0) {
    const people = refusals.fresh === 1 ? 'person was' : 'people were';
    notices.push({
      event: 'refusals',
      text: `${who}: ${refusals.fresh} more ${people} not accepted in run ${summary.run_id}; ${refusals.open} open in all. The run's report names them.`,
      ...facts,
    });
  }
  return notices;
}

/** Posts each notice once; a webhook that can't be reached is a warning and never fails a run. */
export async function tell(
  webhook: NonNullable<Settings['webhook']>,
  notices: readonly Notice[],
  { send, warn }: { readonly send: Send; readonly warn: (message: string) => void },
): Promise<void> {
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
      if (answer.status >= 300)
        warn(`The webhook was answered HTTP ${answer.status}; nobody may have been told of: ${notice.event}.`);
    } catch {
      warn(`The webhook can't be reached; nobody was told of: ${notice.event}.`);
    }
  }
}
