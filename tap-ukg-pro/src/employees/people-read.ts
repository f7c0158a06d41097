/** One read of people, of everybody or of some, as its steps share it. */
import type { UkgRecord } from '../records/record.ts';
import type { PlanDeps } from '../requests/planned-request.ts';
import { cursorField, keyField } from '../streams/employees.ts';
import { later } from '../time/window.ts';
import type { Calendar, Employment } from './choose.ts';
import { employmentFields } from './columns.ts';
import { filterFields } from './filters.ts';
import { employmentPacker } from './join.ts';
import { createNotes, type PeopleNotes } from './notes.ts';
import type { Part } from './sources/extras.ts';
import type { Scope } from './sources/requests-by-person.ts';
import { asJson, createKeptRows, type KeptRows } from './store/kept-rows.ts';
import { createPeople, type People } from './store/people.ts';
import type { Spill, Store } from './store/row-store.ts';

export interface EmployeesDeps extends PlanDeps {
  readonly openSpill: () => Spill;
  /** Day of the run in the tenant's zone, as YYYY-MM-DD. */
  readonly today: string;
  readonly emitRecord: (record: UkgRecord) => void | Promise<void>;
  /** Called before the records of some rows that came together. */
  readonly beforeRows: () => void;
}

export type EmploymentRow = UkgRecord & Employment;

/** The change times of the rows that came. */
export interface ChangeTimes {
  note(changed: unknown, created: unknown): void;
  /** The newest change. */
  readonly newest: string | undefined;
  /** Some row carried no changed time: filters by it do not find such rows. */
  readonly neverChanged: boolean;
}

export interface PeopleRead {
  readonly deps: EmployeesDeps;
  readonly scope: Scope;
  /** Names that the records have, or that a filter looks at. */
  readonly wanted: ReadonlySet<string>;
  readonly people: People;
  readonly employments: KeptRows<EmploymentRow>;
  /** Person rows that wait for the other rows of their person. */
  readonly waiting: KeptRows<UkgRecord>;
  readonly parts: KeptRows<Part>;
  /** Home companies, by the person's number. */
  readonly homes: Map<number, string>;
  readonly changes: ChangeTimes;
  readonly notes: PeopleNotes;
  /** People whose person row came before any employment. */
  readonly alone: string[];
  readonly counts: { persons: number; employments: number; records: number };
}

export function startRead(store: Store, deps: EmployeesDeps, selected: ReadonlySet<string>, scope: Scope): PeopleRead {
  const wanted = new Set([...selected, keyField, cursorField, ...filterFields(deps.settings.filters)]);
  return {
    deps,
    scope,
    wanted,
    people: createPeople(scope.ids),
    employments: createKeptRows<EmploymentRow>(store, employmentPacker(employmentFields(wanted))),
    waiting: createKeptRows(store, asJson<UkgRecord>()),
    parts: createKeptRows(store, asJson<Part>()),
    homes: new Map(),
    changes: changeTimes(),
    notes: createNotes(),
    alone: [],
    counts: { persons: 0, employments: 0, records: 0 },
  };
}

/** Which day it is for hire and termination dates. */
export function calendarOf({ today, settings }: EmployeesDeps): Calendar {
  return { today, leadDays: settings.hire_lead_days };
}

/** Notes a person's home company, where the person is wanted. */
export function keepHome(read: PeopleRead, employeeId: string, companyId: string): void {
  const person = read.people.numberOf(employeeId);
  if (person !== undefined) read.homes.set(person, companyId);
}

function changeTimes(): ChangeTimes {
  let newest: string | undefined;
  let neverChanged = false;
  return {
    note(changed, created) {
      newest = later(newest, changed ?? created);
      if (changed === null) neverChanged = true;
    },
    get newest() {
      return newest;
    },
    get neverChanged() {
      return neverChanged;
    },
  };
}
