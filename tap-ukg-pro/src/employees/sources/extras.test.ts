import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { describe, expect, test } from 'vitest';
import { fakeCompany, hire } from '../../testing/company.ts';
import { fakeUkg } from '../../testing/fake-ukg.ts';
import { runFake } from '../../testing/run.ts';

const start = Date.UTC(2026, 0, 5, 2);
const company = fakeCompany();
hire(company, 'E1', 'C1', '2020-01-01', start - 1e9);
hire(company, 'E2', 'C1', '2020-01-01', start - 1e9);
Object.assign(company.people.get('E1')?.employments.get('C1') ?? {}, { supervisorId: 'E2' });

const rows = {
  ...company.rows,
  '/personnel/v1/employee-supervisor-details': () => [
    {
      employeeID: 'E1',
      companyID: 'C1',
      supervisorEmployeeID: 'E2',
      supervisorEmail: 'e2@example.com',
      supervisorStatusCode: 'A',
    },
    { employeeID: 'E1', companyID: 'C2', supervisorEmployeeID: 'E9', supervisorEmail: 'other@example.com' },
  ],
  '/personnel/v1/user-defined-fields': () => [
    {
      employeeId: 'E1',
      personnelUserDefinedFields: {
        personnelUDField01: { field: 'Management Area', value: 'North ' },
        personnelUDField03: { field: 'Badge', value: '17' },
        personnelUDField05: { field: 'Since', value: '2020-02-29T00:00:00' },
        personnelUDField10: { field: 'Shoe size', value: 'large' },
        personnelUDField11: { field: null, value: 4 },
      },
      internationalUserDefinedFields: { internationalUDField02: { field: 'Region', value: 'EMEA' } },
    },
  ],
  '/personnel/v1/platform-configuration-fields/class-name/Custom': () => [
    {
      className: 'Custom',
      keyName: 'EmployeeId',
      keyValue: 'E1',
      fieldRows: [{ fieldName: 'track', fieldValue: 'A' }],
    },
    {
      className: 'Custom',
      keyName: 'EmployeeId',
      keyValue: 'E1',
      fieldRows: [{ fieldName: 'level', fieldValue: 2 }, null],
    },
  ],
  '/personnel/v1/employee-job-history-details': () => [
    { systemId: 'S1', employeeId: 'E1', isPromotion: true, jobEffectiveDate: '2022-01-01T00:00:00' },
    { systemId: 'S2', employeeId: 'E1', isPromotion: true, jobEffectiveDate: '2024-05-06T00:00:00' },
    { systemId: 'S3', employeeId: 'E1', isPromotion: true, jobEffectiveDate: '2027-01-01T00:00:00' },
    { systemId: 'S4', employeeId: 'E1', isPromotion: false, jobEffectiveDate: '2025-01-01T00:00:00' },
  ],
  '/configuration/v1/code-tables/EMPTYPE': () => [{ code: 'REG', description: 'Regular' }],
  '/configuration/v1/code-tables/JOBFAMILY': () => [{ code: 'A', description: 'Analysis' }],
};
const clock = () => fakeClock(start);

async function read(fields: readonly string[], settings = {}) {
  const ukg = fakeUkg({ rows });
  const ran = await runFake({ send: ukg.send, select: { employees: fields }, settings, clock: clock() });
  const [first, second] = ran.records;
  return { first, second, asked: new Set(ukg.asked.map((path) => path.split('?')[0])), ran };
}

describe('optional sources of employees', () => {
  test('the supervisor of the employment that counts, with work e-mail', async () => {
    const { first, second } = await read(['supervisorEmailAddress', 'supervisorStatusCode']);
    expect(first).toMatchObject({ supervisorEmailAddress: 'e2@example.com', supervisorStatusCode: 'A' });
    expect(second).toMatchObject({ supervisorEmailAddress: null });
  });

  test('user-defined fields by number with their types, and by label as they are', async () => {
    const { first } = await read([
      'personnelUDField01',
      'personnelUDField03',
      'personnelUDField05',
      'personnelUDField10',
      'userDefinedFields',
    ]);
    expect(first).toMatchObject({
      personnelUDField01: 'North',
      personnelUDField03: 17,
      personnelUDField05: '2020-02-29',
      personnelUDField10: null,
      userDefinedFields: {
        'Management Area': 'North',
        Badge: 17,
        Since: '2020-02-29',
        'Shoe size': 'large',
        Region: 'EMEA',
      },
    });
    expect(first).not.toHaveProperty('internationalUDField02');
  });

  test('platform fields by class and name, merged over rows; without classes nothing is asked', async () => {
    const { first } = await read(['platformFields'], { platform_configuration_classes: ['Custom'] });
    expect(first?.['platformFields']).toEqual({ Custom: { track: 'A', level: 2 } });
    const none = await read(['platformFields']);
    expect(none.first?.['platformFields']).toBeNull();
    expect([...none.asked].some((path) => path?.includes('platform'))).toBe(false);
  });

  test('the last promotion that has happened', async () => {
    const { first, second } = await read(['lastPromotionDate']);
    expect(first?.['lastPromotionDate']).toBe('2024-05-06');
    expect(second?.['lastPromotionDate']).toBeNull();
  });

  test('descriptions of codes call their table, and only theirs', async () => {
    const { asked } = await read(['employeeTypeDescription']);
    expect(asked).toContain('/configuration/v1/code-tables/EMPTYPE');
    expect(asked).not.toContain('/configuration/v1/code-tables/JOBFAMILY');
    expect(asked).not.toContain('/configuration/v1/jobs');
    const { first } = await read(['jobFamilyDescription']);
    expect(first?.['jobFamilyDescription']).toBe('Analysis');
  });

  test('a missing right on an optional source names that right', async () => {
    const ukg = fakeUkg({ rows, refuse: (path) => (path.includes('job-history') ? 403 : undefined) });
    const ran = await runFake({ send: ukg.send, select: { employees: ['lastPromotionDate'] } });
    expect(ran.failures[0]?.error).toMatchObject({ kind: 'credentials' });
    expect(ran.failures[0]?.error.message).toContain('"Employee Job History Details"');
  });

  test('an increment asks the optional sources for the changed people only', async () => {
    const time = clock();
    const ukg = fakeUkg({ rows });
    const options = { send: ukg.send, select: { employees: ['lastPromotionDate'] }, clock: time } as const;
    const first = await runFake(options);
    time.advance(3_600_000);
    Object.assign(company.people.get('E1') ?? {}, { changedMs: time.now() });
    ukg.asked.length = 0;
    const second = await runFake({ ...options, state: first.state });
    expect(second.records.find(({ employeeId }) => employeeId === 'E1')).toMatchObject({
      lastPromotionDate: '2024-05-06',
    });
    const history = ukg.asked.filter((path) => path.includes('job-history'));
    expect(history.length).toBeGreaterThan(0);
    for (const path of history) expect(path).toContain('employeeId=');
  });
});
