/** The step for people with several rows, once all rows are there: which home company, which person row. */
import type { UkgRecord } from '../records/record.ts';
import { cursorField } from '../streams/employees.ts';
import { chooseEmployment, decidedByHome } from './choose.ts';
import type { FinishRecord } from './finish-record.ts';
import { calendarOf, keepHome, type PeopleRead } from './people-read.ts';
import { readHomesByFilter } from './sources/homes.ts';
import { emitted } from './store/people.ts';

export async function finishWaiting(read: PeopleRead, finish: FinishRecord): Promise<void> {
  const { deps, people, employments, waiting, homes } = read;
  const unclear = deps.settings.home_company_source === 'person_details' ? homesByRows(read) : new Set<string>();
  await readHomesByFilter(deps, unclear, (id, companyId) => keepHome(read, id, companyId));
  deps.beforeRows();
  for (let person = 0; person < people.count; person++) {
    if (!stillWaits(read, person)) continue;
    const own = employments.of(person);
    const home = homes.get(person) ?? null;
    const row = bestRow(waiting.of(person), chooseEmployment(own, home, calendarOf(deps)).employment.companyId);
    const wait = finish(row, person, own, home);
    if (wait) await wait;
  }
}

/** Takes the home company from the person rows where they agree; returns the people it could decide and doesn't. */
function homesByRows(read: PeopleRead): Set<string> {
  const unclear = new Set<string>();
  for (let person = 0; person < read.people.count; person++) {
    if (!stillWaits(read, person)) continue;
    const companies = new Set(read.waiting.of(person).map((row) => row['companyId'] as string));
    companies.delete('');
    if (companies.size === 1) read.homes.set(person, [...companies][0] as string);
    else if (decidedByHome(read.employments.of(person), calendarOf(read.deps))) unclear.add(read.people.idOf(person));
  }
  return unclear;
}

function stillWaits({ waiting, employments, people }: PeopleRead, person: number): boolean {
  return waiting.count(person) > 0 && employments.count(person) > 0 && !people.flags.has(person, emitted);
}

/** The person row of the company that counts, else the one that changed last; never the order of arrival. `rows` is not empty. */
function bestRow(rows: readonly UkgRecord[], companyId: string | null): UkgRecord {
  if (rows.length === 1) return rows[0] as UkgRecord;
  const rank = (row: UkgRecord) =>
    `${row['companyId'] === companyId ? 1 : 0}${(row[cursorField] as string | null) ?? ''} ${JSON.stringify(row)}`;
  return rows.reduce((a, b) => (rank(a) >= rank(b) ? a : b));
}
