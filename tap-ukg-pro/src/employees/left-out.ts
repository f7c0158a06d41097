/** Who was read and left out of `employees`, with reasons and counts: nobody disappears without a line in the log. */
import type { Logger } from '@ukg-together/kit/log/log';
import { counted } from '@ukg-together/kit/text/show';

export interface LeftOut {
  /** By a filter, or by `company_ids`. */
  by(filter: string): void;
  /** A person row without an employment. */
  withoutEmployment(employeeId: string): void;
  /** An employment without a person row. */
  withoutPerson(employeeId: string): void;
  tell(log: Logger): void;
}

export function createLeftOut(): LeftOut {
  const filters = new Map<string, number>();
  const noEmployment = tally();
  const noPerson = tally();
  return {
    by: (filter) => void filters.set(filter, (filters.get(filter) ?? 0) + 1),
    withoutEmployment: (id) => noEmployment.add(id),
    withoutPerson: (id) => noPerson.add(id),
    tell(log) {
      for (const [filter, count] of filters) log.info(`employees: ${count} left out by ${filter}.`);
      if (noEmployment.count() > 0) {
        log.warn(
          `employees: ${counted(noEmployment.count(), 'person has no employment and was', 'people have no employment and were')} left out (${noEmployment.some()}).`,
        );
      }
      if (noPerson.count() > 0) {
        log.warn(
          `employees: ${counted(noPerson.count(), 'employment has no person row and was', 'employments have no person row and were')} left out (${noPerson.some()}). Either the account may not see these people in Employee Person Details, or UKG changed while it was read.`,
        );
      }
    },
  };
}

/** A count, and the first few ids. */
function tally() {
  const first: string[] = [];
  let count = 0;
  return {
    add(id: string): void {
      if (count++ < 5) first.push(id);
    },
    count: () => count,
    some: () => first.join(', ') + (count > first.length ? ', …' : ''),
  };
}
