/** The last step for a person: one record of all parts, which leaves unless a filter leaves the person out. */
import type { UkgRecord } from '../records/record.ts';
import { hiddenFields } from './columns.ts';
import { cursorField, employeeFields } from './fields.ts';
import { compileFilters } from './filters.ts';
import { compileJoin } from './join.ts';
import type { EmploymentRow, PeopleRead } from './people-read.ts';
import { addParts } from './sources/extras.ts';
import type { Lookups } from './sources/lookups.ts';
import { emitted } from './store/people.ts';

/** `row`: the person's row, which becomes the record; `own`: all employments of the person, at least one. */
export type FinishRecord = (
  row: UkgRecord,
  person: number,
  own: readonly EmploymentRow[],
  homeCompanyId: string | null,
) => void | Promise<void>;

export function compileFinish(read: PeopleRead, lookups: Lookups, selected: ReadonlySet<string>): FinishRecord {
  const { deps, wanted, people, parts, leftOut, counts } = read;
  const { settings } = deps;
  const join = compileJoin({
    wanted,
    fields: employeeFields,
    lookups,
    departmentOrgLevel: settings.department_org_level,
  });
  const filterOf = compileFilters(settings.filters);
  const hidden = hiddenFields(wanted, selected);

  return (record, person, own, homeCompanyId) => {
    people.flags.set(person, emitted);
    const personStamp = (record[cursorField] ?? record['dateTimeCreated'] ?? null) as string | null;
    const { employment } = join(record, own, homeCompanyId, personStamp);
    if (parts.count(person) > 0) addParts(record, parts.of(person), employment.companyId, wanted);
    const filter = filterOf(record, employment.employeeStatusCode);
    if (filter !== undefined) {
      leftOut.by(filter);
      return undefined;
    }
    // What the join needed and no selection names: undefined is left out of JSON, and cheaper than deleting.
    for (const name of hidden) record[name] = undefined;
    counts.records++;
    return deps.emitRecord(record);
  };
}
