import { type Action, actions } from '../../model/outcome.ts';
import type { Fault, Mapped, TogetherUser } from '../../model/person.ts';
import { type ChangedField, valueText } from '../../model/user-fields.ts';
import type { People } from '../../people/person.ts';
import type { RunState } from '../../state/run-state.ts';
import { assemblePlan } from '../assemble-plan.ts';
import { previousOwnersOf } from '../checks/email-handover.ts';
import type { Findings } from '../checks/findings.ts';
import { linksAsRead } from '../checks/supervisors/supervisor-links.ts';
import { type ClearWith, withClears } from '../clears.ts';
import type { Refusal } from '../held-back.ts';
import type { Patch } from '../plan.ts';
import type { PlannedRead, ReviewedPlan } from '../prepared.ts';
import type { OpenPlan } from './read-plan.ts';

/** The people of the plan's read, put into the store as if just read; actions and order as reviewed. */
export async function restorePlan(
  file: OpenPlan,
  people: People,
  state: RunState,
  clearWith: ClearWith,
): Promise<ReviewedPlan> {
  const { head } = file;
  const read = file.read as PlannedRead;
  const sending = await restoreSending(file, people, state);
  const toSend = people.size;
  const unsent = await restoreUnsent(file, people, state);
  const { size } = people;
  const { handedOver } = await state.emails.othersOf(people);
  const findings: Findings = {
    conflicts: unsent.conflicts,
    withoutEmail: sending.withoutEmail,
    notes: new Map(),
    leftOut: new Map(),
    newIds: sending.newIds,
    movedFrom: new Set(),
    mayBeOutside: new Set(),
    handoverRounds: new Map(),
    previousOwners: previousOwnersOf(people, (id) => state.lookup(id)?.status, handedOver, sending.newIds),
    ...linksAsRead(people),
  };
  const actionOf = Uint8Array.from([...sending.actions, ...unsent.actions], (action) => actions.indexOf(action));
  const isNew = new Uint8Array(size);
  isNew.set(sending.isNew);
  const plan = assemblePlan({
    people,
    findings,
    decisions: { actionOf, sent: new Uint8Array(size).fill(1, 0, toSend), isNew, heldBack: unsent.heldBack },
    patches: sending.patches,
    // What the checks take out of a body was taken out when the plan was made.
    alteredJson: () => undefined,
    counts: head.actions as Record<Action, number>,
    order: Int32Array.from({ length: toSend + sending.patches.length }, (_, at) =>
      at < toSend ? at : size + at - toSend,
    ),
    resends: sending.actions.filter((action) => action === 'same').length,
    vanished: read.vanished,
    outOfScope: [],
    hash: head.plan_hash,
  });
  return {
    plan: withClears(plan, sending.clears, clearWith),
    clears: sending.clears,
    findings,
    guards: [...head.guards],
    causes: [...head.causes],
    changesByField: sending.changesByField,
    changes: sending.changes,
    read,
  };
}

/** People to be sent come first, in the order in which they are sent. */
async function restoreSending(file: OpenPlan, people: People, { hash }: RunState) {
  const restored: Action[] = [];
  const isNew: number[] = [];
  const withoutEmail = new Set<number>();
  const newIds = new Map<number, string>();
  const patches: Patch[] = [];
  const changesByField: Record<string, number> = {};
  const clears = new Map<number, readonly string[]>();
  const changes = new Map<number, readonly ChangedField[]>();
  for await (const planned of file.people()) {
    const {
      id,
      action,
      new: unknown,
      from: movedFrom,
      json,
      patch,
      raw,
      changes: shown = [],
      clears: fields,
      number,
    } = planned;
    for (const { field } of shown) changesByField[field] = (changesByField[field] ?? 0) + 1;
    if (patch) {
      patches.push({ employeeId: id, json, action });
      continue;
    }
    const user = JSON.parse(json) as TogetherUser;
    const mapped: Mapped = { kind: 'user', user, notes: [] };
    const label = number === undefined ? undefined : { number };
    const person = people.add({ mapped, rowKey: id, raw: raw ?? '', line: 0, label }, json, hash(json));
    if (shown.length > 0)
      changes.set(
        person,
        shown.map(({ field, from }) => changeOf(field, from, user[field])),
      );
    if (fields) clears.set(person, fields);
    if (user.email === undefined) withoutEmail.add(person);
    if (movedFrom !== undefined) newIds.set(person, movedFrom);
    restored.push(action);
    isNew.push(unknown ? 1 : 0);
  }
  return { actions: restored, isNew, withoutEmail, newIds, patches, changesByField, clears, changes };
}

/** The new value is in the body; the old one is known as far as the file shows it. */
const changeOf = (field: string, from: string | undefined, value: TogetherUser[string]): ChangedField => ({
  field,
  fromKey: undefined,
  from,
  to: value === undefined ? undefined : valueText(value),
});

async function restoreUnsent(file: OpenPlan, people: People, { lookup }: RunState) {
  const restored: Action[] = [];
  const conflicts = new Map<number, readonly Fault[]>();
  const heldBack = new Map<number, Refusal>();
  for await (const { id, action, user: kept, conflict, faults, filter, raw, label } of file.unsent()) {
    const user = id === undefined ? undefined : { employeeId: id, ...kept };
    const mapped: Mapped =
      filter !== undefined
        ? { kind: 'excluded', id, user, filter }
        : faults || !user
          ? { kind: 'invalid', id, faults: faults ?? [] }
          : { kind: 'user', user, notes: [] };
    // Two rows of one employeeId are two people here as well.
    const rowKey = conflict ? `\0${people.size}` : id;
    const person = people.add(
      { mapped, rowKey, raw: raw ?? '', line: 0, label },
      JSON.stringify(user ?? {}),
      undefined,
    );
    restored.push(action);
    const refusal = id === undefined ? undefined : lookup(id)?.refused;
    if (conflict) conflicts.set(person, conflict);
    else if (raw !== undefined && action === 'same' && refusal) heldBack.set(person, refusal);
  }
  return { actions: restored, conflicts, heldBack };
}
