import { describe, expect, test } from 'vitest';
import { catalogStreams } from './catalog.ts';
import { checkCatalog, renderCheck } from './check-catalog.ts';
import { generated } from './schemas.ts';
import { suggestMapping } from './suggest.ts';
import { renderSuggestion } from './suggestion-text.ts';

const text = { type: ['string', 'null'] };
const person = {
  properties: {
    worker_id: text,
    given_name: text,
    family_name: text,
    work_email: text,
    personal_email: text,
    job_title: text,
    employment_status: text,
    manager: { type: 'object', properties: { id: text, first_name: text } },
    department: { type: 'object', properties: { id: text, name: text } },
    hire_date: { type: ['string', 'null'], format: 'date' },
    cost_center: text,
    marital_status: text,
    country: text,
  },
};
const catalog = {
  streams: [
    { tap_stream_id: 'departments', schema: { properties: { id: text, name: text } } },
    { tap_stream_id: 'workers', schema: person },
  ],
};

const object = (...names: string[]) => ({
  type: ['object', 'null'],
  properties: Object.fromEntries(names.map((name) => [name, text])),
});
/** Employees as other systems spell them, with what they know besides. */
const others = {
  rippling: {
    ...object(
      'id',
      'firstName',
      'lastName',
      'workEmail',
      'personalEmail',
      'title',
      'roleState',
      'dob',
      'gender',
      'ein',
    ),
    more: {
      employeeNumber: { type: ['integer', 'null'] },
      hsaCompatiblePlanStatus: object('status', 'effectiveDate'),
      address: object('country', 'state'),
      workLocation: object('country', 'state'),
      internationalBankAccount: object('accountName', 'bankName'),
      endDate: text,
    },
  },
  okta: {
    ...object('id', 'status', 'lastUpdated'),
    more: {
      credentials: object('value'),
      profile: object('firstName', 'lastName', 'email', 'secondEmail', 'employeeNumber', 'managerId', 'state', 'title'),
    },
  },
  gusto: {
    ...object(
      'uuid',
      'first_name',
      'last_name',
      'email',
      'work_email',
      'manager_uuid',
      'date_of_birth',
      'ssn',
      'hired_at',
    ),
    more: {
      terminated: { type: ['boolean', 'null'] },
      home_address: object('country', 'state'),
      personal_info: object('middle_name', 'email'),
    },
  },
};

describe("other systems' employees", () => {
  const suggest = async (name: keyof typeof others) => {
    const { more, properties } = others[name];
    const schema = { properties: { ...properties, ...more } };
    return await suggestMapping({ streams: [{ stream: 'employees', schema }] });
  };
  const rules = async (name: keyof typeof others) =>
    Object.fromEntries((await suggest(name)).fields.map(({ field, rule }) => [field, rule]));

  test('are no BambooHR, and their health, bank, home and birth are not proposed', async () => {
    const suggestion = await suggest('rippling');
    expect(suggestion.preset).toBeUndefined();
    expect(await rules('rippling')).toEqual({
      employeeId: 'employeeNumber',
      employeeStatusCode: { from: 'roleState', lookup: { Active: 'A', 'On Leave': 'L', Terminated: 'T' } },
      email: 'workEmail',
      firstName: 'firstName',
      lastName: 'lastName',
      title: 'title',
      addressCountry: 'workLocation.country',
      addressState: 'workLocation.state',
      dateOfTermination: 'endDate',
    });
  });

  test('nested, with a word on ids that must be of one kind', async () => {
    expect(await rules('okta')).toMatchObject({
      employeeId: 'profile.employeeNumber',
      supervisorId: 'profile.managerId',
      email: 'profile.email',
    });
    const { fields } = await suggest('okta');
    expect(fields.find(({ field }) => field === 'supervisorId')?.reason).toMatch(
      /must be the same kind of id as profile\.employeeNumber/,
    );
  });

  test('a flag says leavers itself; names may be personal, addresses may not', async () => {
    expect(await rules('gusto')).toEqual({
      employeeId: 'uuid',
      supervisorId: 'manager_uuid',
      employeeStatusCode: { from: 'terminated', lookup: { true: 'T', false: 'A' } },
      email: 'work_email',
      firstName: 'first_name',
      middleName: 'personal_info.middle_name',
      lastName: 'last_name',
      lastHireDate: 'hired_at',
    });
  });
});

describe('a suggestion', () => {
  test('finds the stream of people and names a source for each field, with the reason', async () => {
    const { stream, preset, fields, missing, custom } = await suggestMapping(catalog);
    expect({ stream, preset, missing }).toEqual({ stream: 'workers', preset: undefined, missing: [] });
    expect(Object.fromEntries(fields.map(({ field, rule }) => [field, rule]))).toEqual({
      employeeId: 'worker_id',
      supervisorId: 'manager.id',
      employeeStatusCode: { from: 'employment_status', lookup: { Active: 'A', 'On Leave': 'L', Terminated: 'T' } },
      email: 'work_email',
      firstName: 'given_name',
      lastName: 'family_name',
      title: 'job_title',
      departmentId: 'department.id',
      departmentName: 'department.name',
      lastHireDate: 'hire_date',
    });
    expect(custom).toEqual(['cost_center']);
    for (const { reason } of fields) expect(reason).toMatch(/its name usually means/);
  });

  test('is a mapping that compiles as it stands', async () => {
    const { settings } = await suggestMapping(catalog);
    const check = await checkCatalog(catalog, settings);
    expect(check.streams.find((one) => one.used)?.faults).toEqual([]);
    expect(check.ok).toBe(true);
  });

  test('says what is missing, and when nothing is people', async () => {
    const { work_email: _, personal_email: __, ...rest } = person.properties;
    expect((await suggestMapping({ streams: [{ stream: 'workers', schema: { properties: rest } }] })).missing).toEqual([
      'email',
    ]);
    const none = await suggestMapping({ streams: [catalog.streams[0]] });
    expect(renderSuggestion({ ...none })).toMatch(/departments|No stream/);
  });

  test('reads well', async () => {
    const rendered = renderSuggestion(await suggestMapping(catalog));
    expect(rendered).toContain('Stream workers');
    expect(rendered).toContain('email               <- work_email  (high:');
    expect(JSON.parse(rendered.slice(rendered.indexOf('{'), rendered.lastIndexOf('}') + 1))).toHaveProperty(
      'mapping.fields.email',
      'work_email',
    );
  });
});

describe('a check', () => {
  test('tells faults, sources, and what nothing reads', async () => {
    const options = { mapping: { stream: 'workers', fields: { employeeId: 'worker_id', email: 'work_mail' } } };
    const check = await checkCatalog(catalog, options);
    expect(check.ok).toBe(false);
    const rendered = renderCheck(check);
    expect(rendered).toContain(
      'FAULT mapping.fields.email.from stream "workers" has no field "work_mail" (did you mean "work_email"?)',
    );
    expect(rendered).toContain('Ignored: departments');
    expect(rendered).toContain('Not read: given_name');
    const filtered = await checkCatalog(catalog, { ...options, filters: [{ field: 'Given_Name' }] });
    expect(renderCheck(filtered)).not.toContain('given_name');
  });

  test('sees streams as stream maps and flattening make them, as a run does', async () => {
    const { settings } = await suggestMapping(catalog);
    const check = (more: object) => checkCatalog(catalog, { ...settings, ...more });
    const renamed = await check({ streamMaps: { workers: { title_text: 'job_title', job_title: null } } });
    expect(renderCheck(renamed)).toContain('has no field "job_title"');
    const removed = await check({ streamMaps: { workers: null } });
    expect([removed.ok, removed.streams.find(({ stream }) => stream === 'workers')?.reason]).toEqual([
      false,
      'stream_maps removes it',
    ]);
    const broken = renderCheck(await check({ streamMaps: { workers: { x: 'job_titel' } } }));
    expect(broken).toContain('FAULT stream_maps.workers.x names "job_titel"');
    expect((await check({ flatten: { maxDepth: null, separator: '__', maxKeyLength: null } })).ok).toBe(true);
  });
});

test('catalogs of either protocol are read, and what a catalog deselects does not count', () => {
  const airbyte = { type: 'CATALOG', catalog: { streams: [{ name: 'a', json_schema: { properties: {} } }] } };
  const configured = {
    streams: [{ stream: { name: 'a', json_schema: { properties: {} } }, sync_mode: 'full_refresh' }],
  };
  expect(catalogStreams(airbyte)).toEqual(catalogStreams(configured));
  expect(catalogStreams({ type: 'SCHEMA', stream: 'x', schema: { properties: {} } })).toEqual([
    { stream: 'x', schema: { properties: {} } },
  ]);
  const metadata = [{ breadcrumb: ['properties', 'b'], metadata: { inclusion: 'available', selected: false } }];
  const [one] = catalogStreams({
    streams: [{ tap_stream_id: 'x', schema: { properties: { a: text, b: text } }, metadata }],
  });
  expect(Object.keys(one?.schema.properties ?? {})).toEqual(['a']);
  expect(() => catalogStreams({})).toThrow(/no list of streams/);
  expect(() => catalogStreams([])).toThrow(/no list of streams/);
});

test('the generated files are JSON, or a page that names every preset', () => {
  const files = generated();
  for (const [path, content] of Object.entries(files))
    if (path.endsWith('.json')) expect(() => JSON.parse(content)).not.toThrow();
  expect(files['docs/presets.md']).toContain('## workday-report');
});

test('a column of managers’ addresses is proposed with match, and passes the check; other fields refuse match', async () => {
  const names = ['employee_id', 'email', 'first_name', 'last_name', 'employee_status', 'manager_email'];
  const properties = Object.fromEntries(names.map((name) => [name, text]));
  const catalog = { streams: [{ tap_stream_id: 'employees', schema: { type: 'object', properties } }] };
  const { fields, settings } = await suggestMapping(catalog);
  expect(fields.find(({ field }) => field === 'supervisorId')?.rule).toEqual({ from: 'manager_email', match: 'email' });
  expect((await checkCatalog(catalog, settings)).ok).toBe(true);
  const wrong = {
    title: { from: 'email', match: 'email' },
    supervisorId: { from: 'manager_email', number_from: 'email' },
  };
  const said = settings.mapping['fields'] as object;
  const check = await checkCatalog(catalog, { mapping: { ...settings.mapping, fields: { ...said, ...wrong } } });
  expect(check.streams[0]?.faults.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['mapping.fields.supervisorId', 'mapping.fields.title.match']),
  );
});
