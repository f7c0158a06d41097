/** Whether the ledger that an increment needs is there: without it nobody knows what the people have whom it does not bring. */
import { ConnectorError } from '@ukg-together/kit/error';
import { counted } from '@ukg-together/kit/text/show';
import { completeReadSteps } from '../model/complete-read.ts';
import type { RunState } from '../state/run-state.ts';
import type { Read } from './collect-step.ts';

/** Throws a settings error (exit 2, no checkpoint goes back) where a part of the people came, and what earlier runs kept is gone. */
export function checkLedger(
  { collected }: Pick<Read, 'collected'>,
  { keeps, known, lost, memory }: Pick<RunState, 'keeps' | 'known' | 'lost' | 'memory'>,
): void {
  if (!keeps || known > 0 || collected.complete || collected.claimsEmpty) return;
  const isFirst = memory.last === undefined && memory.open === undefined;
  const isIncrement = collected.increment && isFirst;
  if (lost === 0 && !isIncrement) return;
  const what =
    lost > 0
      ? `The ledger of ${counted(lost, 'person', 'people')} is gone from state_dir`
      : 'The source went on from a bookmark, and state_dir holds nothing of an earlier run';
  throw new ConnectorError(
    'settings',
    `${what}: this part of the people can't be compared with what Together has, so nothing was sent.`,
    {
      hint: `Bring the old state_dir back where it was only moved or not mounted. Else: ${completeReadSteps} The bookmark stays where it was.`,
    },
  );
}
