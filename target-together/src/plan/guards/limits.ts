import { peopleLimits } from '../../model/guard-counts.ts';
import type { Action } from '../../model/outcome.ts';

/** The actions that show a guard's cause. */
const causes: Readonly<Record<string, readonly Action[]>> = {
  min_rows_percent: ['vanished'],
  max_email_changed: ['change', 'rehire'],
  max_reports_percent: ['change', 'rehire'],
  new_email_domain: ['join', 'change'],
};

export function guardActions(name: string): readonly Action[] {
  const limit = peopleLimits.find((rule) => rule.name === name);
  return causes[name] ?? (limit?.counts as readonly Action[] | undefined) ?? [];
}
