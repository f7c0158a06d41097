import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { App } from './server/http.ts';
import { ask, UKG_HEADERS } from './testing/ask.ts';
import { ENDPOINTS } from './ukg/endpoints.ts';
import { type UkgOptions, ukgApp } from './ukg-server.ts';
import { createWorld, type World } from './world.ts';

const NOW = Date.parse('2026-01-15T12:00:00Z');
const shared = createWorld({ people: 250, seed: 5, now: () => NOW });
const open = (options: UkgOptions = {}, world: World = shared): App => ukgApp(options, world, 'http://127.0.0.1:1');
const PERSONS = '/personnel/v1/person-details';
const JOBS = '/personnel/v1/employment-details';
type Row = Record<string, unknown>;

/** All rows of a collection by page numbers, until an empty page. */
async function readAll(app: App, path: string, size: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; page < 10_000; page++) {
    const found = (await ask(app, `${path}${path.includes('?') ? '&' : '?'}page=${page}&per_Page=${size}`)).json();
    if (found.length === 0) return rows;
    rows.push(...found);
  }
  throw new Error('no end');
}

describe('rows', () => {
  it('carry the keys of the reference, in its order and number', async () => {
    const keys = async (path: string): Promise<string[]> => Object.keys((await ask(open(), path)).json()[0] ?? {});
    expect(await keys(PERSONS)).toHaveLength(94);
    expect((await keys(PERSONS)).slice(18, 20)).toEqual(['datetimeChanged', 'datetimeCreated']);
    expect((await keys(PERSONS)).slice(-3)).toEqual(['maritalStatusCode', 'ssn', 'ssnIsSuppressed']);
    expect(await keys(JOBS)).toHaveLength(77);
    expect((await keys(JOBS)).slice(0, 4)).toEqual(['companyID', 'companyCode', 'companyName', 'employeeID']);
    expect(await keys('/personnel/v1/employee-employment-details')).toHaveLength(77);
    expect(await keys('/personnel/v1/employee-changes')).toHaveLength(45);
    expect(await keys('/personnel/v1/employee-supervisor-details')).toHaveLength(15);
    expect(await keys('/personnel/v1/compensation-details')).toContain('dateOfNextSalayrReview');
    expect(await keys('/personnel/v1/employee-job-history-details')).toContain('isOrgchange');
    expect(await keys('/configuration/v1/positions')).toContain('jobcode');
  });
  it('spell a flag as the endpoint does: "Y" or "N" here, true or false there', async () => {
    const [old] = (await ask(open(), JOBS)).json();
    const [fresh] = (await ask(open(), '/personnel/v1/employee-employment-details')).json();
    expect(['Y', 'N']).toContain(old?.isMultipleJob);
    expect(typeof fresh?.isMultipleJob).toBe('boolean');
  });
  it('say "" and American dates in employee-changes, null and ISO elsewhere', async () => {
    const rows = await readAll(open(), '/personnel/v1/employee-changes', 200);
    expect(JSON.stringify(rows)).not.toContain('null');
    expect(rows[0]?.hireDate).toMatch(/^\d{1,2}\/\d{1,2}\/\d{4} 12:00:00 AM$/);
    expect((await ask(open(), JOBS)).text).toContain('"jobTitle":null');
  });
  it('write decimals with a point, as in 40.0', async () => {
    expect((await ask(open(), JOBS)).text).toContain('"scheduledWorkHrs":40.0');
  });
  it('grow unknown keys when told to', async () => {
    const [row] = (await ask(open({ extraKeys: true }), PERSONS)).json();
    expect(Object.keys(row ?? {})).toHaveLength(97);
  });
  it('show custom fields with their labels', async () => {
    const [row] = (await ask(open(), '/personnel/v1/user-defined-fields')).json();
    const fields = row?.personnelUserDefinedFields as Record<string, unknown>;
    expect(Object.keys(fields)).toHaveLength(14);
    expect(fields.personnelUDField01).toMatchObject({ field: 'Management Area' });
    const [platform] = (
      await ask(open(), '/personnel/v2/platform-configuration-fields/class-name/EmployeeCustomFields')
    ).json();
    expect(Object.keys(platform ?? {})).toEqual(['className', 'keyName', 'keyValue', 'fieldRows']);
  });
  it('come from every endpoint of the list, as an array of objects', async () => {
    const required: Record<string, string> = {
      'emp-deductions': '?dedCode=MED',
      'audit-details': '?startDateTime=2020-01-01&endDateTime=2026-01-01&tableName=EmpComp&fieldName=EecEmplStatus',
    };
    const company = shared.tables.companies[0]?.id;
    for (const endpoint of ENDPOINTS) {
      const path = endpoint.paths[0]?.replace('{className}', 'EmployeeCustomFields') ?? '';
      if (path.startsWith(':one')) continue;
      const who =
        endpoint.name === 'employee-pay-statements'
          ? { employeeIdentifier: { coid: company } }
          : { companyId: company };
      const answer = await ask(
        open(),
        path + (required[endpoint.name] ?? ''),
        endpoint.method === 'POST' ? { method: 'POST', body: who } : {},
      );
      expect(answer.status, endpoint.name).toBe(200);
      expect(answer.json().length, endpoint.name).toBeGreaterThan(0);
    }
  });
});

describe('paging', () => {
  it('delivers every row exactly once for any page size, also with short pages', async () => {
    const world = createWorld({ people: 120, seed: 2 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 7, max: 200 }), fc.boolean(), async (size, shortPages) => {
        const rows = await readAll(open({ shortPages }, world), JOBS, size);
        const ids = rows.map((row) => `${row.employeeID as string} ${row.companyID as string}`);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength([...world.people()].reduce((sum, person) => sum + person.employments.length, 0));
      }),
      { numRuns: 25 },
    );
  });
  it('links first, previous, next and last, keeping the other parameters', async () => {
    const { headers } = await ask(open(), `${PERSONS}?addressCountry=USA&per_Page=10&page=2`);
    expect(headers.link).toMatch(
      /^<http:\/\/127\.0\.0\.1:1\/personnel\/v1\/person-details\?page=3&addressCountry=USA&per_Page=10>; rel="next", /,
    );
    for (const rel of ['previous', 'first', 'last']) expect(headers.link).toContain(`rel="${rel}"`);
    expect((await ask(open({ link: false }), PERSONS)).headers.link).toBeUndefined();
    expect((await ask(open(), `${PERSONS}?per_Page=1000`)).headers.link).not.toContain('rel="next"');
  });
  it('takes the page size in both spellings, and only the declared one when strict', async () => {
    const size = async (app: App, name: string): Promise<number> =>
      (await ask(app, `${PERSONS}?${name}=3`)).json().length;
    expect(await size(open(), 'per_page')).toBe(3);
    expect(await size(open({ strictParameters: true }), 'per_Page')).toBe(3);
    expect(await size(open({ strictParameters: true }), 'per_page')).toBe(250);
  });
  it('caps employee-changes at 200 rows, 100 by default, and refuses more only when told to', async () => {
    const path = '/personnel/v1/employee-changes';
    expect((await ask(open(), path)).json()).toHaveLength(100);
    expect((await ask(open(), `${path}?per_page=500`)).json()).toHaveLength(200);
    expect((await ask(open({ overCap: 'error' }), `${path}?per_page=500`)).status).toBe(400);
    expect((await ask(open(), `${path}?per_page=0`)).status).toBe(400);
  });
  it('answers [] past the end, or 404 where that is the option', async () => {
    expect((await ask(open(), `${PERSONS}?page=99`)).json()).toEqual([]);
    expect((await ask(open({ nothing: 404 }), `${PERSONS}?page=99`)).status).toBe(404);
  });
  it('repeats unpaged tables whatever the page, without Link', async () => {
    const app = open();
    const [one, two] = [
      await ask(app, '/configuration/v1/locations'),
      await ask(app, '/configuration/v1/locations?page=2'),
    ];
    expect(two.text).toBe(one.text);
    expect(one.headers.link).toBeUndefined();
    expect((await ask(open({ unpaged: 'honour' }), '/configuration/v1/locations?page=2')).json()).toEqual([]);
  });
  it('repeats rows at page borders when they drift, losing none', async () => {
    const rows = await readAll(open({ drift: 3 }), PERSONS, 50);
    expect(rows.length).toBeGreaterThan(250);
    expect(new Set(rows.map((row) => row.employeeId)).size).toBe(250);
  });
  it('moves the rows of later pages as a fault', async () => {
    const page = async (page: number, by?: number) => {
      const fault = by === undefined ? {} : { fault: { kind: 'shift-rows', by } as const };
      return (await ask(open(), `${PERSONS}?page=${page}&per_Page=50`, fault)).json().map((row) => row.employeeId);
    };
    const [first, second, third] = [await page(1), await page(2), await page(3)];
    expect(await page(1, 3)).toEqual(first);
    expect(await page(2, 3)).toEqual([...first.slice(-3), ...second]);
    expect(await page(2, -3)).toEqual([...second.slice(3), ...third.slice(0, 3)]);
  });
  it('never ends, repeats or loses rows only as a fault', async () => {
    const endless = await ask(open(), `${PERSONS}?page=9&per_Page=100`, { fault: { kind: 'endless-pages' } });
    expect(endless.json().length).toBeGreaterThan(0);
    expect(endless.headers.link).toContain('page=10');
    const repeated = await ask(open(), `${PERSONS}?page=2&per_Page=100`, { fault: { kind: 'repeat-pages' } });
    expect(repeated.json()).toEqual((await ask(open(), `${PERSONS}?per_Page=100`)).json());
    const half = await ask(open(), PERSONS, { fault: { kind: 'lose-rows', share: 0.5 } });
    expect(half.json().length).toBeLessThan(180);
  });
});

describe('filters', () => {
  const world = createWorld({ people: 40, seed: 8, zone: 'UTC', now: () => NOW });
  const subject = [...world.people()][3];
  world.play({ kind: 'edit', employeeId: subject?.employeeId ?? '', set: { city: 'Elsewhere' } });
  const found = async (query: string, options: UkgOptions = {}): Promise<number> =>
    (await ask(open(options, world), `${PERSONS}?${query}`)).json().length;

  it('reads operators inside the value, day by day, and is told what > means', async () => {
    expect(await found('dateTimeChanged=%3E01-15-2026')).toBe(1);
    expect(await found('dateTimeChanged=>01-15-2026', { greater: 'instant' })).toBe(1);
    expect(await found('dateTimeChanged=>01-15-2026', { greater: 'exclusive' })).toBe(0);
    expect(await found('dateTimeChanged=>01-14-2026', { greater: 'exclusive' })).toBe(1);
    expect(await found('dateTimeChanged=>01-16-2026')).toBe(0);
    expect(await found('dateTimeChanged=01-15-2026')).toBe(1);
    expect(await found('dateTimeChanged=%7B01-01-2026,02-01-2026%7D')).toBe(1);
    // The day itself counts on both sides while `>` is inclusive.
    const never = [...world.people()].filter((person) => person.changed === null).length;
    expect(await found('dateTimeChanged=<01-15-2026')).toBe(40 - never);
  });
  it('compares in the server’s own zone', async () => {
    const night = createWorld({ people: 5, zone: 'America/New_York', now: () => Date.parse('2026-01-15T03:00:00Z') });
    night.play({ kind: 'edit', employeeId: night.person(2).employeeId, set: { city: 'Elsewhere' } });
    const ids = (await ask(open({}, night), `${PERSONS}?dateTimeChanged=>01-15-2026`)).json();
    expect(ids).toEqual([]); // there it is still the 14th
  });
  it('refuses dates of another form', async () => {
    for (const value of ['>2026-01-15', '>13-45-2026', '{01-01-2026}', 'yesterday']) {
      expect((await ask(open(), `${PERSONS}?dateTimeChanged=${encodeURIComponent(value)}`)).status).toBe(400);
    }
    expect((await ask(open(), '/personnel/v1/employee-employment-details?dateTimeChanged=%3E01-01-2026')).status).toBe(
      400,
    );
    expect((await ask(open(), '/personnel/v1/employee-changes?startDate=01-01-2026')).status).toBe(400);
  });
  it('takes one value, a list in brackets, and the path of a variant', async () => {
    const [a, b] = shared.tables.companies.map((company) => company.id);
    const one = (await ask(open(), `${JOBS}?companyId=${a}`)).json();
    const two = (await ask(open(), `${JOBS}?companyId=[${a},${b}]`)).json();
    expect(new Set(one.map((row) => row.companyID))).toEqual(new Set([a]));
    expect(new Set(two.map((row) => row.companyID))).toEqual(new Set([a, b]));
    expect((await ask(open(), `/personnel/v1/companies/${a}/employment-details`)).json()).toEqual(one);
  });
  it('answers a single object by id, or 404', async () => {
    const [row] = (await ask(open(), PERSONS)).json();
    expect((await ask(open(), `${PERSONS}/${row?.employeeId as string}`)).json<Row>()).toEqual(row);
    expect((await ask(open(), `${PERSONS}/NOBODY`)).status).toBe(404);
    expect((await ask(open(), '/configuration/v1/org-levels/1/100')).json<Row>()).toMatchObject({
      level: 1,
      code: '100',
    });
  });
  it('demands what is required and ignores what it does not know', async () => {
    expect((await ask(open(), '/personnel/v1/emp-deductions')).status).toBe(400);
    expect((await ask(open(), '/personnel/v1/audit-details')).status).toBe(400);
    expect((await ask(open(), `${PERSONS}?colour=blue`)).json()).toHaveLength(250);
  });
  it('windows employee-changes by instants', async () => {
    const path = '/personnel/v1/employee-changes?startDate=2026-01-15T11:59:00Z';
    expect((await ask(open({}, world), path)).json()).toHaveLength(1);
    expect((await ask(open({}, world), `${path}&endDate=2026-01-15T11:59:30Z`)).json()).toEqual([]);
    expect((await ask(open({ changesLagHours: 3 }, world), path)).json()).toEqual([]);
  });
});

describe('access', () => {
  it('refuses wrong credentials with 401', async () => {
    for (const wrong of [{ authorization: 'Basic eDp5' }, { 'us-customer-api-key': 'WRONG' }, { authorization: '' }]) {
      expect((await ask(open(), PERSONS, { headers: { ...UKG_HEADERS, ...wrong } })).status).toBe(401);
    }
    const options = {
      credentials: { username: 'sandbox-reader', password: 'not-a-secret:1', customerApiKey: 'K3Y5X', userApiKey: 'u' },
    };
    expect((await ask(open(options), PERSONS)).status).toBe(401);
    expect((await ask(open(options), PERSONS, { headers: { ...UKG_HEADERS, 'x-api-key': 'u' } })).status).toBe(200);
  });
  it('knows a View right for each service, and what its lack answers', async () => {
    const rights = ['Employee Person Details'];
    expect((await ask(open({ rights }), PERSONS)).status).toBe(200);
    expect((await ask(open({ rights }), JOBS)).status).toBe(403);
    expect((await ask(open({ rights, missingRight: 401 }), JOBS)).status).toBe(401);
    expect((await ask(open({ rights, missingRight: 'empty' }), JOBS)).json()).toEqual([]);
    expect((await ask(open({ rights: [] }), '/configuration/v1/earnings')).status).toBe(200);
  });
  it('allows nothing but GET, and POST where that is documented', async () => {
    expect((await ask(open(), PERSONS, { method: 'POST', body: {} })).status).toBe(405);
    expect((await ask(open(), PERSONS, { method: 'DELETE' })).status).toBe(405);
    expect((await ask(open(), '/personnel/v1/supervisor-details')).status).toBe(404);
  });
  it('answers 429 beyond the quota, with the Retry-After it is told', async () => {
    const clock = { mono: () => 15_000, wall: () => NOW, sleep: async () => {} };
    for (const [retryAfter, header] of [
      ['none', undefined],
      ['seconds', '60'],
      ['date', 'Thu, 15 Jan 2026 12:01:00 GMT'],
    ] as const) {
      const app = open({ quotaPerMinute: 1, retryAfter, clock });
      expect((await ask(app, PERSONS)).status).toBe(200);
      const second = await ask(app, PERSONS);
      expect([second.status, second.text, second.headers['retry-after']]).toEqual([429, '', header]);
    }
  });
  it('holds employee-changes to its rule when told to', async () => {
    const app = open({ enforceChangesRule: true });
    const path = '/personnel/v1/employee-changes';
    expect([
      (await ask(app, path)).status,
      (await ask(app, `${path}?page=2`)).status,
      (await ask(app, path)).status,
    ]).toEqual([200, 200, 429]);
  });
  it('stays revoked', async () => {
    const app = open();
    app.revoke();
    expect((await ask(app, PERSONS)).status).toBe(401);
  });
});

describe('odd corners', () => {
  it('points code tables at itself, or elsewhere when it should tempt', async () => {
    const urls = async (options: UkgOptions): Promise<unknown> =>
      (await ask(open(options), '/configuration/v1/code-tables')).json()[0]?.url;
    expect(await urls({})).toMatch(/^http:\/\/127\.0\.0\.1:1\/configuration/);
    expect(await urls({ foreignCodeTableUrls: true })).toMatch(/^https:\/\/elsewhere\.example\.com/);
    expect((await ask(open(), '/configuration/v1/code-tables/EMPTYPE')).json()).toContainEqual({
      code: 'REG',
      description: 'Regular',
    });
    expect((await ask(open(), '/configuration/v1/code-tables/NONE')).status).toBe(404);
  });
  it('knows company-details in both forms', async () => {
    expect(Object.keys((await ask(open(), '/configuration/v1/company-details')).json()[0] ?? {})).toContain(
      'companyId',
    );
    const [old] = (await ask(open({ oldCompanyDetails: true }), '/configuration/v1/company-details')).json();
    expect(old).toMatchObject({ isMasterCompany: 'Y', companyID: shared.tables.companies[0]?.id });
  });
  it('hides the vanished and shows the joined', async () => {
    const world = createWorld({ people: 20, now: () => NOW });
    const app = open({}, world);
    const gone = world.person(4).employeeId;
    world.play({ kind: 'vanish', employeeId: gone });
    const { employeeId } = world.play({ kind: 'join' });
    const ids = (await ask(app, PERSONS)).json().map((row) => row.employeeId);
    expect(ids).not.toContain(gone);
    expect(ids.at(-1)).toBe(employeeId);
    expect((await ask(app, JOBS)).text).not.toContain(`"employeeID":"${gone}"`);
  });
  it('keeps finished pages and forgets them when life goes on', async () => {
    const world = createWorld({ people: 20, now: () => NOW });
    const app = open({ pageCacheBytes: 1_000_000 }, world);
    const first = await ask(app, PERSONS);
    expect((await ask(app, PERSONS)).text).toBe(first.text);
    world.play({ kind: 'rename', employeeId: world.person(0).employeeId });
    expect((await ask(app, PERSONS)).text).not.toBe(first.text);
  });
  it('looks ids up for accounts with View and Add only', async () => {
    const employeeId = shared.person(3).employeeId;
    const body = [{ employeeIdentifierType: 'EmployeeID', employeeIdentifierValue: employeeId }];
    const found = await ask(open(), '/personnel/v1/employee-ids', { method: 'POST', body });
    expect(found.status).toBe(207);
    expect(found.json<{ multistatus: { body: { eeid: string } }[] }>().multistatus[0]?.body.eeid).toBe(employeeId);
    expect(
      (await ask(open({ rights: ['Personnel Integration'] }), '/personnel/v1/employee-ids', { method: 'POST', body }))
        .status,
    ).toBe(403);
  });
});
