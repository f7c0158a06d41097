/** A read of people on a fake UKG, step by step: what a step did to the value, and which records left. */
import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { FinishRecord } from '../employees/finish-record.ts';
import { type EmployeesDeps, type PeopleRead, startRead } from '../employees/people-read.ts';
import type { Scope } from '../employees/sources/requests-by-person.ts';
import { createStore } from '../employees/store/row-store.ts';
import type { UkgRecord } from '../records/record.ts';
import { createTimes } from '../time/time.ts';
import { createUkgClient } from '../ukg/client.ts';
import type { Row } from '../ukg/row.ts';
import { fakeUkg } from './fake-ukg.ts';
import { memoryLog } from './log.ts';
import { fakeSettings } from './run.ts';
import { memorySpill } from './spill.ts';

export interface FakeRead {
  readonly read: PeopleRead;
  readonly deps: EmployeesDeps;
  readonly log: readonly string[];
  readonly asked: readonly string[];
  /** Puts the id, the home company and the number of employments of each finished person into `finished`. */
  readonly finish: FinishRecord;
  readonly finished: UkgRecord[];
}

export interface FakeRows {
  readonly persons?: readonly Row[];
  readonly employments?: readonly Row[];
}

export async function fakeRead(
  { persons = [], employments = [] }: FakeRows,
  options: { settings?: Record<string, unknown>; scope?: Scope } = {},
): Promise<FakeRead> {
  const settings = fakeSettings(options.settings);
  const clock = fakeClock(Date.UTC(2026, 0, 5, 2));
  const log = memoryLog();
  const rows = {
    '/personnel/v1/person-details': () => persons,
    '/personnel/v1/employment-details': () => employments,
  };
  const { send, asked } = fakeUkg({ rows });
  const signal = new AbortController().signal;
  const deps: EmployeesDeps = {
    client: createUkgClient({ send, clock, log, random: () => 0.5, signal }, settings),
    log,
    clock,
    times: await createTimes('UTC'),
    settings,
    openSpill: memorySpill,
    today: '2026-01-05',
    emitRecord: () => {},
    beforeRows: () => {},
  };
  const read = startRead(createStore(memorySpill), deps, new Set(['firstName']), options.scope ?? {});
  const finished: UkgRecord[] = [];
  const finish: FinishRecord = (row, person, own, home) => {
    read.people.flags.set(person, 4);
    finished.push({ employeeId: row['employeeId'], firstName: row['firstName'], home, employments: own.length });
  };
  return { read, deps, log: log.lines, asked, finish, finished };
}

/** A person row; `companyId` is the company that it names. */
export const personRow = (
  employeeId: string,
  companyId: string | null,
  firstName = 'First',
  changed = '2025-01-01',
) => ({
  employeeId,
  companyId,
  firstName,
  datetimeChanged: `${changed}T00:00:00`,
});

export const employmentRow = (employeeID: string, companyID: string, changes: Row = {}) => ({
  employeeID,
  companyID,
  employeeStatusCode: 'A',
  lastHireDate: '2020-01-01T00:00:00',
  dateTimeChanged: '2025-01-01T00:00:00',
  ...changes,
});
