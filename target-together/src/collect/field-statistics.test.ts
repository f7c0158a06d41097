import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { person } from '../testing/people.ts';
import { createFieldTable } from './field-statistics.ts';

describe('field table', () => {
  it('counts for every field how many have it filled, however many fields there are and whether they are cleared', () => {
    const names = Array.from({ length: 45 }, (_, at) => `hrisFields.f${at}`);
    const values = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('x', '', null, false, 0), { maxKeys: 45 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 20 }), (users) => {
        const table = createFieldTable();
        const expected: Record<string, number> = {};
        for (const [at, fields] of users.entries()) {
          const user = { employeeId: `${at}`, ...fields };
          const set = table.take(user);
          expect([...table.fieldsOf(set)].sort()).toEqual(Object.keys(user).sort());
          for (const [name, value] of Object.entries(user)) {
            if (value !== null && value !== '') expected[name] = (expected[name] ?? 0) + 1;
          }
        }
        expect(table.filled()).toEqual(expected);
        expect(table.users).toBe(users.length);
      }),
      { numRuns: 50 },
    );
  });

  it('gives people with the same fields the same list', () => {
    const table = createFieldTable();
    const [a, b] = [table.take(person('a')), table.take(person('b'))];
    expect(table.fieldsOf(a)).toEqual(table.fieldsOf(b));
    expect(a).toBe(b);
    expect(table.take(person('c', { title: 'x' }))).not.toBe(a);
  });

  it('finds codes that are written in two ways, and codes with two names, and shows what several people share', () => {
    const table = createFieldTable();
    for (const [departmentId, departmentName] of [
      ['FIN', 'Finance'],
      ['FIN', 'Finance'],
      ['FIN', 'Finance'],
      ['HR', 'Byron'],
      ['HR', 'Noether'],
      ['fin ', 'Finance'],
      ['FIN', 'Fin Ops'],
    ]) {
      table.take(person('a', { departmentId, departmentName, lastName: 'Lovelace' }));
    }
    expect(table.spellings()).toEqual([
      {
        field: 'departmentId',
        spellings: [
          { value: 'FIN', people: 4 },
          { value: 'fin ', people: 1 },
        ],
      },
      {
        field: 'departmentId → departmentName',
        spellings: [
          { value: 'Finance', people: 3 },
          { value: '(7 characters, not shown)', people: 1 },
        ],
      },
      {
        field: 'departmentId → departmentName',
        spellings: [
          { value: '(5 letters, not shown)', people: 1 },
          { value: '(7 letters, not shown)', people: 1 },
        ],
      },
    ]);
    expect([...table.values()].filter(({ field }) => field === 'lastName')).toEqual([]);
  });
});
