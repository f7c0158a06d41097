import { type Settings, settingFault } from '../settings/settings.ts';
import { isoDay } from '../time/time.ts';
import type { PlanDeps } from './planned-request.ts';

export function payStatementsBody(
  { clock }: Pick<PlanDeps, 'clock'>,
  window: NonNullable<Settings['pay_statements']>,
  companyId: string,
): Record<string, string> {
  return {
    companyId,
    startDate: `${window.from.slice(0, 10)}T00:00:00`,
    endDate: `${(window.to ?? isoDay(clock.now())).slice(0, 10)}T00:00:00`,
    ...(window.pay_group === undefined ? {} : { payGroup: window.pay_group }),
  };
}

export const payStatementsFault = (stream: string) =>
  settingFault('pay_statements', 'UKG wants a window of days.', stream);
