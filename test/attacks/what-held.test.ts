/** What never got through, one attempt of each kind against the executables; the tests beside the sources try many more. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

const person = (employeeId: string, more: object = {}) => ({
  employeeId,
  firstName: 'Ada',
  lastName: 'Example',
  emailAddress: `${employeeId}@example.com`,
  employeeStatusCode: 'A',
  ...more,
});
const schema = { type: 'object', properties: Object.fromEntries(Object.keys(person('')).map((name) => [name, {}])) };
const messages = (...records: string[]) =>
  [
    JSON.stringify({ type: 'SCHEMA', stream: 'employees', schema, key_properties: ['employeeId'] }),
    ...records.map((record) => `{"type":"RECORD","stream":"employees","record":${record}}`),
    '{"type":"STATE","value":{}}\n',
  ].join('\n');
const target = (args: string[], input?: string) =>
  start('target-together', [...args, '--config', house.config], input === undefined ? {} : { input });
const posts = () => house.together.journal.matching().filter(({ method }) => method === 'POST').length;

async function open(): Promise<void> {
  house = await openHouse({ ukg: { people: 30 } });
}

/** Another host, which counts who comes. */
async function elsewhere(answer: { headers?: Record<string, string>; body: Buffer | string }) {
  const came: string[] = [];
  const server = createServer((request, response) => {
    came.push(JSON.stringify(request.headers));
    response.writeHead(200, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
  });
  await new Promise<void>((go) => void server.listen(0, '127.0.0.1', go));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { came, url, close: () => new Promise((go) => server.close(go)) };
}

it('a redirect takes no key to another host', async () => {
  await open();
  const other = await elsewhere({ body: '[]' });
  for (const side of ['ukg', 'together'] as const)
    house[side].faults.set([{ do: { kind: 'redirect', location: `${other.url}/x`, status: 307 } }]);
  const ran = await target([], messages(JSON.stringify(person('E1'))));
  const { tap } = await house.sync();
  await other.close();
  expect([tap.code, ran.code === 0, posts() > 0, other.came], ran.stderr).toEqual([5, false, true, []]);
});

it('a gzip bomb is left behind', async () => {
  await open();
  const other = await elsewhere({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(600 << 20, ' ')),
  });
  house.configure({ base_url: other.url }, { api_url: other.url });
  const tap = await start('tap-ukg-pro', ['--config', house.config]);
  const ran = await target([], messages(JSON.stringify(person('E1'))));
  await other.close();
  expect([tap.code, ran.code], tap.stderr + ran.stderr).toEqual([5, 5]);
  expect(tap.stderr).not.toMatch(/heap|allocation/i);
});

it('lists in lists a hundred thousand deep end in words, not in a crash', async () => {
  await open();
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  house.ukg.faults.set([{ do: { kind: 'body', body: deep } }]);
  const { tap } = await house.sync();
  const ran = await target([], messages(`{"employeeId":"E1","lastName":${deep}}`, JSON.stringify(person('E2'))));
  for (const { code, signal, stderr } of [tap, ran]) {
    expect([code === null, signal, /RangeError|FATAL/.test(stderr)], stderr).toEqual([false, null, false]);
  }
});

it('what a record holds is text in the report', async () => {
  await open();
  const report = join(house.folder, 'report.html');
  const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
  const record = person('E1', { firstName: hostile, lastName: `"'>${hostile}` });
  const ran = await target(['--report', report, '--redact', 'full', '--dry-run'], messages(JSON.stringify(record)));
  expect(ran.code, ran.stderr).toBe(0);
  const html = readFileSync(report, 'utf8');
  expect(html).not.toMatch(/<img|<script>alert/);
  expect(html).toContain('alert(1)');
});

it('an expression of the settings runs no code', async () => {
  await open();
  const mark = join(house.folder, 'ran');
  for (const expression of [
    `__import__('os').system('touch ${mark}')`,
    `record.constructor.constructor('return process')().exit(9)`,
    `(lambda: open('${mark}', 'w'))()`,
    `firstName.__class__.__mro__[1].__subclasses__()`,
  ]) {
    house.configure({}, { stream_maps: { employees: { lastName: expression } } });
    const ran = await target([], messages(JSON.stringify(person('E1'))));
    expect([ran.code === 9, posts()], `${expression}\n${ran.stderr}`).toEqual([false, 0]);
  }
  expect(() => readFileSync(mark)).toThrow(/ENOENT/);
});

it('the switch that turns certificates off is turned back, and told of', async () => {
  await open();
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const ran = await start('target-together', ['--config', house.config], {
    env,
    input: messages(JSON.stringify(person('E1'))),
  });
  expect(ran.stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
});

it('a plan that was changed anywhere is refused, and nothing is sent', async () => {
  await open();
  const plan = join(house.folder, 'plan.json');
  // A plan that is older than the state would fit no more after the first run.
  const first = await target([], messages(JSON.stringify(person('E0'))));
  expect(first.code, first.stderr).toBe(0);
  house.together.journal.clear();
  const made = await target(
    ['plan', '--out', plan],
    messages(JSON.stringify(person('E1')), JSON.stringify(person('E2'))),
  );
  expect(made.code, made.stderr).toBe(0);
  const whole = readFileSync(plan, 'utf8');
  for (const part of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const at = Math.floor(whole.length * part);
    const other = whole[at] === 'A' ? 'B' : 'A';
    writeFileSync(plan, whole.slice(0, at) + other + whole.slice(at + 1));
    const ran = await target(['apply', plan]);
    expect([ran.code, posts()], `${part}: ${ran.stderr}`).toEqual([2, 0]);
  }
  writeFileSync(plan, whole);
  const applied = await target(['apply', plan]);
  expect(applied.code, applied.stderr).toBe(0);
});

it('keys and people are in no word of a run that fails', async () => {
  await open();
  const { customerApiKey, password } = house.ukg.credentials;
  const { apiKey } = house.together.credentials;
  const body = `{"message":"Qzcanary","key":"${apiKey}","also":"${password}"}`;
  house.together.faults.set([{ do: { kind: 'status', status: 400, body } }]);
  house.ukg.faults.set([{ do: { kind: 'status', status: 403, body } }]);
  const { tap } = await house.sync();
  const ran = await target([], messages(JSON.stringify(person('E1', { lastName: 'Qzcanary' }))));
  for (const word of ['Qzcanary', customerApiKey, password, apiKey])
    expect([word === '' || `${tap.stderr}${tap.stdout}${ran.stderr}${ran.stdout}`.includes(word)]).toEqual([false]);
});
