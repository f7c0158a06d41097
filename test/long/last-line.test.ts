/** Runners show the last line of stderr alone: of every failing exit code it is the error, and the error is told once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
let settings: Record<string, Record<string, unknown>>;
beforeAll(async () => {
  house = await openHouse({ ukg: { people: 3 } });
  settings = JSON.parse(readFileSync(house.config, 'utf8')) as typeof settings;
});
afterAll(() => house.close());

/** A settings file with changes, named by what is wrong. */
function config(name: string, tap: object, target: object = {}): string {
  const path = join(house.folder, `${name}.json`);
  const both = {
    'tap-ukg-pro': { ...settings['tap-ukg-pro'], ...tap },
    'target-together': { ...settings['target-together'], ...target },
  };
  writeFileSync(path, JSON.stringify(both), { mode: 0o600 });
  return path;
}
const input = [
  { type: 'SCHEMA', stream: 'people', schema: { properties: { id: {}, mail: {} } }, key_properties: ['id'] },
  ...['1', '2'].map((id) => ({
    type: 'RECORD',
    stream: 'people',
    record: { id, mail: id === '1' ? 'a@example.com' : '' },
  })),
]
  .map((message) => `${JSON.stringify(message)}\n`)
  .join('');
const mapping = {
  preset: 'none',
  stream: 'people',
  fields: {
    employeeId: 'id',
    email: { from: 'mail', optional: true },
    firstName: { const: 'Ada' },
    lastName: { const: 'L' },
    employeeStatusCode: { const: 'A' },
  },
};
const staff = (status: string) =>
  [
    { type: 'SCHEMA', stream: 'people', schema: { properties: { id: {}, state: {} } }, key_properties: ['id'] },
    ...['1', '2', '3', '4'].map((id) => ({ type: 'RECORD', stream: 'people', record: { id, state: status } })),
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
const staffMapping = {
  ...mapping,
  fields: { ...mapping.fields, email: { expression: "id & '@example.com'" }, employeeStatusCode: 'state' },
};
const far = { base_url: 'http://127.0.0.1:1', max_retries: 0 };

it.each<[code: number, half: string, words: RegExp, args: () => string[], text?: string]>([
  [2, 'tap-ukg-pro', /Unknown command "synk".*--help\. See \S+#\S+$/, () => ['synk']],
  [2, 'target-together', /Unknown option "--acept".*--help\. See \S+#\S+$/, () => ['--acept', 'x']],
  [2, 'target-together', /completion knows bash, zsh, fish/, () => ['completion', 'tcsh']],
  [2, 'tap-ukg-pro', /customer_api_key: is required\. Give a settings file/, () => []],
  [2, 'target-together', /batch_size: /, () => ['--config', config('batch', {}, { batch_size: 0 })]],
  [2, 'target-together', /The plan .* does not exist/, () => ['show', 'none.json', '--config', house.config]],
  [5, 'tap-ukg-pro', /Stream employees failed: .*ECONNREFUSED/, () => ['--config', config('far', far)]],
  [5, 'tap-ukg-pro', /ECONNREFUSED/, () => ['doctor', '--config', config('far', far)]],
  [6, 'tap-ukg-pro', /the credentials are wrong/, () => ['--config', config('password', { password: 'no' })]],
  [6, 'tap-ukg-pro', /the credentials are wrong/, () => ['doctor', '--config', config('password', { password: 'no' })]],
  [6, 'target-together', /HTTP 401/, () => ['doctor', '--config', config('key', {}, { api_key: 'no' })]],
  [6, 'target-together', /HTTP 401/, () => ['--config', config('key', {}, { api_key: 'no', mapping })], input],
  [1, 'target-together', /Line 1 is not valid JSON/, () => ['--config', house.config], 'a print\n'],
  [
    1,
    'target-together',
    /No successful run is younger/,
    () => ['status', '--config', house.config, '--max-age-hours', '1'],
  ],
  [
    4,
    'target-together',
    /max_rejected_percent/,
    () => ['--config', config('refused', {}, { max_rejected_percent: 5, mapping })],
    input.replace('a@example.com', 'none'),
  ],
])('exit code %i of %s ends with %s', async (code, half, words, args, text = '') => {
  const ran = await start(half, args(), { input: text });
  expect(ran.code, ran.stderr).toBe(code);
  const lines = ran.stderr.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(words);
  expect(lines.filter((line) => words.test(line))).toHaveLength(1);
});

it('exit codes 3 and 7 end with their error too', async () => {
  const path = config('staff', {}, { organization_id: 'sandbox-org', mapping: staffMapping });
  const lastOf = ({ code, stderr }: { code: number | null; stderr: string }) => ({
    code,
    last: stderr.trimEnd().split('\n').at(-1),
  });
  expect((await start('target-together', ['--config', path], { input: staff('A') })).code).toBe(0);
  expect(lastOf(await start('target-together', ['--config', path], { input: staff('T') }))).toEqual({
    code: 3,
    last: expect.stringMatching(/ERROR.*Nothing was sent: max_terminated: 4 people.*--accept [0-9a-f]{16}/),
  });
  const first = start('target-together', ['--config', path]);
  first.child.stdin?.write(staff('A'));
  // Its lock is there once `status` tells of it.
  await expect
    .poll(async () => (await start('target-together', ['status', '--config', path])).stdout, { timeout: 20_000 })
    .toContain('Running now');
  expect(lastOf(await start('target-together', ['--config', path], { input: staff('A') }))).toEqual({
    code: 7,
    last: expect.stringMatching(/ERROR.*Another run uses this organization and client id \(process \d+/),
  });
  first.child.stdin?.end();
  expect((await first).code).toBe(0);
});

it('tells each of several streams that failed once, the worst of them last', async () => {
  const catalog = join(house.folder, 'catalog.json');
  const streams = ['jobs', 'locations'].map((name) => ({
    tap_stream_id: name,
    stream: name,
    schema: { selected: true },
  }));
  writeFileSync(catalog, JSON.stringify({ streams }));
  const ran = await start('tap-ukg-pro', ['--config', config('far', far), '--catalog', catalog]);
  const errors = ran.stderr.split('\n').filter((line) => line.includes('ERROR'));
  expect(errors, ran.stderr).toHaveLength(2);
  expect(errors[0]).toContain('locations: GET');
  expect(errors[1]).toMatch(/2 streams failed: jobs, locations\. jobs: .*ECONNREFUSED/);
  expect(ran.stderr.trimEnd().endsWith(errors[1] ?? '-')).toBe(true);
});
