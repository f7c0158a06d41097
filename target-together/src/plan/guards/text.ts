import { counted } from '@ukg-together/kit/text/show';
import type { Guard } from '../../model/run-summary.ts';

/** "max_terminated: 30 people (12.5 % of 240), at most 10 and 5 %": one guard as a clause, without personal data. */
export function describeGuard(guard: Guard): string {
  const field = guard.field ? ` ${guard.field}` : '';
  if (guard.name === 'min_filled_percent') {
    return `${guard.name}:${field} is filled for ${guard.percent} % of the share it had in the last good run, at least ${guard.limit.percent} %`;
  }
  if (guard.name === 'min_rows_percent') {
    return `${guard.name}: ${counted(guard.count ?? 0, 'person', 'people')} read, ${guard.percent} % of the ${guard.baseline} of the last good run, at least ${guard.limit.percent} %`;
  }
  const why = guard.reason ? ` (${guard.reason})` : '';
  if (guard.name === 'new_email_domain') {
    return `${guard.name}: ${counted(guard.count ?? 0, 'person', 'people')} with an address in a domain that no good run has met${why}`;
  }
  if (guard.name === 'max_reports_percent') {
    return `${guard.name}: ${counted(guard.count ?? 0, 'person', 'people')} of ${guard.baseline} report to one supervisor${why}, it stops at more than ${guard.limit.percent} %`;
  }
  const come = guard.name === 'max_moved' ? ` ${guard.count === 1 ? 'comes' : 'come'} under new ids` : '';
  return `${guard.name}: ${counted(guard.count ?? 0, 'person', 'people')}${come} (${guard.percent} % of ${guard.baseline}), it stops at more than ${guard.limit.count} and more than ${guard.limit.percent} %${why}`;
}
