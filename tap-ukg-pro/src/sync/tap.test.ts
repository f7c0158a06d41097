import { describe, expect, test } from 'vitest';
import { type FakeUkgOptions, fakeUkg } from '../testing/fake-ukg.ts';
import { type RunOptions, runFake } from '../testing/run.ts';
import type { Row } from '../ukg/row.ts';
import { throwWorst } from './failures.ts';

const person = (id: string, changed = '2026-01-01T10:00:00', more: Row = {}): Row => ({
  employeeId: id,
  companyId: 'C1',
  firstName: 'Ada ',
  ssn: '078-05-1120',
  datetimeChanged: changed,
  ...more,
});
const rows = {
  '/personnel/v1/person-details': () => [person('E1'), person('E2', '2026-01-03T10:00:00.5'), person('E3')],
  '/configuration/v1/locations': () => [{ locationCode: 'L1', description: 'Main' }],
  '/configuration/v1/company-details': () => [{ companyID: 'C1' }],
  '/configuration/v1/earnings': () => [{ earningCode: 'REG' }],
};

async function run(options: Partial<RunOptions>, fake: Partial<FakeUkgOptions> = {}) {
  const ukg = fakeUkg({ rows, ...fake });
  const ran = await runFake({ send: ukg.send, ...options });
  return { ...ran, asked: ukg.asked };
}
const select = { person_details: ['firstName'], locations: ['description'] } as const;

describe('runTap', () => {
  test('schema, records with their version, ACTIVATE_VERSION, state: stream by stream', async () => {
    const ran = await run({ select });
    expect(ran.events.map((event) => `${event.type} ${'stream' in event ? event.stream : ''}`)).toEqual([
      'schema person_details',
      'status person_details',
      'status person_details',
      'record person_details',
      'record person_details',
      'record person_details',
      'activate_version person_details',
      'state person_details',
      'status person_details',
      'schema locations',
      'status locations',
      'status locations',
      'record locations',
      'activate_version locations',
      'state locations',
      'status locations',
    ]);
    expect(ran.records[0]).toEqual({
      employeeId: 'E1',
      companyId: 'C1',
      firstName: 'Ada',
      dateTimeChanged: '2026-01-01T10:00:00.000Z',
    });
    expect(ran.state.bookmarks).toEqual({
      person_details: {
        replication_key: 'dateTimeChanged',
        replication_key_value: '2026-01-03T10:00:00.500Z',
        tenant: expect.any(String),
      },
      locations: {},
    });
  });

  test('an increment asks from before its bookmark and claims no completeness', async () => {
    const state = { bookmarks: { person_details: { replication_key_value: '2026-01-03T00:00:00Z' }, other: { x: 1 } } };
    const ran = await run({ select: { person_details: [] }, state });
    expect(ran.asked[0]).toBe('/personnel/v1/person-details?dateTimeChanged=%3E12-30-2025&page=1&per_Page=10000');
    expect(ran.events.some(({ type }) => type === 'activate_version')).toBe(false);
    expect(ran.state.bookmarks['other']).toEqual({ x: 1 });
  });

  test('a bookmark that lies ahead is none: the stream is read from the start, and goes on from there', async () => {
    const state = { bookmarks: { person_details: { replication_key_value: '9999-12-31T00:00:00Z' } } };
    const ran = await run({ select: { person_details: [] }, state });
    expect(ran.asked.filter((path) => path.includes('dateTimeChanged'))).toEqual([]);
    expect(ran.log.filter((line) => line.includes('lies in the future of this clock'))).toHaveLength(1);
    expect(ran.events.map(({ type }) => type)).toContain('activate_version');
    expect(String(ran.state.bookmarks['person_details']?.replication_key_value) < '2027').toBe(true);
  });

  test('an increment asks by creation too: a row that was never changed may carry no changed time', async () => {
    const state = { bookmarks: { person_details: { replication_key_value: '2026-01-03T00:00:00Z' } } };
    const created = { datetimeCreated: '2026-01-04T00:00:00' };
    const ran = await run(
      { select: { person_details: [] }, state },
      {
        rows: {
          '/personnel/v1/person-details': () => [
            person('E1', '2026-01-04T00:00:00', created),
            { ...person('E2', undefined, created), datetimeChanged: null },
          ],
        },
      },
    );
    expect(ran.records.map(({ employeeId }) => employeeId)).toEqual(['E1', 'E2']);
    expect(ran.asked.map((path) => path.replace(/=.*/, '')).filter((path) => path.includes('Created'))).not.toEqual([]);
    expect(ran.state.bookmarks['person_details']?.replication_key_value).toBe('2026-01-04T00:00:00.000Z');
  });

  test('start_date is the first bookmark', async () => {
    const ran = await run({ select: { person_details: [] }, settings: { start_date: '2025-06-01' } });
    expect(ran.asked[0]).toContain('dateTimeChanged=%3E05-28-2025');
    expect(ran.events.some(({ type }) => type === 'activate_version')).toBe(false);
  });

  test('a stream that fails does not stop the others, keeps its old bookmark, and decides the exit code', async () => {
    const state = { bookmarks: { person_details: { replication_key_value: '2025-01-01T00:00:00.000Z' } } };
    const ran = await run({ select, state }, { refuse: (path) => (path.includes('person-details') ? 503 : undefined) });
    expect(ran.failures.map(({ stream }) => stream)).toEqual(['person_details']);
    await expect(throwWorst(ran.failures, 2, () => {})).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(/^Stream person_details failed: .*503/) as string,
      hint: expect.stringContaining('The other streams are complete') as string,
    });
    expect(ran.records).toEqual([{ locationCode: 'L1', description: 'Main' }]);
    const kept = { ...state.bookmarks.person_details, tenant: expect.any(String) };
    expect(ran.state.bookmarks).toEqual({ person_details: kept, locations: {} });
    expect(ran.events).toContainEqual({ type: 'status', stream: 'person_details', status: 'incomplete' });
  });

  test.each([401, 403])('a missing right (%d) is told by comparison and named as on the screen', async (status) => {
    const ran = await run({ select }, { refuse: (path) => (path.includes('person-details') ? status : undefined) });
    expect(ran.failures[0]?.error).toMatchObject({ kind: 'credentials', stream: 'person_details' });
    expect(ran.failures[0]?.error.message).toContain('lacks the View right "Employee Person Details"');
    expect(ran.failures[0]?.error.hint).toContain('Service Account Administration');
    await expect(throwWorst(ran.failures, 2, () => {})).rejects.toMatchObject({ exitCode: 6 });
    expect(ran.records).toHaveLength(1);
  });

  test('a refusal in the middle of a stream is told from a right that was never there', async () => {
    const many = Array.from({ length: 5 }, (_, i) => person(`E${i}`));
    const ran = await run(
      { select, settings: { page_size: 2 } },
      {
        rows: { ...rows, '/personnel/v1/person-details': () => many },
        refuse: (path, url) =>
          path.includes('person-details') && url.searchParams.get('page') === '2' ? 401 : undefined,
      },
    );
    expect(ran.failures[0]?.error).toMatchObject({ kind: 'credentials' });
    expect(ran.failures[0]?.error.message).toContain('taken away meanwhile');
    expect(ran.state.bookmarks).toEqual({ locations: {} });
  });

  test('wrong credentials end the run at once instead of knocking at every door', async () => {
    const ran = await run({ select }, { refuse: () => 401 });
    expect(ran.thrown).toMatchObject({ kind: 'credentials' });
    expect(String(ran.thrown)).toContain('the credentials are wrong');
    expect(ran.asked.length).toBeLessThanOrEqual(4);
    expect(ran.asked.some((path) => path.includes('locations'))).toBe(false);
  });

  test('a web service that is not there fails its stream with a clear sentence', async () => {
    const ran = await run({ select: { shift_codes: [] } });
    expect(ran.failures[0]?.error.message).toContain('404');
    expect(ran.failures[0]?.error).toMatchObject({ kind: 'unreachable' });
  });

  test('a joined stream that fails in one of its sources is told by its own name', async () => {
    const ran = await run(
      { select: { employees: [] } },
      { refuse: (path) => (path.includes('employment-details') ? 503 : undefined) },
    );
    expect(ran.failures[0]?.error).toMatchObject({ kind: 'unreachable', stream: 'employees' });
    expect(ran.failures[0]?.error.message).toContain('employment_details');
    const wrong = await run({ select: { employees: [] } }, { refuse: () => 401 });
    expect(wrong.thrown).toMatchObject({ kind: 'credentials', stream: 'employees' });
  });

  test('a reader that has gone while the tap waits for a quota ends the run, not the process', async () => {
    let calls = 0;
    const ran = await run(
      { select: { locations: [] }, failOnWait: true },
      { refuse: () => (++calls === 1 ? 429 : undefined) },
    );
    expect(ran.failures).toEqual([]);
    expect(ran.records).toHaveLength(1);
  });

  test('waits for a quota, says so, and reads on', async () => {
    let calls = 0;
    const ran = await run({ select: { locations: [] } }, { refuse: () => (++calls === 1 ? 429 : undefined) });
    expect(ran.records).toHaveLength(1);
    expect(ran.events).toContainEqual(
      expect.objectContaining({ type: 'status', stream: 'locations', rateLimitedUntil: expect.any(Number) as number }),
    );
  });

  test('a page that breaks is read again, and no row comes twice, with a key and without', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => person(`E${i}`));
    const pay = Array.from({ length: 500 }, (_, i) => ({
      employeeId: `E${i % 10}`,
      earningCode: 'REG',
      currentAmount: 1,
    }));
    let cuts = 4;
    const ran = await run(
      { select: { person_details: [], earnings_history_base_elements: ['earningCode'] } },
      {
        rows: {
          '/personnel/v1/person-details': () => many,
          '/payroll/v1/earnings-history-base-elements': () => pay,
        },
        cutAfter: () => (cuts-- % 2 === 0 ? 20_000 : undefined),
      },
    );
    expect(ran.failures).toEqual([]);
    expect(ran.records.filter((record) => 'dateTimeChanged' in record)).toHaveLength(3000);
    // Equal rows of a stream without a key are all a person's pay.
    expect(ran.records.filter((record) => 'earningCode' in record)).toHaveLength(500);
  });

  test('company_ids keeps the rows of a company', async () => {
    const ran = await run(
      { select: { person_details: [] }, settings: { company_ids: ['C2'] } },
      { rows: { '/personnel/v1/person-details': () => [person('E1'), person('E2', undefined, { companyId: 'C2' })] } },
    );
    expect(ran.records.map(({ employeeId }) => employeeId)).toEqual(['E2']);
    expect(ran.log.join('\n')).toContain('1 row left out by company_ids');
  });

  test('says in one line which unknown fields came, and never their values', async () => {
    const ran = await run(
      { select: { person_details: [] } },
      {
        rows: {
          '/personnel/v1/person-details': () => [person('E1', undefined, { shoeSize: 'CANARY', firstname: 'x' })],
        },
      },
    );
    const lines = ran.log.filter((line) => line.includes('shoeSize'));
    expect(lines).toHaveLength(1);
    expect(ran.log.join('\n')).not.toContain('CANARY');
    expect(ran.records[0]).not.toHaveProperty('shoeSize');
  });

  test('keep_unknown_fields passes them on', async () => {
    const ran = await run(
      { select: { person_details: [] }, settings: { keep_unknown_fields: true } },
      { rows: { '/personnel/v1/person-details': () => [person('E1', undefined, { shoeSize: 41 })] } },
    );
    expect(ran.records[0]).toMatchObject({ shoeSize: 41 });
  });

  test("a user's own endpoint is a stream like any other", async () => {
    const ran = await run(
      {
        select: { badges: 'all' },
        settings: {
          custom_endpoints: [
            {
              name: 'badges',
              path: '/personnel/v1/badges',
              key_properties: ['badgeId'],
              fields: { badgeId: 'string', issued: 'date', changedAt: 'date-time' },
              date_filter: { parameter: 'dateTimeChanged', field: 'changedAt' },
              params: { active: 'true' },
            },
          ],
        },
      },
      {
        rows: {
          '/personnel/v1/badges': () => [
            { badgeID: 'B1', issued: '2020-01-01T00:00:00', changedAt: '2026-01-01T00:00:00' },
          ],
        },
      },
    );
    expect(ran.asked[0]).toContain('active=true');
    expect(ran.records).toEqual([{ badgeId: 'B1', issued: '2020-01-01', changedAt: '2026-01-01T00:00:00.000Z' }]);
    expect(ran.state.bookmarks['badges']?.replication_key_value).toBe('2026-01-01T00:00:00.000Z');
  });

  test("a user's own endpoint that is refused names the right of the settings", async () => {
    const ran = await run(
      {
        select: { badges: 'all', locations: 'all' },
        settings: { custom_endpoints: [{ name: 'badges', path: '/personnel/v1/badges', right: 'Badge Integration' }] },
      },
      {
        rows: { '/configuration/v1/locations': () => [{ locationCode: 'L1' }] },
        refuse: (path) => (path.endsWith('badges') ? 403 : undefined),
      },
    );
    expect(ran.failures.map(({ stream }) => stream)).toEqual(['badges']);
    expect(ran.failures[0]?.error.message).toContain('View right "Badge Integration"');
  });

  test('include_fields selects what nobody gets unasked', async () => {
    const ran = await run({
      settings: { include_fields: ['person_details.ssn'] },
      select: { person_details: ['ssn'] },
    });
    expect(ran.records[0]).toHaveProperty('ssn');
    const wrong = await run({ settings: { include_fields: ['employees.dateOfBrth'] } }).catch(
      (error: unknown) => error,
    );
    expect(wrong).toMatchObject({ kind: 'settings' });
    expect(String(wrong)).toContain('dateOfBirth');
  });
});
