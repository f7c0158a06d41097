/** Step 3, guard: a plan that a guard stops is not sent, unless exactly this plan was released. Decides, and sends nothing. */

import { ConnectorError, said } from '@ukg-together/kit/error';
import type { Logger } from '@ukg-together/kit/log/log';
import type { Guard } from '../model/run-summary.ts';
import { releaseOf } from '../plan/guards/release.ts';
import { describeGuard } from '../plan/guards/text.ts';
import type { RunIdentity } from './identity.ts';
import type { Planned } from './plan-step.ts';

/** A plan, its guards as they were passed, and why it must not be sent. */
export interface Gated extends Planned {
  readonly stopped: ConnectorError | undefined;
}

export function guardStep(planned: Planned, { accept, about, mode, files }: RunIdentity, log: Logger): Gated {
  const { hash } = planned.plan;
  const tripped = planned.guards.filter((guard) => guard.verdict === 'tripped');
  if (tripped.length === 0) {
    if (accept !== undefined) log.info('A plan hash was given to release, and no guard needed it.');
    return { ...planned, stopped: undefined };
  }
  if (accept === hash) {
    log.warn(`Released by its plan hash: ${tripped.map(describeGuard).join('; ')}.`);
    return { ...planned, guards: planned.guards.map((guard) => released(guard, hash)), stopped: undefined };
  }
  const other = accept === undefined ? '' : ` ${accept} names another plan: what was read has changed since.`;
  const { steps, type } = releaseOf({ ...about.tool, mode: mode.name, ...files }, hash);
  const clauses = tripped.map((guard) => describeGuard(guard) + (guard.cause ? ` (${guard.cause})` : ''));
  const stopped = new ConnectorError('guard', said`Nothing was sent: ${clauses.join('; ')}.${other}`, {
    // What is to be copied stands last, without a full stop.
    hint: `If this is not right, look at the source first. If it is, release exactly this plan once: ${[steps, type].filter(Boolean).join(' ')}`,
  });
  return { ...planned, stopped };
}

const released = (guard: Guard, hash: string): Guard =>
  guard.verdict === 'tripped'
    ? { ...guard, verdict: 'accepted', reason: `released once by its plan hash ${hash}` }
    : guard;
