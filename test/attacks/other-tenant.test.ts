/** What was kept of one tenant, given to the run of another; and a plan that has lain too long. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';
import { protocols } from '../support/protocols.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 3 } });
});
afterEach(() => house.close());

describe.each(protocols)('$name', (protocol) => {
  const marks = () => readFileSync(house.state, 'utf8').match(/"tenant":"[0-9a-f]+"/g) ?? [];

  it.each([
    { what: 'customer', other: () => ({ customer_api_key: 'OTHER' }) },
    { what: 'host', other: () => ({ base_url: house.ukg.url.replace('127.0.0.1', 'localhost') }) },
  ])('a state of another $what is refused before anything is asked', async ({ other }) => {
    const first = await protocol.sync(house);
    expect([first.source.code, marks().length], first.source.said).toEqual([0, 1]);
    expect(readFileSync(house.state, 'utf8')).not.toContain(house.ukg.credentials.customerApiKey);
    house.configure(other());
    house.ukg.journal.clear();
    const { source } = await protocol.sync(house);
    expect([source.code, house.ukg.journal.matching().length], source.said).toEqual([2, 0]);
    expect(source.said).toContain("The state is another tenant's");
  });

  it('a state without a mark is accepted once, and marked', async () => {
    await protocol.sync(house);
    writeFileSync(house.state, readFileSync(house.state, 'utf8').replace(/,"tenant":"[0-9a-f]+"/g, ''));
    expect(marks()).toEqual([]);
    const { source } = await protocol.sync(house);
    expect([source.code, marks().length], source.said).toEqual([0, 1]);
  });
});

describe('a plan', () => {
  const hours = (count: number) =>
    `--import="data:text/javascript,const now = Date.now; Date.now = () => now() + ${count * 3_600_000}"`;
  const target = (args: string[], options: { input?: string; later?: number } = {}) =>
    start('target-together', args, {
      input: options.input ?? '',
      env: options.later === undefined ? {} : { NODE_OPTIONS: hours(options.later) },
    });
  const plan = () => join(house.folder, 'plan.json');
  const record = {
    employeeId: 'a',
    firstName: 'Ada',
    lastName: 'Byron',
    emailAddress: 'a@example.com',
    employeeStatusCode: 'A',
  };
  const properties = Object.fromEntries(Object.keys(record).map((name) => [name, { type: 'string' }]));
  const input = [
    { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
    { type: 'RECORD', stream: 'employees', record },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
  const posts = () => house.together.journal.matching().filter(({ method }) => method === 'POST').length;

  it.each([
    { kept: 'with a state folder', settings: {} },
    { kept: 'without one', settings: { state_dir: null } },
  ])('older than 24 hours is sent only when it is released by its hash, $kept', async ({ settings }) => {
    house.configure({}, settings);
    const made = await target(['plan', '--out', plan(), '--config', house.config], { input });
    expect(made.code, made.stderr).toBe(0);
    const apply = ['apply', plan(), '--config', house.config];
    const old = await target(apply, { later: 25 });
    expect([old.code, posts()], old.stderr).toEqual([3, 0]);
    const hash = /--accept (\S+)/.exec(old.stderr)?.[1] as string;
    const wrong = await target([...apply, '--accept', hash.replace(/^./, (first) => (first === '0' ? '1' : '0'))], {
      later: 25,
    });
    expect([wrong.code, posts()], wrong.stderr).toEqual([3, 0]);
    const released = await target([...apply, '--accept', hash], { later: 25 });
    expect([released.code, posts()], released.stderr).toEqual([0, 1]);
  });

  it('of another organization is refused', async () => {
    const settings = { state_dir: null, ledger_key: 'a key that both organizations have' };
    house.configure({}, settings);
    await target(['plan', '--out', plan(), '--config', house.config], { input });
    house.configure({}, { ...settings, organization_id: 'another' });
    const refused = await target(['apply', plan(), '--config', house.config]);
    expect([refused.code, posts()], refused.stderr).toEqual([2, 0]);
    expect(refused.stderr).toContain('the organization');
  });
});
