import { wasSent } from '../../model/access.ts';
import type { Action } from '../../model/outcome.ts';
import type { TogetherUser } from '../../model/person.ts';
import { type ChangedField, isOrganisational, isReference, isSharedDay } from '../../model/user-fields.ts';
import { Kind, type People } from '../../people/person.ts';
import type { RemoteIndex, RemoteValues } from '../../together/list/remote-index.ts';
import type { Findings } from '../checks/findings.ts';
import type { Plan } from '../plan.ts';
import type { BuildPlanInput, Prepared } from '../prepared.ts';
import { createCauses } from './causes.ts';

const keptChanges = 20_000;

export async function findCauses(
  { people, state, collected, mapping }: BuildPlanInput,
  plan: Plan,
  { remote, newIds }: { readonly remote: RemoteIndex | undefined; readonly newIds: Findings['newIds'] },
): Promise<
  Pick<Prepared, 'causes' | 'changesByField' | 'changes'> & { readonly clears: ReadonlyMap<number, readonly string[]> }
> {
  const found = createCauses();
  const supervisors = new Set<string>();
  const changesByField: Record<string, number> = {};
  const changes = new Map<number, readonly ChangedField[]>();
  const clears = new Map<number, readonly string[]>();
  const { change, rehire, leave, move, join } = plan.counts;
  const caused = change + rehire + leave + move + (state.known > 0 ? join : 0) > 0;
  const isListed = caused ? await listedBefore({ people, state }, plan) : () => false;
  for (let person = 0; caused && person < people.size; person++) {
    const action = plan.action(person);
    if (people.kind(person) === Kind.superseded) continue;
    if (action === 'change' || action === 'rehire' || action === 'move') {
      const user = JSON.parse(plan.json(person)) as TogetherUser;
      // A record under a new id has what the old one had.
      const known = await state.changes({ ...user, employeeId: newIds.get(person) ?? user.employeeId });
      const beside = known.filter((field) => field.beside && isClearable(field.field, people, person, mapping.fields));
      if (beside.length > 0)
        clears.set(
          person,
          beside.map(({ field }) => field),
        );
      if (action === 'move') continue;
      const own = known.filter(({ beside, field }) => !beside && !isListed(person, field));
      const fields = withoutTimestamp([...withOldValues(own, user, remote?.valuesOf(user.employeeId)), ...beside]);
      if (changes.size < keptChanges) changes.set(person, fields);
      for (const { field, fromKey } of fields) {
        changesByField[field] = (changesByField[field] ?? 0) + 1;
        if (isReference(field) && fromKey !== undefined) supervisors.add(fromKey);
      }
      found.change(action, fields);
    } else if (action === 'leave' || (action === 'join' && state.known > 0)) {
      found.person(action, shareable(people.user(person), action));
    }
  }
  for (const id of plan.vanished.slice(0, keptChanges)) found.person('vanished', await state.lastKnown(id));
  const before = await state.idsBehind('supervisorId', supervisors);
  const causes = found.result(
    (field, value) => collected.fields.count(field, value) / Math.max(1, collected.users),
    (_field, key) => before.get(key),
  );
  return { clears, causes, changesByField, changes: before.size > 0 ? withSupervisors(changes, before) : changes };
}

/**
 * Of people known from Together's list alone: whether it has said of a field what stands in the row. The ledger, which knows no field of
 * them, would count all of them as changed.
 */
async function listedBefore(
  { people, state }: Pick<BuildPlanInput, 'people' | 'state'>,
  plan: Plan,
): Promise<(person: number, field: string) => boolean> {
  const knownOf = (person: number) => state.lookup(people.id(person) as string);
  const hashes = new Set<number>();
  for (let person = 0; person < people.size; person++) {
    const action = plan.action(person);
    if ((action === 'change' || action === 'rehire') && !wasSent(knownOf(person))) hashes.add(people.emailHash(person));
  }
  if (hashes.size === 0) return () => false;
  const owners = await state.emails.idsOf(hashes);
  return (person, field) => {
    const known = knownOf(person);
    if (wasSent(known)) return false;
    if (field === 'email') return owners.get(people.emailHash(person))?.includes(people.id(person) as string) === true;
    return field === 'employeeId' || (field === 'employeeStatusCode' && known?.status === people.status(person));
  };
}

/** A field that the mapping has no more, or whose value could not be read, is not empty in the HRIS. */
const isClearable = (field: string, people: People, person: number, mapped: readonly string[] | undefined): boolean =>
  field === 'dateOfTermination' ||
  (mapped?.includes(field) !== false && !people.notes(person).some((note) => note.field === field));

function withSupervisors(changes: Prepared['changes'], before: ReadonlyMap<string, string>): Prepared['changes'] {
  const named = (change: ChangedField) =>
    isReference(change.field) ? { ...change, from: before.get(change.fromKey ?? '') } : change;
  return new Map([...changes].map(([person, fields]) => [person, fields.map(named)]));
}

/** Where Together lists a field, its word counts, not the ledger's: that is what the body will overwrite. */
function withOldValues(
  changes: readonly ChangedField[],
  user: TogetherUser,
  remote: RemoteValues | undefined,
): readonly ChangedField[] {
  if (!remote) return changes;
  const byField = new Map(changes.map((change) => [change.field, change]));
  return Object.entries(user).flatMap(([field, value]) => {
    const listed = remote.get(field);
    const change = byField.get(field);
    if (!listed) return change ? [change] : [];
    if (listed.same) return [];
    const { from } = listed;
    return [
      { field, fromKey: from, from, to: change?.to ?? (typeof value === 'string' ? value : JSON.stringify(value)) },
    ];
  });
}

/** The timestamp moves with every change and says nothing, unless nothing else has changed. */
function withoutTimestamp(fields: readonly ChangedField[]): readonly ChangedField[] {
  return fields.length > 1 ? fields.filter(({ field }) => field !== 'lastUpdated') : fields;
}

function* shareable(user: Record<string, unknown>, action: Action): Generator<[string, string]> {
  for (const [field, value] of Object.entries(user)) {
    if (field === 'employeeStatusCode' || typeof value !== 'string') continue;
    if (isOrganisational(field)) yield [field, value];
    else if (isSharedDay(field, action)) yield [field, value.slice(0, 10)];
  }
}
