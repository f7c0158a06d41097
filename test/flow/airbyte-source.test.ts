/** Airbyte's own rules, that Singer knows nothing of, held against the source. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  configured,
  errorsOf,
  file,
  half,
  house,
  type Json,
  messagesOf,
  of,
  openAirbyte,
  person,
  read,
  stateOf,
  statusesOf,
  told,
  write,
} from '../support/airbyte.ts';
import { bin, cleanEnv, start } from '../support/pipe.ts';

afterEach(() => house.close());

describe('a source', () => {
  it('answers each command with exactly the message that it is asked for', async () => {
    await openAirbyte({ ukg: { people: 3 } });
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
    await openAirbyte({ ukg: { people: 3 } });
    const ran = await start('source-ukg-pro', ['check', '--config', half('tap-ukg-pro', changes)]);
    const [status] = of(ran, 'CONNECTION_STATUS', 'connectionStatus');
    expect([ran.code, status?.['status'], errorsOf(ran)]).toEqual([0, 'FAILED', []]);
    expect(status?.['message']).toMatch(words);
    expect(ran.stdout + ran.stderr).not.toContain('not-this-one');
  });

  it('keeps the record of a person who could not be mapped though it has NaN, as Python writes it', async () => {
    await openAirbyte({ ukg: { people: 1 } });
    const text = JSON.stringify(person('1', { emailAddress: '', fte: 'FTE' })).replace('"FTE"', '-Infinity');
    const ran = await write([text, JSON.stringify({ type: 'STATE', state: stateOf(1) }).replace('"at":1', '"at":NaN')]);
    expect(ran.code, ran.stdout).toBe(4);
    expect(readFileSync(join(house.folder, 'together', 'rejects.singer'), 'utf8')).toContain('"fte":null');
  });

  it('tells a wrong call by a TRACE and exit 2', async () => {
    await openAirbyte({ ukg: { people: 3 } });
    for (const args of [['check'], ['read', '--config', half('tap-ukg-pro')], ['write'], ['read', '--conf', 'x']]) {
      const ran = await start('source-ukg-pro', args);
      expect([ran.code, errorsOf(ran).map((error) => error['failure_type'])], args.join(' ')).toEqual([
        2,
        ['config_error'],
      ]);
    }
  });

  it('ends each stream with a state of its own, counted, then COMPLETE; an incremental read of one that knows none reads all', async () => {
    await openAirbyte({ ukg: { people: 40, clean: true } });
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
    await openAirbyte({ ukg: { people: 10, clean: true } });
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
    await openAirbyte({ ukg: { people: 10, clean: true } });
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
    await openAirbyte({ ukg: { people: 10 } });
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
    await openAirbyte({ ukg: { people: 5 } });
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
    await openAirbyte({ ukg: { people: 60, clean: true } });
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
    await openAirbyte({ ukg: { people: 10 } });
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
    await openAirbyte({ ukg: { people: 10 } });
    house.ukg.faults.set([{ when: { every: 2 }, do: { kind: 'status', status: 429, retryAfter: '1' } }]);
    const running = read(configured(['employees']));
    running.child.stdout?.once('data', () => running.child.stdout?.destroy());
    const ran = await running;
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toBe('');
  });

  it('waits for a slow reader and loses nothing', async () => {
    await openAirbyte({ ukg: { people: 6000, clean: true } });
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
