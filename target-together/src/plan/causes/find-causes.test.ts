import { expect, it } from 'vitest';
import { peopleOf, person } from '../../testing/people.ts';
import type { Plan } from '../plan.ts';
import type { BuildPlanInput } from '../prepared.ts';
import { findCauses } from './find-causes.ts';

it('does not count as changed what Together list has said of people whom no run has sent', async () => {
  const people = peopleOf([person('1'), person('2')]);
  const fields = ['employeeId', 'employeeStatusCode', 'email', 'title'].map((field) => ({ field, to: 'x' }));
  const state = {
    known: 1,
    changes: async () => fields,
    lookup: () => ({ status: 'A', hash: undefined }),
    // The address of 2 is another one in Together.
    emails: { idsOf: async () => new Map([[people.emailHash(0), ['1']]]) },
    idsBehind: async () => new Map(),
  };
  const plan = {
    counts: { join: 0, change: 2, rehire: 0, leave: 0, move: 0 },
    action: () => 'change',
    json: (at: number) => JSON.stringify(people.user(at)),
    vanished: [],
  };
  const input = { people, state, collected: { fields: { count: () => 0 }, users: 2 }, mapping: {} };
  const { changesByField } = await findCauses(input as unknown as BuildPlanInput, plan as unknown as Plan, {
    remote: undefined,
    newIds: new Map(),
  });
  expect(changesByField).toEqual({ email: 1, title: 2 });
});
