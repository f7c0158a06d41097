/**
 * One read of people, in steps: lookups, employments and optional parts first, then person rows, each of which leaves as
 * a whole record as soon as it comes; at the end the people who had to wait. In memory stay an index and packed rows, on
 * disk when they are many.
 */

import { sourcesOf } from '../streams/employees.ts';
import { ukgStream } from '../streams/index.ts';
import { clientUntil } from '../ukg/client.ts';
import { compileFinish } from './finish-record.ts';
import { lookUpHalves, passOnHalves } from './halves.ts';
import { type EmployeesDeps, keepHome, type PeopleRead, startRead } from './people-read.ts';
import { readEmployments } from './sources/employments.ts';
import { readExtras } from './sources/extras.ts';
import { readHomesByFlag } from './sources/homes.ts';
import { type Lookups, readLookups } from './sources/lookups.ts';
import { readPersons } from './sources/persons.ts';
import { refuseHalf, requestsOf, type Scope } from './sources/requests-by-person.ts';
import { createStore } from './store/row-store.ts';
import { finishWaiting } from './waiting.ts';

export interface ReadResult {
  readonly records: number;
  /** The newest change that was seen. */
  readonly newest: string | undefined;
  /** Some row carried no changed time: filters by it do not find such rows. */
  readonly neverChanged: boolean;
}

export async function readEmployees(
  deps: EmployeesDeps,
  selected: ReadonlySet<string>,
  scope: Scope,
): Promise<ReadResult> {
  const store = createStore(deps.openSpill);
  try {
    const read = startRead(store, deps, selected, scope);
    const finish = compileFinish(read, await readParts(read), selected);
    await readPersons(read, await requestsOf(deps, scope, ukgStream('person_details')), finish);
    if (scope.ids === undefined) refuseHalf(read.counts.persons > 0, read.counts.employments > 0);
    if (scope.lookUp !== true) await lookUpHalves(read, finish);
    await finishWaiting(read, finish);
    await passOnHalves(read);
    read.notes.tell(deps.log);
    return { records: read.counts.records, newest: read.changes.newest, neverChanged: read.changes.neverChanged };
  } finally {
    store.close();
  }
}

/** Everything that has to be there before the first person row, at once. */
async function readParts(whole: PeopleRead): Promise<Lookups> {
  // Without one of its parts no record is whole: when one has failed, the others are not waited for.
  const failed = new AbortController();
  const deps = { ...whole.deps, client: clientUntil(whole.deps.client, failed.signal) };
  const read = { ...whole, deps };
  const { scope } = read;
  const part = <T>(job: Promise<T>) =>
    job.catch((thrown: unknown) => {
      failed.abort(thrown);
      throw thrown;
    });
  const sources = sourcesOf(read.wanted);
  const byFlag = deps.settings.home_company_source === 'employee_employment_details';
  const home = (id: string, companyId: string) => keepHome(read, id, companyId);
  const [lookups] = await allOrFirstFailure(
    part(readLookups(deps, sources)),
    part(requestsOf(deps, scope, ukgStream('employment_details')).then((requests) => readEmployments(read, requests))),
    part(
      readExtras({ ...deps, scope }, sources, (id, extra) => {
        const person = read.people.numberOf(id);
        if (person !== undefined) read.parts.add(person, extra);
      }),
    ),
    byFlag ? part(readHomesByFlag(deps, scope, home)) : Promise.resolve(),
  );
  return lookups;
}

/** All of them, or the first failure once all have ended: nothing goes on reading behind the caller's back. */
async function allOrFirstFailure<T extends readonly unknown[]>(...jobs: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(jobs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
