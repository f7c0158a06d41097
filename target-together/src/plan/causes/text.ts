import type { Action } from '../../model/outcome.ts';
import type { Cause } from '../../model/run-summary.ts';
import { isOrganisational, isSharedDay } from '../../model/user-fields.ts';

/**
 * The cause behind a guard, as a clause: "71 of 83 share departmentName Fin Ops → Finance Operations". Without ids: guards are
 * posted to chat rooms.
 */
export function describeCause(causes: readonly Cause[], forActions: readonly Action[]): string | null {
  const cause = causes.find(
    (candidate) => forActions.includes(candidate.action) && candidate.people * 2 >= candidate.of,
  );
  if (!cause) return null;
  const { field, from, to, people, of, same } = cause;
  const shown = (isOrganisational(field) || isSharedDay(field, cause.action)) && (from !== null || to !== null);
  const value = shown
    ? from === null
      ? `${field} ${to ?? 'empty'}`
      : `${field} ${from} → ${to ?? 'empty'}`
    : same
      ? `one new value of ${field}`
      : `a changed ${field}`;
  return `${people} of ${of} share ${value}`;
}
