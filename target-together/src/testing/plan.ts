/** Plans for unit tests: invented people, checked and planned the way a run does it. */
import type { TogetherUser } from '../model/person.ts';
import { checkWholeSet } from '../plan/checks/check-people.ts';
import { outOfScope } from '../plan/checks/out-of-scope.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { PlanInput } from '../plan/plan.ts';
import type { Known } from '../state/ledger/ledger.ts';
import { peopleOf, type Row, testHash } from './people.ts';

export const now = Date.UTC(2026, 2, 31, 4);
export const hour = 3_600_000;

export const accepted = (user: TogetherUser, over: Partial<Known> = {}): Known => ({
  status: user.employeeStatusCode,
  hash: testHash(JSON.stringify(user)),
  acceptedAt: now - hour,
  run: 'earlier',
  refused: undefined,
  ...over,
});

/** The plan for these rows, beside a ledger by employeeId. */
export function planOf(rows: readonly Row[], ledger: Record<string, Known> = {}, over: Partial<PlanInput> = {}) {
  const people = peopleOf(rows);
  const known = (id: string) => ledger[id];
  const findings = checkWholeSet({ people, statusOf: (id) => known(id)?.status });
  const plan = makePlan({
    people,
    findings,
    known,
    hash: testHash,
    now,
    resendAfterHours: 24,
    vanished: [],
    endedVanished: [],
    outOfScope: outOfScope(people, (id) => known(id)?.status),
    endsOutOfScope: false,
    relinks: [],
    hashedFor: 'test',
    ...over,
  });
  const actions = Array.from({ length: people.size }, (_, at) => plan.action(at));
  const sent = [...plan.order].map((at) => plan.delivery(at).employeeId);
  return { people, plan, findings, actions, sent };
}
