import { actions } from '../model/outcome.ts';
import type { Decisions } from './assemble-plan.ts';
import type { PlanInput } from './plan.ts';

/** Leavers first, then previous owners of an address, then by depth in the org chart (stable by first sight within a depth), then the patches. */
export function ordered(
  { people, findings }: Pick<PlanInput, 'people' | 'findings'>,
  { sent, actionOf }: Decisions,
  patches: number,
): Int32Array {
  const leave = actions.indexOf('leave');
  const depths = depthsOf(findings.parent);
  let deepest = 0;
  for (let person = 0; person < sent.length; person++) {
    if (sent[person] && actionOf[person] !== leave) deepest = Math.max(deepest, (depths[person] as number) + 1);
  }
  let rounds = 0;
  for (const round of findings.handoverRounds.values()) rounds = Math.max(rounds, round + 1);
  const rank = (person: number) =>
    actionOf[person] === leave ? 0 : 1 + (findings.handoverRounds.get(person) ?? rounds + (depths[person] as number));
  const starts = new Int32Array(deepest + rounds + 2);
  for (let person = 0; person < sent.length; person++) {
    if (sent[person]) (starts[rank(person) + 1] as number)++;
  }
  for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
  const total = starts[starts.length - 1] as number;
  const order = new Int32Array(total + patches);
  for (let person = 0; person < sent.length; person++) {
    if (!sent[person]) continue;
    const at = rank(person);
    order[starts[at] as number] = person;
    starts[at] = (starts[at] as number) + 1;
  }
  for (let i = 0; i < patches; i++) order[total + i] = people.size + i;
  return order;
}

/** Steps up to the top for everybody; the links hold no loops any more. */
function depthsOf(parent: Int32Array): Int32Array {
  const depths = new Int32Array(parent.length).fill(-1);
  const chain: number[] = [];
  for (let person = 0; person < parent.length; person++) {
    let at = person;
    while (at >= 0 && depths[at] === -1) {
      chain.push(at);
      at = parent[at] as number;
    }
    let depth = at < 0 ? -1 : (depths[at] as number);
    for (let member = chain.pop(); member !== undefined; member = chain.pop()) depths[member] = ++depth;
  }
  return depths;
}
