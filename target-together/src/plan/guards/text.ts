import type { Guard } from '../../model/run-summary.ts';
import { number, people, percent } from '../../model/text/number-text.ts';

/** One guard as a clause, without personal data, with plain spaces: it stands in logs and errors. */
export const describeGuard = (guard: Guard): string => clause(guard).replaceAll('\u00A0', ' ');

/** "max_terminated: 30 people (12.5 % of 240), it stops at more than 10 and more than 5 %" */
function clause(guard: Guard): string {
  const { name, baseline, limit } = guard;
  const found = people(guard.count ?? 0);
  const share = percent(guard.percent ?? 0);
  const least = percent(limit.percent ?? 0);
  if (name === 'min_filled_percent') {
    const field = guard.field ? ` ${guard.field}` : '';
    return `${name}:${field} is filled for ${share} of the share it had in the last successful run, at least ${least}`;
  }
  if (name === 'min_rows_percent')
    return `${name}: ${found} read, ${share} of the ${number(baseline ?? 0)} of the last successful run, at least ${least}`;
  const why = guard.reason ? ` (${guard.reason})` : '';
  if (name === 'new_email_domain')
    return `${name}: ${found} with an address in a domain that no successful run has met${why}`;
  if (name === 'max_reports_percent')
    return `${name}: ${found} of ${number(baseline ?? 0)} report to one supervisor${why}, it stops at more than ${least}`;
  const come = name === 'max_moved' ? ` ${guard.count === 1 ? 'comes' : 'come'} under new ids` : '';
  return `${name}: ${found}${come} (${share} of ${number(baseline ?? 0)}), it stops at more than ${number(limit.count ?? 0)} and more than ${least}${why}`;
}
