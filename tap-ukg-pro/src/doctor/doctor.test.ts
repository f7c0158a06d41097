import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import { selectStreams } from '@ukg-together/protocol/singer/catalog';
import { AttemptError } from '@ukg-together/transport/http/failure';
import { describe, expect, test } from 'vitest';
import { buildCatalog } from '../catalog/catalog.ts';
import { fakeCompany, hire } from '../testing/company.ts';
import { type FakeUkgOptions, fakeUkg } from '../testing/fake-ukg.ts';
import { memoryLog } from '../testing/log.ts';
import { fakeSettings } from '../testing/run.ts';
import type { Row } from '../ukg/row.ts';
import { checkup } from './doctor.ts';
import { renderCheckup } from './text.ts';

const company = fakeCompany();
for (let i = 0; i < 50; i++) hire(company, `E${i}`, 'C1', '2020-01-01', 0);
const rows = { ...company.rows, '/configuration/v1/earnings': () => [], '/configuration/v1/company-details': () => [] };

async function examine(fake: Partial<FakeUkgOptions> = {}, changes = {}, catalogGiven?: unknown) {
  const ukg = fakeUkg({ rows, ...fake });
  const settings = fakeSettings(changes);
  const catalog = buildCatalog(settings);
  const report = await checkup(
    { send: ukg.send, clock: fakeClock(), log: memoryLog(), random: () => 0.5, signal: new AbortController().signal },
    { settings, catalog, selected: selectStreams(catalog.definitions, catalogGiven) },
  );
  return { report, text: renderCheckup(report), asked: ukg.asked };
}

describe('the doctor', () => {
  test('asks each web service that is needed for one row, and no other', async () => {
    const { report, asked, text } = await examine();
    expect(report).toMatchObject({ verdict: 'ok', exitCode: 0, missingRights: [] });
    expect(asked).toEqual([
      '/personnel/v1/person-details?page=1&per_Page=1',
      '/personnel/v1/employment-details?page=1&per_Page=1',
      '/configuration/v1/org-levels',
      '/configuration/v1/jobs',
      '/configuration/v1/locations',
    ]);
    expect(text).toContain('View: Employee Person Details');
  });

  test.each([401, 403])(
    'names a missing right (%d) as the screen spells it, where to click, and what it costs',
    async (status) => {
      const { report, text } = await examine({
        refuse: (path) => (path.startsWith('/configuration') && !path.endsWith('earnings') ? status : undefined),
      });
      expect(report).toMatchObject({
        verdict: 'missing_rights',
        exitCode: 6,
        missingRights: ['Company Configuration Integration'],
      });
      expect(text).toContain('System Configuration > Security > Service Account Administration');
      expect(text).toContain('without it there is no employees');
    },
  );

  test('tells wrong credentials from missing rights by asking others, and then stops asking', async () => {
    const { report, asked } = await examine({ refuse: () => 401 });
    expect(report).toMatchObject({ verdict: 'wrong_credentials', exitCode: 6, missingRights: [] });
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(report.services.filter(({ result }) => result === 'not_tried')).toHaveLength(4);
  });

  test('a right that is the only one missing is no wrong key, even when it is asked first', async () => {
    const { report } = await examine({ refuse: (path) => (path.includes('person-details') ? 401 : undefined) });
    expect(report).toMatchObject({ verdict: 'missing_rights', missingRights: ['Employee Person Details'] });
  });

  test('a host that does not answer is an outage, not a wrong key', async () => {
    const { report, text } = await examine({
      onRequest: () => {
        throw new AttemptError({ phase: 'connect', code: 'ENOTFOUND' });
      },
    });
    expect(report).toMatchObject({ verdict: 'unreachable', exitCode: 5 });
    expect(text).toContain('ENOTFOUND');
  });

  test('a wrong certificate is named', async () => {
    const { report } = await examine({
      onRequest: () => {
        throw new AttemptError({ phase: 'connect', code: 'SELF_SIGNED_CERT_IN_CHAIN' });
      },
    });
    expect(report.exitCode).toBe(5);
    expect(report.sentence.text).toContain('SELF_SIGNED_CERT_IN_CHAIN');
  });

  test('a web service that is not there is told apart from credentials and rights', async () => {
    const { report } = await examine({ refuse: (path) => (path.endsWith('/jobs') ? 404 : undefined) });
    expect(report).toMatchObject({ verdict: 'failed', exitCode: 5 });
    expect(report.services.find(({ service }) => service.endsWith('/jobs'))).toMatchObject({
      result: 'failed',
      status: 404,
    });
  });

  test('a web service that keeps failing is told apart from the host, and the others are asked', async () => {
    const { report } = await examine({ refuse: (path) => (path.endsWith('person-details') ? 500 : undefined) });
    expect(report).toMatchObject({ verdict: 'failed', exitCode: 5 });
    expect(report.services.filter(({ result }) => result === 'ok')).toHaveLength(4);
  });

  test("a portal's page in place of every answer is a wrong host", async () => {
    const { report } = await examine({
      onRequest: () => {
        throw new AttemptError({ phase: 'answer', code: 'NOT_JSON' });
      },
    });
    expect(report).toMatchObject({ verdict: 'failed', exitCode: 5 });
    expect(report.hint).toContain('check base_url');
  });

  test('a list without rows is suspicious, and said', async () => {
    const { report, text } = await examine({ rows: { ...rows, '/configuration/v1/org-levels': () => [] } });
    expect(report.verdict).toBe('ok');
    expect(text).toContain('without a single row');
  });

  test('employments without people are a missing right, as the run says', async () => {
    const { report, text } = await examine({ rows: { ...rows, '/personnel/v1/person-details': () => [] } });
    expect(report).toMatchObject({
      verdict: 'missing_rights',
      missingRights: ['Employee Person Details'],
      exitCode: 6,
    });
    expect(text).toContain('without a single row, while /personnel/v1/employment-details has some');
  });

  test('no web service at all is a wrong host, not a right', async () => {
    const { report, text } = await examine({ refuse: () => 404 });
    expect(report).toMatchObject({ verdict: 'failed', exitCode: 5 });
    expect(report.sentence.text).not.toContain('rights are right');
    expect(text).toContain('check base_url');
  });

  const asked = (...streams: string[]) => ({
    streams: streams.map((stream) => ({
      tap_stream_id: stream,
      stream,
      schema: {},
      metadata: [{ breadcrumb: [], metadata: { selected: true } }],
    })),
  });

  test('what needs parameters is tried with those of the settings, a row of each', async () => {
    const bodies: unknown[] = [];
    const row = (path: string, one: object) => ({ [path]: () => [one as Row, one as Row] });
    const { report, asked: paths } = await examine(
      {
        rows: {
          ...row('/configuration/v1/company-details', { companyId: 'C1' }),
          ...row('/payroll/v1/companies/pay-statements', { payidentifier: 'P' }),
          ...row('/personnel/v1/emp-deductions', { employeeID: 'E1' }),
          ...row('/personnel/v1/audit-details', { audAction: 'A' }),
          ...row('/personnel/v1/platform-configuration-fields/class-name/Some%20Class', { keyValue: 'E1' }),
        },
        onRequest: ({ body }) => void (body && bodies.push(JSON.parse(String(body)))),
      },
      {
        pay_statements: { from: '2025-01-01', to: '2025-01-31' },
        deduction_codes: ['MED', 'DEN'],
        audit_details: [{ table_name: 'T', field_name: 'F' }],
        start_date: '2025-01-01',
        platform_configuration_classes: ['Some Class', 'Another'],
      },
      asked('pay_statements', 'emp_deductions', 'audit_details', 'platform_configuration_fields'),
    );
    expect(report.verdict).toBe('ok');
    expect(paths).toEqual([
      '/personnel/v1/platform-configuration-fields/class-name/Some%20Class',
      expect.stringMatching(/^\/personnel\/v1\/audit-details\?.*tableName=T.*page=1&per_Page=1$/),
      '/personnel/v1/emp-deductions?dedCode=MED&page=1&per_Page=1',
      '/configuration/v1/company-details?page=1&per_Page=1',
      '/payroll/v1/companies/pay-statements',
    ]);
    expect(bodies).toEqual([
      {
        companyId: 'C1',
        startDate: '2025-01-01T00:00:00',
        endDate: '2025-01-31T00:00:00',
        page: 1,
        per_Page: 1,
      },
    ]);
  });

  test('a setting that is missing is named, with the exit code of settings', async () => {
    const { report, text } = await examine({}, {}, asked('emp_deductions'));
    expect(report).toMatchObject({ verdict: 'failed', exitCode: 2 });
    expect(text).toContain('deduction_codes');
  });

  test('follows the selection: custom fields need no further right, promotions one', async () => {
    const { report } = await examine(
      {},
      { include_fields: ['employees.lastPromotionDate', 'employees.userDefinedFields'] },
    );
    const services = report.services.map(({ service, right }) => `${service} ${right}`);
    expect(services).toContain('/personnel/v1/user-defined-fields Personnel Integration');
    expect(services).toContain('/personnel/v1/employee-job-history-details Employee Job History Details');
  });
});
