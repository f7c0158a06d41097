/**
 * What the run means to do with everybody, before anything is done: one action for each person, who is sent, in which order,
 * and with which body. Compared with the ledger only; nothing here knows HTTP.
 */

import { createHash } from 'node:crypto';
import { deletedAtSource } from '../collect/deletions.ts';
import { assemblePlan } from './assemble-plan.ts';
import { alteredBodies } from './checks/altered-body.ts';
import { relinkBody } from './checks/supervisors/pending-links.ts';
import { decideAll } from './decide.ts';
import { ordered } from './order.ts';
import type { Patch, Plan, PlanInput } from './plan.ts';
import { createPlanHash, type PlanHash, sameHash } from './plan-hash.ts';

export function makePlan(input: PlanInput): Plan {
  const { people, findings, vanished, relinks, outOfScope } = input;
  const { newIds } = findings;
  const planHash = createPlanHash(people.size + newIds.size + vanished.length + outOfScope.length + relinks.length);
  const alteredJson = alteredBodies(people, findings);
  const decided = decideAll(input, alteredJson, planHash);
  const { counts, resends, ...decisions } = decided;
  counts.vanished = vanished.length;
  addUnread(input, planHash);
  const patches = patchesOf(input);
  counts.leave += patches.filter(({ action }) => action === 'leave').length;
  return assemblePlan({
    people,
    findings,
    decisions,
    patches,
    alteredJson,
    counts,
    order: ordered(input, decisions, patches.length),
    resends,
    vanished,
    outOfScope,
    hash: input.hashedFor === undefined ? '' : planHash.result(input.hashedFor),
  });
}

/** What is sent of people who were not read, or are left out. */
function patchesOf(input: PlanInput): Patch[] {
  const end = (id: string, action: 'vanished' | 'leave'): Patch => {
    const email = input.leaverEmail?.({ employeeId: id });
    return { employeeId: id, action, json: JSON.stringify({ employeeId: id, employeeStatusCode: 'T', email }) };
  };
  const ends = [
    ...input.endedVanished.map((id) => end(id, 'vanished')),
    ...endedOutOfScope(input).map((id) => end(id, 'leave')),
  ];
  const links = input.relinks.map((relink): Patch => {
    return { employeeId: relink.id, action: 'change', json: relinkBody(relink) };
  });
  return [...ends, ...links].filter((patch) => !isRefusedForGood(input, patch));
}

const endedOutOfScope = ({ people, outOfScope, endsOutOfScope }: PlanInput): string[] =>
  outOfScope
    // A person that only Together's own list knows was no person to end when the row was read.
    .filter((person) => endsOutOfScope || people.filter(person) === deletedAtSource)
    .map((person) => people.id(person) as string);

function isRefusedForGood({ known, hash }: PlanInput, { employeeId, json }: Patch): boolean {
  const refused = known?.(employeeId)?.refused;
  return !!refused && refused.status !== 400 && sameHash(refused.hash, hash(json));
}

function addUnread(input: PlanInput, planHash: PlanHash): void {
  const { vanished, endedVanished, relinks, leaverEmail } = input;
  const end = (id: string) => `\0T${leaverEmail?.({ employeeId: id }) ?? ''}`;
  for (const id of endedOutOfScope(input)) planHash.add('leave', digest(id + end(id)));
  for (const [person, from] of input.findings.newIds)
    planHash.add('move', digest(`${from}\0${input.people.id(person)}`));
  const ended = new Set(endedVanished);
  // A plan that only reports them releases nothing of their end.
  for (const id of vanished) planHash.add('vanished', digest(id + (ended.has(id) ? end(id) : '')));
  for (const relink of relinks) planHash.add('change', digest(JSON.stringify(relink)));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
