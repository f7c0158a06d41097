/**
 * What the run means to do with everybody, before anything is done: one action for each person, who is sent, in which order,
 * and with which body. Compared with the ledger only; nothing here knows HTTP.
 */

import { createHash } from 'node:crypto';
import { assemblePlan } from './assemble-plan.ts';
import { alteredBodies } from './checks/altered-body.ts';
import { relinkBody } from './checks/pending-links.ts';
import { decideAll } from './decide.ts';
import { ordered } from './order.ts';
import type { Patch, Plan, PlanInput } from './plan.ts';
import { createPlanHash, type PlanHash, sameHash } from './plan-hash.ts';

export function makePlan(input: PlanInput): Plan {
  const { people, findings, vanished, relinks } = input;
  const planHash = createPlanHash(people.size + vanished.length + relinks.length);
  const alteredJson = alteredBodies(people, findings);
  const decided = decideAll(input, alteredJson, planHash);
  const { counts, resends, excludedKnown, ...decisions } = decided;
  counts.vanished = vanished.length;
  addUnread(input, planHash);
  const patches = patchesOf(input);
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
    excludedKnown,
    hash: input.hashedFor === undefined ? '' : planHash.result(input.hashedFor),
  });
}

/** What is sent of people who were not read. */
function patchesOf(input: PlanInput): Patch[] {
  const ends = input.endedVanished.map((id): Patch => {
    return { employeeId: id, action: 'vanished', json: JSON.stringify({ employeeId: id, employeeStatusCode: 'T' }) };
  });
  const links = input.relinks.map((relink): Patch => {
    return { employeeId: relink.id, action: 'change', json: relinkBody(relink) };
  });
  return [...ends, ...links].filter((patch) => !isRefusedForGood(input, patch));
}

function isRefusedForGood({ known, hash }: PlanInput, { employeeId, json }: Patch): boolean {
  const refused = known?.(employeeId)?.refused;
  return !!refused && refused.status !== 400 && sameHash(refused.hash, hash(json));
}

function addUnread({ vanished, endedVanished, relinks }: PlanInput, planHash: PlanHash): void {
  const ended = new Set(endedVanished);
  // A plan that only reports them releases nothing of their end.
  for (const id of vanished) planHash.add('vanished', digest(id + (ended.has(id) ? '\0T' : '')));
  for (const relink of relinks) planHash.add('change', digest(JSON.stringify(relink)));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
