/** What was kept of a forgotten person (`keep_values_days`) is in no file of the state any more, byte for byte, also under an id from before a move. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
afterEach(() => house.close());

const state = () => join(house.folder, 'together');
const bytesOf = (name: string) => readFileSync(join(state(), name));
const files = () =>
  readdirSync(state(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, bytes: readFileSync(join(parentPath, name)) }));
const filesWith = (needles: readonly (string | Buffer)[]) =>
  files()
    .filter(({ bytes }) => needles.some((needle) => bytes.includes(needle)))
    .map(({ name }) => name);

/** Of each person: the sealed key, and everything that it opens. */
function keptOf(): Map<string, { readonly key: Buffer; readonly values: string[] }> {
  const kept = new Map<string, { key: Buffer; values: string[] }>();
  const keys = bytesOf('value-keys.bin');
  for (let at = 0; at < keys.length; at += 76)
    kept.set(keys.toString('hex', at, at + 16), { key: keys.subarray(at + 16, at + 76), values: [] });
  for (const line of bytesOf('values.log').toString('latin1').split('\n')) {
    const [person = '', , , , sealed = ''] = line.split(' ');
    kept.get(person)?.values.push(sealed);
  }
  return kept;
}

const person = (employeeId: string, more: object = {}) => ({
  employeeId,
  firstName: `Canary${employeeId}`,
  lastName: `Last ${employeeId}`,
  emailAddress: `${employeeId}@example.com`.toLowerCase(),
  employeeStatusCode: 'A',
  jobTitle: 'Clerk',
  ...more,
});
const write = (people: readonly object[], ...args: string[]) =>
  start('target-together', [...args, '--config', house.config], { input: singer(people) });
const type = (...args: string[]) => start('target-together', [...args, '--config', house.config]);

it.each([
  ['the id that the person has had all along', false],
  ['the id after a move, with what was kept under the one before', true],
])('%s', async (_, moves) => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 0 });
  house.configure({}, { min_interval_ms: 0, keep_values_days: 30, on_new_id: 'relink', guards: { max_changed: null } });
  const others = ['E1', 'E2', 'E3', 'E4'].map((id) => person(id));
  const run = async (gone: object) => {
    const ran = await write([gone, ...others]);
    expect(ran.code, ran.stderr).toBe(0);
  };
  await run(person('QZ777'));
  await run(person('QZ777', { jobTitle: 'Canary Engineer' }));
  const before = new Set(keptOf().keys());
  const now = moves ? 'NZ888' : 'QZ777';
  if (moves) await run(person(now, { emailAddress: 'qz777@example.com', jobTitle: 'Canary Engineer' }));
  await run(person(now, { emailAddress: 'qz777@example.com', jobTitle: 'Canary Chief' }));
  const kept = keptOf();
  expect(kept.size).toBe(before.size + (moves ? 1 : 0));
  const last = /"run_id":"([^"]+)"/.exec(bytesOf('runs.json').toString('utf8'))?.[1] as string;
  await type('revert', last, '--out', join(state(), 'revert.json'));
  writeFileSync(join(house.folder, 'next.singer'), singer([person(now), ...others]));
  await type('plan', '--input', join(house.folder, 'next.singer'), '--out', join(state(), 'plan.json'));

  // Whose lines go, tells which are the person's; all of them had their values in the files before.
  const forgot = await type('privacy', 'forget', now);
  expect(forgot.code, forgot.stderr).toBe(0);
  const left = keptOf();
  const theirs = [...kept].filter(([hash]) => !left.has(hash)).map(([, one]) => one);
  expect(theirs).toHaveLength(moves ? 2 : 1);
  expect(theirs.flatMap(({ values }) => values).length).toBeGreaterThanOrEqual(3);
  expect(left.size).toBe(others.length);
  expect(filesWith(theirs.flatMap(({ key, values }) => [key, ...values]))).toEqual([]);
  expect(filesWith(['QZ777', 'NZ888', 'qz777', 'Canary Engineer', 'Canary Chief'])).toEqual([]);
  for (const id of [now, 'QZ777']) expect(await type('person', id)).toMatchObject({ code: 2, stdout: '' });
  for (const check of ['audit', 'ledger']) {
    const { code, stderr } = await type(check, 'verify');
    expect(code, stderr).toBe(0);
  }
});

function singer(people: readonly object[]): string {
  const properties = Object.fromEntries(Object.keys(person('')).map((name) => [name, { type: ['string', 'null'] }]));
  return [
    { type: 'SCHEMA', stream: 'employees', schema: { type: 'object', properties }, key_properties: ['employeeId'] },
    ...people.map((record) => ({ type: 'RECORD', stream: 'employees', record, version: 1 })),
    { type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 },
    { type: 'STATE', value: {} },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
}
