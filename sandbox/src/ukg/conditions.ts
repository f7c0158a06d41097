/** Which rows a request asks for: its parameters, and what a service asks of its own. */

import type { World } from '../company/employer.ts';
import { unit } from '../company/rng.ts';
import type { Endpoint } from './endpoints.ts';
import type { Field } from './fields/row.ts';
import { BadRequest, type Condition, changedWithin, conditionOf } from './filters.ts';
import type { UkgOptions } from './options.ts';
import { statementsOf } from './statements.ts';

/** All that a row must satisfy: parameters, and what this service asks of its own. */
export function conditionFor(
  { options, world }: { options: UkgOptions; world: World },
  endpoint: Endpoint,
  fields: readonly Field[],
  filters: ReadonlyMap<string, string>,
): Condition | undefined {
  const plain = new Map([...filters].filter(([name]) => name !== 'employeeidentifier'));
  const condition = conditionOf(endpoint, fields, plain, { greater: options.greater ?? 'inclusive' });
  if (endpoint.name === 'employee-changes') {
    const within = changedWithin(filters, world.zone, world.now(), options.changesLagHours ?? 0);
    return within && condition ? (context) => within(context) && condition(context) : (within ?? condition);
  }
  if (endpoint.method === 'GET') return condition;
  if (endpoint.params.includes('employeeIdentifier') && !filters.has('employeeidentifier'))
    throw new BadRequest('The employeeIdentifier field is required.');
  return statementsOf(filters, condition);
}

/** A share of the people missing, always the same ones: an answer that is not all of the truth. */
export const losing = (world: World, share: number, condition: Condition | undefined): Condition | undefined =>
  share === 0
    ? condition
    : (context) => unit(world.seed, context.person?.index ?? 0, 990) >= share && (condition?.(context) ?? true);
