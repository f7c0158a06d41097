/** What a change of the settings does to tonight's plan, in numbers that may be shown. */

import type { Action } from '../../model/outcome.ts';
import type { Cause, Guard } from '../../model/run-summary.ts';
import { valueText } from '../../model/user-fields.ts';
import { createCauses } from '../causes/causes.ts';
import { attribute, type By, differences, letGo, type PlanOfPeople, sentNoMore } from './attribute.ts';

export interface WhatIf {
  readonly plan_hash: string;
  /** People of the next plan: by the change of the settings, by the data, by both. */
  readonly sent: Readonly<Record<By, number>>;
  /** The same by action. */
  readonly actions: Readonly<Record<By, Partial<Record<Action, number>>>>;
  /** Of those the change of the settings concerns: people by the field in which their two bodies differ. */
  readonly changes_by_field: Readonly<Record<string, number>>;
  readonly causes: readonly Cause[];
  /** By filter: people who are active in Together, and that only the next settings leave out; whether they would be ended. */
  readonly let_go: { readonly by_filter: Readonly<Record<string, number>>; readonly ended: boolean };
  /** Sent under the settings of now, and under the next ones no more. */
  readonly sent_no_more: readonly string[];
  /** Guards that would stop the next plan. */
  readonly stopped_by: readonly Guard[];
  /** All people the next plan sends. */
  readonly people: readonly { readonly id: string; readonly action: Action; readonly by: By }[];
}

export function whatIf(now: PlanOfPeople, next: PlanOfPeople & { readonly guards: readonly Guard[] }): WhatIf {
  const sent = { change: 0, data: 0, both: 0 };
  const actions: Record<By, Partial<Record<Action, number>>> = { change: {}, data: {}, both: {} };
  const fields: Record<string, number> = {};
  const causes = createCauses();
  const people: WhatIf['people'][number][] = [];
  for (const one of attribute(now, next)) {
    const { id, by } = one;
    const action = next.plan.action(one.next);
    people.push({ id, action, by });
    sent[by]++;
    actions[by][action] = (actions[by][action] ?? 0) + 1;
    if (by === 'data') continue;
    const changed = differences(now, next, one);
    for (const { field } of changed) fields[field] = (fields[field] ?? 0) + 1;
    causes.change('change', changed.map(asChange));
  }
  const ended = new Set(people.filter(({ action }) => action === 'leave').map(({ id }) => id));
  return {
    plan_hash: next.plan.hash,
    sent,
    actions,
    changes_by_field: fields,
    causes: causes.result(() => 0),
    let_go: {
      by_filter: letGo(now, next),
      ended: next.plan.outOfScope.some((person) => ended.has(next.people.id(person) ?? '')),
    },
    sent_no_more: sentNoMore(now, next),
    stopped_by: next.guards.filter(({ verdict }) => verdict === 'tripped'),
    people,
  };
}

/** The old value stands for itself where a ledger would have its hash. */
function asChange({ field, from, to }: ReturnType<typeof differences>[number]) {
  const before = from === undefined ? undefined : valueText(from);
  return { field, fromKey: before, from: before, to: to === undefined ? undefined : valueText(to) };
}
