/** What a plan does about changes that a person made in Together: fields that may stay, and what has to be told before. */
import type { Logger } from '@ukg-together/kit/log/log';
import { counted } from '@ukg-together/kit/text/show';
import type { Fault } from '../../model/person.ts';
import type { ChangedField } from '../../model/user-fields.ts';
import type { People } from '../../people/person.ts';
import type { Plan } from '../plan.ts';
import type { DriftOf } from './on-drift.ts';

type Changes = ReadonlyMap<number, readonly ChangedField[]>;

/** Fields that `on_drift` leaves are no part of what is sent, unless the source has changed them too. */
export function withLeft(plan: Plan, people: People, drift: DriftOf | undefined, changes: Changes): Plan {
  if (!drift) return plan;
  return {
    ...plan,
    delivery(person) {
      const delivery = plan.delivery(person);
      const left = person < people.size ? (drift(delivery.employeeId)?.left ?? []) : [];
      const changed = changes.get(person)?.map(({ field }) => field) ?? [];
      const stays = left.filter((field) => !changed.includes(field));
      if (stays.length === 0) return delivery;
      const user = JSON.parse(delivery.body.toString('utf8')) as object;
      const sent = Object.fromEntries(Object.entries(user).filter(([field]) => !stays.includes(field)));
      const { fields = [], without = delivery.body } = delivery.clears ?? {};
      return { ...delivery, body: Buffer.from(JSON.stringify(sent)), clears: { fields, without } };
    },
  };
}

type Notes = ReadonlyMap<number, readonly Fault[]>;

/** Names who was ended by hand and is sent as active, before it is done; `notes` with what the report says of them. */
export function tellOverruled(
  { plan, people, log }: { readonly plan: Plan; readonly people: People; readonly log: Logger },
  drift: DriftOf | undefined,
  notes: Notes,
): Notes {
  if (!drift) return notes;
  const ids: string[] = [];
  const told = new Map(notes);
  for (const person of plan.order) {
    const id = person < people.size ? people.id(person) : undefined;
    if (id === undefined || plan.action(person) !== 'rehire' || drift(id)?.status !== 'T') continue;
    ids.push(id);
    told.set(person, [...(told.get(person) ?? []), endedThere]);
  }
  if (ids.length === 0) return notes;
  const named = `${ids.slice(0, 10).join(', ')}${ids.length > 10 ? ' …' : ''}`;
  log.warn(
    `${counted(ids.length, 'person', 'people')} ended in Together by hand will be active again, as the source says: employeeId ${named}.`,
  );
  return told;
}

const endedThere: Fault = {
  field: 'employeeStatusCode',
  code: 'ended_in_together',
  message:
    'This person was ended in Together by hand; the source has the person as active, so that they will be active there again.',
  remedy: 'If they have left, end them in the HRIS, or leave them out with a filter.',
};
