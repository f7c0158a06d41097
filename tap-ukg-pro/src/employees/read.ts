/**
 * One read of people, of everybody or of some: lookups, employments and optional parts first, then person rows, each of
 * which leaves as a whole record as soon as it comes. In memory stay an index and packed rows, on disk when they are many.
 */
import { ConnectorError } from '@ukg-together/protocol/error';
import type { UkgRecord } from '../record.ts';
import { type PlanDeps, planRequests } from '../requests.ts';
import { companyFilter, type PlannedRequest, readRecords } from '../rows.ts';
import { parseFields, type UkgStream } from '../streams/define.ts';
import { ukgStream } from '../streams/index.ts';
import { later } from '../window.ts';
import { chooseEmployment, type Employment } from './choose.ts';
import { addParts, type Part, readExtras } from './extras.ts';
import { cursorField, employeeFields, keyField, sourcesOf } from './fields.ts';
import { compileFilters, filterFields } from './filters.ts';
import { compileJoin, employmentPacker, neededOfEmployment } from './join.ts';
import { readLookups } from './lookups.ts';
import { createPeople, emitted, hasRow, otherCompany } from './people.ts';
import { createStore, type Spill } from './store.ts';

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
}

/** More people than this with an unclear home company are settled by one read instead of one by one. */
const maxHomeLookUps = 25;

export async function readEmployees(
  deps: EmployeesDeps,
  selected: ReadonlySet<string>,
  scope: Scope,
): Promise<ReadResult> {
  const { settings, log } = deps;
  const wanted = new Set([...selected, keyField, cursorField, ...filterFields(settings.filters)]);
  const sources = sourcesOf(wanted);
  const store = createStore(deps.openSpill);
  try {
    return await read();
  } finally {
    store.close();
  }

  async function read(): Promise<ReadResult> {
    const people = createPeople(store, scope.ids);
    const { employments, parts, waiting, flags } = people;
    const homes = new Map<number, string>();
    const fields = employmentFields(wanted);
    const { pack, unpack } = employmentPacker(fields);
    let newest: string | undefined;

    async function requestsOf(
      stream: UkgStream,
      window: Readonly<Record<string, string>> = {},
    ): Promise<PlannedRequest[]> {
      const byPerson = stream.requests === undefined && scope.lookUp === true;
      const [plain, ...more] = await planRequests(deps, stream, window);
      if (!byPerson || plain === undefined) return plain === undefined ? [] : [plain, ...more];
      // One person's rows fit any page, so no page is asked for: no second request for an empty one.
      return [...(scope.ids ?? [])].map((id) => ({
        ...plain,
        params: { ...plain.params, [idParameter(stream)]: id },
        paging: 'none' as const,
      }));
    }

    async function readEmployments(): Promise<void> {
      const stream = ukgStream('employment_details');
      const inScope = companyFilter(stream, settings.company_ids);
      await readRecords(deps, {
        stream,
        requests: await requestsOf(stream),
        fields,
        selected: new Set(fields.map(({ name }) => name)),
        take(record) {
          const person = people.numberOf(record[keyField] as string);
          if (person === undefined) return;
          newest = later(newest, record['dateTimeChanged'] ?? record['dateTimeCreated']);
          if (inScope && !inScope(record)) {
            flags.set(person, otherCompany);
            return;
          }
          keepEmployment(person, record);
        },
      });
    }

    /** A row that shifted between pages, or came with a page read twice, replaces the older one. */
    function keepEmployment(person: number, record: UkgRecord): void {
      const text = pack(record);
      const others = employments.of(person);
      const same = others.findIndex((handle) => unpack(store.get(handle)).companyId === record['companyId']);
      if (same === -1) employments.add(person, store.put(text));
      else employments.replace(person, same, store.put(text));
    }

    async function readHomes(): Promise<void> {
      if (settings.home_company_source !== 'employee_employment_details') return;
      const stream = ukgStream('employee_employment_details');
      await readRecords(deps, {
        stream,
        requests: await requestsOf(stream),
        selected: new Set(['employeeId', 'companyId', 'isHomeCompany', 'homeCompany']),
        take({ employeeId, companyId, isHomeCompany, homeCompany }) {
          const person = people.numberOf(employeeId as string);
          const home = isHomeCompany === true ? companyId : homeCompany;
          if (person !== undefined && typeof home === 'string' && home !== '') homes.set(person, home);
        },
      });
    }

    const [lookups] = await settled(
      readLookups(deps, sources),
      readEmployments(),
      readExtras({ ...deps, store, personOf: (id) => people.numberOf(id), requestsOf }, sources, parts),
      readHomes(),
    );
    const join = compileJoin({
      wanted,
      fields: employeeFields,
      lookups,
      departmentOrgLevel: settings.department_org_level,
    });
    const leftOutBy = compileFilters(settings.filters);
    const leftOut = new Map<string, number>();
    const hidden = hiddenFields(wanted, selected);
    let records = 0;
    const withoutEmployment: string[] = [];
    let personsWithoutEmployment = 0;

    function employmentsOf(person: number): (UkgRecord & Employment)[] {
      return employments.of(person).map((handle) => unpack(store.get(handle)));
    }

    /** Makes the record of a person row; undefined when nobody is to get it. */
    function finish(
      record: UkgRecord,
      person: number,
      home: string | null,
      own: readonly (UkgRecord & Employment)[],
    ): UkgRecord | undefined {
      const personStamp = (record[cursorField] ?? record['dateTimeCreated'] ?? null) as string | null;
      const { employment } = join(record, own, home, personStamp);
      if (parts.count(person) > 0) {
        const texts = parts.of(person).map((handle) => JSON.parse(store.get(handle)) as Part);
        addParts(record, texts, employment.companyId, wanted);
      }
      const filter = leftOutBy(record, employment.employeeStatusCode);
      if (filter !== undefined) {
        leftOut.set(filter, (leftOut.get(filter) ?? 0) + 1);
        return undefined;
      }
      // What the join needed and nobody selected: undefined is left out of JSON, and cheaper than deleting.
      for (const name of hidden) record[name] = undefined;
      return record;
    }

    function emit(record: UkgRecord | undefined, person: number): void | Promise<void> {
      flags.set(person, emitted);
      if (record === undefined) return undefined;
      records++;
      return deps.emitRecord(record);
    }

    const ofPerson = personFields(wanted);
    await readRecords(deps, {
      stream: ukgStream('person_details'),
      requests: await requestsOf(ukgStream('person_details')),
      fields: ofPerson,
      selected: new Set(ofPerson.map(({ name }) => name)),
      room: roomNames(wanted),
      beforeRows: deps.beforeRows,
      take(record) {
        const id = record[keyField] as string;
        if (scope.ids && !scope.ids.has(id)) return undefined;
        newest = later(newest, record[cursorField] ?? record['dateTimeCreated']);
        const person = people.find(id);
        const count = person === undefined ? 0 : employments.count(person);
        if (person === undefined || count === 0) {
          if (person === undefined || !flags.has(person, otherCompany)) {
            personsWithoutEmployment++;
            if (withoutEmployment.length < 5) withoutEmployment.push(id);
          } else if (!flags.has(person, hasRow)) {
            flags.set(person, hasRow);
            leftOut.set('company_ids', (leftOut.get('company_ids') ?? 0) + 1);
          }
          return undefined;
        }
        flags.set(person, hasRow);
        if (flags.has(person, emitted)) return undefined;
        const company = record['companyId'] as string | null;
        const own = count > 1 ? undefined : employmentsOf(person);
        if (own === undefined || !companyIs(company, own)) {
          waiting.add(person, store.put(JSON.stringify(record)));
          return undefined;
        }
        return emit(finish(record, person, homes.get(person) ?? fromRow(company), own), person);
      },
    });

    function fromRow(company: string | null): string | null {
      return settings.home_company_source === 'person_details' ? company || null : null;
    }

    /** Whether a person row belongs to the only employment; a row that names no company belongs to any. */
    function companyIs(company: string | null, own: readonly Employment[]): boolean {
      return company === null || company === '' || own[0]?.companyId === company;
    }

    await settleWaiting();
    tellLeftOut();
    return { records, newest };

    /** People with several employments or person rows: decided when all their rows are there. */
    async function settleWaiting(): Promise<void> {
      const unclear = new Set<string>();
      for (const [id, person] of people.ids()) {
        if (waiting.count(person) === 0 || flags.has(person, emitted) || homes.has(person)) continue;
        const rows = waiting.of(person).map((handle) => JSON.parse(store.get(handle)) as UkgRecord);
        const own = employmentsOf(person);
        const companies = new Set(rows.map((row) => row['companyId'] as string).filter(Boolean));
        if (settings.home_company_source !== 'person_details') continue;
        if (companies.size === 1) homes.set(person, [...companies][0] as string);
        else if (own.length > 1 && ['latest_hire', 'company_id'].includes(chooseEmployment(own, null).reason))
          unclear.add(id);
      }
      if (unclear.size > 0) await readHomesByFilter(unclear);
      deps.beforeRows();
      for (const [, person] of people.ids()) {
        if (waiting.count(person) === 0 || flags.has(person, emitted)) continue;
        const rows = waiting.of(person).map((handle) => JSON.parse(store.get(handle)) as UkgRecord);
        const own = employmentsOf(person);
        const home = homes.get(person) ?? null;
        const { employment } = chooseEmployment(own, home);
        const row = bestRow(rows, employment.companyId);
        const wait = emit(finish(row, person, home, own), person);
        if (wait) await wait;
      }
    }

    /**
     * Home companies by the filter of employment-details, for people whose rows leave it open. A server that ignores the
     * filter answers with all companies: then nothing is learnt.
     */
    async function readHomesByFilter(ids: ReadonlySet<string>): Promise<void> {
      const stream = ukgStream('employment_details');
      const [plain] = await planRequests(deps, stream, { isHomeCompany: 'true' });
      if (plain === undefined) return;
      const requests =
        ids.size > maxHomeLookUps
          ? [plain]
          : [...ids].map((employeeId) => ({
              ...plain,
              params: { ...plain.params, employeeId },
              paging: 'none' as const,
            }));
      const found = new Map<string, Set<string>>();
      await readRecords(deps, {
        stream,
        requests,
        selected: new Set(stream.key),
        take({ employeeId, companyId }) {
          const id = employeeId as string;
          if (ids.has(id)) found.set(id, (found.get(id) ?? new Set()).add(companyId as string));
        },
      });
      for (const [id, companies] of found) {
        const person = people.find(id);
        if (person !== undefined && companies.size === 1) homes.set(person, [...companies][0] as string);
      }
    }

    function tellLeftOut(): void {
      for (const [filter, count] of leftOut) log.info(`employees: ${count} left out by ${filter}.`);
      if (personsWithoutEmployment > 0) {
        log.warn(
          `employees: ${personsWithoutEmployment} ${personsWithoutEmployment === 1 ? 'person has' : 'people have'} no employment and were left out (${withoutEmployment.join(', ')}${personsWithoutEmployment > withoutEmployment.length ? ', …' : ''}).`,
        );
      }
      const orphans: string[] = [];
      let count = 0;
      for (const [id, person] of people.ids()) {
        if (employments.count(person) === 0 || flags.has(person, hasRow)) continue;
        count++;
        if (orphans.length < 5) orphans.push(id);
      }
      if (count === 0) return;
      log.warn(
        `employees: ${count} ${count === 1 ? 'employment has' : 'employments have'} no person row and were left out (${orphans.join(', ')}${count > orphans.length ? ', …' : ''}). Either the account may not see these people in Employee Person Details, or UKG changed while it was read.`,
      );
    }
  }
}

/** All of them, or the first failure once all have ended: nothing goes on reading behind the caller's back. */
async function settled<T extends readonly unknown[]>(...jobs: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const results = await Promise.allSettled(jobs);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

/** The person row of the company that counts, else the one that changed last. */
function bestRow(rows: readonly UkgRecord[], companyId: string | null): UkgRecord {
  const rank = (row: UkgRecord) => `${row['companyId'] === companyId ? 1 : 0}${String(row[cursorField] ?? '')}`;
  const best = rows.reduce<UkgRecord | undefined>((a, b) => (a !== undefined && rank(a) >= rank(b) ? a : b), undefined);
  if (best === undefined) throw new ConnectorError('unexpected', 'A person waits without a row.');
  return best;
}

const stampFields = parseFields('dateTimeChanged t, dateTimeCreated t', new Set(), false);

function employmentFields(wanted: ReadonlySet<string>) {
  const names = new Set([...neededOfEmployment, ...wanted]);
  const own = employeeFields.filter(({ name, source }) => names.has(name) && source === 'employment');
  return [...parseFields('employeeId s', new Set(['employeeId']), false), ...own, ...stampFields];
}

/** Read from the person row and overwritten by the join, or hidden. */
const companyField = parseFields('companyId s', new Set(), false);

function personFields(wanted: ReadonlySet<string>) {
  const own = employeeFields.filter(({ name, source }) => wanted.has(name) && source === 'person');
  return [...own, ...companyField, ...stampFields];
}

function roomNames(wanted: ReadonlySet<string>): string[] {
  return employeeFields
    .filter(
      ({ name, source }) => source !== 'person' && wanted.has(name) && name !== 'companyId' && name !== cursorField,
    )
    .map(({ name }) => name);
}

function hiddenFields(wanted: ReadonlySet<string>, selected: ReadonlySet<string>): string[] {
  const names = new Set([...wanted, 'companyId', 'dateTimeCreated']);
  return [...names].filter((name) => !selected.has(name) && name !== keyField && name !== cursorField);
}

/** UNVERIFIED that the case matters: each service's documented spelling. */
function idParameter(stream: UkgStream): string {
  return stream.name === 'employee_employment_details' ? 'employeeID' : 'employeeId';
}
