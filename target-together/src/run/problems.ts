import type { ProblemFault } from '../model/run-summary.ts';
import type { Problem, ProblemGroup } from '../report/model.ts';

/** The most people a summary lists one by one. */
export const maxProblems = 1000;

export interface Problems {
  add(problem: Problem): void;
  /** What the summary takes; groups largest first. */
  result(): { problems: Problem[]; problems_omitted: number; problem_groups: ProblemGroup[] };
}

/** The most groups told apart by their message; beyond, equal codes are counted together. */
export const maxGroups = 200;

export const group = (problem: Problem, fault: ProblemFault, message: string) =>
  JSON.stringify([problem.kind, fault.field, fault.code, message]);
