/**
 * What the run means to do with everybody, before anything is done: one action for each person, who is sent, in which order,
 * and with which body. Compared with the ledger only; nothing here knows HTTP.
 */

import { createHash } from 'node:crypto';
import { type Action, actions } from '../model/outcome.ts';
import { Kind } from '../people/person.ts';
import type { Known } from '../state/ledger/ledger.ts';
import { afterGivers } from './checks/email-handover.ts';
import { ordered } from './order.ts';
import type { Plan, PlanInput } from './plan.ts';
import { planHash, sameBytes, word } from './plan-hash.ts';

const hourMs = 3_600_000;
const noHash = new Uint8Array(16);

export function makePlan(input: PlanInput): Plan {
  const { people, findings, known, vanished } = input;
  const { size } = people;
  const patches = [
    ...(input.terminateVanished ? vanished : []).map((id) => ({ employeeId: id, employeeStatusCode: 'T' })),
    ...input.relinks.map(({ id, supervisorId }) => ({ employeeId: id, supervisorId })),
  ].filter((patch) => !refusedForGood(patch));
  const counts = Object.fromEntries(actions.map((action) => [action, 0])) as Record<Action, number>;
  const actionOf = new Uint8Array(size);
  const sent = new Uint8Array(size);
  const isNew = new Uint8Array(size);
  const held = new Map<number, Known['refused']>();
  const excludedKnown: number[] = [];
  // Eight bytes for everybody who is part of the plan, in whatever order; the rest stays empty.
  const digests = new Uint32Array(2 * (size + vanished.length + input.relinks.length));
  let planned = 0;
  let resends = 0;

  for (let person = 0; person < size; person++) {
    const kind = people.kind(person);
    if (kind === Kind.superseded) continue;
    const action = decide(person, kind);
    actionOf[person] = actions.indexOf(action);
    counts[action]++;
  }
  counts.vanished = vanished.length;
  // Whoever was told of them has not released their end.
  const fate = input.terminateVanished ? '\0T' : '';
  for (const id of vanished)
    note(
      'vanished',
      createHash('sha256')
        .update(id + fate)
        .digest(),
    );
  for (const relink of input.relinks) note('change', createHash('sha256').update(JSON.stringify(relink)).digest());

  function decide(person: number, kind: Kind): Action {
    if (kind === Kind.invalid || findings.conflicts.has(person)) return 'invalid';
    const id = () => people.id(person) as string;
    const before = known?.(id());
    const leaves = people.status(person) === 'T' && before?.status !== undefined && before.status !== 'T';
    if (kind === Kind.excluded && !leaves) {
      if (before?.status !== undefined) excludedKnown.push(person);
      return 'excluded';
    }
    // Together would make a new person of somebody it does not know.
    if (before?.status === undefined && people.isPatchOnly(person)) return 'invalid';
    const hash = !input.hashed ? noHash : altered(person) ? input.hash(json(person)) : people.hash(person);
    if (before?.status === undefined) isNew[person] = input.listed?.(id()) ? 0 : 1;
    else if (before.hash && sameBytes(before.hash, hash)) {
      if (due(before.acceptedAt)) {
        sent[person] = 1;
        resends++;
      }
      return 'same';
    }
    const refused = before?.refused;
    if (refused && sameBytes(refused.hash, hash) && !tryAgain(refused, leaves || input.replayed?.(person) === true)) {
      held.set(person, refused);
      return 'same';
    }
    sent[person] = 1;
    const action = isNew[person]
      ? 'join'
      : leaves
        ? 'leave'
        : before?.status === 'T' && people.status(person) !== 'T'
          ? 'rehire'
          : 'change';
    note(action, hash);
    return action;
  }

  function note(action: Action, hash: Uint8Array): void {
    if (!input.hashed) return;
    digests[planned++] = word(hash, 0) ^ actions.indexOf(action);
    digests[planned++] = word(hash, 4);
  }

  function refusedForGood(patch: { readonly employeeId: string }): boolean {
    const refused = known?.(patch.employeeId)?.refused;
    return !!refused && refused.status !== 400 && sameBytes(refused.hash, input.hash(JSON.stringify(patch)));
  }

  /** 409 and 410 are for good until the record changes; a leaver's 400 is tried every time (access must end), as is a reject given back. */
  function tryAgain(refused: NonNullable<Known['refused']>, now: boolean): boolean {
    if (refused.status === 409 || refused.status === 410) return false;
    return now || due(refused.at);
  }

  function due(at: number): boolean {
    if (input.resendAfterHours === null) return false;
    const window = input.resendAfterHours * hourMs;
    // A nightly run that starts a minute earlier than yesterday's must not wait for the night after.
    return input.now - at >= window - window / 96;
  }

  function altered(person: number): boolean {
    return findings.dropped(person) !== undefined || findings.withoutEmail.has(person);
  }

  function json(person: number): string {
    if (person >= size) return JSON.stringify(patches[person - size]);
    const text = people.json(person);
    if (!altered(person)) return text;
    const user: Record<string, unknown> = JSON.parse(text);
    if (findings.dropped(person)) delete user['supervisorId'];
    if (findings.withoutEmail.has(person)) delete user['email'];
    return JSON.stringify(user);
  }

  return {
    counts,
    order: ordered(input, sent, actionOf, patches.length),
    resends,
    vanished,
    excludedKnown,
    hash: input.hashed ? planHash(input.scope, digests.subarray(0, planned)) : '',
    action(person) {
      if (person < size) return actions[actionOf[person] as number] as Action;
      return 'employeeStatusCode' in (patches[person - size] ?? {}) ? 'vanished' : 'change';
    },
    sends: (person) => sent[person] === 1,
    faults(person) {
      if (actions[actionOf[person] as number] !== 'invalid') return [];
      const found = findings.conflicts.get(person) ?? people.faults(person);
      return found.length > 0 ? found : people.patchOnly(person);
    },
    held: (person) => held.get(person),
    json,
    delivery: (person) => ({
      index: person,
      employeeId: person < size ? (people.id(person) as string) : (patches[person - size]?.employeeId as string),
      body: person < size && !altered(person) ? people.body(person) : Buffer.from(json(person)),
      isNew: person < size && isNew[person] === 1,
      after: afterGivers(findings, person),
    }),
  };
}
