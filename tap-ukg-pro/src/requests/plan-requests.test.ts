import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { describe, expect, test } from 'vitest';
import { fakeUkg } from '../testing/fake-ukg.ts';
import { runFake } from '../testing/run.ts';
import type { Row } from '../ukg/row.ts';

async function read(stream: string, rows: Record<string, () => Row[]>, settings = {}) {
  const bodies: unknown[] = [];
  const ukg = fakeUkg({
    rows,
    link: true,
    onRequest: ({ body }) => void (body && bodies.push(JSON.parse(String(body)))),
  });
  const ran = await runFake({
    send: ukg.send,
    select: { [stream]: 'all' },
    settings,
    clock: fakeClock(Date.UTC(2026, 0, 5)),
  });
  return { ...ran, asked: ukg.asked.map(decodeURIComponent), bodies };
}

describe('web services that need more than one plain request', () => {
  test('code tables: the list, then each table by its link if it stays on the host', async () => {
    const { records, asked } = await read('code_tables', {
      '/configuration/v1/code-tables': () => [
        { codeTable: 'GENDER', url: 'https://service5.ultipro.com/configuration/v1/code-tables/GENDER' },
        { codeTable: 'EVIL', url: 'https://evil.example.com/configuration/v1/code-tables/EVIL' },
      ],
      '/configuration/v1/code-tables/GENDER': () => [{ code: 'F', description: 'Female' }],
      '/configuration/v1/code-tables/EVIL': () => [{ code: 'F', description: 'Other' }],
    });
    expect(records).toEqual([
      { codeTable: 'GENDER', code: 'F', description: 'Female' },
      { codeTable: 'EVIL', code: 'F', description: 'Other' },
    ]);
    expect(asked).toHaveLength(3);
  });

  test('code tables that the settings name are not listed first', async () => {
    const { asked } = await read(
      'code_tables',
      { '/configuration/v1/code-tables/EMPTYPE': () => [] },
      { code_tables: ['emptype'] },
    );
    expect(asked).toEqual(['/configuration/v1/code-tables/EMPTYPE']);
  });

  test('jobs in the version that the settings name', async () => {
    const { asked, records } = await read(
      'jobs',
      {
        '/configuration/v2/jobs': () => [
          { countryCode: 'USA', jobCode: 'J1', jobEE0Category: '2', workEnvirornmentCode: 'X' },
        ],
      },
      { jobs_version: 'v2' },
    );
    expect(asked[0]).toBe('/configuration/v2/jobs?page=1&per_page=10000');
    expect(records[0]).toMatchObject({ jobEEOCategory: '2', workEnvironmentCode: 'X' });
  });

  test.each([
    ['emp_deductions', 'deduction_codes'],
    ['platform_configuration_fields', 'platform_configuration_classes'],
    ['custom_fields_schema', 'platform_configuration_classes'],
    ['audit_details', 'audit_details'],
    ['pay_statements', 'pay_statements'],
  ])('%s without its setting fails with that setting named, and asks nothing', async (stream, setting) => {
    const { failures, asked } = await read(stream, {});
    expect(failures[0]?.error).toMatchObject({ kind: 'settings' });
    expect(failures[0]?.error.message).toContain(setting);
    expect(asked).toEqual([]);
  });

  test('deductions: one request for each code', async () => {
    const { asked, records } = await read(
      'emp_deductions',
      {
        '/personnel/v1/emp-deductions': () => [
          { employeeID: 'E1', employeeId: null, companyID: 'C1', deductionCode: 'MED', systemID: 'S' },
        ],
      },
      { deduction_codes: ['MED', '401K'] },
    );
    expect(asked.map((path) => path.split('?')[1])).toEqual([
      'dedCode=MED&page=1&per_Page=10000',
      'dedCode=401K&page=1&per_Page=10000',
    ]);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ employeeId: 'E1', companyId: 'C1' });
  });

  test('audit details: a window and a request for each field', async () => {
    const { asked } = await read(
      'audit_details',
      { '/personnel/v1/audit-details': () => [] },
      { audit_details: [{ table_name: 'EmpComp', field_name: 'EecJobTitle' }], start_date: '2025-12-01' },
    );
    expect(asked[0]).toBe(
      '/personnel/v1/audit-details?startDateTime=2025-12-01T00:00:00&endDateTime=2026-01-05T00:00:00&tableName=EmpComp&fieldName=EecJobTitle&page=1&per_Page=10000',
    );
  });

  test('pay statements: a POST for each company, its own keys in one spelling', async () => {
    const { bodies, records } = await read(
      'pay_statements_summary',
      {
        '/configuration/v1/company-details': () => [{ companyID: 'C1' }, { companyId: 'C2' }],
        '/payroll/v1/companies/pay-statements-summary': () => [
          { payidentifier: 'P1', paydate: '2025-12-31T00:00:00', totalearnings: '12.50' },
        ],
      },
      { pay_statements: { from: '2025-12-01' } },
    );
    expect(bodies[0]).toEqual({
      companyId: 'C1',
      startDate: '2025-12-01T00:00:00',
      endDate: '2026-01-05T00:00:00',
      page: 1,
      per_Page: 10000,
    });
    expect(bodies).toContainEqual(expect.objectContaining({ companyId: 'C2' }));
    expect(records[0]).toMatchObject({ payIdentifier: 'P1', payDate: '2025-12-31', totalEarnings: 12.5 });
  });

  test('pay periods bound the payroll streams', async () => {
    const { asked } = await read(
      'paygroup_payperiods',
      { '/payroll/v1/paygroup-payperiods': () => [] },
      { pay_periods: { from: '202501011', to: '202512311' } },
    );
    expect(asked[0]).toContain('startPerControl=202501011&endPerControl=202512311');
  });

  test('platform fields: each class by its path, in the version that the settings name', async () => {
    const { asked } = await read(
      'platform_configuration_fields',
      { '/personnel/v2/platform-configuration-fields/class-name/My%20Class': () => [] },
      { platform_configuration_classes: ['My Class'], platform_configuration_version: 'v2' },
    );
    expect(asked).toEqual(['/personnel/v2/platform-configuration-fields/class-name/My Class']);
  });
});
