/** Canaries in every personal field and every credential, through every kind of failure: only records and rejects may hold them. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { FaultAction } from '@ukg-together/sandbox/faults';
import { UKG_CREDENTIALS } from '@ukg-together/sandbox/ukg/access';
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse, type Ran, start } from '../support/pipe.ts';
import { type Protocol, protocols } from '../support/protocols.ts';

let house: House;
afterEach(() => house.close());

const mark = 'qzcanary';
/** Fields whose values no rule of the sandbox or the mapping reads. */
const marked = [
  'userName',
  'firstName',
  'middleName',
  'lastName',
  'preferredName',
  'formerName',
  'homePhone',
  'line1',
  'line2',
  'city',
  'zip',
  'ssn',
] as const;

async function open(people = 30): Promise<void> {
  // UKG's own keys have five letters, which a encrypted plan holds by chance.
  const credentials = { ...UKG_CREDENTIALS, customerApiKey: 'not-a-secret-key' };
  house = await openHouse({ ukg: { people, seed: 9, clean: true, credentials } });
  const { world } = house.ukg;
  for (let i = 0; i < people; i++) {
    const person = world.open(i);
    for (const field of marked) person[field] = `${mark}${field}${i}`;
    person.email = `${mark}mail${i}@example.com`;
    person.alternateEmail = `${mark}private${i}@example.org`;
  }
  configure();
}
const configure = (target: object = {}) =>
  house.configure(
    { max_retries: 0, include_fields: ['employees.*'] },
    { max_retries: 0, sensitive_fields: ['dateOfBirth', 'gender'], ...target },
  );

const loud = { LOGLEVEL: 'DEBUG', NODE_OPTIONS: '--trace-warnings' };

/** Everything that people, logs and later runs get to see. Rejects hold records by design, readable by their owner only. */
function clean(texts: Record<string, string>): void {
  const { ukg, together } = house;
  const { password, customerApiKey } = ukg.credentials;
  const { apiKey } = together.credentials;
  const basic = Buffer.from(`${ukg.credentials.username}:${password}`).toString('base64');
  for (const [where, text] of Object.entries(texts)) {
    const lower = text.toLowerCase();
    for (const word of [mark, password, customerApiKey, apiKey, basic]) {
      const at = lower.indexOf(word.toLowerCase());
      expect(at === -1 ? '' : `${where}: ${text.slice(Math.max(0, at - 80), at + 60)}`).toBe('');
    }
  }
}

function filesLeft(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(house.folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || ['config.json', 'source.json', 'destination.json', 'discover.json'].includes(entry.name))
      continue;
    if (entry.name.startsWith('rejects')) expect(statSync(path).mode & 0o077).toBe(0);
    else found[entry.name] = readFileSync(path, 'latin1');
  }
  return found;
}

/** What a tap wrote beside its records. */
const besideRecords = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => !line.startsWith('{"type":"RECORD"'))
    .join('\n');

async function sync(targetArgs: string[] = []) {
  const report = join(house.folder, 'report.html');
  const { tap, target } = await house.sync({
    tapEnv: loud,
    targetEnv: loud,
    targetArgs: ['--report', report, ...targetArgs],
  });
  clean({
    'tap stdout': besideRecords(tap.stdout),
    'tap stderr': tap.stderr,
    'target stdout': target.stdout,
    'target stderr': target.stderr,
    ...filesLeft(),
  });
  return { tap, target };
}

const echo = `{"message":"${mark}mail1@example.com is not an address","user":{"firstName":"${mark}firstName1"},"stack":"Error: ${mark}\\n    at x.js:1:1"}`;
const html = `<html><body>Error for ${mark}firstName2 ${mark}lastName2</body></html>`;
const troubles: [string, FaultAction][] = [
  ['400 that echoes', { kind: 'status', status: 400, body: echo }],
  ['401 that echoes', { kind: 'status', status: 401, body: echo }],
  ['403 that echoes', { kind: 'status', status: 403, body: echo }],
  ['404 that echoes', { kind: 'status', status: 404, body: echo }],
  ['409 that echoes', { kind: 'status', status: 409, body: echo }],
  ['422 that echoes', { kind: 'status', status: 422, body: echo }],
  ['500 as HTML', { kind: 'status', status: 500, body: html }],
  ['HTML at 200', { kind: 'body', body: html }],
  ['broken JSON around a name', { kind: 'body', body: `[{"firstName":"${mark}firstName3","lastName":"${mark}` }],
  ['rows that are none', { kind: 'body', body: `["${mark}firstName3"]` }],
  ['an object instead of a list', { kind: 'body', body: echo }],
  ['a cut body', { kind: 'truncate', share: 0.6 }],
  ['a redirect that names somebody', { kind: 'redirect', location: `https://example.com/${mark}lastName1` }],
];

describe('personal data and credentials', () => {
  it('of a successful run, a guard and a change are in no log, state, ledger, audit, summary or report', async () => {
    await open(80);
    const first = await sync();
    expect([first.tap.code, first.target.code], first.target.stderr).toEqual([0, 0]);
    expect(JSON.stringify([...house.together.users.values()])).toContain(`${mark}mail1@example.com`);
    const { world } = house.ukg;
    for (let i = 0; i < 40; i++) {
      const person = world.open(i);
      person.lastName = `${mark}other${i}`;
      person.changed = new Date().toISOString();
      for (const employment of person.employments) employment.status = 'T';
    }
    const plan = join(house.folder, 'plan.json');
    const tap = await start('tap-ukg-pro', ['--config', house.config], { env: loud });
    const planned = await start('target-together', ['plan', '--config', house.config, '--out', plan], {
      env: loud,
      input: tap.stdout,
    });
    expect([0, 3], planned.stderr).toContain(planned.code);
    const guarded = await start('target-together', ['--config', house.config], { env: loud, input: tap.stdout });
    expect(guarded.code, guarded.stderr).toBe(3);
    clean({
      planned: planned.stdout + planned.stderr,
      guarded: guarded.stdout + guarded.stderr,
      'tap stderr': tap.stderr,
      ...filesLeft(),
    });
  });

  it.each(troubles)('are in nothing that is said of %s', async (_name, action) => {
    await open(12);
    house.together.faults.set([{ when: { method: 'POST' }, do: action }]);
    await sync();
    house.together.faults.set([{ do: action }]);
    await sync();
    house.together.faults.clear();
    house.ukg.faults.set([{ do: action }]);
    const atUkg = await sync();
    expect(atUkg.tap.code, atUkg.tap.stderr).not.toBe(0);
  });

  it('are in nothing that is said of records that can not be mapped or read', async () => {
    await open(5);
    const schema = `{"type":"SCHEMA","stream":"employees","schema":{"properties":{"employeeId":{"type":"string"},"firstName":{"type":"string"},"originalHireDate":{"type":"string"},"dateOfBirth":{"type":"string"},"emailAddress":{"type":"string"},"employeeStatusCode":{"type":"string"}}},"key_properties":["employeeId"]}\n`;
    const record = (more: object) =>
      `${JSON.stringify({ type: 'RECORD', stream: 'employees', record: { employeeId: 'E1', firstName: `${mark}`, emailAddress: `${mark}@example.com`, employeeStatusCode: 'A', ...more } })}\n`;
    const inputs = [
      record({ originalHireDate: `${mark}-02-30` }),
      record({ dateOfBirth: `31.02.${mark}` }),
      record({ emailAddress: `${mark} no address` }),
      record({ employeeStatusCode: '?', firstName: { nested: mark } }),
      record({}) + record({ employeeId: 'E2' }),
      record({}).slice(0, 90),
      `${record({}).trimEnd()} trailing ${mark}\n`,
      `{"type":"RECORD","stream":"employees","record":{"firstName":"${mark}"}}\n`,
      `${mark}\n`,
    ];
    const seen: Ran[] = [];
    for (const [i, input] of inputs.entries()) {
      const ran = await start(
        'target-together',
        [
          '--config',
          house.config,
          '--summary',
          join(house.folder, `summary${i}`),
          '--report',
          join(house.folder, `report${i}`),
        ],
        { env: loud, input: schema + input },
      );
      seen.push(ran);
      clean({ [`stderr of input ${i}`]: ran.stderr, [`stdout of input ${i}`]: ran.stdout, ...filesLeft() });
    }
    expect(seen.filter(({ code }) => code !== 0).length).toBeGreaterThan(5);
  });

  it('are only in the records of the raw streams', async () => {
    await open(12);
    const everything = fileURLToPath(new URL('../../catalog/ukg-pro.everything.json', import.meta.url));
    for (const action of [undefined, ...troubles.map(([, one]) => one)]) {
      house.ukg.faults.set(action === undefined ? [] : [{ do: action }]);
      const ran = await start('tap-ukg-pro', ['--config', house.config, '--catalog', everything], { env: loud });
      expect(ran.code === 0, ran.stderr).toBe(action === undefined);
      if (action === undefined) expect(ran.stdout).toContain(mark);
      clean({ 'tap stdout': besideRecords(ran.stdout), 'tap stderr': ran.stderr });
    }
  });

  it('are only in the records of all that Airbyte’s source writes', async () => {
    await open(12);
    const own = (JSON.parse(readFileSync(house.config, 'utf8')) as Record<string, Record<string, unknown>>)[
      'tap-ukg-pro'
    ];
    const config = join(house.folder, 'config.json');
    writeFileSync(config, JSON.stringify(own), { mode: 0o600 });
    const catalog = join(house.folder, 'catalog.json');
    const stream = { name: 'employees', json_schema: {}, supported_sync_modes: ['full_refresh'] };
    writeFileSync(
      catalog,
      JSON.stringify({ streams: [{ stream, sync_mode: 'full_refresh', destination_sync_mode: 'append' }] }),
    );
    const read = ['read', '--config', config, '--catalog', catalog];
    for (const action of [undefined, ...troubles.map(([, one]) => one)]) {
      house.ukg.faults.set(action === undefined ? [] : [{ do: action }]);
      const ran = await start('source-ukg-pro', read, { env: loud });
      clean({ 'source stdout': besideRecords(ran.stdout), 'source stderr': ran.stderr });
    }
  });

  it('are only in the records of Airbyte’s messages, whichever half fails, and in no notice', async () => {
    await open(12);
    const notices: string[] = [];
    const hook = createServer((request, response) => {
      void text(request).then((body) => notices.push(body));
      response.end();
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const { port } = hook.address() as AddressInfo;
    configure({ webhook: { url: `http://127.0.0.1:${port}`, format: 'json' } });
    const airbyte = protocols.find(({ name }) => name === 'Airbyte') as Protocol;
    try {
      for (const [side, action] of [
        ['ukg', undefined],
        ...troubles.flatMap(([, one]) => [
          ['together', one],
          ['ukg', one],
          ['ukg', undefined],
        ]),
      ] as ['ukg' | 'together', FaultAction | undefined][]) {
        house[side].faults.set(action === undefined ? [] : [{ do: action }]);
        house.ukg.world.open(0).lastName = `${mark}${Math.random()}`;
        house.ukg.world.open(0).changed = new Date().toISOString();
        const { source, target, problems } = await airbyte.sync(house, { env: loud });
        house[side].faults.clear();
        clean({ source: source.said, target: target.said, problems: problems.join('\n'), ...filesLeft() });
      }
      clean({ notices: notices.join('\n') });
      expect(notices.length).toBeGreaterThan(troubles.length);
    } finally {
      hook.close();
    }
  });
});
