import type { Fault } from '../model/person.ts';
import type { ProblemFault } from '../model/run-summary.ts';
import { isPairFault } from '../model/run-summary.ts';
import { group, maxGroups, maxProblems, type Problems } from '../run/problems.ts';
import type { Problem, ProblemGroup } from './model.ts';

/** Groups that differ only by whom somebody shares a value with, as one; largest first. */
export function mergeGroups(groups: readonly ProblemGroup[]): ProblemGroup[] {
  const merged = new Map<string, ProblemGroup>();
  for (const one of groups) {
    const key = isPairFault(one.code) ? JSON.stringify([one.kind, one.code]) : JSON.stringify([one, merged.size]);
    const known = merged.get(key);
    if (known) known.people += one.people;
    else merged.set(key, { ...one });
  }
  return [...merged.values()].sort((a, b) => b.people - a.people);
}

/** The unmapped codes that the problems have named already. */
export function toldCodes(problems: readonly Problem[]): { has(code: { field: string; value: string }): boolean } {
  const told = new Set(problems.flatMap(({ faults }) => faults.map(({ field, value }) => `${field}\0${value ?? ''}`)));
  return { has: ({ field, value }) => told.has(`${field}\0${value}`) };
}

/** The fault that puts a problem into a group, if it is of that group. */
export const faultOf = (problem: Problem, of: ProblemGroup): ProblemFault | undefined =>
  problem.kind === of.kind
    ? problem.faults.find(
        (f) => f.field === of.field && f.code === of.code && (f.message === of.message || isPairFault(f.code)),
      )
    : undefined;

/** Counts every problem by what it says, and keeps the first thousand one by one: memory stays flat at a million people. */
export function collectProblems(limit = maxProblems): Problems {
  const problems: Problem[] = [];
  const groups = new Map<string, ProblemGroup>();
  let omitted = 0;
  return {
    add(problem) {
      if (problems.length < limit) problems.push(problem);
      else omitted++;
      const seen = new Set<string>();
      for (const fault of problem.faults) {
        const own = group(problem, fault, fault.message);
        const key = groups.has(own) || groups.size < maxGroups ? own : group(problem, fault, '');
        if (seen.has(key)) continue;
        seen.add(key);
        const known = groups.get(key);
        if (known) known.people++;
        else {
          const { field, code, message, remedy } = fault;
          groups.set(key, { kind: problem.kind, field, code, people: 1, message, remedy });
        }
      }
    },
    result: () => ({
      problems: [...problems],
      problems_omitted: omitted,
      problem_groups: [...groups.values()].sort((a, b) => b.people - a.people),
    }),
  };
}

/** A mapping's fault as a summary spells it. */
export const problemFault = ({ field, code, source, value, message, remedy }: Fault): Problem['faults'][number] => ({
  field,
  code,
  message,
  remedy,
  ...(source === undefined ? {} : { source }),
  ...(value === undefined ? {} : { value }),
});
