import { describe, expect, test } from 'vitest';
import { ukgStream } from '../streams/index.ts';
import { employmentRow, type FakeRows, fakeRead, personRow } from '../testing/people-read.ts';
import { readEmployments } from './sources/employments.ts';
import { readPersons } from './sources/persons.ts';
import { requestsOf } from './sources/requests-by-person.ts';
import { finishWaiting } from './waiting.ts';

async function finishedOf(rows: FakeRows, settings: Record<string, unknown> = {}) {
  const { read, deps, finish, finished, asked } = await fakeRead(rows, { settings });
  await readEmployments(read, await requestsOf(deps, read.scope, ukgStream('employment_details')));
  await readPersons(read, await requestsOf(deps, read.scope, ukgStream('person_details')), finish);
  await finishWaiting(read, finish);
  return { finished, homesAsked: asked.filter((path) => path.includes('isHomeCompany')).length };
}

describe('people with several rows', () => {
  const both = [employmentRow('E1', 'C1'), employmentRow('E1', 'C2', { lastHireDate: '2024-01-01T00:00:00' })];
  const table: {
    why: string;
    rows: FakeRows;
    settings?: Record<string, unknown>;
    name: string;
    home: unknown;
    asks?: number;
  }[] = [
    {
      why: 'person rows that agree name the home company',
      rows: { persons: [personRow('E1', 'C1')], employments: both },
      name: 'First',
      home: 'C1',
    },
    {
      why: 'person rows that differ: the home company is asked for, and the row of the employment that counts is taken',
      rows: { persons: [personRow('E1', 'C1', 'Old', '2025-02-02'), personRow('E1', 'C2', 'New')], employments: both },
      name: 'New',
      home: null,
      asks: 1,
    },
    {
      why: 'person rows that differ, where the status decides: nothing is asked for',
      rows: {
        persons: [personRow('E1', 'C1', 'Old'), personRow('E1', 'C2', 'New')],
        employments: [employmentRow('E1', 'C1'), employmentRow('E1', 'C2', { employeeStatusCode: 'T' })],
      },
      name: 'Old',
      home: null,
    },
    {
      why: 'no row of the company that counts: the row that changed last',
      rows: {
        persons: [personRow('E1', 'C8', 'Older', '2025-01-01'), personRow('E1', 'C9', 'Newer', '2025-02-02')],
        employments: [employmentRow('E1', 'C1')],
      },
      name: 'Newer',
      home: null,
    },
    {
      why: 'a setting that reads no home company: none is asked for',
      rows: { persons: [personRow('E1', 'C1', 'Old'), personRow('E1', 'C2', 'New')], employments: both },
      settings: { home_company_source: 'none' },
      name: 'New',
      home: null,
    },
  ];
  test.each(table)('$why', async ({ rows, settings, name, home, asks = 0 }) => {
    for (const persons of [rows.persons ?? [], [...(rows.persons ?? [])].reverse()]) {
      const { finished, homesAsked } = await finishedOf({ ...rows, persons }, settings);
      expect(finished).toEqual([{ employeeId: 'E1', firstName: name, home, employments: rows.employments?.length }]);
      expect(homesAsked).toBe(asks);
    }
  });
});
