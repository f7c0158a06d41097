import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../compile.ts';
import { parsePath } from '../paths/path.ts';
import { checkCatalog } from './check-catalog.ts';
import { suggestMapping } from './suggest.ts';

const text: JsonSchema = { type: ['string', 'null'] };
const columns = (names: readonly string[]): JsonSchema => ({
  properties: Object.fromEntries(names.map((name) => [name, text])),
});
const catalogOf = (schema: JsonSchema, stream = 'employees') => ({ streams: [{ tap_stream_id: stream, schema }] });

interface Case {
  readonly what: string;
  readonly schema: JsonSchema;
  /** Together field → where it is found. */
  readonly found: Readonly<Record<string, string>>;
  /** Some of what the proposed table of status words says. */
  readonly statuses?: Readonly<Record<string, string>>;
}

const split = (words: string) => words.trim().split(/\s+/);
const nested = (...names: string[]): JsonSchema => ({ type: ['object', 'null'], ...columns(names) });

const cases: readonly Case[] = [
  {
    what: 'PeopleSoft: REPORTS_TO is a position and no supervisor',
    schema: columns(
      split(`EMPLID FIRST_NAME LAST_NAME PREF_FIRST_NAME EMAIL_ADDR HR_STATUS DEPTID DEPT_DESCR JOBTITLE LOCATION REPORTS_TO
        SUPERVISOR_ID HIRE_DT TERMINATION_DT FULL_PART_TIME LASTUPDDTTM EFFDT`),
    ),
    found: {
      employeeId: 'EMPLID',
      supervisorId: 'SUPERVISOR_ID',
      employeeStatusCode: 'HR_STATUS',
      email: 'EMAIL_ADDR',
      firstName: 'FIRST_NAME',
      lastName: 'LAST_NAME',
      preferredName: 'PREF_FIRST_NAME',
      title: 'JOBTITLE',
      departmentId: 'DEPTID',
      departmentName: 'DEPT_DESCR',
      officeId: 'LOCATION',
      fullTimeOrPartTimeCode: 'FULL_PART_TIME',
      lastHireDate: 'HIRE_DT',
      dateOfTermination: 'TERMINATION_DT',
      lastUpdated: 'LASTUPDDTTM',
    },
    statuses: { A: 'A', I: 'T', L: 'L', R: 'T' },
  },
  {
    what: "an ADP report, with the group before a column's name",
    schema: columns([
      'Associate ID',
      'Legal First Name',
      'Legal Last Name',
      'Work Contact: Work Email',
      'Personal Contact: Personal Email',
      'Position Status',
      'Job Title Description',
      'Home Department Description',
      'Reports To Associate ID',
      'Hire Date',
      'Termination Date',
    ]),
    found: {
      employeeId: 'Associate ID',
      supervisorId: 'Reports To Associate ID',
      employeeStatusCode: 'Position Status',
      email: '["Work Contact: Work Email"]',
      firstName: 'Legal First Name',
      lastName: 'Legal Last Name',
      title: 'Job Title Description',
      departmentName: 'Home Department Description',
      lastHireDate: 'Hire Date',
      dateOfTermination: 'Termination Date',
    },
    statuses: { Active: 'A', Leave: 'L', Terminated: 'T' },
  },
  {
    what: 'Oracle HCM',
    schema: columns(
      split(`PersonNumber PersonId FirstName LastName KnownAs WorkEmail AssignmentStatusType ManagerPersonNumber JobName
        DepartmentName LocationName HireDate ActualTerminationDate LastUpdateDate`),
    ),
    found: {
      employeeId: 'PersonNumber',
      supervisorId: 'ManagerPersonNumber',
      employeeStatusCode: 'AssignmentStatusType',
      email: 'WorkEmail',
      firstName: 'FirstName',
      lastName: 'LastName',
      preferredName: 'KnownAs',
      title: 'JobName',
      departmentName: 'DepartmentName',
      officeId: 'LocationName',
      lastHireDate: 'HireDate',
      dateOfTermination: 'ActualTerminationDate',
      lastUpdated: 'LastUpdateDate',
    },
    statuses: { ACTIVE: 'A', SUSPENDED: 'L', INACTIVE: 'T' },
  },
  {
    what: 'SAP SuccessFactors: userId is the person',
    schema: columns(
      split('userId firstName lastName email managerUserId emplStatus department title location hireDate endDate'),
    ),
    found: {
      employeeId: 'userId',
      supervisorId: 'managerUserId',
      employeeStatusCode: 'emplStatus',
      email: 'email',
      firstName: 'firstName',
      lastName: 'lastName',
      title: 'title',
      departmentName: 'department',
      officeId: 'location',
      lastHireDate: 'hireDate',
      dateOfTermination: 'endDate',
    },
    statuses: { A: 'A', U: 'L', T: 'T' },
  },
  {
    what: 'Namely: supervisors in a list of objects, by the id',
    schema: {
      properties: {
        ...columns(
          split('id employee_id first_name last_name email personal_email user_status start_date departure_date'),
        ).properties,
        job_title: nested('id', 'title'),
        reports_to: { type: ['array', 'null'], items: nested('id', 'first_name', 'last_name', 'email') },
      },
    },
    found: {
      employeeId: 'id',
      supervisorId: 'reports_to[0].id',
      employeeStatusCode: 'user_status',
      email: 'email',
      firstName: 'first_name',
      lastName: 'last_name',
      title: 'job_title.title',
      lastHireDate: 'start_date',
      dateOfTermination: 'departure_date',
    },
    statuses: { active: 'A', inactive: 'T' },
  },
  {
    what: 'Deel',
    schema: {
      properties: {
        ...columns(
          split('id first_name last_name work_email hiring_status hiring_type job_title start_date completion_date'),
        ).properties,
        department: nested('id', 'name'),
        direct_manager: nested('id', 'work_email', 'first_name'),
      },
    },
    found: {
      employeeId: 'id',
      supervisorId: 'direct_manager.id',
      employeeStatusCode: 'hiring_status',
      email: 'work_email',
      firstName: 'first_name',
      lastName: 'last_name',
      title: 'job_title',
      departmentId: 'department.id',
      departmentName: 'department.name',
      employeeTypeCode: 'hiring_type',
      lastHireDate: 'start_date',
      dateOfTermination: 'completion_date',
    },
    statuses: { active: 'A' },
  },
  {
    what: 'Paycom',
    schema: columns(
      split(`eecode firstname lastname work_email employee_status supervisor_primary_code department_desc position_title hire_date
        termination_date`),
    ),
    found: {
      employeeId: 'eecode',
      supervisorId: 'supervisor_primary_code',
      employeeStatusCode: 'employee_status',
      email: 'work_email',
      firstName: 'firstname',
      lastName: 'lastname',
      title: 'position_title',
      departmentName: 'department_desc',
      lastHireDate: 'hire_date',
      dateOfTermination: 'termination_date',
    },
    statuses: { A: 'A', L: 'L', T: 'T' },
  },
  {
    what: 'Merge: the id that manager is one of, not the employee number',
    schema: columns(
      split(`id remote_id employee_number first_name last_name display_full_name work_email personal_email manager
        employment_status start_date termination_date modified_at`),
    ),
    found: {
      employeeId: 'id',
      supervisorId: 'manager',
      employeeStatusCode: 'employment_status',
      email: 'work_email',
      firstName: 'first_name',
      lastName: 'last_name',
      lastHireDate: 'start_date',
      dateOfTermination: 'termination_date',
      lastUpdated: 'modified_at',
    },
    statuses: { ACTIVE: 'A', INACTIVE: 'T' },
  },
  {
    what: 'a plain database, with a flag',
    schema: {
      properties: {
        ...columns(split('EmployeeNo FName LName WORK_EMAIL DeptNo DName Mgr_ID HireDate')).properties,
        IsActive: { type: ['integer', 'null'] },
      },
    },
    found: {
      employeeId: 'EmployeeNo',
      supervisorId: 'Mgr_ID',
      employeeStatusCode: 'IsActive',
      email: 'WORK_EMAIL',
      firstName: 'FName',
      lastName: 'LName',
      departmentId: 'DeptNo',
      departmentName: 'DName',
      lastHireDate: 'HireDate',
    },
    statuses: { 1: 'A', 0: 'T' },
  },
  {
    what: 'a file with a flag: all its columns are texts',
    schema: columns(split('EmployeeNo FName LName WORK_EMAIL IsActive')),
    found: {
      employeeId: 'EmployeeNo',
      employeeStatusCode: 'IsActive',
      email: 'WORK_EMAIL',
      firstName: 'FName',
      lastName: 'LName',
    },
    statuses: { true: 'A', false: 'T', 1: 'A', 0: 'T', Y: 'A', N: 'T' },
  },
  {
    what: 'a database that puts the person before each column',
    schema: columns(split('EMP_ID EMP_FIRST_NAME EMP_LAST_NAME EMP_EMAIL EMP_STATUS EMP_DEPARTMENT')),
    found: {
      employeeId: 'EMP_ID',
      employeeStatusCode: 'EMP_STATUS',
      email: 'EMP_EMAIL',
      firstName: 'EMP_FIRST_NAME',
      lastName: 'EMP_LAST_NAME',
      departmentName: 'EMP_DEPARTMENT',
    },
  },
  {
    what: 'a spreadsheet with notes in brackets',
    schema: columns(['Employee ID (legacy)', 'First name', 'Family Name', 'Email Address (Primary)', 'Status [HR]']),
    found: {
      employeeId: '["Employee ID (legacy)"]',
      employeeStatusCode: '["Status [HR]"]',
      email: '["Email Address (Primary)"]',
      firstName: 'First name',
      lastName: 'Family Name',
    },
  },
  {
    what: 'French, with accents',
    schema: columns([
      'Matricule',
      'Prénom',
      'Nom',
      'Courriel',
      'Poste',
      'Département',
      'Responsable',
      'Statut',
      'Date d’entrée',
    ]),
    found: {
      employeeId: 'Matricule',
      supervisorId: 'Responsable',
      employeeStatusCode: 'Statut',
      email: 'Courriel',
      firstName: 'Prénom',
      lastName: 'Nom',
      title: 'Poste',
      departmentName: 'Département',
      lastHireDate: '["Date d’entrée"]',
    },
  },
];

const fromOf = (rule: unknown) => (typeof rule === 'string' ? rule : (rule as { from: string }).from);

describe('a suggestion knows how others spell it', () => {
  test.each(cases)('$what', async ({ schema, found, statuses }) => {
    const catalog = catalogOf(schema);
    const { fields, settings } = await suggestMapping(catalog);
    expect(Object.fromEntries(fields.map(({ field, rule }) => [field, fromOf(rule)]))).toEqual(found);
    const status = fields.find(({ field }) => field === 'employeeStatusCode')?.rule;
    if (statuses) expect((status as { lookup: object }).lookup).toMatchObject(statuses);
    expect((await checkCatalog(catalog, settings)).streams[0]?.faults).toEqual([]);
  });
});

test('columns that mark deletions are named, and no columns of loaders are proposed', async () => {
  const marks = [
    '_sdc_deleted_at',
    '_sdc_lsn_deleted_at',
    '_ab_cdc_deleted_at',
    '_FIVETRAN_DELETED',
    '__deleted',
    '_hevo__marked_deleted',
  ];
  const schema = columns(['id', 'email', '_fivetran_id', '_sdc_email', ...marks]);
  const suggestion = await suggestMapping(catalogOf(schema));
  expect(suggestion.deletionMarks).toEqual(marks);
  expect(suggestion.fields.map(({ rule }) => fromOf(rule))).toEqual(['id', 'email']);
  expect((await checkCatalog(catalogOf(schema), suggestion.settings)).streams[0]?.unread).toEqual([]);
});

test("a mark of one source is named, and stands in the settings beside the loaders' own", async () => {
  const schema = columns(['id', 'email', '_sdc_deleted_at', 'remote_was_deleted']);
  const { deletionMarks, settings } = await suggestMapping(catalogOf(schema));
  expect(deletionMarks).toEqual(['_sdc_deleted_at', 'remote_was_deleted']);
  expect(settings.deleted_when).toEqual(deletionMarks);
});

test('of a table of people and one of their relatives the people are proposed', async () => {
  const { stream } = await suggestMapping({
    streams: [
      {
        tap_stream_id: 'contacts',
        schema: columns(split('employee_id first_name last_name email status relationship')),
      },
      { tap_stream_id: 'workers', schema: columns(split('worker_no given_name surname mail')) },
    ],
  });
  expect(stream).toBe('workers');
});

describe('whatever the columns are called', () => {
  /** A header as sheets and databases have them: a known name with something around it, or anything at all. */
  const known = fc.constantFrom(
    'Employee ID',
    'first_name',
    'LastName',
    'E-mail',
    'Status',
    'Job Title',
    'Abteilung',
    'id',
  );
  const around = fc.constantFrom(
    '',
    ' ',
    '  ',
    '\t',
    '\u00a0',
    ' (Primary)',
    '[1]',
    '"',
    '\\',
    "'",
    '.',
    '/',
    '~1',
    '\n',
    ':',
    '{x}',
    '$',
    '*',
  );
  const header = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(around, known, around).map((parts) => parts.join('')) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 600 }) },
  );
  const safe = header.filter((name) => name !== '__proto__');
  const node: fc.Arbitrary<JsonSchema> = fc.oneof(
    { weight: 6, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.constant<JsonSchema>({ type: ['integer', 'null'] }) },
    { weight: 1, arbitrary: fc.constant<JsonSchema>({}) },
    { weight: 1, arbitrary: fc.uniqueArray(safe, { maxLength: 4 }).map((names) => nested(...names)) },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(safe, { maxLength: 3 })
        .map((names): JsonSchema => ({ type: ['array', 'null'], items: nested(...names) })),
    },
  );
  const schema = fc
    .uniqueArray(fc.tuple(safe, node), { minLength: 1, maxLength: 14, selector: ([name]) => name })
    .map((entries): JsonSchema => ({ properties: Object.fromEntries(entries) }));

  /** A record with a text of its own in every place. */
  function recordOf(of: JsonSchema, at: string[] = []): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(of.properties ?? {}).map(([name, inner]) => {
        const here = [...at, name];
        if (inner.properties) return [name, recordOf(inner, here)];
        if (inner.items) return [name, [recordOf(inner.items, [...here, '0'])]];
        return [name, here.join('\u0001')];
      }),
    );
  }
  const cellOf = (from: string): string => {
    const path = parsePath(from);
    if (typeof path === 'string') throw new Error(path);
    return path.steps
      .map((step) => (step.kind === 'key' ? step.key : step.kind === 'index' ? step.index : '?'))
      .join('\u0001');
  };

  test('what is proposed, a check accepts, and it reads what stands there', async () => {
    let proposed = 0;
    await fc.assert(
      fc.asyncProperty(schema, async (made) => {
        const catalog = catalogOf(made);
        const { stream, fields, settings, missing } = await suggestMapping(catalog);
        if (stream === undefined) return;
        proposed++;
        const check = await checkCatalog(catalog, settings);
        expect(check.streams[0]?.faults.filter(({ code }) => code !== 'required_unmapped')).toEqual([]);
        expect(check.ok).toBe(missing.length === 0);
        const rules = Object.fromEntries(fields.map(({ field, rule }) => [field, fromOf(rule)]));
        const record = recordOf(made);
        const one = { ...rules, employeeId: rules['employeeId'] ?? rules['email'] };
        const texts = Object.fromEntries(
          Object.entries(one).map(([field, from]) => [`hrisFields.${field}X`, { from, type: 'any' }]),
        );
        const options = { preset: undefined, stream, schema: made, origins: () => [] };
        const required = Object.fromEntries(
          split('employeeId email firstName lastName').map((field) => [field, { const: 'a@example.com' }]),
        );
        const mapping = await compileMapping({
          ...options,
          mapping: { fields: { ...required, employeeStatusCode: { const: 'A' }, ...texts } },
        });
        const { steps } = await mapping.explain(record);
        for (const { field, read } of steps)
          if (field.startsWith('hrisFields.'))
            expect(read.map(({ value }) => value)).toEqual(read.map(({ source }) => cellOf(source)));
      }),
      { numRuns: 300 },
    );
    expect(proposed).toBeGreaterThan(100);
  });

  test('a known name is found with anything around it that is no letter and no digit', async () => {
    await fc.assert(
      fc.asyncProperty(around, around, async (before, after) => {
        const name = `${before}E-mail${after === '[1]' || after === '~1' || after === ' (Primary)' ? '' : after}`;
        fc.pre(!/\d|Primary|x/.test(name));
        const { fields } = await suggestMapping(catalogOf(columns([name])));
        expect(fields.map(({ field }) => field)).toEqual(['email']);
      }),
    );
  });
});
