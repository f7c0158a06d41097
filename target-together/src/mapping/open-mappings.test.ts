import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { describe, expect, test } from 'vitest';
import { checkRules, openMappings, type RunMappingOptions } from './open-mappings.ts';
import { checkPresetName, choosePreset } from './rules/choose-preset.ts';

const schemaOf = (names: string): JsonSchema => ({
  properties: Object.fromEntries(names.split(' ').map((name) => [name, { type: ['string', 'null'] }])),
});
const bamboo = schemaOf('id firstName lastName workEmail jobTitle department location status supervisorEId');
const run = (options: Partial<RunMappingOptions> = {}) => {
  const said: string[] = [];
  return { said, open: openMappings({ mapping: {}, onChoice: (message) => said.push(message), ...options }) };
};

describe('the preset', () => {
  test('is the one that is set, whatever the stream', () => {
    expect(choosePreset({ setting: 'adp', stream: 'x', schema: bamboo })).toMatchObject({
      preset: { name: 'adp' },
      reason: expect.stringContaining('set by mapping.preset'),
    });
  });

  test('none means none', () => {
    expect(choosePreset({ setting: 'none', stream: 'employees', schema: bamboo }).preset).toBeUndefined();
  });

  test('a name that does not exist is told, with what may have been meant', () => {
    expect(() => checkPresetName('bamboo')).toThrow(/is none of .*bamboohr/);
    expect(() => checkPresetName('bambohr')).toThrow(/did you mean "bamboohr"/);
  });

  test.each(['autoidm_tap_bamboohr', 'tap_bamboohr', 'tap-bamboohr', 'tap_bamboohr__prod'])(
    "is found by Meltano's namespace %s",
    (extractorNamespace) => {
      expect(choosePreset({ extractorNamespace, stream: 'anything' })).toMatchObject({
        preset: { name: 'bamboohr' },
        reason: expect.stringContaining('Meltano'),
      });
    },
  );

  test('is found by the SCHEMA, also behind a cache that lower-cases', () => {
    expect(choosePreset({ stream: 'my_report', schema: bamboo }).preset?.name).toBe('bamboohr');
    const cached = schemaOf('employeeid employeestatuscode emailaddress firstname lastname _airbyte_raw_id');
    expect(choosePreset({ stream: 'employees', schema: cached }).preset?.name).toBe('ukg-pro');
  });

  test('is not guessed from a stream of something else', () => {
    expect(choosePreset({ stream: 'departments', schema: schemaOf('id name') }).preset).toBeUndefined();
    expect(choosePreset({ stream: 'employees', schema: schemaOf('a b c') }).preset).toBeUndefined();
  });
});

describe('a run', () => {
  test('keeps to its stream when the SCHEMA comes again with less: no person is dropped in silence', async () => {
    const { open } = run();
    await open({ stream: 'my_report', schema: bamboo });
    const withoutTitle = schemaOf('id firstName lastName workEmail status');
    expect(await open({ stream: 'my_report', schema: withoutTitle })).toBeDefined();
    await expect(open({ stream: 'my_report', schema: schemaOf('id firstName lastName') })).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringContaining('mapping.fields.email is required by Together') as string,
    });
  });

  test('takes the stream of people and ignores the others, saying why', async () => {
    const { open, said } = run();
    expect(await open({ stream: 'locations', schema: schemaOf('id name') })).toBeUndefined();
    expect(await open({ stream: 'employees', schema: bamboo })).toBeDefined();
    expect(said).toEqual([
      expect.stringMatching(/^stream "locations" is ignored/),
      expect.stringMatching(/^preset bamboohr/),
    ]);
  });

  test('refuses two streams of people that nothing tells apart', async () => {
    const { open } = run();
    await open({ stream: 'report_a', schema: bamboo });
    await expect(open({ stream: 'report_b', schema: bamboo })).rejects.toMatchObject({
      kind: 'settings',
      hint: expect.stringContaining('mapping.stream'),
    });
  });

  test('of two streams that a preset names, the better one counts', async () => {
    const { open, said } = run({ mapping: { preset: 'hibob' } });
    const hibob = schemaOf('id firstName surname email');
    const withStatus = {
      properties: {
        ...hibob.properties,
        internal: { type: 'object' as const, properties: { status: { type: 'string' as const } } },
      },
    };
    expect(await open({ stream: 'employees', schema: withStatus })).toBeDefined();
    expect(await open({ stream: 'employees_search', schema: hibob })).toBeUndefined();
    expect(said.at(-1)).toMatch(/"employees" says the same people better/);
  });

  test('mapping.stream decides, and a changed SCHEMA of the same stream is compiled again', async () => {
    const { open } = run({ mapping: { stream: 'report_b' } });
    expect(await open({ stream: 'report_a', schema: bamboo })).toBeUndefined();
    expect(await open({ stream: 'report_b', schema: bamboo })).toBeDefined();
    const more = { properties: { ...bamboo.properties, preferredName: { type: 'string' as const } } };
    expect((await open({ stream: 'report_b', schema: more }))?.fields).toContain('preferredName');
  });

  test('without a preset, takes a stream that the own rules make whole', async () => {
    const fields = { employeeId: 'k', email: 'm', firstName: 'f', lastName: 'l', employeeStatusCode: { const: 'A' } };
    const mapping = await run({ mapping: { fields } }).open({ stream: 'x', schema: schemaOf('k m f l') });
    expect(await mapping?.map({ k: 1, m: 'a@example.com', f: 'A', l: 'B' })).toMatchObject({ kind: 'user' });
  });

  test("Meltano's test stream is ignored, not failed", async () => {
    expect(await run().open({ stream: 'meltano_test_stream', schema: schemaOf('id name created_at') })).toBeUndefined();
  });

  test('faults that need no SCHEMA are known before the first message', async () => {
    expect(await checkRules({ mapping: { fields: { titel: 'x' } } })).toHaveLength(1);
    expect(await checkRules({ mapping: {} })).toEqual([]);
    expect(await checkRules({ mapping: { preset: 'none', fields: { employeeId: 'x' } } })).toHaveLength(4);
  });
});

describe('records on their way', () => {
  const person = {
    id: '1',
    firstName: 'A',
    lastName: 'B',
    workEmail: 'a@example.com',
    status: 'Active',
    jobTitle: 'X',
  };
  const open = async (options: Partial<RunMappingOptions>, schema = bamboo) => {
    const mapping = await run(options).open({ stream: 'employees', schema });
    if (!mapping) throw new Error('ignored');
    return mapping;
  };

  test('a stream map renames, removes, computes and filters before the mapping', async () => {
    const streamMaps = {
      employees: { jobTitle: "'Senior ' + jobTitle", department: null, __filter__: "status == 'Active'" },
    };
    const mapping = await open({ streamMaps });
    expect(mapping.fields).not.toContain('departmentName');
    expect(await mapping.map({ ...person, department: 'D' })).toMatchObject({
      kind: 'user',
      user: { title: 'Senior X' },
    });
    expect(await mapping.map({ ...person, status: 'Inactive' })).toMatchObject({
      kind: 'excluded',
      id: '1',
      filter: 'stream_maps',
      user: { employeeStatusCode: 'T' },
    });
  });

  test.each([
    ['renamed', { note: 'birthDate' }],
    ['made part of a text', { note: 'f"born {birthDate}"' }],
    ['asked for with get()', { note: "record.get('birthDate')" }],
    ['hidden in a condition', { note: "'x' if birthDate else 'y'" }],
    ['found by a name of another case', { NOTE: 'birthDate' }],
  ])('a sensitive field %s by a stream map stays sensitive', async (_name, employees) => {
    const more = { streamMaps: { employees }, hrisFields: { memo: 'note' } };
    const schema: JsonSchema = { properties: { ...bamboo.properties, birthDate: { type: ['string', 'null'] } } };
    await expect(open(more, schema)).rejects.toThrow('add "hrisFields.memo" to sensitive_fields');
    const listed = await open({ ...more, sensitiveFields: ['memo'] }, schema);
    expect(listed.fields).toContain('hrisFields.memo');
    const harmless = { streamMaps: { employees: { note: 'jobTitle' } }, hrisFields: { memo: 'note' } };
    expect((await open(harmless, schema)).fields).toContain('hrisFields.memo');
  });

  test('a sensitive field stays one under the key that flattening makes of it, also under one too long', async () => {
    const p: JsonSchema = { type: 'object', properties: { birthDate: { type: 'string' } } };
    const schema = { properties: { ...bamboo.properties, p } };
    for (const [maxKeyLength, key] of [
      [null, 'p-birthDate'],
      [11, 'p-bd'],
    ] as const) {
      const flatten = { maxDepth: null, separator: '-', maxKeyLength };
      await expect(
        open({ flatten, mapping: { preset: 'bamboohr' }, hrisFields: { memo: `["${key}"]` } }, schema),
      ).rejects.toThrow('add "hrisFields.memo" to sensitive_fields');
    }
  });

  test('an alias gives the stream the name that the preset knows', async () => {
    const mapping = run({ streamMaps: { raw_people: { __alias__: 'employees' } } }).open({
      stream: 'raw_people',
      schema: bamboo,
    });
    expect(await mapping).toBeDefined();
  });

  test('a removed stream is ignored', async () => {
    expect(
      await run({ streamMaps: { employees: null } }).open({ stream: 'employees', schema: bamboo }),
    ).toBeUndefined();
  });

  test('what stream maps can not do is refused with its place', async () => {
    await expect(
      run({ streamMaps: { employees: { workEmail: 'md5(workEmail)' } } }).open({ stream: 'employees', schema: bamboo }),
    ).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringContaining('stream_maps.employees.workEmail'),
    });
  });

  test('flattening opens nested objects', async () => {
    const schema = {
      properties: {
        ...bamboo.properties,
        work: { type: 'object' as const, properties: { city: { type: 'string' as const } } },
      },
    };
    const mapping = await open(
      {
        flatten: { maxDepth: null, separator: '__', maxKeyLength: null },
        mapping: { fields: { officeId: 'work__city' } },
      },
      schema,
    );
    expect(await mapping.map({ ...person, work: { city: 'London' } })).toMatchObject({ user: { officeId: 'London' } });
    const dotted = await open(
      {
        flatten: { maxDepth: null, separator: '__', maxKeyLength: null },
        mapping: { fields: { officeId: 'work.city' } },
      },
      schema,
    );
    expect(await dotted.map({ ...person, work: { city: 'London' } })).toMatchObject({ user: { officeId: 'London' } });
  });

  test('validate_records names the place and the keyword of a violation, never the value', async () => {
    const schema = {
      properties: { ...bamboo.properties, jobTitle: { type: 'string' as const, pattern: '^(a+)+$' } },
      required: ['status'],
    };
    const mapping = await open({ validateRecords: true }, schema);
    expect(await mapping.map(person)).toMatchObject({ kind: 'user' });
    const { status: _, ...without } = person;
    const mapped = await mapping.map({ ...without, jobTitle: 5, firstName: { canary: 1 } });
    expect(mapped).toMatchObject({
      kind: 'invalid',
      id: '1',
      faults: expect.arrayContaining([
        expect.objectContaining({ field: 'status', value: 'required' }),
        expect.objectContaining({ field: 'jobTitle', value: 'type' }),
      ]),
    });
    expect(JSON.stringify(mapped)).not.toContain('canary');
  });

  test('_sdc_ and _airbyte_ columns never reach a user', async () => {
    const schema = {
      properties: {
        ...bamboo.properties,
        _sdc_extracted_at: { type: 'string' as const },
        _airbyte_meta: { type: 'object' as const },
      },
    };
    const mapped = await (await open({}, schema)).map({ ...person, _sdc_extracted_at: 'x', _airbyte_meta: {} });
    expect(JSON.stringify(mapped)).not.toMatch(/_sdc|_airbyte/);
  });
});

describe('a filter', () => {
  const filters = [{ field: 'departmnt' }, { field: 'work.site' }, { field: 'location' }];

  test('over a field that the stream does not have ends the run, with what may have been meant', async () => {
    await expect(run({ filters }).open({ stream: 'my_report', schema: bamboo })).rejects.toMatchObject({
      kind: 'settings',
      message: expect.stringMatching(
        /filters\[0\]\.field stream "my_report" has no field "departmnt" \(did you mean "department"\?\)\n.*filters\[1\]\.field .*"work\.site".*remove the filter/s,
      ),
    });
  });

  test('looks at the record as its source sends it, before stream maps', async () => {
    const options = { filters: [{ field: 'location' }], streamMaps: { my_report: { location: null } } };
    expect(await run(options).open({ stream: 'my_report', schema: bamboo })).toBeDefined();
  });

  test('that is no path is told before anything is read', async () => {
    expect(await checkRules({ mapping: { preset: 'none' }, filters: [{ field: 'a..b' }] })).toContainEqual({
      path: 'filters[0].field',
      message: '"a..b" has an empty part',
    });
  });
});
