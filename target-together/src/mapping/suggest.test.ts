import { describe, expect, test } from 'vitest';
import { catalogStreams } from './catalog.ts';
import { checkCatalog, renderCheck } from './check-catalog.ts';
import { generated } from './generate.ts';
import { renderSuggestion, suggestMapping } from './suggest.ts';

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
