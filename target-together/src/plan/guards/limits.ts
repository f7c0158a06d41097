import type { Action } from '../../model/outcome.ts';

export const limits = [
  { name: 'max_terminated', of: 'active', counts: ['leave'] },
  { name: 'max_vanished', of: 'active', counts: ['vanished'] },
  { name: 'max_changed', of: 'known', counts: ['change', 'rehire'] },
  { name: 'max_created', of: 'known', counts: ['join'] },
] as const;

/** The actions that a guard counts, or that show its cause. */
export function guardActions(name: string): readonly Action[] {
  if (name === 'min_rows_percent') return ['vanished'];
  return limits.find((rule) => rule.name === name)?.counts ?? [];
}
