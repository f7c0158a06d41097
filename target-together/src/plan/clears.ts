/** Fields that are emptied beside what a person's body says. They are no part of what the ledger compares: Together may refuse them. */
import type { Delivery } from '../model/person.ts';
import type { Plan } from './plan.ts';

export type ClearWith = 'null' | 'empty';

/** `clears`: field names by position. */
export function withClears(plan: Plan, clears: ReadonlyMap<number, readonly string[]>, clearWith: ClearWith): Plan {
  if (clears.size === 0) return plan;
  const value = clearWith === 'null' ? null : '';
  return {
    ...plan,
    delivery(person) {
      const delivery = plan.delivery(person);
      const fields = clears.get(person);
      return fields ? clearing(delivery, fields, value) : delivery;
    },
  };
}

function clearing(delivery: Delivery, fields: readonly string[], value: null | ''): Delivery {
  const user = JSON.parse(delivery.body.toString('utf8')) as object;
  const cleared = Object.fromEntries(fields.map((field) => [field, value]));
  return {
    ...delivery,
    body: Buffer.from(JSON.stringify({ ...user, ...cleared })),
    clears: { fields, without: delivery.body },
  };
}
