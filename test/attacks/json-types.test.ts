/** Every JSON type in every field of every record: at worst that person's fault, never the end of everybody's run. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { transformNames } from '../../target-together/src/mapping/rules/rule-schema.ts';
import { userFields, valueTypes } from '../../target-together/src/model/user-fields.ts';
import { type House, openHouse, start } from '../support/pipe.ts';
import { oddValues } from './support/odd-values.ts';

let house: House;
let proxy: Server | undefined;
afterEach(async () => {
  proxy?.close();
  proxy = undefined;
  await house.close();
});

type Row = Record<string, unknown>;

const healthy: Row = {
  employeeId: 'healthy',
  firstName: 'Ada',
  lastName: 'Byron',
  email: 'ada@example.com',
  employeeStatusCode: 'A',
};

/** Each column of `base` with each odd value, in a record of its own. */
const spoilt = (columns: readonly string[], base: (number: number) => Row): Row[] =>
  columns.flatMap((column, at) =>
    oddValues.map((value, nth) => ({ ...base(at * oddValues.length + nth), [column]: value })),
  );

describe('target-together', () => {
  const account = () => {
    const { apiKey, clientId, organizationId } = house.together.credentials;
    return { api_url: house.together.url, organization_id: organizationId, client_id: clientId, api_key: apiKey };
  };
  const configure = (settings: object) => {
    const path = join(house.folder, 'target.json');
    writeFileSync(
      path,
      JSON.stringify({ ...account(), min_interval_ms: 100, max_rejected_percent: 100, state_dir: 'kept', ...settings }),
      { mode: 0o600 },
    );
    return path;
  };
  const schemaOf = (columns: readonly string[]) => ({
    properties: Object.fromEntries(columns.map((name) => [name, {}])),
  });
  const lines = (messages: readonly object[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join('');

  const messagesOf = (columns: readonly string[], rows: readonly Row[], key: string) => [
    { type: 'SCHEMA', stream: 'people', schema: schemaOf(columns), key_properties: [key] },
    ...rows.map((record) => ({ type: 'RECORD', stream: 'people', record })),
  ];

  /** Through Singer, with everything that a run can write of people. */
  async function singer(config: string, columns: readonly string[], rows: readonly Row[], key: string) {
    const summary = join(house.folder, 'summary.json');
    const report = join(house.folder, 'report.html');
    const args = ['--config', config, '--summary', summary, '--report', report, '--redact', 'full'];
    const ran = await start('target-together', args, { input: lines(messagesOf(columns, rows, key)) });
    return { ran, said: ran.stderr, summary: JSON.parse(readFileSync(summary, 'utf8')) as Row };
  }

  const types = valueTypes.map((type) => `column_${type}`);
  const fields = {
    ...Object.fromEntries(userFields.map(({ name }) => [name, name])),
    ...Object.fromEntries(valueTypes.map((type) => [`hrisFields.of_${type}`, { from: `column_${type}`, type }])),
    'hrisFields.joined': { from: types, join: ', ' },
    'hrisFields.looked': { from: 'column_string', lookup: { a: 'b' }, default: 'c' },
    'hrisFields.cleaned': { from: 'column_string', transform: [...transformNames] },
    'hrisFields.below': { from: 'column_any.a.b[0]' },
    'hrisFields.worked': { expression: 'column_any & $string(column_number)' },
  };
  const columns = [...userFields.map(({ name }) => name), ...types, '_sdc_deleted_at', '__proto__'];
  const rows = [
    healthy,
    ...spoilt(columns, (number) => ({ ...healthy, employeeId: `p${number}`, email: `p${number}@example.com` })),
  ];
  const settings = {
    mapping: { stream: 'people', fields },
    sensitive_fields: userFields.filter(({ sensitive }) => sensitive).map(({ name }) => name),
    filters: types.map((field) => ({ field, not_in: ['nobody'] })),
    stream_maps: {
      people: {
        column_string: 'record.get("column_any") or record["column_string"]',
        column_key: 'record.get("column_list", record["column_id"])',
        column_text: 'f"{column_code} {column_any}"',
        column_cut: 'column_email[:3].strip(column_date)',
        column_sum: 'column_number + column_boolean',
        column_in: 'column_country in column_any',
      },
    },
  };

  it('every field and every type of value, through Singer', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    const { ran, said, summary } = await singer(configure(settings), columns, rows, 'employeeId');
    expect([ran.code, /Unexpected|TypeError/.test(said)], errorsIn(said)).toEqual([0, false]);
    expect(house.together.users.has('healthy')).toBe(true);
    // A person with an odd status, one with odd address, and all of them.
    for (const asked of [
      ['explain', 'p45'],
      ['explain', 'p70'],
      ['plan', '--redact', 'full'],
    ]) {
      const told = await start('target-together', [...asked, '--config', join(house.folder, 'target.json')], {
        input: lines(messagesOf(columns, rows, 'employeeId')),
      });
      expect([told.code, /Unexpected|TypeError/.test(told.stderr)], errorsIn(told.stderr)).toEqual([0, false]);
    }
    // Of nearly everybody only an optional field was odd.
    expect(house.together.users.size).toBeGreaterThan(rows.length / 2);
    expect(summary['people_read']).toBeGreaterThan(rows.length * 0.9);
  });

  it('every field and every type of value, through Airbyte', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    const config = configure({ ...settings, state_dir: null });
    const catalog = join(house.folder, 'catalog.json');
    const stream = { name: 'people', json_schema: schemaOf(columns), supported_sync_modes: ['full_refresh'] };
    const mode = { sync_mode: 'full_refresh', destination_sync_mode: 'append_dedup', primary_key: [['employeeId']] };
    writeFileSync(catalog, JSON.stringify({ streams: [{ stream, ...mode }] }));
    const records = rows.map((data) => ({ type: 'RECORD', record: { stream: 'people', data, emitted_at: 1 } }));
    const args = ['write', '--config', config, '--catalog', catalog];
    const ran = await start('destination-together', args, { input: lines(records) });
    expect([ran.code, /Unexpected|TypeError/.test(ran.stdout)], errorsIn(ran.stdout)).toEqual([0, false]);
    expect(house.together.users.size).toBeGreaterThan(rows.length / 2);
  });

  const presets = readdirSync(fileURLToPath(new URL('../../target-together/presets', import.meta.url)));
  it.each(presets)('every column of the preset %s', async (file) => {
    house = await openHouse({ ukg: { people: 1 } });
    const text = readFileSync(new URL(`../../target-together/presets/${file}`, import.meta.url), 'utf8');
    const preset = JSON.parse(text) as { name: string; fields: Record<string, unknown> };
    const read = [...new Set(pathsOf(preset.fields).map((path) => path.split(/[.[]/)[0] as string))];
    const key = pathsOf(preset.fields['employeeId'])[0] as string;
    const base = (number: number) => ({ ...Object.fromEntries(read.map((name) => [name, 'A'])), [key]: `p${number}` });
    const people = spoilt(read, base);
    const config = configure({ mapping: { preset: preset.name, stream: 'people' } });
    const { ran, said } = await singer(config, read, people, key);
    // Whether anybody of these can be sent is another matter.
    expect([[0, 4].includes(ran.code ?? 1), /Unexpected|TypeError/.test(said)], errorsIn(said)).toEqual([true, false]);
  });
});

describe('tap-ukg-pro', () => {
  /** UKG Pro, with a row more for each field of a row and each odd value in it. `spoilt`: where, by path and field. */
  async function oddUkg(spoilt: Set<string>): Promise<string> {
    const done = new Set<string>();
    proxy = createServer((asked, answer) => {
      const { method, url = '/', headers } = asked;
      const forward = request(`${house.ukg.url}${url}`, { method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const path = url.split('?')[0] ?? '';
          const { 'content-length': _, 'transfer-encoding': __, ...kept } = response.headers;
          const body = Buffer.concat(parts).toString();
          // A table of codes that only a row of ours names is an empty one.
          if (response.statusCode === 404) return void answer.writeHead(200, kept).end('[]');
          answer.writeHead(response.statusCode ?? 500, kept).end(done.has(url) ? body : withMore(path, body, spoilt));
          done.add(url);
        });
      });
      asked.pipe(forward);
    });
    await new Promise<void>((listening) => {
      proxy?.listen(0, '127.0.0.1', listening);
    });
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  }

  function withMore(path: string, body: string, spoilt: Set<string>): string {
    let rows: unknown;
    try {
      rows = JSON.parse(body);
    } catch {
      return body;
    }
    const first = Array.isArray(rows) ? (rows[0] as Row | undefined) : undefined;
    if (first === undefined || typeof first !== 'object') return body;
    const more = Object.keys(first).flatMap((field, at) => {
      spoilt.add(`${path} ${field}`);
      return oddValues.map((value, nth) => ({ ...another(first, at * oddValues.length + nth), [field]: value }));
    });
    return JSON.stringify([...(rows as Row[]), ...more]);
  }

  /** A row that is no repetition of the first: keys, codes and addresses of its own, the same in every service. */
  const another = (row: Row, number: number): Row =>
    Object.fromEntries(
      Object.entries(row).map(([field, value]) => [
        field,
        typeof value === 'string' &&
        /(id|code|number|key|name|emailAddress)$/i.test(field) &&
        !/status|company|country/i.test(field)
          ? `x${number}${value}`
          : value,
      ]),
    );

  it('every field of every row of people, through the whole pipe', async () => {
    house = await openHouse({ ukg: { people: 40, clean: true } });
    const columns = new Set<string>();
    house.configure({ base_url: await oddUkg(columns), max_retries: 0, include_fields: ['employees.*'] });
    // Everybody, then who changed since.
    for (const _read of ['complete', 'increment']) {
      const { tap, target } = await house.sync();
      const said = tap.stderr + target.stderr;
      expect([tap.code, target.code, /Unexpected|TypeError/.test(said)], errorsIn(said)).toEqual([0, 0, false]);
      expect(house.together.users.size).toBeGreaterThan(500);
    }
    expect(columns.size).toBeGreaterThan(100);
  });

  it.each(['tap-ukg-pro', 'source-ukg-pro'])('every field of every stream: %s', async (half) => {
    house = await openHouse({ ukg: { people: 40, clean: true } });
    const columns = new Set<string>();
    const base_url = await oddUkg(columns);
    const { password, username, customerApiKey } = house.ukg.credentials;
    const config = join(house.folder, 'tap.json');
    const account = { base_url, username, password, customer_api_key: customerApiKey, max_retries: 0 };
    writeFileSync(config, JSON.stringify({ ...account, include_fields: ['employees.*'] }), { mode: 0o600 });
    const catalog = join(house.folder, 'catalog.json');
    const singer = half === 'tap-ukg-pro';
    const found = await start(half, singer ? ['--discover', '--config', config] : ['discover', '--config', config]);
    writeFileSync(catalog, JSON.stringify(singer ? selected(found.stdout) : configured(found.stdout)));
    const args = ['--config', config, '--catalog', catalog];
    const ran = await start(half, singer ? args : ['read', ...args]);
    const said = singer
      ? ran.stderr
      : ran.stdout
          .split('\n')
          .filter((line) => !line.includes('"RECORD"'))
          .join('\n');
    expect([ran.code, /Unexpected|TypeError/.test(said)], errorsIn(said)).toEqual([0, false]);
    expect(columns.size).toBeGreaterThan(300);
  });

  /** As Meltano's `select: ["*.*"]` writes it. */
  function selected(discovered: string): object {
    const found = JSON.parse(discovered) as { streams: { metadata: { metadata: Row }[] }[] };
    for (const { metadata } of found.streams) for (const entry of metadata) entry.metadata['selected'] = true;
    return found;
  }

  function configured(discovered: string): object {
    const message = discovered.split('\n').find((line) => line.includes('"CATALOG"')) ?? '{}';
    const { streams } = (JSON.parse(message) as { catalog: { streams: object[] } }).catalog;
    const modes = { sync_mode: 'full_refresh', destination_sync_mode: 'append' };
    return { streams: streams.map((stream) => ({ stream, ...modes })) };
  }
});

it('every field of every user that Together lists', async () => {
  house = await openHouse({ ukg: { people: 1 } });
  const { apiKey, clientId, organizationId } = house.together.credentials;
  const known = Array.from({ length: 300 }, (_, n) => ({
    ...healthy,
    employeeId: `p${n}`,
    email: `p${n}@example.com`,
  }));
  const names = [...userFields.map(({ name }) => name), 'id', 'status', 'hrisFields', 'attributes', 'user'];
  const listed = names.flatMap((name, at) =>
    oddValues.map((value, nth) => ({ ...known[(at * oddValues.length + nth) % known.length], [name]: value })),
  );
  let isOdd = false;
  proxy = createServer((asked, answer) => {
    let body = '';
    asked.on('data', (piece: Buffer) => (body += piece.toString()));
    asked.on('end', () => {
      answer.setHeader('content-type', 'application/json');
      const users = asked.method === 'POST' ? (JSON.parse(body) as Row[]) : undefined;
      answer.end(
        JSON.stringify(users?.map(({ employeeId }) => ({ employeeId, status: 201 })) ?? (isOdd ? listed : [])),
      );
    });
  });
  await new Promise<void>((listening) => void proxy?.listen(0, '127.0.0.1', listening));
  const config = join(house.folder, 'target.json');
  const settings = { api_key: apiKey, client_id: clientId, organization_id: organizationId, min_interval_ms: 10 };
  const api_url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const mapping = { stream: 'people', fields: Object.fromEntries(Object.keys(healthy).map((name) => [name, name])) };
  const open = (state: string) =>
    writeFileSync(config, JSON.stringify({ ...settings, api_url, mapping, state_dir: join(house.folder, state) }), {
      mode: 0o600,
    });
  const properties = Object.fromEntries(Object.keys(healthy).map((name) => [name, { type: 'string' }]));
  const input = [
    { type: 'SCHEMA', stream: 'people', schema: { properties }, key_properties: ['employeeId'] },
    ...known.map((record) => ({ type: 'RECORD', stream: 'people', record })),
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
  const run = async (...args: string[]) => {
    const { code, stderr } = await start('target-together', [...args, '--config', config], { input });
    expect(
      [[0, 3, 8].includes(code ?? 1), /Unexpected|TypeError/.test(stderr)],
      `${args.join(' ')} ${errorsIn(stderr)}`,
    ).toEqual([true, false]);
  };
  open('before');
  await run();
  isOdd = true;
  for (const args of [['--verify'], ['verify'], ['drift'], ['doctor']]) await run(...args);
  // A first run compares with the list by itself.
  open('first');
  await run();
});

const errorsIn = (said: string) =>
  said
    .split('\n')
    .filter((line) => /ERROR|FATAL|✗/.test(line))
    .join('\n');

/** Paths that rules read from. */
function pathsOf(rule: unknown): string[] {
  if (typeof rule === 'string') return [rule];
  if (Array.isArray(rule)) return rule.flatMap(pathsOf);
  if (typeof rule !== 'object' || rule === null) return [];
  const { from, country_from, end_date, number_from, lookup: _, ...fields } = rule as Row;
  const own = [from, country_from, end_date, number_from].filter((path) => path !== undefined);
  if (own.length > 0 || 'org_level' in fields || 'expression' in fields || 'const' in fields)
    return own.flatMap(pathsOf);
  return Object.values(fields).flatMap(pathsOf);
}
