/** What a plan does about changes that a person made in Together: fields that may stay, and what has to be reported before. */
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

/** Positions of those who were ended by hand in Together, and are sent as active. */
export function overruled(plan: Plan, people: People, drift: DriftOf | undefined): readonly number[] {
  if (!drift) return [];
  return [...plan.order].filter(
    (person) =>
      person < people.size && plan.action(person) === 'rehire' && drift(people.id(person) as string)?.status === 'T',
  );
}

/** Before it is done. */
export function warnOfOverruled(persons: readonly number[], people: People, log: Logger): void {
  if (persons.length === 0) return;
  const ids = persons.slice(0, 10).map((person) => people.id(person));
  const named = `${ids.join(', ')}${persons.length > 10 ? ' …' : ''}`;
  log.warn(
    `${counted(persons.length, 'person', 'people')} ended in Together by hand will be active again, as the source says: employeeId ${named}.`,
  );
}

/** `notes` with what the report says of them. */
export const withOverruled = (notes: Notes, persons: readonly number[]): Notes =>
  new Map([...notes, ...persons.map((person) => [person, [...(notes.get(person) ?? []), endedThere]] as const)]);

const endedThere: Fault = {
  field: 'employeeStatusCode',
  code: 'ended_in_together',
  message:
    'This person was ended in Together by hand; the source has the person as active, so that they will be active there again.',
  fix: 'If they have left, end them in the HRIS, or leave them out with a filter.',
};
