/** What each guard with a limit on people counts. */
import type { Action } from './outcome.ts';

/** Actions of a plan, and changed e-mail addresses among them. */
export type Counted = Action | 'email';
export type GuardCounts = Readonly<Partial<Record<Counted, number>>>;

export const peopleLimits = [
  { name: 'max_terminated', of: 'active', counts: ['leave'] },
  { name: 'max_vanished', of: 'active', counts: ['vanished'] },
  { name: 'max_changed', of: 'known', counts: ['change', 'rehire'] },
  { name: 'max_created', of: 'known', counts: ['join'] },
  { name: 'max_rehired', of: 'known', counts: ['rehire'] },
  { name: 'max_email_changed', of: 'known', counts: ['email'] },
] as const satisfies readonly { name: string; of: 'active' | 'known'; counts: readonly Counted[] }[];

export const sumOf = (counts: GuardCounts, counted: readonly Counted[]): number =>
  counted.reduce((sum, one) => sum + (counts[one] ?? 0), 0);
