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
  return `${guard.name}: ${counted(guard.count ?? 0, 'person', 'people')} (${guard.percent} % of ${guard.baseline}), at most ${guard.limit.count} and ${guard.limit.percent} %`;
}
