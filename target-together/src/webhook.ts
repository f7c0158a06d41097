/**
 * Tells somebody, once: the first failure, the recovery, and new refusals. What goes out holds counts, ids of runs and our own
 * sentences, never a person's data (not even an employeeId: chat rooms have guests).
 */
import type { ConnectorError } from '@ukg-together/protocol/error';
import { counted } from '@ukg-together/protocol/show';
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

/**
 * `before` and `after`: what was remembered before this run and is after it. Empty when there is nothing new to tell.
 * `fresh`: refusals of this run; those that an earlier notice could not tell come on top.
 */
export function noticesOf(
  before: RunMemory,
  after: RunMemory,
  summary: RunSummary,
  { fresh, open }: { readonly fresh: number; readonly open: number },
): Notice[] {
  const { destination, exit_code: exit } = summary;
  // Somebody at the keyboard pressed Ctrl-C: they know.
  if (exit === 130) return [];
  const known = before.told?.failing === true;
  const refusals = { fresh: Math.min(open, fresh + (before.told?.untoldRefusals ?? 0)), open };
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
  if (after.failing_since !== undefined && !known) {
    notices.push({
      event: 'failure',
      text: `${who}: ${failureWords(summary, refusals.open)}`,
      ...facts,
    });
  }
  if (after.failing_since === undefined && known) {
    notices.push({
      event: 'recovery',
      text: `${who}: run ${summary.run_id} ended well; runs had failed since ${before.failing_since ?? 'an earlier one'}.`,
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

function failureWords({ run_id, exit_code: exit, error }: RunSummary, open: number): string {
  if (exit === 0)
    return `the input of run ${run_id} broke off: what it held was dealt with. The log and exit code of the tap tell why.`;
  const why = error
    ? `${error.message} ${error.hint ?? ''}`.trim()
    : `${counted(open, 'person was', 'people were')} refused or could not be sent, more than allowed.`;
  return `run ${run_id} failed with exit code ${exit}. ${why}`;
}

/** What is remembered once `notices` were posted and `heard` of them got through. */
export function toldAfter(
  before: RunMemory,
  notices: readonly Notice[],
  heard: ReadonlySet<Notice>,
): NonNullable<RunMemory['told']> {
  let { failing, untoldRefusals } = before.told ?? { failing: false, untoldRefusals: 0 };
  for (const notice of notices) {
    if (notice.event === 'refusals') untoldRefusals = heard.has(notice) ? 0 : notice.new_refusals;
    else if (heard.has(notice)) failing = notice.event === 'failure';
  }
  return { failing, untoldRefusals };
}

/** A run that could not even open its state: nothing is remembered, so each such run is told. */
export function openingFailure(
  destination: RunSummary['destination'],
  run: { readonly id: string; readonly at: number },
  error: ConnectorError,
): Notice {
  const hint = error.hint === undefined ? '' : ` ${error.hint}`;
  return {
    event: 'failure',
    text: `target-together (${destination.organization_id}): run ${run.id} could not begin, exit code ${error.exitCode}. ${error.message}${hint}`,
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
export async function tell(
  webhook: NonNullable<Settings['webhook']>,
  notices: readonly Notice[],
  { send, warn }: { readonly send: Send; readonly warn: (message: string) => void },
): Promise<Set<Notice>> {
  const heard = new Set<Notice>();
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
      if (answer.status < 300) heard.add(notice);
      else
        warn(
          `The webhook was answered HTTP ${answer.status}; nobody may have been told of: ${notice.event}. It is told after the next run.`,
        );
    } catch {
      warn(`The webhook can't be reached; nobody was told of: ${notice.event}. It is told after the next run.`);
    }
  }
  return heard;
}
