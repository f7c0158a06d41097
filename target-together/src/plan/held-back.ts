/**
 * People who are held back: Together refused this very body in an earlier run, and it is too early to send it again. All that
 * decides it is known once everything is read: the ledger, the body, the time.
 */

import { isDue as isDueAfter } from '@ukg-together/kit/days/due';
import { isDeleted, isGone, mustLoseAccess } from '../model/access.ts';
import type { People } from '../people/person.ts';
import type { Known } from '../state/ledger/ledger.ts';
import { bodyWithout } from './checks/altered-body.ts';
import { sameHash } from './plan-hash.ts';

const hourMs = 3_600_000;

export type Refusal = NonNullable<Known['refused']>;

export interface RetryRules {
  readonly people: People;
  /** undefined: the ledger is empty. */
  readonly known: ((id: string) => Known | undefined) | undefined;
  readonly hash: (json: string) => Uint8Array;
  /** Start of this run, milliseconds since 1970. */
  readonly now: number;
  readonly resendAfterHours: number | null;
  /** Whether an operator gave this person's reject back, to have it tried now. */
  readonly replayed?: (person: number) => boolean;
}

/** Whether what happened at `at` (milliseconds since 1970) is a whole resend window ago. */
export function isDue({ now, resendAfterHours }: Pick<RetryRules, 'now' | 'resendAfterHours'>, at: number): boolean {
  if (resendAfterHours === null) return false;
  return isDueAfter(at, now, resendAfterHours * hourMs);
}

/** The refusal that holds `person` back with the body of this hash; undefined: the body is sent. */
export function standingRefusal(
  rules: RetryRules,
  person: number,
  before: Known | undefined,
  body: Uint8Array,
): Refusal | undefined {
  const refused = before?.refused;
  if (!refused || !sameHash(refused.hash, body) || isRetried(rules, person, before, refused)) return undefined;
  return refused;
}

/** 409 and 410 stand until the record changes; a leaver's 400 is tried every time (access must end), as is a reject given back. */
function isRetried(rules: RetryRules, person: number, before: Known | undefined, refused: Refusal): boolean {
  if (isGone(before)) return false;
  return (
    mustLoseAccess(rules.people.status(person), before?.status) ||
    rules.replayed?.(person) === true ||
    isDue(rules, refused.at)
  );
}

/**
 * Whether `person` is held back with the body as it was read, or with the one that lacks the supervisor. Which of the two would
 * go depends on the checks, and the checks ask this first: who may be held back hands no address over in this run.
 */
export function mayBeHeldBack(rules: RetryRules, person: number): boolean {
  const { people, known, hash } = rules;
  const before = known?.(people.id(person) as string);
  if (!before?.refused) return false;
  const json = people.json(person);
  if (standingRefusal(rules, person, before, hash(json))) return true;
  if (people.supervisorAt(person) < 0) return false;
  const unlinked = bodyWithout(json, { lacksLink: true, lacksEmail: false });
  return standingRefusal(rules, person, before, hash(unlinked)) !== undefined;
}

/**
 * Whether the account of `person` is deleted in Together, and the record is the one that Together refused for it: then it has no address.
 * `canLink`: whether the link to the supervisor of this employeeId goes out; the checks decide of it later.
 */
export function isStillDeleted(rules: RetryRules, person: number, canLink: (id: string) => boolean): boolean {
  const { people, known, hash } = rules;
  const before = known?.(people.id(person) as string);
  if (!isDeleted(before)) return false;
  const at = people.supervisorAt(person);
  const lacksLink = at >= 0 && !canLink(people.ids.at(at));
  const json = people.json(person);
  const body = lacksLink ? bodyWithout(json, { lacksLink, lacksEmail: false }) : json;
  return standingRefusal(rules, person, before, hash(body)) !== undefined;
}
