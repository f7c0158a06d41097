/** The step that reads employments: packed under the number of their person, one for each company. */
import { readRecords } from '../../records/read-records.ts';
import { companyFilter } from '../../records/row-filters.ts';
import type { PlannedRequest } from '../../requests/planned-request.ts';
import { ukgStream } from '../../streams/index.ts';
import { employmentFields } from '../columns.ts';
import { keyField } from '../fields.ts';
import type { EmploymentRow, PeopleRead } from '../people-read.ts';
import { otherCompany } from '../store/people.ts';

export async function readEmployments(read: PeopleRead, requests: readonly PlannedRequest[]): Promise<void> {
  const { deps, people, changes, counts } = read;
  const stream = ukgStream('employment_details');
  const inScope = companyFilter(stream, deps.settings.company_ids);
  const fields = employmentFields(read.wanted);
  await readRecords(deps, {
    stream,
    requests,
    fields,
    selected: new Set(fields.map(({ name }) => name)),
    take(record) {
      const person = people.numberOf(record[keyField] as string);
      if (person === undefined) return;
      changes.note(record['dateTimeChanged'], record['dateTimeCreated']);
      counts.employments++;
      if (inScope && !inScope(record)) people.flags.set(person, otherCompany);
      else keepEmployment(read, person, record as EmploymentRow);
    },
  });
}

/** A row that shifted between pages, or came with a page read twice, replaces the older one. */
function keepEmployment({ employments }: PeopleRead, person: number, row: EmploymentRow): void {
  const same =
    employments.count(person) === 0
      ? -1
      : employments.of(person).findIndex(({ companyId }) => companyId === row.companyId);
  if (same === -1) employments.add(person, row);
  else employments.replace(person, same, row);
}
