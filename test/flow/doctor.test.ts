/** Both doctors as processes: the same checks in the same words, with all settings and with half of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse({ ukg: { people: 20 } });
});
afterAll(() => house.close());

const halves = ['tap-ukg-pro', 'target-together'] as const;
const machine = ['clock', 'versions', 'node', 'disk', 'permissions', 'proxy', 'time zone'];

it.each(halves)(
  '%s: checks settings, host and machine, and writes a file for support without secrets',
  async (half) => {
    const bundle = join(house.folder, `${half}.support.json`);
    const { code, stdout } = await start(half, ['doctor', '--config', house.config, '--json', '--bundle', bundle]);
    expect(code, stdout).toBe(0);
    const { findings } = JSON.parse(stdout) as { findings: { check: string; verdict: string }[] };
    const found = new Map(findings.map(({ check, verdict }) => [check, verdict]));
    expect([...found.keys()]).toEqual(expect.arrayContaining(['settings', ...machine]));
    expect([found.get('settings'), found.get('clock'), found.get('node')]).toEqual(['ok', 'ok', 'ok']);
    const text = readFileSync(bundle, 'utf8');
    const { apiKey, clientId, organizationId } = house.together.credentials;
    const { password, customerApiKey } = house.ukg.credentials;
    for (const secret of [apiKey, clientId, organizationId, password, customerApiKey, house.folder])
      expect(text).not.toContain(secret);
  },
);

it.each(halves)('%s: with no setting at all it still looks at the machine', async (half) => {
  const empty = join(house.folder, 'empty.json');
  writeFileSync(empty, '{}', { mode: 0o600 });
  const { code, stdout } = await start(half, ['doctor', '--config', empty]);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^FAIL settings /);
  expect(stdout).toContain(`${half} init --config FILE asks for what is missing.`);
  expect(stdout).toMatch(/\nskip clock [\s\S]*\nok {3}versions [\s\S]*\nok {3}node [\s\S]*\nok {3}proxy /);
});
