/**
 * One read of people, of everybody or of some: lookups, employments and optional parts first, then person rows, each of
 * which leaves as a whole record as soon as it comes. In memory stay an index and packed rows, on disk when they are many.
 */

import { readRecords } from '../records/read-records.ts';
import type { UkgRecord } from '../records/record.ts';
import { companyFilter } from '../records/row-filters.ts';
import { planRequests } from '../requests/plan-requests.ts';
import type { PlanDeps, PlannedRequest } from '../requests/planned-request.ts';
import type { UkgStream } from '../streams/define.ts';
import { ukgStream } from '../streams/index.ts';
import { later } from '../time/window.ts';
import { clientUntil } from '../ukg/client.ts';
import { chooseEmployment, decidedByHome } from './choose.ts';
import { employmentFields, hiddenFields, personFields, roomNames } from './columns.ts';
import { addParts, type Part, readExtras } from './extras.ts';
import { cursorField, employeeFields, keyField, sourcesOf } from './fields.ts';
import { compileFilters, filterFields } from './filters.ts';
import { readHomesByFilter, readHomesByFlag } from './homes.ts';
import { compileJoin, employmentPacker } from './join.ts';
import { createLeftOut } from './left-out.ts';
import { readLookups } from './lookups.ts';
import { forPeople, maxHalves, refuseHalf } from './requests-by-person.ts';
import { createPeople, emitted, hasRow, otherCompany } from './store/people.ts';
import { createStore, type Spill, type Store } from './store/row-store.ts';

export interface EmployeesDeps extends PlanDeps {
  readonly openSpill: () => Spill;
  /** Day of the run in the tenant's zone. */
  readonly today: string;
  readonly emitRecord: (record: UkgRecord) => void | Promise<void>;
  /** Called before the records of some rows that came together. */
  readonly beforeRows: () => void;
}

/** Whom to read: everybody, or these people, asked for one by one (`lookUp`) or sought in a whole read. */
export type Scope = { readonly ids?: ReadonlySet<string>; readonly lookUp?: boolean };

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
    return await readInto(store, deps, selected, scope);
  } finally {
    store.close();
  }
}

async function readInto(
  store: Store,
  run: EmployeesDeps,
  selected: ReadonlySet<string>,
  scope: Scope,
): Promise<ReadResult> {
  // Without one of its parts nobody is whole: when one has failed, the others are not waited for.
  const failed = new AbortController();
  const deps = { ...run, client: clientUntil(run.client, failed.signal) };
  const part = <T>(job: Promise<T>) =>
    job.catch((thrown: unknown) => {
      failed.abort(thrown);
      throw thrown;
    });
  const { settings } = deps;
  const wanted = new Set([...selected, keyField, cursorField, ...filterFields(settings.filters)]);
  const sources = sourcesOf(wanted);
  const people = createPeople(store, scope.ids);
  const { employments, parts, waiting, flags } = people;
  const homes = new Map<number, string>();
  const leftOut = createLeftOut();
  const ofEmployment = employmentFields(wanted);
  const { pack, unpack } = employmentPacker(ofEmployment);
  const alone: string[] = [];
  let newest: string | undefined;
  let neverChanged = false;
  let records = 0;
  let personRows = 0;
  let employmentRows = 0;

  const employmentsOf = (person: number) => employments.of(person).map((handle) => unpack(store.get(handle)));
  const waitingRows = (person: number) =>
    waiting.of(person).map((handle) => JSON.parse(store.get(handle)) as UkgRecord);
  const keepHome = (employeeId: string, companyId: string) => {
    const person = people.numberOf(employeeId);
    if (person !== undefined) homes.set(person, companyId);
  };
  const byFlag = settings.home_company_source === 'employee_employment_details';

  const [lookups] = await settled(
    part(readLookups(deps, sources)),
    part(requestsOf(ukgStream('employment_details')).then(readEmployments)),
    part(readExtras({ ...deps, store, personOf: (id) => people.numberOf(id), requestsOf }, sources, parts)),
    byFlag ? part(readHomesByFlag(deps, requestsOf, keepHome)) : Promise.resolve(),
  );
  const join = compileJoin({
    wanted,
    fields: employeeFields,
    lookups,
    departmentOrgLevel: settings.department_org_level,
  });
  const filterOf = compileFilters(settings.filters);
  const hidden = hiddenFields(wanted, selected);
  await readPersons(await requestsOf(ukgStream('person_details')));
  if (scope.ids === undefined) refuseHalf(personRows > 0, employmentRows > 0);
  if (scope.lookUp !== true) await lookUpHalves();
  await settleWaiting();
  for (const id of alone) if (employments.count(people.find(id) as number) === 0) leaveOut(id);
  for (const id of withoutPerson()) leftOut.withoutPerson(id);
  leftOut.tell(deps.log);
  return { records, newest, neverChanged };

  async function requestsOf(
    stream: UkgStream,
    window: Readonly<Record<string, string>> = {},
  ): Promise<PlannedRequest[]> {
    const plain = await planRequests(deps, stream, window);
    if (scope.ids === undefined || scope.lookUp !== true || stream.requests !== undefined) return plain;
    return forPeople(stream, plain, scope.ids);
  }

  async function readEmployments(requests: readonly PlannedRequest[]): Promise<void> {
    const stream = ukgStream('employment_details');
    const inScope = companyFilter(stream, settings.company_ids);
    await readRecords(deps, {
      stream,
      requests,
      fields: ofEmployment,
      selected: new Set(ofEmployment.map(({ name }) => name)),
      take(record) {
        const person = people.numberOf(record[keyField] as string);
        if (person === undefined) return;
        newest = later(newest, record['dateTimeChanged'] ?? record['dateTimeCreated']);
        if (record['dateTimeChanged'] === null) neverChanged = true;
        employmentRows++;
        if (inScope && !inScope(record)) flags.set(person, otherCompany);
        else keepEmployment(person, record);
      },
    });
  }

  /** A row that shifted between pages, or came with a page read twice, replaces the older one. */
  function keepEmployment(person: number, record: UkgRecord): void {
    const handle = store.put(pack(record));
    const same =
      employments.count(person) === 0
        ? -1
        : employmentsOf(person).findIndex(({ companyId }) => companyId === record['companyId']);
    if (same === -1) employments.add(person, handle);
    else employments.replace(person, same, handle);
  }

  async function readPersons(requests: readonly PlannedRequest[]): Promise<void> {
    const stream = ukgStream('person_details');
    const fields = personFields(wanted);
    await readRecords(deps, {
      stream,
      requests,
      fields,
      selected: new Set(fields.map(({ name }) => name)),
      room: roomNames(wanted),
      beforeRows: deps.beforeRows,
      take: takePerson,
    });
  }

  /** Most people leave at once; who has several employments, or a row of another company, waits for all rows. */
  function takePerson(record: UkgRecord): void | Promise<void> {
    const id = record[keyField] as string;
    if (scope.ids && !scope.ids.has(id)) return undefined;
    newest = later(newest, record[cursorField] ?? record['dateTimeCreated']);
    if (record[cursorField] === null) neverChanged = true;
    personRows++;
    const person = people.numberOf(id);
    if (person === undefined || flags.has(person, emitted)) return undefined;
    const count = employments.count(person);
    if (count === 0) {
      const elsewhere = flags.has(person, otherCompany);
      if (!flags.has(person, hasRow)) {
        if (elsewhere) leftOut.by('company_ids');
        else alone.push(id);
      }
      flags.set(person, hasRow);
      if (!elsewhere) waiting.add(person, store.put(JSON.stringify(record)));
      return undefined;
    }
    flags.set(person, hasRow);
    const company = (record['companyId'] as string | null) || null;
    const own = count === 1 ? employmentsOf(person) : [];
    if (count > 1 || (company !== null && own[0]?.companyId !== company)) {
      waiting.add(person, store.put(JSON.stringify(record)));
      return undefined;
    }
    const fromRow = settings.home_company_source === 'person_details' ? company : null;
    return emit(record, person, own, homes.get(person) ?? fromRow);
  }

  /**
   * A few people with one half of their rows: while pages are read, rows shift between them, and one may slip through.
   * Asked for by id they turn up, if they are there.
   */
  async function lookUpHalves(): Promise<void> {
    for (const [ids, name, read] of [
      [alone, 'employment_details', readEmployments],
      [withoutPerson(), 'person_details', readPersons],
    ] as const) {
      if (ids.length === 0 || ids.length > maxHalves) continue;
      const stream = ukgStream(name);
      await read(forPeople(stream, await planRequests(deps, stream), ids));
    }
  }

  function withoutPerson(): string[] {
    return [...people.ids()].flatMap(([id, person]) =>
      employments.count(person) > 0 && !flags.has(person, hasRow) ? [id] : [],
    );
  }

  function leaveOut(id: string): void {
    if (flags.has(people.find(id) as number, otherCompany)) leftOut.by('company_ids');
    else leftOut.withoutEmployment(id);
  }

  async function settleWaiting(): Promise<void> {
    const unclear = new Set<string>();
    const stillWaits = (person: number) =>
      waiting.count(person) > 0 && employments.count(person) > 0 && !flags.has(person, emitted);
    if (settings.home_company_source === 'person_details') {
      for (const [id, person] of people.ids()) {
        if (!stillWaits(person)) continue;
        const companies = new Set(waitingRows(person).map((row) => row['companyId'] as string));
        companies.delete('');
        if (companies.size === 1) homes.set(person, [...companies][0] as string);
        else if (decidedByHome(employmentsOf(person))) unclear.add(id);
      }
    }
    await readHomesByFilter(deps, unclear, keepHome);
    deps.beforeRows();
    for (const [, person] of people.ids()) {
      if (!stillWaits(person)) continue;
      const own = employmentsOf(person);
      const home = homes.get(person) ?? null;
      const wait = emit(
        bestRow(waitingRows(person), chooseEmployment(own, home).employment.companyId),
        person,
        own,
        home,
      );
      if (wait) await wait;
    }
  }

  /** Makes the record of a person row and lets it out, unless a filter leaves the person out. */
  function emit(
    record: UkgRecord,
    person: number,
    own: ReturnType<typeof employmentsOf>,
    home: string | null,
  ): void | Promise<void> {
    flags.set(person, emitted);
    const personStamp = (record[cursorField] ?? record['dateTimeCreated'] ?? null) as string | null;
    const { employment } = join(record, own, home, personStamp);
    if (parts.count(person) > 0) {
      const texts = parts.of(person).map((handle) => JSON.parse(store.get(handle)) as Part);
      addParts(record, texts, employment.companyId, wanted);
    }
    const filter = filterOf(record, employment.employeeStatusCode);
    if (filter !== undefined) {
      leftOut.by(filter);
      return undefined;
    }
    // What the join needed and nobody selected: undefined is left out of JSON, and cheaper than deleting.
    for (const name of hidden) record[name] = undefined;
    records++;
    return deps.emitRecord(record);
  }
}

/** The person row of the company that counts, else the one that changed last. `rows` is not empty. */
function bestRow(rows: readonly UkgRecord[], companyId: string | null): UkgRecord {
  const rank = (row: UkgRecord) =>
    `${row['companyId'] === companyId ? 1 : 0}${(row[cursorField] as string | null) ?? ''}`;
  return rows.reduce((a, b) => (rank(a) >= rank(b) ? a : b));
}

/** All of them, or the first failure once all have ended: nothing goes on reading behind the caller's back. */
export async function settled<T extends readonly unknown[]>(...jobs: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(jobs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}
