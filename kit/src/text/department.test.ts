import { describe, expect, test } from 'vitest';
import { departmentLevel } from './department.ts';

describe('the department among the org levels', () => {
  test.each([
    'Department',
    'DEPARTMENT ',
    'department',
    'Departments',
    'Dept',
    'Dept.',
    'DEPT CODE',
    'Department Name',
    'Department No.',
    'Org Level 2 - Department',
    'Abteilung',
    'Abteilungen',
    'Département',
    'DÉPARTEMENT',
    'De\u0301partement',
    'Departamento',
    'Dipartimento',
    'Afdeling',
    'Avdelning',
    'Oddělení',
    'Dział',
    'Bölüm',
    'Отдел',
    '部門',
  ])('%s is called so', (name) => {
    expect(departmentLevel(['Region', name, 'Team', null], undefined)).toEqual({ level: 2, rule: 'name' });
  });

  test.each(['Sub-Department', 'Department Group', 'Dept/Cost Center'])('%s has the word', (name) => {
    expect(departmentLevel(['Region', name], undefined)).toEqual({ level: 2, rule: 'word' });
  });

  test('the level that is called so goes before one that only has the word', () => {
    expect(departmentLevel(['Department Group', 'Department'], null)).toEqual({ level: 2, rule: 'name' });
  });

  test.each(['Cost Center', 'Division', 'Departure', 'Deputy', 'Region', '', null, undefined])(
    'without such a name it is level 1: %s',
    (name) => expect(departmentLevel([name, name], undefined)).toEqual({ level: 1, rule: 'first_level' }),
  );

  test('of several the first, and the setting before all names', () => {
    expect(departmentLevel(['Dept', 'Department'], undefined)).toEqual({ level: 1, rule: 'name' });
    expect(departmentLevel(['Dept', 'Department'], 4)).toEqual({ level: 4, rule: 'setting' });
  });
});
