/** Which streams are taken for people by themselves: only by what one HRIS alone has. */
import { people, type Situation } from '../../support/situations.ts';

const contact = { employee_id: '1', first_name: 'Kim', last_name: 'Example', relationship: 'sister', phone: '1' };
const plain = (id: string) => ({ employee_id: id, first_name: 'Kim', last_name: 'Example', status: '1' });

export const presets: readonly Situation[] = [
  {
    situation: 'a table of emergency contacts',
    reason: 'employee_id, first_name and last_name are evidence of nothing: these people are no employees',
    nights: [{ stream: 'emergency_contacts', rows: [contact] }],
    expect: { code: 2, sent: [], state: false, stderr: /holds relatives or emergency contacts/ },
  },
  {
    situation: 'a table of employees whose columns any HRIS may have',
    reason: 'a status of 1 means active in one HRIS and terminated in another: a preset or a rule says which',
    nights: [{ stream: 'hr', rows: [plain('1'), plain('2')] }],
    expect: { code: 2, sent: [], state: false, stderr: /No mapping takes any of the streams that came: "hr"/ },
  },
  {
    situation: 'two streams that both hold people of UKG Pro',
    reason: 'one person may be in both: both are named, and mapping.stream decides',
    nights: [
      {
        messages: ['employees', 'employees_eu'].flatMap((stream) => [
          {
            type: 'SCHEMA',
            stream,
            key_properties: ['employeeId'],
            schema: { properties: Object.fromEntries(Object.keys(people(1, 1)[0] ?? {}).map((name) => [name, {}])) },
          },
          ...people(1, 2).map((record) => ({ type: 'RECORD', stream, record })),
        ]),
      },
    ],
    expect: { code: 2, sent: [], state: false, stderr: /"employees".*"employees_eu"|"employees_eu".*"employees"/ },
  },
];
