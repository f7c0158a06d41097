/** The people a summary lists, and the groups that count everybody with the same fault. */
import type { Fault } from '../../model/person.ts';
import type { Problem, ProblemFault, ProblemGroup } from '../../model/run-summary.ts';
import { withoutCode } from '../../model/text/shown-value.ts';

/** The most people a summary lists one by one. */
const maxProblems = 1000;

export interface Problems {
  add(problem: Problem): void;
  /** What the summary takes; groups largest first. */
  result(): { problems: Problem[]; problems_omitted: number; problem_groups: ProblemGroup[] };
}

/** The most groups distinguished by their message; beyond, equal codes are counted together. */
const maxGroups = 200;

const group = (problem: Problem, fault: ProblemFault, message: string) =>
  JSON.stringify([problem.kind, fault.field, fault.code, message]);

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
          const { field, code, message, fix } = fault;
          groups.set(key, { kind: problem.kind, field, code, people: 1, message, fix });
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

/** A mapping's fault as a summary spells it. `isShared`: whether several people have a code. */
export function problemFault(fault: Fault, isShared: (field: string, value: string) => boolean): ProblemFault {
  const shown = isShared(fault.field, fault.value ?? '') ? fault : withoutCode(fault);
  const { field, code, source, value, message, fix } = shown;
  return {
    field,
    code,
    message,
    fix,
    ...(source === undefined ? {} : { source }),
    ...(value === undefined ? {} : { value }),
  };
}
