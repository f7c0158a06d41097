import type { Fault } from '../types.ts';
import type { Problem, ProblemGroup } from './model.ts';

/** The most people a summary lists one by one. */
export const maxProblems = 1000;

export interface Problems {
  add(problem: Problem): void;
  /** What the summary takes; groups largest first. */
  result(): { problems: Problem[]; problems_omitted: number; problem_groups: ProblemGroup[] };
}

/** Counts every problem by field and code, and keeps the first thousand one by one: memory stays flat at a million people. */
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
        const key = JSON.stringify([problem.kind, fault.field, fault.code]);
        if (seen.has(key)) continue;
        seen.add(key);
        const group = groups.get(key);
        if (group) group.people++;
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
