/**
 * Each HRIS tap's sample people, with a manager, someone on leave, a leaver and private data beside them, through the built executables
 * into Together: what it holds afterwards, written down by hand, field by field.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTogether } from '@ukg-together/sandbox/together-server';
import { describe, expect, it } from 'vitest';
import { type Ran, start } from '../support/pipe.ts';

type Json = Record<string, unknown>;

const samples = new URL('../../target-together/src/mapping/samples/', import.meta.url);
const sampleLines = (name: string): Json[] =>
  readFileSync(new URL(`${name}.singer`, samples), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Json);

interface Arrived {
  readonly ran: Ran;
  /** What Together holds, by employeeId. */
  readonly users: Record<string, Json>;
}

async function arrive(run: (config: string, folder: string) => Promise<Ran>, settings: Json = {}): Promise<Arrived> {
  const folder = mkdtempSync(join(tmpdir(), 'presets-'));
  const together = await startTogether({ intervalMs: 10 });
  try {
    const config = join(folder, 'config.json');
    const { organizationId, clientId, apiKey } = together.credentials;
    const account = { api_url: together.url, organization_id: organizationId, client_id: clientId, api_key: apiKey };
    writeFileSync(config, JSON.stringify({ ...account, state_dir: null, min_interval_ms: 10, ...settings }), {
      mode: 0o600,
    });
    const ran = await run(config, folder);
    expect(together.journal.violations()).toEqual([]);
    return { ran, users: Object.fromEntries([...together.users.entries()].map(([id, user]) => [id, { ...user }])) };
  } finally {
    await together.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sample's messages with more records before its last STATE, through `target-together`. */
function singer(
  name: string,
  more: readonly Json[],
  settings: Json = {},
  env: NodeJS.ProcessEnv = {},
): Promise<Arrived> {
  const lines = sampleLines(name);
  const stream = lines[0]?.['stream'];
  const messages = [
    ...lines.slice(0, -1),
    ...more.map((record) => ({ type: 'RECORD', stream, record })),
    ...lines.slice(-1),
  ];
  const input = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  return arrive((config) => start('target-together', ['--config', config], { input, env }), settings);
}

/** Records of one Airbyte stream, through `destination-together`. `schema`: the stream's JSON Schema. */
function airbyte(stream: string, schema: Json, records: readonly Json[]): Promise<Arrived> {
  const state = {
    type: 'STREAM',
    stream: { stream_descriptor: { name: stream }, stream_state: { seen: true } },
    sourceStats: { recordCount: records.length },
    id: 1,
  };
  const messages = [
    ...records.map((data) => ({ type: 'RECORD', record: { stream, data, emitted_at: 1_790_000_000_000 } })),
    { type: 'STATE', state },
  ];
  return arrive((config, folder) => {
    const catalog = join(folder, 'catalog.json');
    const one = { name: stream, json_schema: schema, supported_sync_modes: ['full_refresh'] };
    const streams = [
      { stream: one, sync_mode: 'full_refresh', destination_sync_mode: 'append_dedup', primary_key: [['id']] },
    ];
    writeFileSync(catalog, JSON.stringify({ streams }));
    const input = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
    return start('destination-together', ['write', '--config', config, '--catalog', catalog], { input });
  });
}

const day = (text: string) => `${text}T00:00:00.000Z`;
const text = { type: ['string', 'null'] };
const object = (...names: string[]) => ({
  type: ['object', 'null'],
  properties: Object.fromEntries(names.map((name) => [name, text])),
});

const ada = { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.com', employeeStatusCode: 'A' };
const charles = { firstName: 'Charles', lastName: 'Babbage', email: 'cb@example.com', employeeStatusCode: 'A' };
const mary = { firstName: 'Mary', lastName: 'Somerville', email: 'mary@example.com', employeeStatusCode: 'L' };
const bo = { firstName: 'Bo', lastName: 'Gone', email: 'bo@example.com', employeeStatusCode: 'T' };

describe('the sample people of each tap arrive in Together', () => {
  it('BambooHR, directory: no dates and no supervisor in it; a leaver without an address is told, not sent', async () => {
    const { ran, users } = await singer('bamboohr-employees', []);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      101: { ...ada, employeeId: '101', title: 'Engineer', departmentName: 'R&D', officeId: 'London' },
    });
    expect(ran.stderr).toMatch(/email is empty, and Together requires it. \(102\)/);
  });

  it('BambooHR, custom report: the supervisor by its id, never by its number; nothing private', async () => {
    const { ran, users } = await singer('bamboohr-hris_report', [
      {
        id: '100',
        employeeNumber: '101',
        firstName: 'Charles',
        lastName: 'Babbage',
        workEmail: 'cb@example.com',
        homeEmail: 'charles@home.example',
        gender: 'Male',
        city: 'London',
        country: 'United Kingdom',
        status: 'Active',
        employmentHistoryStatus: 'Part-Time',
        hireDate: '2001-02-03',
      },
      {
        id: '103',
        firstName: 'Mary',
        lastName: 'Somerville',
        workEmail: 'mary@example.com',
        status: 'Active',
        supervisorEId: null,
        supervisorId: '101',
      },
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      100: {
        ...charles,
        employeeId: '100',
        fullTimeOrPartTimeCode: 'P',
        originalHireDate: day('2001-02-03'),
        lastHireDate: day('2001-02-03'),
      },
      101: {
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
      },
      102: {
        ...bo,
        employeeId: '102',
        originalHireDate: day('2018-05-01'),
        lastHireDate: day('2018-05-01'),
        dateOfTermination: day('2026-01-31'),
        lastUpdated: '2026-02-01T00:00:00.000Z',
      },
      103: { ...mary, employeeStatusCode: 'A', employeeId: '103' },
    });
  });

  const hibob = (id: string, names: Json, internal: Json, more: Json = {}) => ({ id, ...names, internal, ...more });

  it('HiBob: Inactive with a leave is on leave, Inactive that says no more is told', async () => {
    const { ran, users } = await singer('hibob-employees', [
      hibob(
        '3332883884017713000',
        { firstName: 'Charles', surname: 'Babbage', email: 'cb@example.com' },
        { status: 'Active', lifecycleStatus: 'employed' },
        { home: { privateEmail: 'charles@home.example' }, personal: { birthDate: '1970-01-01' } },
      ),
      hibob(
        '2',
        { firstName: 'Mary', surname: 'Somerville', email: 'mary@example.com' },
        { status: 'Inactive', lifecycleStatus: 'parentalLeave' },
      ),
      hibob(
        '3',
        { firstName: 'Bo', surname: 'Gone', email: 'bo@example.com' },
        { status: 'Inactive', lifecycleStatus: 'terminated', terminationDate: '2026-01-31' },
      ),
      hibob('4', { firstName: 'No', surname: 'Telling', email: 'no@example.com' }, { status: 'Inactive' }),
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      '3332883884017713238': {
        ...ada,
        employeeId: '3332883884017713238',
        supervisorId: '3332883884017713000',
        title: 'Engineer',
        departmentId: '241234',
        departmentName: 'R&D',
        officeId: '2001',
        officeAddress: 'London',
        lastHireDate: day('2020-02-03'),
      },
      '3332883884017713000': { ...charles, employeeId: '3332883884017713000' },
      2: { ...mary, employeeId: '2' },
      3: { ...bo, employeeId: '3', dateOfTermination: day('2026-01-31') },
    });
    expect(ran.stderr).toMatch(/employeeStatusCode holds a status[^(]*\(4\)/);
  });

  it('HiBob, search: keys with slashes, status by the end date', async () => {
    const { ran, users } = await singer('hibob-employees_search', [
      {
        id: '3',
        firstName: 'Bo',
        surname: 'Gone',
        email: 'bo@example.com',
        '/internal/terminationDate': { value: '2026-01-31' },
      },
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      '3332883884017713238': {
        ...ada,
        employeeId: '3332883884017713238',
        title: 'Engineer',
        departmentId: '241234',
        departmentName: 'R&D',
        officeAddress: 'London',
      },
      3: { ...bo, employeeId: '3', dateOfTermination: day('2026-01-31') },
    });
  });

  const adp = (id: string, [givenName, familyName1, emailUri]: string[], status: string, assignment: Json = {}) => ({
    associateOID: `G3${id}`,
    workerID: { idValue: id },
    person: {
      legalName: { givenName, familyName1 },
      birthDate: '1970-01-01',
      genderCode: { codeValue: 'M' },
      legalAddress: { lineOne: '1 Home Street', countryCode: 'US', countrySubdivisionLevel1: { codeValue: 'NY' } },
      communication: { emails: [{ emailUri: `${id}@home.example` }] },
    },
    workerStatus: { statusCode: { codeValue: status } },
    businessCommunication: { emails: [{ emailUri }] },
    workAssignments: [{ primaryIndicator: true, ...assignment }],
  });

  it('ADP: the primary assignment, the department by its type, the work address, Inactive by the assignment', async () => {
    const { ran, users } = await singer('adp-workers', [
      adp('E1', ['Charles', 'Babbage', 'cb@example.com'], 'Active'),
      adp('E2', ['Mary', 'Somerville', 'mary@example.com'], 'Inactive', {
        assignmentStatus: { statusCode: { codeValue: 'L' } },
      }),
      adp('E3', ['Bo', 'Gone', 'bo@example.com'], 'Terminated', { terminationDate: '2026-01-31' }),
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      E7: {
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
      },
      E1: { ...charles, employeeId: 'E1' },
      E2: { ...mary, employeeId: 'E2' },
      E3: { ...bo, employeeId: 'E3', dateOfTermination: day('2026-01-31') },
    });
  });

  it('Personio: integer ids as text, wrapped supervisors, days as they were written', async () => {
    const { ran, users } = await singer('personio-employee', [
      { id: 1, first_name: 'Charles', last_name: 'Babbage', email: 'cb@example.com', status: 'active', gender: 'male' },
      { id: 2, first_name: 'Mary', last_name: 'Somerville', email: 'mary@example.com', status: 'leave' },
      {
        id: 3,
        first_name: 'Bo',
        last_name: 'Gone',
        email: 'bo@example.com',
        status: 'inactive',
        termination_date: '2026-01-31T00:00:00+01:00',
      },
      { id: 4, first_name: 'Not', last_name: 'Yet', email: 'not@example.com', status: 'onboarding' },
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      7: {
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
      },
      1: { ...charles, employeeId: '1' },
      2: { ...mary, employeeId: '2' },
      3: { ...bo, employeeId: '3', dateOfTermination: day('2026-01-31') },
    });
    expect(ran.stderr).toMatch(/employeeStatusCode holds a status[^(]*\(4\)/);
  });

  const dayforce = (XRefCode: string, [FirstName, LastName, mail]: string[], status: string, more: Json = {}) => ({
    XRefCode,
    EmployeeNumber: `9${XRefCode}`,
    FirstName,
    LastName,
    BirthDate: '1970-01-01T00:00:00Z',
    Gender: 'M',
    EmploymentStatuses: {
      Items: [
        { EffectiveEnd: '2020-01-01T00:00:00Z', EmploymentStatus: { XRefCode: 'ACTIVE' } },
        { EffectiveEnd: null, EmploymentStatus: { XRefCode: status } },
      ],
    },
    Contacts: {
      Items: [
        { ContactInformationType: { XRefCode: 'PersonalEmail' }, ElectronicAddress: `${XRefCode}@home.example` },
        { ContactInformationType: { XRefCode: 'BusinessEmail' }, ElectronicAddress: mail },
      ],
    },
    ...more,
  });

  it('Dayforce: entries of nested lists, the status that has no end', async () => {
    const { ran, users } = await singer('dayforce-employees', [
      dayforce('1', ['Charles', 'Babbage', 'cb@example.com'], 'ACTIVE'),
      dayforce('2', ['Mary', 'Somerville', 'mary@example.com'], 'ON_LEAVE'),
      dayforce('3', ['Bo', 'Gone', 'bo@example.com'], 'TERMINATED', { TerminationDate: '2026-01-31T00:00:00Z' }),
      dayforce('4', ['No', 'Telling', 'no@example.com'], 'INACTIVE'),
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      7: {
        ...ada,
        employeeId: '7',
        supervisorId: '1',
        title: 'Engineer',
        departmentId: 'RD',
        departmentName: 'R&D',
        originalHireDate: day('2019-01-01'),
        lastHireDate: day('2020-02-03'),
        lastUpdated: '2026-01-02T03:04:05.000Z',
      },
      1: { ...charles, employeeId: '1' },
      2: { ...mary, employeeId: '2' },
      3: { ...bo, employeeId: '3', dateOfTermination: day('2026-01-31') },
    });
    expect(ran.stderr).toMatch(/employeeStatusCode holds a status[^(]*\(4\)/);
  });

  it('Paylocity: nothing is read before an address is mapped, then everybody arrives', async () => {
    const refused = await singer('paylocity-employee_details', []);
    expect(refused.ran.code).toBe(2);
    expect(refused.ran.stderr).toMatch(/mapping\.fields\.email is required by Together/);
    const email = { expression: "$lowercase(firstName & '.' & lastName) & '@example.com'" };
    const more = [
      { employeeId: '1', firstName: 'Charles', lastName: 'Babbage', employeeStatus: 'A', annualSalary: 1 },
      { employeeId: '2', firstName: 'Mary', lastName: 'Somerville', employeeStatus: 'L' },
      { employeeId: '3', firstName: 'Bo', lastName: 'Gone', employeeStatus: 'T' },
    ];
    const { ran, users } = await singer('paylocity-employee_details', more, { mapping: { fields: { email } } });
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      7: {
        ...ada,
        email: 'ada.byron@example.com',
        employeeId: '7',
        supervisorId: '1',
        title: 'Engineer',
        lastHireDate: day('2020-02-03'),
      },
      1: { ...charles, email: 'charles.babbage@example.com', employeeId: '1' },
      2: { ...mary, email: 'mary.somerville@example.com', employeeId: '2' },
      3: { ...bo, email: 'bo.gone@example.com', employeeId: '3' },
    });
  });

  const zenefits = (id: string, [first_name, last_name, work_email]: string[], status: string) => ({
    id,
    first_name,
    last_name,
    work_email,
    status,
    employee_number: `E${id}`,
    personal_email: `${id}@home.example`,
    country: 'US',
    state: 'NY',
    street1: '1 Home Street',
    date_of_birth: '1970-01-01',
    gender: 'M',
  });
  const zenefitsPeople = [
    zenefits('1', ['Charles', 'Babbage', 'cb@example.com'], 'active'),
    zenefits('2', ['Mary', 'Somerville', 'mary@example.com'], 'leave_of_absence'),
    zenefits('3', ['Bo', 'Gone', 'bo@example.com'], 'terminated'),
  ];
  const zenefitsUsers = {
    7: { ...ada, employeeId: '7', supervisorId: '1', title: 'Engineer', departmentId: '5', officeId: '3' },
    1: { ...charles, employeeId: '1' },
    2: { ...mary, employeeId: '2' },
    3: { ...bo, employeeId: '3' },
  };

  it('Zenefits: references are URLs; no home address, no private e-mail', async () => {
    const { ran, users } = await singer('zenefits-people', zenefitsPeople);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual(zenefitsUsers);
  });

  const ready = (employee_id: string, [first_name, last_name, primary_email]: string[], employee_status: string) => ({
    employee_id,
    first_name,
    last_name,
    primary_email,
    employee_status,
  });

  it('UKG Ready, roster report', async () => {
    const { ran, users } = await singer('ukg-ready-roster', [
      ready('E1', ['Charles', 'Babbage', 'cb@example.com'], 'Active'),
      ready('E2', ['Mary', 'Somerville', 'mary@example.com'], 'On Leave'),
      ready('E3', ['Bo', 'Gone', 'bo@example.com'], 'Terminated'),
    ]);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(users).toEqual({
      E7: { ...ada, employeeId: 'E7', departmentName: 'R&D' },
      E1: { ...charles, employeeId: 'E1' },
      E2: { ...mary, employeeId: 'E2' },
      E3: { ...bo, employeeId: 'E3' },
    });
  });

  const workdayRows = [
    {
      Employee_ID: '7',
      First_Name: 'Ada',
      Last_Name: 'Byron',
      Email: 'ada@example.com',
      Worker_Status: 'Active',
      Manager_Employee_ID: '1',
      Job_Title: 'Engineer',
      Department: 'R&D',
      Location: 'London',
      Location_Country: 'United Kingdom',
      Country: 'France',
      State: 'IDF',
      Date_of_Birth: '1990-02-28',
      Time_Type: 'Full time',
      // A day of XML, with the zone of the data centre.
      Hire_Date: '2020-02-03-08:00',
    },
    { Employee_ID: '1', First_Name: 'Charles', Last_Name: 'Babbage', Email: 'cb@example.com', Worker_Status: 'Active' },
    {
      Employee_ID: '2',
      First_Name: 'Mary',
      Last_Name: 'Somerville',
      Email: 'mary@example.com',
      Worker_Status: 'On Leave',
    },
    {
      Employee_ID: '3',
      First_Name: 'Bo',
      Last_Name: 'Gone',
      Email: 'bo@example.com',
      Worker_Status: 'Terminated',
      Termination_Date: '2026-01-31',
    },
  ];
  const workdayColumns = object(...new Set(workdayRows.flatMap((row) => Object.keys(row))), 'Termination_Date');
  const workdayUsers = {
    7: {
      ...ada,
      employeeId: '7',
      supervisorId: '1',
      title: 'Engineer',
      departmentName: 'R&D',
      officeId: 'London',
      addressCountry: 'GB',
      fullTimeOrPartTimeCode: 'F',
      lastHireDate: day('2020-02-03'),
    },
    1: { ...charles, employeeId: '1' },
    2: { ...mary, employeeId: '2' },
    3: { ...bo, employeeId: '3', dateOfTermination: day('2026-01-31') },
  };

  it('a Workday report with the usual columns', async () => {
    const stream = 'All_Workers';
    const input = [
      { type: 'SCHEMA', stream, schema: workdayColumns, key_properties: ['Employee_ID'] },
      ...workdayRows.map((record) => ({ type: 'RECORD', stream, record })),
    ];
    const { ran, users } = await arrive((config) =>
      start('target-together', ['--config', config], {
        input: input.map((message) => `${JSON.stringify(message)}\n`).join(''),
        env: { MELTANO_EXTRACTOR_NAMESPACE: 'tap_workday_raas' },
      }),
    );
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(ran.stderr).toContain('preset workday-report: Meltano runs tap_workday_raas');
    expect(users).toEqual(workdayUsers);
  });

  describe("and those of Airbyte's sources of the same systems", () => {
    it('BambooHR: the directory, which says no status', async () => {
      const schema = object('id', 'displayName', 'firstName', 'lastName', 'preferredName', 'jobTitle', 'workEmail');
      const more = object('department', 'location', 'division', 'mobilePhone', 'supervisor');
      const { ran, users } = await airbyte(
        'employees_directory_stream',
        { type: 'object', properties: { ...schema.properties, ...more.properties } },
        [
          {
            id: '101',
            firstName: 'Ada',
            lastName: 'Byron',
            workEmail: 'ada@example.com',
            jobTitle: 'Engineer',
            department: 'R&D',
            location: 'London',
            supervisor: 'Charles Babbage',
            mobilePhone: '555',
          },
        ],
      );
      expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
      expect(users).toEqual({
        101: { ...ada, employeeId: '101', title: 'Engineer', departmentName: 'R&D', officeId: 'London' },
      });
    });

    it('HiBob: profiles', async () => {
      const work = {
        type: ['object', 'null'],
        properties: {
          ...object('title', 'department', 'site', 'startDate').properties,
          siteId: { type: ['number', 'null'] },
          reportsTo: object('id', 'email'),
        },
      };
      const schema = {
        type: 'object',
        properties: {
          ...object('id', 'companyId', 'firstName', 'surname', 'email').properties,
          home: object('privateEmail'),
          work,
        },
      };
      const { ran, users } = await airbyte('profiles', schema, [
        {
          id: '7',
          firstName: 'Ada',
          surname: 'Byron',
          email: 'ada@example.com',
          home: { privateEmail: 'ada@home.example' },
          work: { department: '241234', site: 'London', siteId: 2001, startDate: '2020-02-03', reportsTo: { id: '1' } },
        },
        { id: '1', firstName: 'Charles', surname: 'Babbage', email: 'cb@example.com' },
      ]);
      expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
      expect(users).toEqual({
        7: {
          ...ada,
          employeeId: '7',
          supervisorId: '1',
          departmentId: '241234',
          officeId: '2001',
          officeAddress: 'London',
          lastHireDate: day('2020-02-03'),
        },
        1: { ...charles, employeeId: '1' },
      });
    });

    it('Zenefits: people', async () => {
      const [{ schema }, { record }] = sampleLines('zenefits-people') as [{ schema: Json }, { record: Json }];
      const { ran, users } = await airbyte('people', schema, [record, ...zenefitsPeople]);
      expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
      expect(users).toEqual(zenefitsUsers);
    });

    it('Workday: a report', async () => {
      const { ran, users } = await airbyte('All_Workers', workdayColumns, workdayRows);
      expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
      expect(users).toEqual(workdayUsers);
    });
  });
});

describe('which preset', () => {
  it.each([
    [
      'by the SCHEMA',
      {},
      {},
      'preset personio: stream "employee" has id, first_name, last_name, position, weekly_working_hours',
    ],
    [
      'by the name that Meltano runs the tap under',
      {},
      { MELTANO_EXTRACTOR_NAMESPACE: 'tap_personio' },
      'preset personio: Meltano runs tap_personio',
    ],
    ['by setting', { mapping: { preset: 'personio' } }, {}, 'preset personio: set by mapping.preset'],
  ])('%s', async (_how, settings, env, reason) => {
    const { ran, users } = await singer('personio-employee', [], settings, env);
    expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
    expect(ran.stderr).toContain(reason);
    expect(Object.keys(users)).toEqual(['7']);
  });
});
