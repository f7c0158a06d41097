/** Airbyte's own rules, that Singer knows nothing of, held against the destination. */
import { afterEach, describe, expect, it } from 'vitest';
import {
  configured,
  emptyGroups,
  errorsOf,
  half,
  house,
  type Json,
  messagesOf,
  of,
  openAirbyte,
  person,
  posts,
  read,
  schema,
  stateOf,
  write,
} from '../support/airbyte.ts';
import { start } from '../support/pipe.ts';

afterEach(() => house.close());

it('empty groups of the form count as absent, for check and run of both', async () => {
  await openAirbyte({ ukg: { people: 3 } });
  const source = await emptyGroups('source-ukg-pro');
  const destination = await emptyGroups('destination-together');
  expect([source, Object.keys(destination)]).toEqual([
    { pay_periods: {}, pay_statements: {} },
    expect.arrayContaining(['limiter', 'mapping', 'effective_dates', 'on_drift', 'guards', 'webhook']),
  ]);
  const came = await read(configured(['employees']), [], source);
  expect(came.code, came.stdout).toBe(0);
  const flat = Object.fromEntries(Object.keys(destination).map((name) => [name, {}]));
  for (const groups of [destination, flat]) {
    const check = await start('destination-together', ['check', '--config', half('target-together', groups)]);
    expect(of(check, 'CONNECTION_STATUS', 'connectionStatus')).toEqual([{ status: 'SUCCEEDED' }]);
    const sent = await write([person('1'), { type: 'STATE', state: stateOf(1) }], undefined, groups);
    expect(sent.code, sent.stdout).toBe(0);
  }
  const check = await start('source-ukg-pro', ['check', '--config', half('tap-ukg-pro', source)]);
  expect(of(check, 'CONNECTION_STATUS', 'connectionStatus')).toEqual([{ status: 'SUCCEEDED' }]);
});

describe('a destination', () => {
  it('answers each command with exactly the message that it is asked for', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const spec = await start('destination-together', ['spec']);
    expect([spec.code, spec.stderr, messagesOf(spec).map(({ type }) => type)]).toEqual([0, '', ['SPEC']]);
    expect(of(spec, 'SPEC', 'spec')[0]?.['supported_destination_sync_modes']).toEqual(['append_dedup', 'append']);
    for (const [changes, status] of [
      [{}, 'SUCCEEDED'],
      [{ api_key: 'not-this-one-8' }, 'FAILED'],
      [{ api_url: 'http://127.0.0.1:1', max_retries: 0 }, 'FAILED'],
      [{ organization_id: null }, 'FAILED'],
    ] as const) {
      const ran = await start('destination-together', ['check', '--config', half('target-together', changes)]);
      expect([
        ran.code,
        ran.stderr,
        of(ran, 'CONNECTION_STATUS', 'connectionStatus').map((told) => told['status']),
      ]).toEqual([0, '', [status]]);
      expect(ran.stdout).not.toContain('not-this-one');
    }
    const config = half('target-together', { hris_fields: { costCenter: 'orgLevel2Code' } });
    const discovered = await start('destination-together', ['discover', '--config', config]);
    const [catalog] = of(discovered, 'DESTINATION_CATALOG', 'destination_catalog') as [{ operations: Json[] }];
    expect([discovered.code, discovered.stderr]).toEqual([0, '']);
    expect(catalog.operations).toMatchObject(
      ['append_dedup', 'append'].map((sync_mode) => ({
        object_name: 'users',
        sync_mode,
        matching_keys: [['employeeId']],
        json_schema: { properties: { employeeId: { type: 'string' }, 'hrisFields.costCenter': {} } },
      })),
    );
    expect(house.together.users.size).toBe(0);
  });

  it('gives back each state, in order, the very object with its id and whatever else, and the counts', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const states = [
      stateOf(2, {
        id: 11,
        zzz: [1, { b: null }],
        stream: { stream_descriptor: { name: 'employees' }, stream_state: { ü: 'é' } },
      }),
      stateOf(1, { id: 12, sourceStats: { recordCount: 1.0 } }),
      stateOf(0, { id: 13 }),
    ];
    const ran = await write([
      person('E1'),
      person('E2', { employeeStatusCode: 'Q' }),
      { type: 'STATE', state: states[0] },
      { type: 'NEWS' },
      { type: 'LOG', log: { level: 'INFO', message: 'x' } },
      person('E3'),
      { type: 'STATE', state: states[1] },
      { type: 'STATE', state: states[2] },
    ]);
    expect([ran.code, ran.stderr], ran.stdout).toEqual([0, '']);
    expect(of(ran, 'STATE', 'state')).toEqual([
      { ...states[0], destinationStats: { recordCount: 1, rejectedRecordCount: 1 } },
      { ...states[1], destinationStats: { recordCount: 1, rejectedRecordCount: 0 } },
      { ...states[2], destinationStats: { recordCount: 0, rejectedRecordCount: 0 } },
    ]);
    expect([...house.together.users.keys()]).toEqual(['E1', 'E3']);
  });

  it('takes PyAirbyte’s nulls for absent, its global_ for global, and LEGACY states as they are', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const nulls = {
      log: null,
      spec: null,
      connectionStatus: null,
      catalog: null,
      record: null,
      state: null,
      trace: null,
      control: null,
    };
    const record = person('E1')['record'] as Json;
    const descriptor = { stream_descriptor: { name: 'employees', namespace: null }, stream_state: { a: 1 } };
    const global = {
      type: 'GLOBAL',
      stream: null,
      global: null,
      global_: { shared_state: null, stream_states: [descriptor] },
      data: null,
      id: 4,
    };
    const legacy = { type: 'LEGACY', data: { employees: 1 }, id: 5 };
    const ran = await write(
      [
        { ...nulls, type: 'RECORD', record: { ...record, namespace: null, meta: null, file_reference: null } },
        { ...nulls, type: 'STATE', state: global },
        { ...nulls, type: 'STATE', state: legacy },
        { ...nulls, type: 'RECORD' },
        { ...nulls, type: 'STATE' },
      ],
      configured(
        ['employees'],
        { cursor_field: null, primary_key: null, generation_id: null },
        { json_schema: schema, namespace: null, is_resumable: null },
      ),
    );
    expect(ran.code, ran.stdout).toBe(0);
    const [first, second] = of(ran, 'STATE', 'state');
    expect(first).toEqual({
      ...global,
      global: global.global_,
      destinationStats: { recordCount: 1, rejectedRecordCount: 0 },
    });
    expect(second).toEqual({ ...legacy, destinationStats: { recordCount: 0, rejectedRecordCount: 0 } });
  });

  it('finds the fields again that a cache has lower-cased, and ignores the columns that it added', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const ran = await write(
      [
        {
          type: 'RECORD',
          record: {
            stream: 'employees',
            data: {
              employeeid: 'E1',
              firstname: 'Ada',
              lastname: 'Example',
              emailaddress: 'ada@example.com',
              employeestatuscode: 'A',
              originalhiredate: '2020-02-29',
              orgLevel1Code: null,
              _airbyte_raw_id: '01',
              _airbyte_extracted_at: '2026-01-01T00:00:00Z',
              _airbyte_meta: '{}',
            },
            emitted_at: 1_767_225_600,
          },
        },
        { type: 'STATE', state: stateOf(1) },
      ],
      configured(
        ['employees'],
        {},
        {
          json_schema: {
            properties: {
              employeeId: {},
              firstName: {},
              lastName: {},
              emailAddress: {},
              employeeStatusCode: {},
              originalHireDate: {},
            },
          },
        },
      ),
    );
    expect(ran.code, ran.stdout).toBe(0);
    expect(house.together.users.get('E1')).toEqual({
      employeeId: 'E1',
      firstName: 'Ada',
      lastName: 'Example',
      email: 'ada@example.com',
      employeeStatusCode: 'A',
      originalHireDate: '2020-02-29T00:00:00.000Z',
    });
  });

  it('takes the mapping as the form writes it: lists of small objects, texts of JSON, groups that are empty', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const ran = await write([person('E1'), { type: 'STATE', state: stateOf(1) }], undefined, {
      mapping: {
        preset: 'ukg-pro',
        fields: [
          { field: 'title', from: ['emailAddress'], expression: '', lookup: '', default: '', remove: false },
          { field: 'preferredName', const: 'Ford', from: [] },
          { field: 'supervisorId', from: [], remove: true },
        ],
      },
      hris_fields: [{ key: 'state', from: ['employeeStatusCode'], lookup: '{"A": "here"}' }],
      stream_maps: '{"employees": {"firstName": "firstName.upper()"}}',
      webhook: { url: '', format: 'json' },
      effective_dates: {},
      guards: { max_changed: {} },
    });
    expect(ran.code, ran.stdout).toBe(0);
    expect(house.together.users.get('E1')).toMatchObject({
      firstName: 'ZAPHOD',
      title: 'E1@example.com',
      preferredName: 'Ford',
      'hrisFields.state': 'here',
    });
  });

  it('echoes no state of a batch that Together did not answer, and tells what came back', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    house.configure({}, { batch_size: 1, max_retries: 0 });
    house.together.faults.set([{ when: { method: 'POST', after: 1 }, do: { kind: 'status', status: 503 } }]);
    const ran = await write([
      person('E1'),
      { type: 'STATE', state: stateOf(1, { id: 1 }) },
      person('E2'),
      { type: 'STATE', state: stateOf(1, { id: 2 }) },
    ]);
    expect([ran.code, of(ran, 'STATE', 'state').map(({ id }) => id)], ran.stdout).toEqual([5, [1]]);
    expect(errorsOf(ran)).toMatchObject([
      { failure_type: 'transient_error', message: expect.stringContaining('E2') as string },
    ]);
    expect(ran.stdout).not.toMatch(/Zaphod|@example/);
  });

  it('stopped by a guard, is released once by the plan hash as a setting, since Airbyte passes no flags', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const everybody = (status: string, count = 20) => [
      ...Array.from({ length: count }, (_, i) => person(`E${i}`, { employeeStatusCode: status })),
      { type: 'STATE', state: stateOf(count, { id: 1 }) },
    ];
    expect((await write(everybody('A'))).code).toBe(0);
    const before = posts();
    const stopped = await write(everybody('T'));
    const [error] = errorsOf(stopped);
    expect([stopped.code, error?.['failure_type'], posts()], stopped.stdout).toEqual([3, 'config_error', before]);
    expect(stopped.stdout).not.toContain('--accept');
    const [, hash = ''] = /"accept_plan": "(\w+)"/.exec(String(error?.['message'])) ?? [];
    house.configure({}, { accept_plan: hash });
    expect((await write(everybody('T'))).code).toBe(0);
    expect(house.together.users.get('E7')).toMatchObject({ employeeStatusCode: 'T' });
    // Left where it is, it releases nothing else.
    expect((await write(everybody('T', 80))).code).toBe(3);
  });

  it('with verify_after_run reads what Together holds, and tells who was ended there before they are active again', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    house.configure({}, { verify_after_run: true });
    const everybody = [
      ...Array.from({ length: 20 }, (_, i) => person(`E${i}`)),
      { type: 'STATE', state: stateOf(20, { id: 1 }) },
    ];
    expect((await write(everybody)).stdout).toContain('Together holds what it accepted');
    house.together.state.edit('E3', { employeeStatusCode: 'T' });
    house.together.state.edit('E4', { firstName: 'Canary' });
    const ran = await write(everybody, undefined, {
      verify_after_run: true,
      on_drift: { resend: ['employeeStatusCode'] },
    });
    expect(ran.code).toBe(0);
    const logs = of(ran, 'LOG', 'log').map(({ message }) => String(message));
    const warned = logs.findIndex((line) => line.includes('will be active again, as the source says: employeeId E3.'));
    const sent = logs.findIndex((line) => line.includes('1 person changed in Together since the last delivery'));
    expect([warned >= 0, sent > warned], logs.join('\n')).toEqual([true, true]);
    expect(house.together.users.get('E3')).toMatchObject({ employeeStatusCode: 'A' });
    expect(ran.stdout).not.toContain('Canary');
  });

  it('keeps the rows of one table in two namespaces apart, whatever their keys, and echoes the states of both', async () => {
    await openAirbyte();
    const table = { name: 'employees', json_schema: { properties: { ...schema.properties, row: {} } } };
    const catalog = {
      streams: ['us', 'eu'].map((namespace) => ({
        ...configured(['employees']).streams[0],
        stream: { ...table, namespace },
        primary_key: [['row']],
      })),
    };
    const row = (namespace: string, id: string): Json => {
      const { record } = person(id, { row: '1' }) as { record: Json };
      return { type: 'RECORD', record: { ...record, namespace } };
    };
    const state = (namespace: string): Json => ({
      type: 'STATE',
      state: { ...stateOf(1), stream: { stream_descriptor: { name: 'employees', namespace }, stream_state: {} } },
    });
    const ran = await write([row('us', '1'), row('eu', '2'), state('us'), state('eu')], catalog);
    expect(ran.code, ran.stdout).toBe(0);
    expect([...house.together.users.keys()].sort()).toEqual(['1', '2']);
    const echoed = of(ran, 'STATE', 'state') as { destinationStats: Json }[];
    expect(echoed.map(({ destinationStats }) => destinationStats)).toEqual([
      { recordCount: 1, rejectedRecordCount: 0 },
      { recordCount: 1, rejectedRecordCount: 0 },
    ]);
    const twice = await write([], { streams: [catalog.streams[0], catalog.streams[0]] });
    expect([twice.code, twice.stdout]).toEqual([2, expect.stringContaining('\\"employees\\" twice')]);
  });

  it('takes overwrite for append and says so; records of streams that nobody configured are ignored', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const ran = await write(
      [
        person('E1'),
        { type: 'RECORD', record: { stream: 'others', data: { a: 1 }, emitted_at: 1 } },
        { type: 'STATE', state: stateOf(1) },
      ],
      configured(
        ['employees'],
        { destination_sync_mode: 'overwrite', generation_id: 4, minimum_generation_id: 4, sync_id: 9 },
        { json_schema: schema },
      ),
    );
    expect([ran.code, house.together.users.size], ran.stdout).toEqual([0, 1]);
    const warnings = of(ran, 'LOG', 'log').flatMap(({ level, message }) => (level === 'WARN' ? [String(message)] : []));
    expect(warnings).toEqual([
      expect.stringContaining('"employees" is to overwrite'),
      expect.stringContaining('"others"'),
    ]);
  });

  it('ends with exit code 2 when nothing of what came has a mapping, and holds the states back', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const record = { stream: 'products', data: { id: 1 }, emitted_at: 1 };
    const state = { ...stateOf(1), stream: { stream_descriptor: { name: 'products' }, stream_state: { at: 1 } } };
    const ran = await write(
      [
        { type: 'RECORD', record },
        { type: 'STATE', state },
      ],
      configured(['products']),
    );
    expect({ code: ran.code, posts: posts() }, ran.stdout).toEqual({ code: 2, posts: 0 });
    expect(of(ran, 'STATE', 'state')).toEqual([]);
    expect(ran.stdout).toMatch(/No mapping takes any of the streams that came/);
  });

  it('takes a record of several megabytes', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const ran = await write([person('E1', { notes: 'x'.repeat(8_000_000) }), { type: 'STATE', state: stateOf(1) }]);
    expect([ran.code, house.together.users.size, of(ran, 'STATE', 'state').length], ran.stdout.slice(0, 2000)).toEqual([
      0, 1, 1,
    ]);
  });

  it('logs as loudly as the platform asks', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    const args = ['check', '--config', half('target-together')];
    const quiet = await start('destination-together', args, { env: { LOG_LEVEL: 'ERROR' } });
    expect([quiet.code, messagesOf(quiet).map(({ type }) => type)]).toEqual([0, ['CONNECTION_STATUS']]);
  });
});
