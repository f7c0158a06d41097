/** The step for people with one half of their rows, a person row or employments. */
import type { UkgRecord } from '../records/record.ts';
import { planRequests } from '../requests/plan-requests.ts';
import { cursorField } from '../streams/employees.ts';
import { ukgStream } from '../streams/index.ts';
import { later } from '../time/window.ts';
import type { FinishRecord } from './finish-record.ts';
import { leaveOut, passOn } from './pass-on.ts';
import type { PeopleRead } from './people-read.ts';
import { readEmployments } from './sources/employments.ts';
import { readPersons } from './sources/persons.ts';
import { forPeople } from './sources/requests-by-person.ts';
import { hasRow, otherCompany } from './store/people.ts';

/** More people than this with half of their rows are no accident of paging. */
const maxHalves = 25;

/**
 * A few people with one half of their rows: while pages are read, rows shift between them, and one may slip through.
 * Asked for by id they turn up, if they are there.
 */
export async function lookUpHalves(read: PeopleRead, finish: FinishRecord): Promise<void> {
  const requestsFor = async (name: string, ids: readonly string[]) => {
    const stream = ukgStream(name);
    return forPeople(stream, await planRequests(read.deps, stream), ids);
  };
  const few = (ids: readonly string[]) => ids.length > 0 && ids.length <= maxHalves;
  if (few(read.alone)) await readEmployments(read, await requestsFor('employment_details', read.alone));
  const missing = withoutPerson(read);
  if (few(missing)) await readPersons(read, await requestsFor('person_details', missing), finish);
}

/** What is left of the halves is in UKG all the same: passed on as such, so that no target takes these people for gone. */
export async function passOnHalves(read: PeopleRead): Promise<void> {
  const { people, employments, waiting, notes, deps } = read;
  deps.beforeRows();
  for (const id of read.alone) {
    const person = people.find(id) as number;
    if (employments.count(person) > 0) continue;
    const timestamp = newestOf(waiting.of(person));
    if (people.flags.has(person, otherCompany)) await leaveOut(read, id, timestamp, 'company_ids');
    else {
      notes.add('withoutEmployment', id);
      await passOn(read, id, timestamp, 'no_employment');
    }
  }
  for (const id of withoutPerson(read)) {
    notes.add('withoutPerson', id);
    await passOn(read, id, newestOf(employments.of(people.find(id) as number)), 'no_person_row');
  }
}

const newestOf = (rows: readonly UkgRecord[]) =>
  rows.map((row) => row[cursorField] ?? row['dateTimeCreated']).reduce(later, undefined);

function withoutPerson({ people, employments }: PeopleRead): string[] {
  const ids: string[] = [];
  for (let person = 0; person < people.count; person++)
    if (employments.count(person) > 0 && !people.flags.has(person, hasRow)) ids.push(people.idOf(person));
  return ids;
}
