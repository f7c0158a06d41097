import { counted } from '@ukg-together/kit/text/show';
import type { RunSummary } from '../model/run-summary.ts';
import type { RunMemory } from '../state/run-history.ts';

export interface Notice {
  readonly event: 'failure' | 'recovery' | 'refusals';
  /** What happened, in a sentence or two. */
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
 * `before` and `after`: what was remembered before this run and is after it. Empty when there is nothing new.
 * `fresh`: refusals of this run; those that no earlier notice could deliver come on top.
 */
export function noticesOf(
  before: RunMemory,
  after: RunMemory,
  summary: RunSummary,
  { fresh, open }: { readonly fresh: number; readonly open: number },
): Notice[] {
  const { destination, exit_code: exit } = summary;
  // An operator pressed Ctrl-C, and knows.
  if (exit === 130) return [];
  const known = before.notified?.failing === true;
  const refusals = { fresh: Math.min(open, fresh + (before.notified?.unreportedRefusals ?? 0)), open };
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
      text: `${who}: ${describeFailure(summary, refusals.open)}`,
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

function describeFailure({ run_id, exit_code: exit, error }: RunSummary, open: number): string {
  if (exit === 0)
    return `the input of run ${run_id} broke off: what it held was dealt with. The log and exit code of the tap tell why.`;
  const reason = error
    ? [error.message, error.hint ?? [], `See ${error.docs}`].flat().join(' ')
    : `${counted(open, 'person was', 'people were')} refused or could not be sent, more than allowed.`;
  return `run ${run_id} failed with exit code ${exit}. ${reason}`;
}

/** What is remembered once `notices` were posted and `delivered` of them got through. */
export function notifiedAfter(
  before: RunMemory,
  notices: readonly Notice[],
  delivered: ReadonlySet<Notice>,
): NonNullable<RunMemory['notified']> {
  let { failing, unreportedRefusals } = before.notified ?? { failing: false, unreportedRefusals: 0 };
  for (const notice of notices) {
    if (notice.event === 'refusals') unreportedRefusals = delivered.has(notice) ? 0 : notice.new_refusals;
    else if (delivered.has(notice)) failing = notice.event === 'failure';
  }
  return { failing, unreportedRefusals };
}
