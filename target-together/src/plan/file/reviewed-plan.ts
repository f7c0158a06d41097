import type { Action } from '../../model/outcome.ts';
import type { Fault, Mapped, TogetherUser } from '../../model/person.ts';
import { addressesOf, addressOf } from '../../people/emails.ts';
import type { People } from '../../people/person.ts';
import type { Books } from '../../state/run-state.ts';
import { afterGivers, giversOf } from '../checks/email-handover.ts';
import type { Plan } from '../plan.ts';
import type { GivenPlan, PlannedRead } from '../prepared.ts';
import type { OpenPlan } from './read-plan.ts';

/** Everybody whom the plan's read has seen, put into the store as if just read; actions and order as reviewed. */
export async function givenPlan(plan: OpenPlan, people: People, books: Books): Promise<GivenPlan> {
  const { head } = plan;
  const { hash, lookup } = books;
  const withoutEmail = new Set<number>();
  const read = plan.read as PlannedRead;
  const actionOf: Action[] = [];
  const isNew: boolean[] = [];
  const held = new Set<number>();
  const conflicts = new Map<number, readonly Fault[]>();
  const patches: { readonly employeeId: string; readonly json: string; readonly action: Action }[] = [];
  const changesByField: Record<string, number> = {};
  let resends = 0;
  for await (const { id, action, new: unknown, json, patch, raw, changes } of plan.people()) {
    for (const { field } of changes ?? []) changesByField[field] = (changesByField[field] ?? 0) + 1;
    if (patch) {
      patches.push({ employeeId: id, json, action });
      continue;
    }
    const user = JSON.parse(json) as TogetherUser;
    const mapped: Mapped = { kind: 'user', user, notes: [] };
    const person = people.add({ mapped, rowKey: id, raw: raw ?? '', line: 0 }, json, hash(json));
    if (user.email === undefined) withoutEmail.add(person);
    actionOf.push(action);
    isNew.push(unknown);
    if (action === 'same') resends++;
  }
  const toSend = people.size;
  for await (const { id, action, user: kept, conflict, faults, filter, raw } of plan.unsent()) {
    const user = id === undefined ? undefined : { employeeId: id, ...kept };
    const mapped: Mapped =
      filter !== undefined
        ? { kind: 'excluded', id, user, filter }
        : faults || !user
          ? { kind: 'invalid', id, faults: faults ?? [] }
          : { kind: 'user', user, notes: [] };
    // Two rows of one employeeId are two people here as well.
    const rowKey = conflict ? `\0${people.size}` : id;
    const person = people.add({ mapped, rowKey, raw: raw ?? '', line: 0 }, JSON.stringify(user ?? {}), undefined);
    actionOf.push(action);
    if (conflict) conflicts.set(person, conflict);
    else if (raw !== undefined && action === 'same') held.add(person);
  }
  const { handedOver } = await books.heldAddresses(
    () => addressesOf(people),
    (id) => addressOf(people, id),
  );
  const givers = giversOf(people, (id) => lookup(id)?.status, handedOver);
  const patchOf = (person: number) => patches[person - people.size];
  const made: Plan = {
    counts: head.actions as Record<Action, number>,
    order: Int32Array.from({ length: toSend + patches.length }, (_, at) =>
      at < toSend ? at : people.size + at - toSend,
    ),
    resends,
    vanished: read.vanished,
    excludedKnown: [],
    hash: head.plan_hash,
    action: (person) => actionOf[person] ?? patchOf(person)?.action ?? 'change',
    sends: (person) => person < toSend,
    faults: (person) => conflicts.get(person) ?? people.faults(person),
    held: (person) => (held.has(person) ? lookup(people.id(person) as string)?.refused : undefined),
    json: (person) => patchOf(person)?.json ?? people.json(person),
    delivery: (person) => ({
      index: person,
      employeeId: patchOf(person)?.employeeId ?? (people.id(person) as string),
      body: person < people.size ? people.body(person) : Buffer.from(made.json(person)),
      isNew: isNew[person] === true,
      after: afterGivers({ givers, withoutEmail }, person),
    }),
  };
  return {
    plan: made,
    findings: {
      conflicts,
      withoutEmail,
      turns: new Map(),
      givers,
      dropped: () => undefined,
      droppedTotal: 0,
      loops: [],
      stillLooping: new Set(),
      parent: parentsOf(people),
    },
    guards: head.guards.map((guard) => guard),
    causes: [...head.causes],
    changesByField,
    read,
  };
}

/** Links that can't be were left out when the plan was made, loops among them. */
function parentsOf(people: People): Int32Array {
  return Int32Array.from({ length: people.size }, (_, person) => {
    const at = people.supervisorAt(person);
    return at < 0 ? -1 : people.personOf(at);
  });
}
