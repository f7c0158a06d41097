/**
 * Why a person is to be kept as before: UKG has the person, and what it shows today says nothing about access. The tap has
 * no memory, so it only marks such a record; what "as before" means is known to the target, which has a ledger.
 */
import { addDays } from '@ukg-together/kit/days/calendar-day';
import type { UkgRecord } from '../records/record.ts';
import type { KeepReason } from '../streams/employees.ts';
import { realDay } from '../time/real-day.ts';
import type { Times } from '../time/time.ts';
import { type Employment, hasEnded } from './choose.ts';

export interface TransferRules {
  readonly today: string;
  readonly graceDays: number;
  /** Upper case. */
  readonly reasons: ReadonlySet<string>;
  readonly times: Pick<Times, 'localDay'>;
}

/** `counts`: the employment that counts; `worksElsewhere`: another one is in force, in a company that is not read. */
export function keepReasonOf(
  counts: Employment,
  own: readonly (UkgRecord & Employment)[],
  worksElsewhere: boolean,
  rules: TransferRules,
): KeepReason | undefined {
  if (!hasEnded(counts, rules)) return undefined;
  if (worksElsewhere) return 'out_of_scope';
  return own.some((one) => isTransfer(one, rules)) ? 'in_transfer' : undefined;
}

/** Whether an employment has ended by a transfer not longer ago than the grace; without a last day, the day of its last change counts. */
function isTransfer(one: UkgRecord & Employment, { today, graceDays, reasons, times }: TransferRules): boolean {
  const reason = one['termReason'];
  if (graceDays === 0 || typeof reason !== 'string' || !reasons.has(reason.trim().toUpperCase())) return false;
  if (!hasEnded(one, { today })) return false;
  const changed = one.dateTimeChanged;
  const changedDay = typeof changed === 'string' ? times.localDay(Date.parse(changed)) : null;
  const since = realDay(one.dateOfTermination) ?? changedDay;
  return since !== null && today <= addDays(since, graceDays);
}
