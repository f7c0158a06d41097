/** Airbyte's own rules, that Singer knows nothing of, held against the two executables. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bin, cleanEnv, type House, openHouse, type Ran, start } from '../support/pipe.ts';

type Json = Record<string, unknown>;

let house: House;
afterEach(() => house.close());

const file = (name: string, value: unknown): string => {
  const path = join(house.folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 });
  return path;
};
const half = (name: 'tap-ukg-pro' | 'target-together', changes: object = {}): string => {
  const both = JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, object>;
  return file(`${name}.json`, { ...both[name], ...changes });
};
const messagesOf = (ran: Pick<Ran, 'stdout'>): Json[] =>
  ran.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);
const of = (ran: Pick<Ran, 'stdout'>, type: string, key: string): Json[] =>
  messagesOf(ran).flatMap((message) => (message['type'] === type ? [message[key] as Json] : []));
const errorsOf = (ran: Pick<Ran, 'stdout'>): Json[] =>
  of(ran, 'TRACE', 'trace').flatMap(({ type, error }) => (type === 'ERROR' ? [error as Json] : []));
const statusesOf = (ran: Pick<Ran, 'stdout'>): Json[] =>
  of(ran, 'TRACE', 'trace').flatMap((trace) =>
    trace['type'] === 'STREAM_STATUS' ? [trace['stream_status'] as Json] : [],
  );
const posts = () => house.together.journal.matching().filter(({ method }) => method === 'POST').length;
const told = (status: Json) => `${(status['stream_descriptor'] as { name: string }).name} ${String(status['status'])}`;

const schema = {
  type: 'object',
  properties: { employeeId: { type: 'string' }, firstName: {}, lastName: {}, emailAddress: {}, employeeStatusCode: {} },
};
const configured = (names: string[], entry: Json = {}, stream: Json = {}) => ({
  streams: names.map((name) => ({
    stream: { name, json_schema: { properties: {} }, supported_sync_modes: ['full_refresh'], ...stream },
    sync_mode: 'full_refresh',
    destination_sync_mode: 'append',
    ...entry,
  })),
});
const read = (catalog: object, more: string[] = [], changes: object = {}) =>
  start('source-ukg-pro', [
    'read',
    '--config',
    half('tap-ukg-pro', changes),
    '--catalog',
    file('read.txt', catalog),
    ...more,
  ]);
const person = (employeeId: string, more: Json = {}): Json => ({
  type: 'RECORD',
  record: {
    stream: 'employees',
    data: {
      employeeId,
      firstName: 'Zaphod',
      lastName: 'Beeblebrox',
      emailAddress: `${employeeId}@example.com`,
      employeeStatusCode: 'A',
      ...more,
    },
    emitted_at: Date.now(),
  },
});
const write = (
  messages: (Json | string)[],
  catalog: object = configured(['employees'], {}, { json_schema: schema }),
  changes: object = {},
) =>
  start(
    'destination-together',
    ['write', '--config', half('target-together', changes), '--catalog', file('write.txt', catalog)],
    {
      input: messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join(''),
    },
  );
const stateOf = (count: number, more: Json = {}): Json => ({
  type: 'STREAM',
  stream: { stream_descriptor: { name: 'employees' }, stream_state: { at: count } },
  sourceStats: { recordCount: count },
  ...more,
});

/** Each group of a connector's form, empty, as a form sends what was not filled in; groups within groups likewise. */
async function emptyGroups(connector: string): Promise<Json> {
  interface Form {
    readonly type?: string;
    readonly oneOf?: unknown;
    readonly properties?: Record<string, Form>;
  }
  const groups = ({ properties = {} }: Form): Json =>
    Object.fromEntries(
      Object.entries(properties).flatMap(([name, form]) =>
        form.type === 'object' || form.oneOf ? [[name, groups(form)]] : [],
      ),
    );
  const [spec] = of(await start(connector, ['spec']), 'SPEC', 'spec');
  return groups(spec?.['connectionSpecification'] as Form);
}

it('empty groups of the form count as absent, for check and run of both', async () => {
  house = await openHouse({ ukg: { people: 3 } });
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

describe('a source', () => {
  it('answers each command with exactly the message that it is asked for', async () => {
    house = await openHouse({ ukg: { people: 3 } });
    const spec = await start('source-ukg-pro', ['spec']);
    expect([spec.code, spec.stderr, messagesOf(spec).map(({ type }) => type)]).toEqual([0, '', ['SPEC']]);
    const config = half('tap-ukg-pro', {
      __injected_declarative_manifest: {},
      unknown_extra: 1,
      // What the form sends of groups that nobody filled in.
      pay_statements: {},
      pay_periods: { from: '', to: null },
      filters: [{ field: 'employeeTypeCode', in: ['REG'], not_in: [], name: '' }],
    });
    const check = await start('source-ukg-pro', ['--debug', 'check', `--config=${config}`]);
    expect([check.code, check.stderr, of(check, 'CONNECTION_STATUS', 'connectionStatus')]).toEqual([
      0,
      '',
      [{ status: 'SUCCEEDED' }],
    ]);
    const discovered = await start('source-ukg-pro', ['discover', '--config', config]);
    expect([discovered.code, of(discovered, 'CATALOG', 'catalog').length]).toEqual([0, 1]);
  });

  it.each([
    ['a wrong password', { password: 'not-this-one-7' }, /password/],
    ['a host out of reach', { base_url: 'http://127.0.0.1:1', max_retries: 0 }, /ECONNREFUSED/],
    ['a missing setting', { username: null }, /username/],
  ])('finds %s in a check that FAILED and exits 0', async (_name, changes, words) => {
    house = await openHouse({ ukg: { people: 3 } });
    const ran = await start('source-ukg-pro', ['check', '--config', half('tap-ukg-pro', changes)]);
    const [status] = of(ran, 'CONNECTION_STATUS', 'connectionStatus');
    expect([ran.code, status?.['status'], errorsOf(ran)]).toEqual([0, 'FAILED', []]);
    expect(status?.['message']).toMatch(words);
    expect(ran.stdout + ran.stderr).not.toContain('not-this-one');
  });

  it('keeps the record of a person who could not be mapped though it has NaN, as Python writes it', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    const text = JSON.stringify(person('1', { emailAddress: '', fte: 'FTE' })).replace('"FTE"', '-Infinity');
    const ran = await write([text, JSON.stringify({ type: 'STATE', state: stateOf(1) }).replace('"at":1', '"at":NaN')]);
    expect(ran.code, ran.stdout).toBe(4);
    expect(readFileSync(join(house.folder, 'together', 'rejects.singer'), 'utf8')).toContain('"fte":null');
  });

  it('tells a wrong call by a TRACE and exit 2', async () => {
    house = await openHouse({ ukg: { people: 3 } });
    for (const args of [['check'], ['read', '--config', half('tap-ukg-pro')], ['write'], ['read', '--conf', 'x']]) {
      const ran = await start('source-ukg-pro', args);
      expect([ran.code, errorsOf(ran).map((error) => error['failure_type'])], args.join(' ')).toEqual([
        2,
        ['config_error'],
      ]);
    }
  });

  it('ends each stream with a state of its own, counted, then COMPLETE; an incremental read of one that knows none reads all', async () => {
    house = await openHouse({ ukg: { people: 40, clean: true } });
    const names = ['person_details', 'locations', 'org_levels'];
    const ran = await read(configured(names, { sync_mode: 'incremental' }));
    expect(ran.code, ran.stdout).toBe(0);
    const records = new Map(names.map((name) => [name, 0]));
    const done: string[] = [];
    for (const message of messagesOf(ran)) {
      if (message['type'] === 'RECORD') {
        const { stream } = message['record'] as { stream: string };
        records.set(stream, (records.get(stream) ?? 0) + 1);
      }
      if (message['type'] !== 'STATE') continue;
      const { type, stream, sourceStats } = message['state'] as {
        type: string;
        stream: { stream_descriptor: { name: string }; stream_state: object };
        sourceStats: { recordCount: number };
      };
      expect([type, sourceStats.recordCount]).toEqual(['STREAM', records.get(stream.stream_descriptor.name)]);
      expect(Object.keys(stream.stream_state).length).toBeGreaterThan(0);
      records.set(stream.stream_descriptor.name, 0);
      done.push(stream.stream_descriptor.name);
    }
    expect(done).toEqual(expect.arrayContaining(names));
    expect([...records.values()]).toEqual([0, 0, 0]);
    for (const name of names) {
      expect(
        statusesOf(ran)
          .map(told)
          .filter((line) => line.startsWith(name)),
      ).toEqual([`${name} STARTED`, `${name} RUNNING`, `${name} COMPLETE`]);
    }
    const logs = of(ran, 'LOG', 'log').map(({ message }) => String(message));
    expect(logs.filter((line) => line.includes("can't be read incrementally"))).toHaveLength(2);
  });

  it('says RATE_LIMITED while it waits, until when, and RUNNING when it goes on', async () => {
    house = await openHouse({ ukg: { people: 10, clean: true } });
    house.ukg.faults.set([{ when: { nth: 1 }, do: { kind: 'status', status: 429, retryAfter: '1' } }]);
    const before = Date.now();
    const ran = await read(configured(['locations']));
    expect(ran.code, ran.stdout).toBe(0);
    const [started, limited, ...rest] = statusesOf(ran);
    expect(told(started as Json)).toBe('locations STARTED');
    const { status, reasons } = limited as {
      status: string;
      reasons: { type: string; rate_limited: { quota_reset: number } }[];
    };
    const reason = reasons[0] as (typeof reasons)[number];
    expect([status, reason.type]).toEqual(['RUNNING', 'RATE_LIMITED']);
    expect(reason.rate_limited.quota_reset).toBeGreaterThanOrEqual(before + 900);
    expect(rest.map(told)).toEqual(['locations RUNNING', 'locations COMPLETE']);
    expect(rest[0]).not.toHaveProperty('reasons');
  });

  it('tells each stream that failed by an error that names it, keeps the others, and says INCOMPLETE', async () => {
    house = await openHouse({ ukg: { people: 10, clean: true } });
    house.ukg.faults.set([
      { when: { path: '/personnel/v1/employment-details' }, do: { kind: 'status', status: 500 } },
      { when: { path: '/configuration/v1/jobs' }, do: { kind: 'status', status: 500 } },
    ]);
    const ran = await read(configured(['employees', 'jobs', 'locations']), [], { max_retries: 0 });
    expect(ran.code).toBe(5);
    const errors = errorsOf(ran);
    expect(errors.map((error) => (error['stream_descriptor'] as { name: string } | undefined)?.name)).toEqual([
      'jobs',
      'employees',
    ]);
    expect(of(ran, 'LOG', 'log').filter(({ level }) => level === 'ERROR')).toEqual([]);
    expect(new Set(errors.map((error) => error['failure_type']))).toEqual(new Set(['transient_error']));
    expect(
      statusesOf(ran)
        .map(told)
        .filter((line) => !/STARTED|RUNNING/.test(line)),
    ).toEqual(['employees INCOMPLETE', 'jobs INCOMPLETE', 'locations COMPLETE']);
    for (const error of errors) expect(String(error['stack_trace'])).not.toMatch(/@|Authorization|password/i);
  });

  it('names the configured stream when the credentials are wrong, as a config_error', async () => {
    house = await openHouse({ ukg: { people: 10 } });
    const ran = await read(configured(['employees']), [], { password: 'not-this-one-7' });
    const [error] = errorsOf(ran);
    expect([ran.code, error?.['failure_type'], error?.['stream_descriptor']]).toEqual([
      6,
      'config_error',
      { name: 'employees' },
    ]);
    expect(ran.stdout).not.toContain('not-this-one');
  });

  it('refuses a stream that it does not have, and states of another shape', async () => {
    house = await openHouse({ ukg: { people: 5 } });
    const unknown = await read(configured(['employes']));
    expect([unknown.code, String(errorsOf(unknown)[0]?.['message'])]).toEqual([
      2,
      expect.stringContaining('"employees"'),
    ]);
    const legacy = await read(configured(['employees'], { sync_mode: 'incremental' }), [
      '--state',
      file('s', [{ type: 'LEGACY', data: { a: 1 } }]),
    ]);
    expect([legacy.code, of(legacy, 'RECORD', 'record').length]).toEqual([2, 0]);
  });

  it('goes on from what the platform stores, and starts over for a stream that was reset or is read in full', async () => {
    house = await openHouse({ ukg: { people: 60, clean: true } });
    const incremental = configured(['employees'], { sync_mode: 'incremental' });
    const count = async (catalog: object, state: unknown) =>
      of(await read(catalog, ['--state', file('state.txt', state)]), 'RECORD', 'record').length;
    const [state] = of(await read(incremental), 'STATE', 'state');
    expect(await count(incremental, [{ ...state, id: 7, destinationStats: { recordCount: 60 } }])).toBeLessThan(4);
    const stream = state?.['stream'] as Json;
    const global = { shared_state: null, stream_states: [stream] };
    expect(await count(incremental, [{ type: 'GLOBAL', stream: null, global_: global, data: null }])).toBeLessThan(4);
    for (const none of ['', [], {}, [{ ...state, stream: { ...stream, stream_state: null } }]])
      expect(await count(incremental, none)).toBe(60);
    expect(await count(configured(['employees']), [state])).toBe(60);
  });

  it('on SIGTERM tells INCOMPLETE and a transient_error, and exits 143', async () => {
    house = await openHouse({ ukg: { people: 10 } });
    house.ukg.faults.set([{ when: {}, do: { kind: 'status', status: 429, retryAfter: '60' } }]);
    const running = read(configured(['employees']));
    running.child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('RATE_LIMITED')) running.child.kill('SIGTERM');
    });
    const ran = await running;
    expect([ran.code, ran.stderr]).toEqual([143, '']);
    expect(statusesOf(ran).map(told).at(-1)).toBe('employees INCOMPLETE');
    expect(errorsOf(ran).map((error) => error['failure_type'])).toEqual(['transient_error']);
  });

  it('ends without a word and not with success when its reader goes while it waits for a quota', async () => {
    house = await openHouse({ ukg: { people: 10 } });
    house.ukg.faults.set([{ when: { every: 2 }, do: { kind: 'status', status: 429, retryAfter: '1' } }]);
    const running = read(configured(['employees']));
    running.child.stdout?.once('data', () => running.child.stdout?.destroy());
    const ran = await running;
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toBe('');
  });

  it('waits for a slow reader and loses nothing', async () => {
    house = await openHouse({ ukg: { people: 6000, clean: true } });
    const args = [
      'read',
      '--config',
      half('tap-ukg-pro'),
      '--catalog',
      file('slow.txt', configured(['person_details'])),
    ];
    const child = spawn(bin('source-ukg-pro'), args, { env: cleanEnv(), stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(child.exitCode).toBeNull();
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('latin1');
    });
    expect(await ended).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('{"type":"RECORD"'))).toHaveLength(6000);
    expect(of({ stdout: Buffer.from(stdout, 'latin1').toString() }, 'STATE', 'state')[0]?.['sourceStats']).toEqual({
      recordCount: 6000,
    });
  });
});

describe('a destination', () => {
  it('answers each command with exactly the message that it is asked for', async () => {
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse();
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
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
    house = await openHouse({ ukg: { people: 3 } });
    const ran = await write([person('E1', { notes: 'x'.repeat(8_000_000) }), { type: 'STATE', state: stateOf(1) }]);
    expect([ran.code, house.together.users.size, of(ran, 'STATE', 'state').length], ran.stdout.slice(0, 2000)).toEqual([
      0, 1, 1,
    ]);
  });

  it('logs as loudly as the platform asks', async () => {
    house = await openHouse({ ukg: { people: 3 } });
    const args = ['check', '--config', half('target-together')];
    const quiet = await start('destination-together', args, { env: { LOG_LEVEL: 'ERROR' } });
    expect([quiet.code, messagesOf(quiet).map(({ type }) => type)]).toEqual([0, ['CONNECTION_STATUS']]);
  });
});
