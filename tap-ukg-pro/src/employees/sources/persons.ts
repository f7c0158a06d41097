/** The step that reads person rows. Most people leave at once; who may have further rows waits for all of them. */
import { readRecords } from '../../records/read-records.ts';
import type { UkgRecord } from '../../records/record.ts';
import type { PlannedRequest } from '../../requests/planned-request.ts';
import { cursorField, keyField } from '../../streams/employees.ts';
import { ukgStream } from '../../streams/index.ts';
import { personFields, roomNames } from '../columns.ts';
import type { FinishRecord } from '../finish-record.ts';
import { leaveOut } from '../pass-on.ts';
import type { PeopleRead } from '../people-read.ts';
import { emitted, hasRow, otherCompany } from '../store/people.ts';

export async function readPersons(
  read: PeopleRead,
  requests: readonly PlannedRequest[],
  finish: FinishRecord,
): Promise<void> {
  const { deps, wanted } = read;
  const fields = personFields(wanted);
  await readRecords(deps, {
    stream: ukgStream('person_details'),
    requests,
    fields,
    selected: new Set(fields.map(({ name }) => name)),
    room: roomNames(wanted),
    beforeRows: deps.beforeRows,
    take: (row) => takePerson(read, row, finish),
  });
}

function takePerson(read: PeopleRead, row: UkgRecord, finish: FinishRecord): void | Promise<void> {
  const { people, employments, waiting } = read;
  const { flags } = people;
  const id = row[keyField] as string;
  if (read.scope.ids && !read.scope.ids.has(id)) return undefined;
  read.changes.note(row[cursorField], row['dateTimeCreated']);
  read.counts.persons++;
  const person = people.numberOf(id);
  if (person === undefined || flags.has(person, emitted)) return undefined;
  const count = employments.count(person);
  if (count === 0) {
    const elsewhere = flags.has(person, otherCompany);
    if (!flags.has(person, hasRow)) {
      flags.set(person, hasRow);
      if (elsewhere) return leaveOut(read, id, row[cursorField], 'company_ids');
      read.alone.push(id);
    }
    if (!elsewhere) waiting.add(person, row);
    return undefined;
  }
  flags.set(person, hasRow);
  const company = (row['companyId'] as string | null) || null;
  const own = count === 1 ? employments.of(person) : [];
  if (count > 1 || (company !== null && own[0]?.companyId !== company)) {
    waiting.add(person, row);
    return undefined;
  }
  const fromRow = read.deps.settings.home_company_source === 'person_details' ? company : null;
  return finish(row, person, own, read.homes.get(person) ?? fromRow);
}
