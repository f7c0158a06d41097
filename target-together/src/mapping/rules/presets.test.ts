import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Mapped } from '../../model/person.ts';
import { userFields } from '../../model/user-fields.ts';
import { type CompiledMapping, checkMapping, compileMapping } from '../compile.ts';
import { openMappings, type RunMappingOptions } from '../open-mappings.ts';
import { generated } from '../tools/schemas.ts';
import { presets } from './presets.ts';

test('each preset says when it passed all life events, with this version', () => {
  const { version } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../../package.json', import.meta.url)), 'utf8'),
  );
  for (const { name, rehearsed } of presets) expect([name, rehearsed.version]).toEqual([name, version]);
});

/** Each tap's sample stream through the front door: preset by SCHEMA, nothing set. */
async function mapSample(
  name: string,
  options: Partial<RunMappingOptions> = {},
): Promise<{ choice: string; people: Mapped[] }> {
  const lines = readFileSync(fileURLToPath(new URL(`../samples/${name}.singer`, import.meta.url)), 'utf8');
  let choice = '';
  let mapping: CompiledMapping | undefined;
  const open = openMappings({
    mapping: {},
    now: () => Date.UTC(2026, 10, 22),
    onChoice: (message) => (choice = message),
    ...options,
  });
  const people: Mapped[] = [];
  for (const line of lines.split('\n').filter(Boolean)) {
    const message = JSON.parse(line);
    if (message.type === 'SCHEMA') mapping = await open(message);
    if (message.type === 'RECORD' && mapping) people.push(await mapping.map(message.record));
  }
  return { choice, people };
}

const user = (fields: Record<string, unknown>): Mapped => ({ kind: 'user', user: fields as never, notes: [] });
const ada = { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', employeeStatusCode: 'A' };
const day = (text: string) => `${text}T00:00:00.000Z`;

describe('the sample people of each tap become the right users', () => {
  test('BambooHR, directory', async () => {
    const { choice, people } = await mapSample('bamboohr-employees');
    expect(choice).toMatch(/^preset bamboohr: stream "employees" has id, workEmail/);
    expect(people).toEqual([
      user({ ...ada, employeeId: '101', title: 'Engineer', departmentName: 'R&D', officeId: 'London' }),
      {
        ...user({
          employeeId: '102',
          employeeStatusCode: 'T',
          firstName: 'Bo',
          lastName: 'Inactive',
          preferredName: 'Bobby',
        }),
        patchOnly: [expect.objectContaining({ field: 'email', code: 'missing' })],
      },
    ]);
  });

  test('BambooHR, custom report', async () => {
    const { people } = await mapSample('bamboohr-hris_report');
    expect(people).toEqual([
      user({
        ...ada,
        employeeId: '101',
        supervisorId: '100',
        title: 'Engineer',
        departmentName: 'R&D',
        officeId: 'London',
        fullTimeOrPartTimeCode: 'F',
        originalHireDate: day('2019-01-01'),
        lastHireDate: day('2020-02-03'),
        lastUpdated: '2026-01-02T03:04:05.000Z',
      }),
      user({
        employeeId: '102',
        firstName: 'Bo',
        lastName: 'Gone',
        email: 'bo@example.com',
        employeeStatusCode: 'T',
        originalHireDate: day('2018-05-01'),
        lastHireDate: day('2018-05-01'),
        dateOfTermination: day('2026-01-31'),
        lastUpdated: '2026-02-01T00:00:00.000Z',
      }),
    ]);
  });

  test('HiBob: ids and supervisors from one space, words instead of list ids', async () => {
    const { people } = await mapSample('hibob-employees');
    expect(people).toEqual([
      user({
        ...ada,
        employeeId: '3332883884017713238',
        supervisorId: '3332883884017713000',
        title: 'Engineer',
        departmentId: '241234',
        departmentName: 'R&D',
        officeId: '2001',
        officeAddress: 'London',
        lastHireDate: day('2020-02-03'),
      }),
    ]);
  });

  test('HiBob, search: keys with slashes, status by the end date', async () => {
    const { people } = await mapSample('hibob-employees_search');
    expect(people).toEqual([
      user({
        ...ada,
        employeeId: '3332883884017713238',
        title: 'Engineer',
        departmentId: '241234',
        departmentName: 'R&D',
        officeAddress: 'London',
      }),
    ]);
  });

  test('ADP: the primary assignment, the department by its type', async () => {
    const { people } = await mapSample('adp-workers');
    expect(people).toEqual([
      user({
        ...ada,
        employeeId: 'E7',
        supervisorId: 'E1',
        preferredName: 'Addie',
        title: 'Engineer',
        departmentId: '0100',
        departmentName: 'R&D',
        officeId: 'LON',
        officeAddress: 'London',
        addressCountry: 'GB',
        originalHireDate: day('2020-02-03'),
        lastHireDate: day('2020-02-03'),
        dateInJob: day('2020-02-10'),
      }),
    ]);
  });

  test('Personio: integer ids, wrapped values, days in local time', async () => {
    const { people } = await mapSample('personio-employee');
    expect(people).toEqual([
      user({
        ...ada,
        employeeId: '7',
        supervisorId: '1',
        preferredName: 'Ada',
        title: 'Engineer',
        departmentId: '5',
        departmentName: 'R&D',
        officeId: '3',
        officeAddress: 'London',
        employeeTypeCode: 'internal',
        lastHireDate: day('2020-02-03'),
        lastUpdated: '2026-01-02T02:04:05.000Z',
      }),
    ]);
  });

  test('Dayforce: entries of nested lists', async () => {
    const { people } = await mapSample('dayforce-employees');
    expect(people).toEqual([
      user({
        ...ada,
        employeeId: '7',
        supervisorId: '1',
        title: 'Engineer',
        departmentId: 'RD',
        departmentName: 'R&D',
        originalHireDate: day('2019-01-01'),
        lastHireDate: day('2020-02-03'),
        lastUpdated: '2026-01-02T03:04:05.000Z',
      }),
    ]);
  });

  test('Paylocity has no address: that is said before anything is read, and a rule mends it', async () => {
    await expect(mapSample('paylocity-employee_details')).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringContaining('mapping.fields.email is required'),
    });
    const email = { expression: "$lowercase(firstName & '.' & lastName) & '@example.com'" };
    const { people } = await mapSample('paylocity-employee_details', { mapping: { fields: { email } } });
    expect(people).toEqual([
      user({
        ...ada,
        email: 'ada.byron@example.com',
        employeeId: '7',
        supervisorId: '1',
        title: 'Engineer',
        lastHireDate: day('2020-02-03'),
      }),
    ]);
  });

  test('Zenefits: references are URLs', async () => {
    const { people } = await mapSample('zenefits-people');
    expect(people).toEqual([
      user({ ...ada, employeeId: '7', supervisorId: '1', title: 'Engineer', departmentId: '5', officeId: '3' }),
    ]);
  });

  test('UKG Ready, roster report', async () => {
    const { people } = await mapSample('ukg-ready-roster');
    expect(people).toEqual([user({ ...ada, employeeId: 'E7', departmentName: 'R&D' })]);
  });

  test('a Workday report with the usual columns', async () => {
    const mapping = await compileMapping({ preset: 'workday-report', stream: 'my_report' });
    const report = {
      Employee_ID: '7',
      First_Name: 'Ada',
      Last_Name: 'Byron',
      Email: 'ada@example.com',
      Job_Title: 'Engineer',
      Manager_Employee_ID: '1',
      Active_Status: '1',
      Hire_Date: '2020-02-03-08:00',
    };
    const mapped = (await mapping.map({ ...report, Hire_Date: '2020-02-03' })) as Mapped;
    expect(mapped).toEqual(
      user({ ...ada, employeeId: '7', supervisorId: '1', title: 'Engineer', lastHireDate: day('2020-02-03') }),
    );
  });
});

describe('ukg-pro', () => {
  const record = {
    employeeId: 'EQKKKU000020',
    supervisorId: '96ZZ520000K0',
    firstName: ' Ada ',
    middleName: null,
    lastName: 'Byron',
    preferredName: 'Addie',
    emailAddress: 'Ada@Example.com ',
    emailAddressAlternate: 'ada.private@example.org',
    employeeStatusCode: 'A',
    employeeTypeCode: 'REG',
    fullTimeOrPartTimeCode: 'F',
    jobTitle: null,
    jobDescription: 'Engineer',
    primaryJobTitle: 'Engineer III',
    departmentCode: 'RD',
    departmentName: 'Research',
    primaryWorkLocationCode: 'TOR',
    workLocationAddressLine1: '1 King St',
    workLocationAddressLine2: null,
    workLocationCity: 'Toronto',
    workLocationState: 'ON',
    workLocationZipOrPostalCode: 'M5H 1A1',
    workLocationCountryCode: 'CAN',
    addressState: 'QC',
    addressCountry: 'CAN',
    originalHireDate: '2019-01-01',
    lastHireDate: '2020-02-03',
    dateInJob: '2021-03-04',
    dateOfSeniority: '2018-01-01',
    lastPromotionDate: '2022-05-06',
    dateOfTermination: null,
    dateOfBirth: '1990-02-28',
    gender: 'F',
    dateTimeChanged: '2026-01-02T03:04:05.678Z',
  };

  test("says what the contract's table says", async () => {
    const mapping = await compileMapping({ preset: 'ukg-pro', stream: 'employees' });
    expect(mapping.map(record)).toEqual(
      user({
        employeeId: 'EQKKKU000020',
        supervisorId: '96ZZ520000K0',
        employeeStatusCode: 'A',
        email: 'Ada@Example.com',
        firstName: 'Ada',
        lastName: 'Byron',
        preferredName: 'Addie',
        title: 'Engineer',
        departmentId: 'RD',
        departmentName: 'Research',
        officeId: 'TOR',
        officeAddress: '1 King St, Toronto, ON, M5H 1A1, CAN',
        addressCountry: 'CA',
        addressState: 'ON',
        employeeTypeCode: 'REG',
        fullTimeOrPartTimeCode: 'F',
        originalHireDate: day('2019-01-01'),
        lastHireDate: day('2020-02-03'),
        dateInJob: day('2021-03-04'),
        dateOfSeniority: day('2022-05-06'),
        lastUpdated: '2026-01-02T03:04:05.678Z',
      }),
    );
  });

  test.each([
    ['A', 'A'],
    ['O', 'A'],
    ['L', 'L'],
    ['S', 'L'],
    ['R', 'T'],
    ['T', 'T'],
  ])('status %s is %s', async (code, wanted) => {
    const mapped = (await compileMapping({ preset: 'ukg-pro', stream: 'employees' })).map({
      ...record,
      employeeStatusCode: code,
    }) as Mapped;
    expect(mapped.kind === 'user' && mapped.user.employeeStatusCode).toBe(wanted);
  });

  test.each(['X', 'a', 'Active', '', null, undefined])('status %j is reported, never guessed', async (code) => {
    const mapped = (await compileMapping({ preset: 'ukg-pro', stream: 'employees' })).map({
      ...record,
      employeeStatusCode: code,
    }) as Mapped;
    expect(mapped.kind).toBe('invalid');
  });

  test('title: the alternate one, else the description, else the job of the tables', async () => {
    const mapping = await compileMapping({ preset: 'ukg-pro', stream: 'employees' });
    const title = (changes: object) =>
      (mapping.map({ ...record, ...changes }) as Mapped as { user: { title?: string } }).user.title;
    expect([title({ jobTitle: 'Alt' }), title({}), title({ jobDescription: null })]).toEqual([
      'Alt',
      'Engineer',
      'Engineer III',
    ]);
  });

  test('department: the level that is called so, else level 1; a setting overrides', async () => {
    const { departmentCode: _, departmentName: __, ...rest } = record;
    const levels = {
      ...rest,
      orgLevel1Code: 'D1',
      orgLevel1Description: 'Division One',
      orgLevel1LevelName: 'Division',
      orgLevel2Code: 'RD',
      orgLevel2Description: 'Research',
      orgLevel2LevelName: 'Department',
    };
    const department = async (given: object, departmentOrgLevel: number | null = null) => {
      const schema = {
        properties: Object.fromEntries(
          Object.keys(given).map((name) => [name, { type: ['string' as const, 'null' as const] }]),
        ),
      };
      const mapped = (await compileMapping({ preset: 'ukg-pro', stream: 'employees', schema, departmentOrgLevel })).map(
        given as never,
      ) as Mapped;
      return mapped.kind === 'user' && [mapped.user.departmentId, mapped.user.departmentName];
    };
    expect(await department(levels)).toEqual(['RD', 'Research']);
    expect(await department({ ...levels, orgLevel2LevelName: 'Team' })).toEqual(['D1', 'Division One']);
    expect(await department(levels, 1)).toEqual(['D1', 'Division One']);
    expect(await department({ ...record, ...levels, departmentCode: 'Z', departmentName: 'Zed' })).toEqual([
      'Z',
      'Zed',
    ]);
    expect(await department({ ...record, ...levels }, 2)).toEqual(['RD', 'Research']);
  });

  test('private address, private e-mail and sensitive fields only when asked for', async () => {
    const mapping = await compileMapping({
      preset: 'ukg-pro',
      stream: 'employees',
      sensitiveFields: ['dateOfBirth', 'gender'],
      mapping: {
        fields: {
          alternateEmails: 'emailAddressAlternate',
          addressState: 'addressState',
          addressCountry: 'addressCountry',
        },
      },
    });
    expect(mapping.map(record)).toMatchObject({
      user: {
        alternateEmails: ['ada.private@example.org'],
        addressState: 'QC',
        dateOfBirth: day('1990-02-28'),
        gender: 'F',
      },
    });
  });
});

describe('a status that other fields decide', () => {
  const status = async (preset: string, stream: string, record: object) => {
    const mapping = await compileMapping({ preset, stream, now: () => Date.UTC(2026, 10, 22) });
    const mapped = (await mapping.map(record as never)) as Mapped;
    const faults = mapped.kind === 'invalid' ? mapped.faults : mapped.kind === 'user' ? mapped.notes : [];
    return mapped.kind === 'user' ? mapped.user.employeeStatusCode : faults.map((fault) => fault.code).join();
  };

  test.each<[object, string]>([
    [{ status: 'Active', lifecycleStatus: 'employed' }, 'A'],
    [{ status: 'Active', lifecycleStatus: 'parentalLeave' }, 'L'],
    [{ status: 'Inactive', lifecycleStatus: 'leave' }, 'L'],
    [{ status: 'Inactive', lifecycleStatus: 'Garden leave' }, 'L'],
    [{ status: 'Inactive', lifecycleStatus: 'terminated' }, 'T'],
    [{ status: 'Active' }, 'A'],
    [{ status: 'Inactive' }, 'unknown_status'],
    [{ status: 'Inactive', terminationDate: '2026-01-31' }, 'T'],
    [{ status: 'Inactive', terminationDate: '2027-01-31' }, 'unknown_status'],
    [{ terminationDate: '2027-01-31' }, 'A'],
    [{}, 'A'],
    [{ lifecycleStatus: 'something new' }, 'unknown_status'],
  ])('HiBob %j is %s', async (internal, wanted) => {
    const person = { id: '1', firstName: 'Ada', surname: 'Byron', email: 'ada@example.com' };
    expect(await status('hibob', 'employees', { ...person, internal })).toBe(wanted);
  });

  test.each<[string, string]>([
    ['ACTIVE', 'A'],
    ['ON_LEAVE', 'L'],
    ['TERMINATED', 'T'],
    ['INACTIVE', 'unknown_status'],
  ])('Dayforce: the status without an end is %s, so %s', async (code, wanted) => {
    const item = (XRefCode: string, EffectiveEnd: string | null) => ({ EffectiveEnd, EmploymentStatus: { XRefCode } });
    const record = {
      XRefCode: '1',
      FirstName: 'Ada',
      LastName: 'Byron',
      Contacts: {
        Items: [{ ContactInformationType: { XRefCode: 'BusinessEmail' }, ElectronicAddress: 'ada@example.com' }],
      },
      EmploymentStatuses: { Items: [item(wanted === 'A' ? 'TERMINATED' : 'ACTIVE', '2020-01-01'), item(code, null)] },
    };
    expect(await status('dayforce', 'employees', record)).toBe(wanted);
  });

  test('a stream of active people only needs no status; any other without one is refused', async () => {
    const schema = { properties: { id: {}, workEmail: {}, firstName: {}, lastName: {} } };
    const map = (stream: string) => compileMapping({ preset: 'bamboohr', stream, schema });
    const person = { id: '1', firstName: 'Ada', lastName: 'Byron', workEmail: 'ada@example.com' };
    expect((await map('employees_directory_stream')).map(person)).toEqual(user({ ...ada, employeeId: '1' }));
    await expect(map('my_report')).rejects.toThrow(/employeeStatusCode is required by Together/);
  });
});

describe('presets as data', () => {
  const schema = JSON.parse(generated()['catalog/preset.schema.json'] as string) as object;
  const validate = new Ajv2020({ strict: false, validateFormats: false, inlineRefs: false }).compile(schema);

  test.each(presets.map((preset) => [preset.name, preset] as const))(
    '%s fits its schema, has no fault and fills every required field',
    async (_name, preset) => {
      expect(validate({ ...preset }), JSON.stringify(validate.errors)).toBe(true);
      const { faults } = await checkMapping({ preset, stream: preset.streams[0] ?? 'report' });
      expect(faults).toEqual([]);
      const unknown = Object.keys(preset.fields).filter((name) => !userFields.some((field) => field.name === name));
      expect(unknown).toEqual([]);
    },
  );

  test('no status of theirs is anything but A, L or T, and none has a default', () => {
    for (const { fields } of presets) {
      const rule = fields.employeeStatusCode as { lookup: Record<string, string | null>; default?: unknown };
      expect(rule.default).toBeUndefined();
      for (const value of Object.values(rule.lookup)) expect(['A', 'L', 'T', null]).toContain(value);
    }
  });
});
