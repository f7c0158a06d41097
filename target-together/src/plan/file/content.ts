import { showsValue } from '../../model/fields/field-privacy.ts';
import type { TogetherUser } from '../../model/person.ts';
import type { RedactionLevel } from '../../model/run-summary.ts';
import { displayName } from '../../model/text/display-name.ts';
import type { ChangedField } from '../../model/user-fields.ts';
import { Kind, type People } from '../../people/person.ts';
import type { Findings } from '../checks/findings.ts';
import type { Plan } from '../plan.ts';
import type { PlannedPerson, UnsentPerson } from './read-plan.ts';

interface PlannedPeople {
  readonly plan: Plan;
  readonly people: People;
}

export function* planned(
  { plan: made, people, changes }: PlannedPeople & { readonly changes: ReadonlyMap<number, readonly ChangedField[]> },
  level: RedactionLevel,
  sensitive: ReadonlySet<string>,
): Generator<PlannedPerson> {
  for (const person of made.order) {
    const { employeeId, isNew, movedFrom, clears } = made.delivery(person);
    const isRead = person < people.size;
    const shown = (changes.get(person) ?? []).map(({ field, from, to }) => ({
      field,
      ...(level !== 'ids' && showsValue(field, level) && !sensitive.has(field)
        ? { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
        : {}),
    }));
    const user = level !== 'ids' && isRead ? people.user(person) : undefined;
    const name = user && displayName(user);
    const number = isRead ? people.label(person)?.number : undefined;
    yield {
      id: employeeId,
      action: made.action(person),
      new: isNew,
      ...(movedFrom === undefined ? {} : { from: movedFrom }),
      ...(number === undefined ? {} : { number }),
      ...(name ? { name } : {}),
      ...(shown.length > 0 ? { changes: shown } : {}),
      ...(clears ? { clears: [...clears.fields] } : {}),
      ...(isRead ? { raw: people.raw(person) } : { patch: true }),
      json: made.json(person),
    };
  }
}

/** What the checks and the org chart of the run that applies the plan need of who is not sent. */
const keptFields = new Set(['email', 'employeeStatusCode', 'supervisorId']);

export function* unsent({
  plan: made,
  findings,
  people,
}: PlannedPeople & { readonly findings: Pick<Findings, 'conflicts' | 'leftOut'> }): Generator<UnsentPerson> {
  const kept = (person: number): Partial<TogetherUser> => {
    const json = made.json(person);
    const user = json === '' ? {} : (JSON.parse(json) as TogetherUser);
    return Object.fromEntries(Object.entries(user).filter(([field]) => keptFields.has(field))) as Partial<TogetherUser>;
  };
  for (let person = 0; person < people.size; person++) {
    const kind = people.kind(person);
    if (kind === Kind.superseded || made.sends(person)) continue;
    const action = made.action(person);
    const faults = made.faults(person);
    const stays = action === 'invalid' || made.heldBack(person) !== undefined;
    yield {
      id: people.id(person),
      label: people.label(person),
      action,
      ...(kind === Kind.invalid ? {} : { user: kept(person) }),
      ...(findings.conflicts.has(person) ? { conflict: faults } : faults.length > 0 ? { faults } : {}),
      filter: findings.leftOut.get(person) ?? people.filter(person),
      ...(stays ? { raw: people.raw(person) } : {}),
    };
  }
}
