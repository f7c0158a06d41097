import { describe, expect, test } from 'vitest';
import { ukgStream } from '../../streams/index.ts';
import { employmentRow, type FakeRows, fakeRead, personRow } from '../../testing/people-read.ts';
import { readEmployments } from './employments.ts';
import { readPersons } from './persons.ts';
import { requestsOf, type Scope } from './requests-by-person.ts';

async function read(rows: FakeRows, options: { settings?: Record<string, unknown>; scope?: Scope } = {}) {
  const { read: state, deps, finish, finished } = await fakeRead(rows, options);
  await readEmployments(state, await requestsOf(deps, state.scope, ukgStream('employment_details')));
  await readPersons(state, await requestsOf(deps, state.scope, ukgStream('person_details')), finish);
  const { people } = state;
  const numbers = Array.from({ length: people.count }, (_, person) => person);
  const waiting = numbers.filter((person) => state.waiting.count(person) > 0).map(people.idOf);
  return { finished, waiting, alone: state.alone, counts: state.counts };
}

const now = (home: string | null) => [{ employeeId: 'E1', firstName: 'First', home, employments: 1 }];

describe('a person row', () => {
  const table: {
    why: string;
    rows: FakeRows;
    options?: object;
    finished?: unknown[];
    waits?: boolean;
    alone?: boolean;
  }[] = [
    {
      why: 'leaves at once with the one employment of its company',
      rows: { persons: [personRow('E1', 'C1')], employments: [employmentRow('E1', 'C1')] },
      finished: now('C1'),
    },
    {
      why: 'names no home company where the setting says so',
      rows: { persons: [personRow('E1', 'C1')], employments: [employmentRow('E1', 'C1')] },
      options: { settings: { home_company_source: 'none' } },
      finished: now(null),
    },
    {
      why: 'leaves at once where it names no company',
      rows: { persons: [personRow('E1', null)], employments: [employmentRow('E1', 'C1')] },
      finished: now(null),
    },
    {
      why: 'waits where it names another company than the only employment: another row may come',
      rows: { persons: [personRow('E1', 'C2')], employments: [employmentRow('E1', 'C1')] },
      waits: true,
    },
    {
      why: 'waits where there are several employments',
      rows: { persons: [personRow('E1', 'C1')], employments: [employmentRow('E1', 'C1'), employmentRow('E1', 'C2')] },
      waits: true,
    },
    {
      why: 'waits, and is noted, where no employment has come',
      rows: { persons: [personRow('E1', 'C1')], employments: [employmentRow('E2', 'C1')] },
      waits: true,
      alone: true,
    },
    {
      why: 'is dropped where its only employment is in a company that is not read',
      rows: { persons: [personRow('E1', 'C1')], employments: [employmentRow('E1', 'C1')] },
      options: { settings: { company_ids: ['C9'] } },
    },
    {
      why: 'is dropped where the person is not sought',
      rows: { persons: [personRow('E1', 'C1')], employments: [employmentRow('E1', 'C1')] },
      options: { scope: { ids: new Set(['E7']) } },
    },
  ];
  test.each(table)('$why', async ({ rows, options, finished = [], waits = false, alone = false }) => {
    const result = await read(rows, options);
    expect(result.finished).toEqual(finished);
    expect(result.waiting).toEqual(waits ? ['E1'] : []);
    expect(result.alone).toEqual(alone ? ['E1'] : []);
  });

  test('a second row of a person who has left already is no second record', async () => {
    const rows = {
      persons: [personRow('E1', 'C1'), personRow('E1', 'C2')],
      employments: [employmentRow('E1', 'C1')],
    };
    expect((await read(rows)).finished).toEqual(now('C1'));
  });
});
