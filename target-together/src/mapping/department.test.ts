import { describe, expect, it } from 'vitest';
import { compileMapping } from './compile.ts';

const record = {
  employeeId: 'E1',
  firstName: 'Ada',
  lastName: 'Example',
  emailAddress: 'ada@example.com',
  employeeStatusCode: 'A',
};

/** Departments of records whose org levels are called so, and what was said. */
async function departments(records: readonly (readonly string[])[], departmentOrgLevel: number | null = null) {
  const said: string[] = [];
  const mapping = await compileMapping({
    preset: 'ukg-pro',
    stream: 'employees',
    departmentOrgLevel,
    onDepartment: (message) => said.push(message),
  });
  const names: unknown[] = [];
  for (const levels of records) {
    const fields = levels.flatMap((name, at) => [
      [`orgLevel${at + 1}LevelName`, name],
      [`orgLevel${at + 1}Code`, `C${at + 1}`],
      [`orgLevel${at + 1}Description`, `Description ${at + 1}`],
    ]);
    const mapped = await mapping.map({ ...record, ...Object.fromEntries(fields) });
    names.push(mapped.kind === 'user' ? [mapped.user['departmentId'], mapped.user['departmentName']] : mapped);
  }
  return { names, said };
}

describe('the department among the org levels of another tap', () => {
  it.each([
    { name: 'Dept', why: 'by its name' },
    { name: 'Abteilung', why: 'by its name' },
    { name: 'Département', why: 'by its name' },
    { name: 'Department Name', why: 'by its name' },
    { name: 'Sub-Department', why: 'by a word of its name' },
  ])('$name is found, $why, and said once', async ({ name, why }) => {
    const { names, said } = await departments([
      ['Region', name],
      ['Region', name],
    ]);
    expect(names).toEqual(Array(2).fill(['C2', 'Description 2']));
    expect(said).toEqual([expect.stringContaining(`org level 2 ("${name}"), ${why}`)]);
  });

  it('is level 1 where no level is called so, and what the setting says', async () => {
    const none = await departments([['Region', 'Cost Center']]);
    expect(none).toEqual({
      names: [['C1', 'Description 1']],
      said: [expect.stringContaining('since no level is called department')],
    });
    const set = await departments([['Dept', 'Cost Center']], 2);
    expect(set).toEqual({
      names: [['C2', 'Description 2']],
      said: [expect.stringContaining('as department_org_level')],
    });
  });
});
