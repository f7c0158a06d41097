/** What a run's end means to whoever started it; README lists the codes. */
import { type ConnectorError, ExitCode } from '@ukg-together/kit/error';
import type { Read } from './collect-step.ts';
import type { Sent } from './deliver-step.ts';
import type { RunIdentity } from './identity.ts';

/** `sent` absent: the run ended before there was a plan. */
export function exitCodeOf(
  { mode, settings }: RunIdentity,
  read: Read,
  sent: Sent | undefined,
  error: ConnectorError | undefined,
): number {
  if (error) return error.exitCode;
  if (mode.writes && tooManyRefused(read, sent, settings.max_rejected_percent)) return ExitCode.refused;
  if (mode.changesExitCode && (sent?.gated.plan.order.length ?? 0) > 0) return ExitCode.changes;
  return ExitCode.ok;
}

function tooManyRefused({ people, collected }: Read, sent: Sent | undefined, mostPercent: number): boolean {
  const refused = (sent?.outcomes.count('rejected') ?? 0) + (sent?.refusedUnread.length ?? 0);
  if (refused * 100 > mostPercent * people.count) return true;
  // A mapping that fits nobody is no good run, even though Together refused nobody.
  return people.count > 0 && collected.users === 0 && sent?.outcomes.count('invalid') === people.count;
}
