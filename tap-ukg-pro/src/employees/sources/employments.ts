/** The step that reads employments: packed under the number of their person. */
import { readRecords } from '../../records/read-records.ts';
import { companyFilter } from '../../records/row-filters.ts';
import type { PlannedRequest } from '../../requests/planned-request.ts';
import { keyField } from '../../streams/employees.ts';
import { ukgStream } from '../../streams/index.ts';
import { beginsLater, hasEnded } from '../choose.ts';
import { employmentFields } from '../columns.ts';
import { calendarOf, type EmploymentRow, type PeopleRead } from '../people-read.ts';
import { otherCompany, worksElsewhere } from '../store/people.ts';

export async function readEmployments(read: PeopleRead, requests: readonly PlannedRequest[]): Promise<void> {
  const { deps, people, changes, counts } = read;
  const stream = ukgStream('employment_details');
  const inScope = companyFilter(stream, deps.settings.company_ids);
  const fields = employmentFields(read.wanted);
  const calendar = calendarOf(deps);
  await readRecords(deps, {
    stream,
    requests,
    fields,
    selected: new Set(fields.map(({ name }) => name)),
    repeated: true,
    take(record) {
      const person = people.numberOf(record[keyField] as string);
      if (person === undefined) return;
      changes.note(record['dateTimeChanged'], record['dateTimeCreated']);
      counts.employments++;
      const row = record as EmploymentRow;
      if (inScope && !inScope(record)) {
        people.flags.set(person, otherCompany);
        if (!hasEnded(row, calendar) && !beginsLater(row, calendar)) people.flags.set(person, worksElsewhere);
      } else keepEmployment(read, person, row);
    },
  });
}

/**
 * A row that shifted between pages, or came with a page read twice, is known already. Rows of one company that differ are
 * all kept: which of them counts is chosen as between companies, never by the order in which they came.
 */
function keepEmployment({ employments }: PeopleRead, person: number, row: EmploymentRow): void {
  if (employments.count(person) === 0 || !employments.has(person, row)) employments.add(person, row);
}
