import { isPairFault, type Problem, type ProblemFault, type ProblemGroup } from '../model/run-summary.ts';

/** Groups that differ only by the people who share a value, as one; largest first. */
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
export function namedCodes(problems: readonly Problem[]): { has(code: { field: string; value: string }): boolean } {
  const named = new Set(problems.flatMap(({ faults }) => faults.map(({ field, value }) => `${field}\0${value ?? ''}`)));
  return { has: ({ field, value }) => named.has(`${field}\0${value}`) };
}

/** The fault that puts a problem into a group, if it is of that group. */
export const faultOf = (problem: Problem, of: ProblemGroup): ProblemFault | undefined =>
  problem.kind === of.kind
    ? problem.faults.find(
        (f) => f.field === of.field && f.code === of.code && (f.message === of.message || isPairFault(f.code)),
      )
    : undefined;
