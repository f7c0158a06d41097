/** The last step for a person: one record of all parts, which leaves unless a filter leaves the person out. */
import { departmentLevel, departmentText } from '@ukg-together/kit/text/department';
import { show } from '@ukg-together/kit/text/show';
import type { UkgRecord } from '../records/record.ts';
import { cursorField, employeeFields, keepField, keyField } from '../streams/employees.ts';
import { hiddenFields } from './columns.ts';
import { compileFilters } from './filters.ts';
import { compileJoin } from './join.ts';
import { keepReasonOf } from './keep-reason.ts';
import { leaveOut } from './pass-on.ts';
import { calendarOf, type EmploymentRow, type PeopleRead } from './people-read.ts';
import { addParts } from './sources/extras.ts';
import type { Lookups } from './sources/lookups.ts';
import { emitted, worksElsewhere } from './store/people.ts';

/** `row`: the person's row, which becomes the record; `own`: all employments of the person, at least one. */
export type FinishRecord = (
  row: UkgRecord,
  person: number,
  own: readonly EmploymentRow[],
  homeCompanyId: string | null,
) => void | Promise<void>;

export function compileFinish(read: PeopleRead, lookups: Lookups, selected: ReadonlySet<string>): FinishRecord {
  const { deps, wanted, people, parts, notes, counts } = read;
  const { settings } = deps;
  const transfers = {
    today: deps.today,
    graceDays: settings.transfer_grace_days,
    reasons: new Set(settings.transfer_reasons.map((reason) => reason.trim().toUpperCase())),
    times: deps.times,
  };
  const join = compileJoin({
    wanted,
    fields: employeeFields,
    lookups,
    calendar: calendarOf(deps),
    departmentLevel: findDepartment(read, lookups),
  });
  const filterOf = compileFilters(settings.filters);
  const hidden = hiddenFields(wanted, selected);

  return (record, person, own, homeCompanyId) => {
    people.flags.set(person, emitted);
    const personTimestamp = (record[cursorField] ?? record['dateTimeCreated'] ?? null) as string | null;
    const { employment } = join(record, own, homeCompanyId, personTimestamp);
    if (parts.count(person) > 0) addParts(record, parts.of(person), employment.companyId, wanted);
    const filter = filterOf(record, employment.employeeStatusCode);
    const id = record[keyField] as string;
    if (filter !== undefined) return leaveOut(read, id, record[cursorField], filter);
    if (isSeveral(own)) notes.add('sameCompany', id);
    const keep = keepReasonOf(employment, own, people.flags.has(person, worksElsewhere), transfers);
    if (keep !== undefined) {
      notes.add(keep === 'in_transfer' ? 'inTransfer' : 'outOfScope', id);
      record[keepField] = keep;
    }
    // What the join needed and no selection names: undefined is left out of JSON, and cheaper than deleting.
    for (const name of hidden) record[name] = undefined;
    counts.records++;
    return deps.emitRecord(record);
  };
}

/** The org level that is the department; one line of the log says which, and by which rule. */
function findDepartment({ deps, wanted }: PeopleRead, lookups: Lookups): number {
  const names = [1, 2, 3, 4].map((level) => lookups.levelName(level));
  const found = departmentLevel(names, deps.settings.department_org_level);
  if (wanted.has('departmentCode') || wanted.has('departmentName')) {
    deps.log.info(`employees: the department is ${departmentText(found, nameOrNone(names[found.level - 1]))}.`);
  }
  return found.level;
}

const nameOrNone = (name: string | null | undefined) => (name ? show(name) : 'it has no name');

/** Whether two rows are of one company. */
function isSeveral(own: readonly EmploymentRow[]): boolean {
  return own.length > 1 && new Set(own.map(({ companyId }) => companyId)).size < own.length;
}
