import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { describe, expect, test } from 'vitest';
import { choosePreset, holdsPeople } from './choose-preset.ts';
import { presetByName, presets } from './presets.ts';

const schemaOf = (...names: string[]): JsonSchema => ({
  properties: Object.fromEntries(names.map((name) => [name, { type: ['string', 'null'] }])),
});

interface Case {
  readonly what: string;
  readonly stream?: string;
  readonly fields: readonly string[];
  readonly preset: string | undefined;
  readonly reason: RegExp;
}

const person = ['employee_id', 'first_name', 'last_name', 'email', 'status'];
const workday = ['Employee_ID', 'First_Name', 'Last_Name', 'Email', 'Status'];
const cases: readonly Case[] = [
  {
    what: 'an employee id and names are no evidence of Workday: any table has them',
    fields: person,
    preset: undefined,
    reason: /has what workday-report needs, but nothing that only that system has; if it is one, set mapping\.preset/,
  },
  {
    what: 'nor are they in the spelling of its reports',
    fields: workday,
    preset: undefined,
    reason: /nothing that only that system has/,
  },
  {
    what: 'a column that only Workday has proves it',
    fields: [...workday, 'Supervisory_Organization'],
    preset: 'workday-report',
    reason: /Supervisory_Organization is its own/,
  },
  {
    what: "so does Workday's own spelling of a word that others have too",
    fields: [...workday, 'Worker_Status'],
    preset: 'workday-report',
    reason: /Worker_Status is its own/,
  },
  {
    what: 'which another spelling of that word does not',
    fields: [...workday, 'WORKER_STATUS'],
    preset: undefined,
    reason: /nothing that only/,
  },
  {
    what: 'emergency contacts are no employees, by a field',
    stream: 'hr-contacts',
    fields: [...workday, 'Worker_Status', 'Relationship'],
    preset: undefined,
    reason: /by its field "Relationship" it holds relatives or emergency contacts/,
  },
  {
    what: 'nor by the name of the stream',
    stream: 'Emergency Contacts',
    fields: [...workday, 'Worker_Status'],
    preset: undefined,
    reason: /by its name it holds relatives/,
  },
  {
    what: 'applicants are none either',
    stream: 'candidates',
    fields: ['id', 'workEmail', 'jobTitle', 'supervisorEId'],
    preset: undefined,
    reason: /by its name it holds applicants/,
  },
  {
    what: 'an address at work and a title are no evidence of BambooHR',
    stream: 'employees',
    fields: ['id', 'firstName', 'lastName', 'workEmail', 'jobTitle'],
    preset: undefined,
    reason: /has what bamboohr needs/,
  },
  {
    what: "a stream's name that only one tap has proves it",
    stream: 'employees_directory_stream',
    fields: ['id', 'firstName', 'lastName', 'workEmail', 'jobTitle'],
    preset: 'bamboohr',
    reason: /the stream's name is its own/,
  },
  {
    what: 'also behind a cache that lower-cases columns',
    stream: 'employees',
    fields: ['employeeid', 'employeestatuscode', 'emailaddress'],
    preset: 'ukg-pro',
    reason: /employeeStatusCode is its own/,
  },
  {
    what: 'of two presets that fit, both are named',
    fields: ['id', 'workEmail', 'jobTitle', 'supervisorEId', 'associateOID', 'workerID', 'workerStatus'],
    preset: undefined,
    reason: /fits bamboohr and adp; set mapping\.preset/,
  },
];

describe('a preset is chosen by evidence', () => {
  test.each(cases)('$what', ({ stream = 'people_table', fields, preset, reason }) => {
    const choice = choosePreset({ stream, schema: schemaOf(...fields) });
    expect({ preset: choice.preset?.name, reason: choice.reason }).toEqual({
      preset,
      reason: expect.stringMatching(reason),
    });
  });

  test('every preset says what only its HRIS has, and no two say the same', () => {
    const all = presets.flatMap(({ own_streams = [], own_fields = [], own_spellings = [] }) => [
      ...own_streams,
      ...own_fields,
      ...own_spellings,
    ]);
    expect(new Set(all).size).toBe(all.length);
    for (const { name, own_streams, own_fields } of presets) expect(own_streams ?? own_fields, name).toBeDefined();
  });

  test('a preset that is set takes no people from a table of others without being told its stream', () => {
    const preset = presetByName('workday-report');
    const relatives = schemaOf(...workday, 'Relationship');
    expect(holdsPeople(preset, 'contacts', relatives, undefined)).toEqual({
      holds: false,
      why: expect.stringContaining('set mapping.stream'),
    });
    expect(holdsPeople(undefined, 'contacts', relatives, { employeeId: 'Employee_ID' }).holds).toBe(false);
    expect(holdsPeople(preset, 'workers', schemaOf(...workday), undefined)).toEqual({ holds: true });
  });
});
