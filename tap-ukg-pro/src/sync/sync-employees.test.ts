import { fakeClock } from '@ukg-together/kit/testing/fake-clock';
import type { State } from '@ukg-together/protocol/state';
import type { Send } from '@ukg-together/transport/http/request';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UkgRecord } from '../records/record.ts';
import { type Company, fakeCompany, hire } from '../testing/company.ts';
import { type FakeUkgOptions, fakeUkg } from '../testing/fake-ukg.ts';
import { type RunOptions, runFake } from '../testing/run.ts';

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 5, 2);

function companyOf(count: number): Company {
  const company = fakeCompany();
  for (let i = 0; i < count; i++) hire(company, `E${i}`, 'C1', '2020-01-01', startMs - 400 * 24 * hourMs);
  return company;
}
const run = (company: Company, options: Partial<RunOptions> = {}, fake: Partial<FakeUkgOptions> = {}) => {
  const ukg = fakeUkg({ rows: company.rows, ...fake });
  return runFake({ send: ukg.send, ...options }).then((ran) => ({ ...ran, asked: ukg.asked }));
};
const ids = (records: readonly UkgRecord[]) => records.map(({ employeeId }) => employeeId);
const types = (ran: { events: readonly { type: string }[] }) => ran.events.map(({ type }) => type);

describe('employees, everybody', () => {
  test('is one record for each person, joined, and ends with ACTIVATE_VERSION and a state', async () => {
    const company = companyOf(3);
    const ran = await run(company);
    expect(ids(ran.records)).toEqual(['E0', 'E1', 'E2']);
    expect(ran.records[0]).toMatchObject({
      firstName: 'FirstE0',
      companyId: 'C1',
      employeeStatusCode: 'A',
      employeeStatusDescription: 'Active',
      originalHireDate: '2020-01-01',
      orgLevel1Code: 'FIN',
      orgLevel1Description: 'Finance',
      orgLevel1LevelName: 'Department',
      orgLevel2Code: null,
      departmentCode: 'FIN',
      departmentName: 'Finance',
      primaryJobTitle: 'Analyst',
      workLocationDescription: 'Main office',
      workLocationAddressLine2: null,
      workLocationCountryCode: 'USA',
      homeCompanyId: 'C1',
      employmentReason: 'only_employment',
      employmentCount: 1,
      dateTimeChanged: new Date(startMs - 400 * 24 * hourMs).toISOString(),
    });
    expect(ran.records[0]).not.toHaveProperty('ssn');
    expect(ran.records[0]).not.toHaveProperty('dateTimeCreated');
    expect(types(ran).slice(-3)).toEqual(['activate_version', 'state', 'status']);
    const versions = ran.events.flatMap((event) => (event.type === 'record' ? [event.version] : []));
    expect(new Set(versions)).toEqual(new Set([startMs]));
  });

  test('asks for exactly the pages there are, and each table once', async () => {
    const { asked } = await run(companyOf(5), { settings: { page_size: 2 } }, { link: true });
    expect(asked.filter((path) => path.startsWith('/personnel'))).toHaveLength(6);
    expect(asked.filter((path) => path.startsWith('/configuration'))).toHaveLength(3);
  });

  test('what is not selected is not asked for', async () => {
    const { asked, records } = await run(companyOf(1), { select: { employees: ['firstName', 'employeeStatusCode'] } });
    expect(new Set(asked.map((path) => path.split('?')[0]))).toEqual(
      new Set(['/personnel/v1/person-details', '/personnel/v1/employment-details']),
    );
    expect(Object.keys(records[0] ?? {}).sort()).toEqual([
      'dateTimeChanged',
      'employeeId',
      'employeeStatusCode',
      'firstName',
    ]);
  });

  test('a table without a single row is said with its right: names would stay empty', async () => {
    const ran = await run(companyOf(1), {}, { rows: { ...companyOf(1).rows, '/configuration/v1/jobs': () => [] } });
    expect(ran.records).toHaveLength(1);
    expect(ran.log.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(/jobs: UKG answered without a single row.*"Company Configuration Integration"/),
    ]);
  });

  test('a page that breaks half-way is read again, and nobody comes twice', async () => {
    const company = companyOf(200);
    let breaks = 2;
    const ran = await run(
      company,
      {},
      { cutAfter: (url) => (url.pathname.includes('person-details') && breaks-- > 0 ? 9000 : undefined) },
    );
    expect(ids(ran.records)).toEqual([...company.people.keys()]);
    expect(ran.failures).toEqual([]);
  });

  test('a source that stays broken fails the stream: no ACTIVATE_VERSION, no state', async () => {
    const ran = await run(companyOf(3), {}, { refuse: (path) => (path.includes('locations') ? 503 : undefined) });
    expect(ran.failures.map(({ stream, error }) => [stream, error.kind])).toEqual([['employees', 'unreachable']]);
    expect(types(ran)).not.toContain('activate_version');
    expect(types(ran)).not.toContain('state');
  });

  test('once one source has failed for good, silent ones are not waited for', async () => {
    const company = companyOf(3);
    const broken = fakeUkg({ rows: company.rows, refuse: () => 503 });
    const silent: Send = ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    const send: Send = (request) =>
      (request.url.pathname.includes('locations') ? broken : { send: silent }).send(request);
    const ran = await runFake({ send, settings: { max_concurrency: 16 } });
    expect(ran.failures.map(({ stream, error }) => [stream, error.kind])).toEqual([['employees', 'unreachable']]);
    expect(ran.failures[0]?.error.message).toContain('locations');
  });

  test('several employments: the one that counts, in every order of rows', async () => {
    const company = companyOf(1);
    hire(company, 'E0', 'C2', '2025-05-05', startMs - 5 * hourMs);
    const old = company.people.get('E0')?.employments.get('C1');
    if (old) Object.assign(old, { status: 'T', dateOfTermination: '2025-05-04' });
    const ran = await run(company);
    expect(ran.records).toHaveLength(1);
    expect(ran.records[0]).toMatchObject({
      companyId: 'C2',
      employmentReason: 'status',
      employmentCount: 2,
      dateOfTermination: null,
    });
  });

  test('two active employments: the home company of the person row decides', async () => {
    const company = companyOf(1);
    hire(company, 'E0', 'C2', '2025-05-05', startMs - 5 * hourMs);
    expect((await run(company)).records[0]).toMatchObject({ companyId: 'C1', employmentReason: 'home_company' });
    const without = await run(company, { settings: { home_company_source: 'none' } });
    expect(without.records[0]).toMatchObject({ companyId: 'C2', employmentReason: 'latest_hire', homeCompanyId: null });
  });

  test('two person rows for one person: the home company is asked for, and the order of rows does not matter', async () => {
    const company = companyOf(2);
    hire(company, 'E0', 'C2', '2025-05-05', startMs - 5 * hourMs);
    const persons = company.rows['/personnel/v1/person-details'];
    const employments = company.rows['/personnel/v1/employment-details'];
    for (const reversed of [false, true]) {
      const asked: string[] = [];
      const rows = {
        ...company.rows,
        '/personnel/v1/person-details': () => {
          const all = (persons?.() ?? []).flatMap((row) =>
            row['employeeId'] === 'E0' ? [row, { ...row, companyId: 'C2', firstName: 'Other' }] : [row],
          );
          return reversed ? all.reverse() : all;
        },
      };
      const ukg = fakeUkg({ rows });
      const send: typeof ukg.send = (request) => {
        asked.push(request.url.pathname + request.url.search);
        if (!request.url.searchParams.has('isHomeCompany')) return ukg.send(request);
        return fakeUkg({
          rows: {
            '/personnel/v1/employment-details': () =>
              (employments?.() ?? []).filter((row) => row['companyID'] === 'C1'),
          },
        }).send(request);
      };
      const ran = await runFake({ send });
      expect(ran.records.find(({ employeeId }) => employeeId === 'E0')).toMatchObject({
        companyId: 'C1',
        firstName: 'FirstE0',
        employmentReason: 'home_company',
      });
      expect(ran.records).toHaveLength(2);
      expect(asked.filter((path) => path.includes('isHomeCompany'))).toHaveLength(1);
    }
  });

  test('half a person is in UKG: passed on by key and reason, with one line for each kind', async () => {
    const company = companyOf(3);
    company.people.get('E1')?.employments.clear();
    const rows = {
      ...company.rows,
      '/personnel/v1/person-details': () =>
        (company.rows['/personnel/v1/person-details']?.() ?? []).filter(({ employeeId }) => employeeId !== 'E2'),
    };
    const ran = await run(company, {}, { rows });
    const changed = new Date(startMs - 400 * 24 * hourMs).toISOString();
    expect(ran.records).toEqual([
      expect.objectContaining({ employeeId: 'E0', firstName: 'FirstE0' }),
      { employeeId: 'E1', dateTimeChanged: changed, keepReason: 'no_employment' },
      { employeeId: 'E2', dateTimeChanged: changed, keepReason: 'no_person_row' },
    ]);
    expect(ran.records[0]).not.toHaveProperty('keepReason');
    expect(ran.log.join('\n')).toMatch(/1 person has no employment this time.*\(E1\)/);
    expect(ran.log.join('\n')).toMatch(/1 person has employments but no person row this time.*\(E2\)/);
    expect(types(ran)).toContain('activate_version');
  });

  test('a right that was narrowed hides one half of many: all are passed on, with one line', async () => {
    const company = companyOf(60);
    for (let i = 10; i < 60; i++) company.people.get(`E${i}`)?.employments.clear();
    const ran = await run(company);
    expect(ran.records).toHaveLength(60);
    expect(ran.records.filter(({ keepReason }) => keepReason === 'no_employment')).toHaveLength(50);
    expect(ran.log.filter((line) => line.includes('no employment this time'))).toEqual([
      expect.stringContaining('50 people have no employment this time'),
    ]);
    expect(ran.asked.filter((path) => path.includes('employeeId='))).toEqual([]);
  });

  test('a 404 to a look-up of one person is no failure: the person is not there', async () => {
    const company = companyOf(3);
    company.people.get('E1')?.employments.clear();
    const ran = await run(
      company,
      {},
      {
        refuse: (path, url) =>
          path.includes('employment') && url.searchParams.get('employeeId') === 'E1' ? 404 : undefined,
      },
    );
    expect(ran.failures).toEqual([]);
    expect(ids(ran.records)).toEqual(['E0', 'E2', 'E1']);
    expect(ran.log.join('\n')).toContain('404 for 1 person asked for by id');
    const gone = await run(companyOf(3), {}, { refuse: (path) => (path.includes('employment') ? 404 : undefined) });
    expect(gone.failures[0]?.error.message).toContain('404');
  });

  test('a transfer out of the only company is marked for the days of grace, then it is a termination', async () => {
    const company = companyOf(2);
    const employment = company.people.get('E0')?.employments.get('C1');
    Object.assign(employment ?? {}, { status: 'T', dateOfTermination: '2026-01-04', termReason: 'TRO' });
    const onDay = async (day: number) =>
      (await run(company, { clock: fakeClock(Date.UTC(2026, 0, day, 2)) })).records.find(
        ({ employeeId }) => employeeId === 'E0',
      );
    expect(await onDay(4)).not.toHaveProperty('keepReason');
    expect(await onDay(5)).toMatchObject({ employeeStatusCode: 'T', keepReason: 'in_transfer' });
    expect(await onDay(7)).toMatchObject({ keepReason: 'in_transfer' });
    expect(await onDay(8)).not.toHaveProperty('keepReason');
    hire(company, 'E0', 'C2', '2026-01-06', startMs);
    expect(await onDay(5)).toMatchObject({ companyId: 'C1', keepReason: 'in_transfer' });
    const arrived = await onDay(6);
    expect(arrived).toMatchObject({ companyId: 'C2', employeeStatusCode: 'A', employmentReason: 'status' });
    expect(arrived).not.toHaveProperty('keepReason');
    expect(arrived).not.toHaveProperty('termReason');
  });

  test("today is the day in the tenant's zone when the run starts", async () => {
    const company = companyOf(1);
    hire(company, 'E0', 'C2', '2026-01-05', startMs - hourMs);
    const settings = { home_company_source: 'none' };
    // 02:00 UTC is the evening before in New York.
    expect((await run(company, { settings, clock: fakeClock(startMs) })).records[0]).toMatchObject({ companyId: 'C2' });
    for (const zone of ['time_zone', 'timezone']) {
      const west = { ...settings, [zone]: 'America/New_York' };
      const evening = await run(company, { settings: west, clock: fakeClock(startMs) });
      expect(evening.records[0]).toMatchObject({ companyId: 'C1', employmentReason: 'begun' });
      const midnight = Date.UTC(2026, 0, 5, 5);
      const last = await run(company, { settings: west, clock: fakeClock(midnight - 1000) });
      expect(last.records[0]).toMatchObject({ companyId: 'C1' });
      const first = await run(company, { settings: west, clock: fakeClock(midnight) });
      expect(first.records[0]).toMatchObject({ companyId: 'C2', employmentReason: 'latest_hire' });
    }
  });

  test('two rows of one person and company: chosen as between companies, whatever their order, with one line', async () => {
    const company = companyOf(2);
    const employments = company.rows['/personnel/v1/employment-details'];
    for (const reversed of [false, true]) {
      const rows = {
        ...company.rows,
        '/personnel/v1/employment-details': () => {
          const all = (employments?.() ?? []).flatMap((row) =>
            row['employeeID'] === 'E0' ? [row, { ...row, employeeStatusCode: 'T', jobTitle: 'Old' }] : [row],
          );
          return reversed ? all.reverse() : all;
        },
      };
      const ran = await run(company, { settings: { page_size: 2 } }, { rows, link: true });
      expect(ran.records.find(({ employeeId }) => employeeId === 'E0')).toMatchObject({
        employeeStatusCode: 'A',
        jobTitle: null,
        employmentCount: 1,
      });
      expect(ran.log.filter((line) => line.includes('several rows in one company'))).toEqual([
        expect.stringContaining('(E0)'),
      ]);
    }
  });

  test('who works in a company that is not read and left one that is, is out of scope, no leaver', async () => {
    const company = companyOf(3);
    hire(company, 'E0', 'C2', '2026-01-05', startMs);
    const leave = (id: string) =>
      Object.assign(company.people.get(id)?.employments.get('C1') ?? {}, {
        status: 'T',
        dateOfTermination: '2026-01-03',
      });
    leave('E0');
    leave('E1');
    const ran = await run(company, { settings: { company_ids: ['C1'] } });
    const marks = Object.fromEntries(ran.records.map((record) => [record['employeeId'], record['keepReason']]));
    expect(marks).toEqual({ E0: 'out_of_scope', E1: undefined, E2: undefined });
    expect(ran.log.join('\n')).toMatch(/1 person has left the companies that are read .*\(E0\)/);
  });

  test('people left out are passed on by key only where mark_left_out says so', async () => {
    const company = companyOf(2);
    hire(company, 'E9', 'C2', '2025-05-05', startMs);
    Object.assign(company.people.get('E1')?.employments.get('C1') ?? {}, { orgLevel1Code: 'HR' });
    const settings = { company_ids: ['C1'], filters: [{ field: 'orgLevel1Code', not_in: ['HR'] }] };
    expect(ids((await run(company, { settings })).records)).toEqual(['E0']);
    const marked = await run(company, { settings: { ...settings, mark_left_out: true } });
    expect(marked.records.slice(1)).toEqual([
      { employeeId: 'E1', dateTimeChanged: expect.any(String), keepReason: 'out_of_scope' },
      { employeeId: 'E9', dateTimeChanged: expect.any(String), keepReason: 'out_of_scope' },
    ]);
    expect(marked.log.join('\n')).toContain('1 left out by orgLevel1Code');
    expect(marked.log.join('\n')).toContain('1 left out by company_ids');
  });

  test.each([
    { name: 'Dept', setting: undefined, level: 2, why: 'by its name' },
    { name: 'Cost Center', setting: undefined, level: 1, why: 'since no level is called department' },
    { name: 'Dept', setting: 1, level: 1, why: 'as department_org_level says' },
  ])(
    'the department is level $level where level 2 is called $name, $why: one line says so',
    async ({ name, setting, level, why }) => {
      const company = companyOf(2);
      const rows = {
        ...company.rows,
        '/configuration/v1/org-levels': () => [
          { level: 1, code: 'FIN', description: 'North', levelDescription: 'Region' },
          { level: 2, code: 'D9', description: 'ZZ do not use', levelDescription: 'Old name', isActive: false },
          { level: 2, code: 'D9', description: 'Finance', levelDescription: name, isActive: true },
        ],
        '/personnel/v1/employment-details': () =>
          (company.rows['/personnel/v1/employment-details']?.() ?? []).map((row) => ({ ...row, orgLevel2Code: 'D9' })),
      };
      const settings = setting === undefined ? {} : { department_org_level: setting };
      const ran = await run(company, { settings }, { rows });
      expect(ran.records[0]).toMatchObject({ departmentName: level === 1 ? 'North' : 'Finance' });
      expect(ran.log.filter((line) => line.includes('the department is'))).toEqual([
        expect.stringContaining(`org level ${level} `),
      ]);
      expect(ran.log.join('\n')).toContain(why);
    },
  );

  test('a row that slipped through between two pages is asked for by id', async () => {
    const company = companyOf(5);
    const without = (path: string, id: string) => {
      let page = true;
      return () => {
        const all = company.rows[path]?.() ?? [];
        const shown = page ? all.filter((row) => (row['employeeId'] ?? row['employeeID']) !== id) : all;
        page = false;
        return shown;
      };
    };
    const rows = {
      ...company.rows,
      '/personnel/v1/person-details': without('/personnel/v1/person-details', 'E1'),
      '/personnel/v1/employment-details': without('/personnel/v1/employment-details', 'E3'),
    };
    const ran = await run(company, {}, { rows, link: true });
    expect(new Set(ids(ran.records))).toEqual(new Set(company.people.keys()));
    expect(ran.log.filter((line) => line.startsWith('warn'))).toEqual([]);
    expect(ran.asked.filter((path) => path.includes('employeeId='))).toHaveLength(2);
  });

  test.each([
    ['/personnel/v1/person-details', 'Employee Person Details'],
    ['/personnel/v1/employment-details', 'Personnel Integration'],
  ])(
    'an empty answer of %s where the other half is full is a missing right, not an empty company',
    async (path, right) => {
      const company = companyOf(3);
      const ran = await run(company, {}, { rows: { ...company.rows, [path]: () => [] } });
      expect(ran.failures[0]?.error).toMatchObject({ kind: 'credentials' });
      expect(ran.failures[0]?.error.message).toContain(right);
      expect(types(ran)).not.toContain('activate_version');
    },
  );

  test('company_ids keeps a company by id or code, and counts the others', async () => {
    const company = companyOf(2);
    hire(company, 'E9', 'C2', '2025-05-05', startMs);
    const ran = await run(company, { settings: { company_ids: ['c2'] } });
    expect(ids(ran.records)).toEqual(['E9']);
    expect(ran.log.join('\n')).toContain('2 left out by company_ids');
  });

  test('filters leave out with a reason, but never a leaver', async () => {
    const company = companyOf(3);
    const set = (id: string, values: object) =>
      Object.assign(company.people.get(id)?.employments.get('C1') ?? {}, values);
    set('E0', { orgLevel1Code: 'HR' });
    set('E1', { orgLevel1Code: 'HR', status: 'T' });
    const ran = await run(company, {
      settings: { filters: [{ name: 'no HR', field: 'orgLevel1Description', not_in: ['human resources'] }] },
      select: { employees: ['firstName'] },
    });
    expect(ids(ran.records)).toEqual(['E1', 'E2']);
    expect(ran.log.join('\n')).toContain('1 left out by no HR');
    expect(ran.records[0]).not.toHaveProperty('orgLevel1Description');
  });

  test('a filter on a field that does not exist is a settings error with a suggestion', async () => {
    const ran = await run(companyOf(1), { settings: { filters: [{ field: 'orgLevel1Cod', in: ['x'] }] } });
    expect(ran.failures[0]?.error).toMatchObject({ kind: 'settings' });
    expect(ran.failures[0]?.error.message).toContain('orgLevel1Code');
  });
});

describe('employees, increments', () => {
  test('reads those who changed, whole, and says nothing of the others', async () => {
    const company = companyOf(40);
    hire(company, 'NEW', 'C1', '2026-01-04', startMs - hourMs);
    const clock = fakeClock(startMs);
    const first = await run(company, { clock });
    clock.advance(2 * hourMs);
    hire(company, 'E5', 'C2', '2026-01-05', clock.now());
    const changed = company.people.get('E7');
    if (changed) Object.assign(changed, { lastName: 'Changed', changedMs: clock.now() });
    clock.advance(hourMs);
    const second = await run(company, { clock, state: first.state });
    expect(new Set(ids(second.records))).toEqual(new Set(['E5', 'E7', 'NEW']));
    expect(second.records.find(({ employeeId }) => employeeId === 'E5')).toMatchObject({
      employmentCount: 2,
      firstName: 'FirstE5',
    });
    expect(types(second)).not.toContain('activate_version');
    expect(second.events.every((event) => event.type !== 'record' || event.version === undefined)).toBe(true);
  });

  test('many changed people are sought in all pages instead of one by one', async () => {
    const company = companyOf(100);
    hire(company, 'NEW', 'C1', '2026-01-04', startMs - hourMs);
    const clock = fakeClock(startMs);
    const first = await run(company, { clock });
    clock.advance(2 * hourMs);
    for (let i = 0; i < 50; i++) Object.assign(company.people.get(`E${i}`) ?? {}, { changedMs: clock.now() });
    const second = await run(company, { clock, state: first.state });
    expect(second.records).toHaveLength(51);
    expect(second.asked.length).toBeLessThan(15);
  });

  test('a quiet day asks two filtered questions and keeps the bookmark', async () => {
    const company = companyOf(5);
    const clock = fakeClock(startMs);
    const first = await run(company, { clock });
    clock.advance(10 * hourMs);
    const aMonthLater = { bookmarks: structuredClone(first.state.bookmarks) };
    Object.assign(aMonthLater.bookmarks['employees'] ?? {}, { replication_key_value: new Date(startMs).toISOString() });
    const second = await run(company, { clock, state: aMonthLater });
    expect(second.records).toEqual([]);
    expect(second.asked.map((path) => path.split('?')[0])).toEqual([
      '/personnel/v1/person-details',
      '/personnel/v1/employment-details',
    ]);
    expect(second.state.bookmarks['employees']).toEqual({
      ...aMonthLater.bookmarks['employees'],
      last_read: 'increment',
    });
  });

  test('where rows may carry no changed time, new ones are found by their creation', async () => {
    const company = companyOf(3);
    hire(company, 'OLD', 'C1', '2020-01-01', startMs - 400 * 24 * hourMs, false);
    const clock = fakeClock(startMs);
    const first = await run(company, { clock });
    clock.advance(10 * 24 * hourMs);
    hire(company, 'NEW', 'C1', '2026-01-15', clock.now(), false);
    const settings = { full_read_interval_hours: 1e6 };
    const state = structuredClone(first.state) as State;
    Object.assign(state.bookmarks['employees'] ?? {}, { replication_key_value: new Date(startMs).toISOString() });
    const second = await run(company, { clock, settings, state });
    expect(ids(second.records)).toEqual(['NEW']);
    expect(second.asked.filter((path) => path.includes('dateTimeCreated'))).toHaveLength(4);
    // Where a complete read saw no such row, no one asks.
    const stamped = await run(companyOf(3), { clock: fakeClock(startMs) });
    const third = await run(companyOf(3), { clock, settings, state: stamped.state });
    expect(third.asked.filter((path) => path.includes('dateTimeCreated'))).toEqual([]);
  });

  test('a bookmark that lies ahead is none: everybody is read, and the next run goes on from what was seen', async () => {
    const company = companyOf(3);
    const clock = fakeClock(startMs);
    const first = await run(company, { clock });
    clock.advance(hourMs);
    const state = structuredClone(first.state) as State;
    Object.assign(state.bookmarks['employees'] ?? {}, { replication_key_value: '9999-12-31T00:00:00Z' });
    const second = await run(company, { clock, state });
    expect(ids(second.records)).toEqual(ids(first.records));
    expect(second.state.bookmarks['employees']?.replication_key_value).toBe(
      first.state.bookmarks['employees']?.replication_key_value,
    );
  });

  test('a server that ignores the filter makes nobody changed', async () => {
    const company = companyOf(5);
    const clock = fakeClock(startMs);
    hire(company, 'OLD', 'C1', '2020-01-01', startMs - 40 * 24 * hourMs, false);
    const first = await run(company, { clock });
    clock.advance(2 * hourMs);
    Object.assign(company.people.get('E3') ?? {}, { lastName: 'Changed', changedMs: clock.now() });
    const state = structuredClone(first.state) as State;
    Object.assign(state.bookmarks['employees'] ?? {}, { replication_key_value: new Date(startMs).toISOString() });
    const second = await run(company, { clock, state }, { ignoresFilters: true });
    expect(ids(second.records)).toEqual(['E3']);
  });

  test('reads everybody again when the last complete read is too old, and when the selection has changed', async () => {
    const company = companyOf(3);
    const clock = fakeClock(startMs);
    const first = await run(company, { clock });
    company.orgLevels.set('FIN', 'Finance Operations');
    clock.advance(12 * hourMs);
    const soon = await run(company, { clock, state: first.state });
    expect(types(soon)).not.toContain('activate_version');
    const other = await run(company, { clock, state: first.state, select: { employees: ['firstName'] } });
    expect(types(other)).toContain('activate_version');
    // A nightly run a few minutes early is a nightly run.
    clock.advance(12 * hourMs - 5 * 60_000);
    const late = await run(company, { clock, state: soon.state });
    expect(late.records).toHaveLength(3);
    expect(late.records[0]).toMatchObject({ departmentName: 'Finance Operations' });
    expect(types(late)).toContain('activate_version');
  });

  test('the bookmark never passes the start of the run, whatever stamps come', async () => {
    const company = companyOf(2);
    Object.assign(company.people.get('E0') ?? {}, { changedMs: startMs + 1000 * hourMs });
    const ran = await run(company, { clock: fakeClock(startMs) });
    expect(ran.state.bookmarks['employees']?.replication_key_value).toBe(new Date(startMs).toISOString());
  });

  test('--test gives one whole record and no state', async () => {
    const ran = await run(companyOf(5), { test: 'records' });
    expect(ran.records).toHaveLength(1);
    expect(types(ran)).not.toContain('state');
    const schema = await run(companyOf(5), { test: 'schema' });
    expect(types(schema)).toEqual(['schema']);
    expect(schema.asked).toEqual([]);
  });
});

describe('increments lose nothing', () => {
  type Life = {
    kind: 'hire' | 'terminate' | 'rename' | 'promote' | 'rehire' | 'backdate' | 'transfer';
    who: number;
    company: number;
  };
  type Step =
    | Life
    | { kind: 'department'; name: string }
    | { kind: 'pass'; hours: number }
    | { kind: 'run'; full: boolean; dieAt: number | null; during: Life[] };

  const who = fc.nat({ max: 7 });
  const company = fc.nat({ max: 2 });
  const life = fc.record({
    kind: fc.constantFrom('hire', 'terminate', 'rename', 'promote', 'rehire', 'backdate', 'transfer'),
    who,
    company,
  }) as fc.Arbitrary<Life>;
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: life },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('department' as const),
        name: fc.constantFrom('Finance', 'Money', 'Treasury'),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), hours: fc.integer({ min: 0, max: 60 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('run' as const),
        full: fc.boolean(),
        dieAt: fc.option(fc.nat({ max: 25 }), { freq: 3 }),
        // One before each of the run's first requests: what changes while pages are read.
        during: fc.array(life, { maxLength: 4 }),
      }),
    },
  );

  test('any history, read by any schedule with crashes between, ends as one full read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 14 }),
        fc.boolean(),
        fc.integer({ min: -14, max: 12 }),
        fc.constantFrom('UTC', 'America/New_York'),
        fc.record({ stamped: fc.boolean(), newestFirst: fc.boolean(), link: fc.boolean() }),
        fc.constantFrom(1e6, 30),
        async (
          steps,
          inclusive,
          filterZoneHours,
          timezone,
          { stamped, newestFirst, link },
          full_read_interval_hours,
        ) => {
          const world = fakeCompany();
          for (let i = 0; i < 3; i++) hire(world, `E${i}`, 'C1', '2020-01-01', startMs - 400 * 24 * hourMs, stamped);
          const clock = fakeClock(startMs);
          // Newest first: each new row shifts all others to later pages.
          const rows = Object.fromEntries(
            Object.entries(world.rows).map(([path, of]) => [path, () => (newestFirst ? [...of()].reverse() : of())]),
          );
          let meanwhile: Life[] = [];
          const onRequest = () => {
            clock.advance(1000);
            const one = meanwhile.shift();
            if (one) live(world, one.kind, `E${one.who}`, `C${one.company + 1}`, clock.now(), timezone, stamped);
          };
          const ukg = () => fakeUkg({ rows, inclusive, filterZoneHours, link, maxPageSize: 3, onRequest });
          // 1e6: nothing but increments for ever. What an increment can't see is not in this history.
          const settings = { time_zone: timezone, full_read_interval_hours, lookback_days: 0 };
          let state: State = { bookmarks: {} };
          const target = new Map<unknown, UkgRecord>();
          const read = async (options: Partial<RunOptions>) => {
            const ran = await runFake({ send: ukg().send, settings, state, clock, ...options });
            for (const record of ran.records) target.set(record['employeeId'], record);
            state = ran.state;
          };
          let renamed = false;
          for (const one of steps) {
            clock.advance(60_000);
            if (one.kind === 'pass') clock.advance(one.hours * hourMs);
            else if (one.kind === 'department') {
              renamed ||= world.orgLevels.get('FIN') !== one.name;
              world.orgLevels.set('FIN', one.name);
            } else if (one.kind === 'run') {
              const full = one.full;
              meanwhile = [...one.during];
              await read({
                ...(full ? { method: 'FULL_TABLE' as const } : {}),
                ...(one.dieAt === null ? {} : { dieAtEvent: one.dieAt }),
              });
              meanwhile = [];
            } else live(world, one.kind, `E${one.who}`, `C${one.company + 1}`, clock.now(), timezone, stamped);
          }
          // A department's new name touches no row: only a full read may show it.
          clock.advance(60_000);
          await read(renamed ? { method: 'FULL_TABLE' } : {});
          const whole = await runFake({ send: ukg().send, settings, clock, method: 'FULL_TABLE' });
          expect([...target.values()].sort(byId)).toEqual([...whole.records].sort(byId));
        },
      ),
      { numRuns: Number(process.env['TEST_HISTORIES'] ?? 250) },
    );
  }, 120_000);

  const byId = (a: UkgRecord, b: UkgRecord) => (String(a['employeeId']) < String(b['employeeId']) ? -1 : 1);

  /** Life as UKG shows it: stamps in the tenant's local time, whole seconds. */
  function live(
    world: Company,
    kind: string,
    id: string,
    companyId: string,
    nowMs: number,
    timezone: string,
    stamped: boolean,
  ): void {
    const local = Math.floor(nowMs / 1000) * 1000 - (timezone === 'UTC' ? 0 : 5 * hourMs);
    const day = new Date(local).toISOString().slice(0, 10);
    const person = world.people.get(id);
    const employment = person?.employments.get(companyId) ?? (person ? [...person.employments.values()][0] : undefined);
    switch (kind) {
      case 'hire':
        if (!person) hire(world, id, companyId, day, local, stamped);
        return;
      case 'rename':
        if (person) Object.assign(person, { lastName: `N${local}`, changedMs: local });
        return;
      case 'transfer':
        if (!person || person.employments.has(companyId)) return;
        for (const old of person.employments.values())
          Object.assign(old, { status: 'T', dateOfTermination: day, changedMs: local });
        hire(world, id, companyId, day, local, stamped);
        Object.assign(person, { homeCompanyId: companyId, changedMs: local });
        return;
      default:
        if (!employment) return;
        employment.changedMs = local;
        if (kind === 'terminate') Object.assign(employment, { status: 'T', dateOfTermination: day });
        if (kind === 'promote') employment.jobTitle = `T${local}`;
        if (kind === 'rehire') Object.assign(employment, { status: 'A', lastHireDate: day, dateOfTermination: null });
        if (kind === 'backdate') employment.originalHireDate = '2001-02-03';
    }
  }
});
