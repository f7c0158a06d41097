/** What opens a door that the run itself can't close is said; what a runner does by itself is not. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 } });
});
afterEach(() => house.close());

const singer = ['tap-ukg-pro', 'target-together'] as const;
const airbyte = { 'tap-ukg-pro': 'source-ukg-pro', 'target-together': 'destination-together' };

/** Settings of one half alone, with references in the place of secrets. */
function settingsOf(half: (typeof singer)[number], path: string, plain = false): string {
  const { credentials } = house.ukg;
  const tap = { base_url: house.ukg.url, username: 'u', max_retries: 0 };
  const { apiKey, clientId, organizationId } = house.together.credentials;
  const target = { api_url: house.together.url, organization_id: organizationId, client_id: clientId, state_dir: null };
  const secrets = { password: credentials.password, customer_api_key: credentials.customerApiKey };
  const settings = {
    'tap-ukg-pro': { ...tap, ...(plain ? secrets : { password: 'env:SECRET', customer_api_key: 'env:SECRET' }) },
    'target-together': { ...target, api_key: plain ? apiKey : 'env:SECRET' },
  };
  writeFileSync(path, JSON.stringify(settings[half]), { mode: 0o600 });
  return path;
}
const env = { SECRET: 'hunter2222' };
const warned = /Every user of this machine|prints keys|Node\.js runs with/;

describe.each(singer)('%s', (half) => {
  const config = () => join(house.folder, 'own.json');
  /** A doctor tells warnings among its findings. */
  const run = async (path: string, more: NodeJS.ProcessEnv = {}) => {
    const { stdout, stderr } = await start(half, ['doctor', '--config', path], { env: { ...env, ...more } });
    return stdout + stderr;
  };
  const check = (path: string) => start(airbyte[half], ['check', '--config', path], { env });

  it('warns of settings that every user can change, whatever they hold, in both protocols', async () => {
    settingsOf(half, config());
    expect(await run(config())).not.toMatch(warned);
    chmodSync(config(), 0o602);
    expect(await run(config())).toContain(`can change ${config()}`);
    expect((await check(config())).stdout).toContain(`can change ${config()}`);
  });

  it('warns of switches of Node.js that print secrets or let others read them', async () => {
    settingsOf(half, config());
    for (const [name, value] of [
      ['NODE_DEBUG', 'http'],
      // What real hosts are asked by.
      ['NODE_DEBUG', 'https'],
      ['NODE_OPTIONS', '--inspect=0'],
      ['NODE_OPTIONS', `--tls-keylog=${join(house.folder, 'tls')}`],
    ] as const) {
      const said = /prints keys|Node\.js runs with --(inspect|tls-keylog)/;
      expect(await run(config(), { [name]: value }), value).toMatch(said);
      const also = await start(airbyte[half], ['check', '--config', config()], { env: { ...env, [name]: value } });
      expect(also.stdout, value).toMatch(said);
    }
  });

  it('says nothing of files that Meltano and Airbyte write for a run', async () => {
    const folder = join(house.folder, '.meltano', 'run', half);
    mkdirSync(folder, { recursive: true });
    const written = settingsOf(half, join(folder, `${half}.0b9a.config.json`), true);
    chmodSync(written, 0o644);
    expect(await run(written)).not.toMatch(warned);
    expect((await check(written)).stdout).not.toMatch(warned);
    const platform = settingsOf(half, config(), true);
    chmodSync(platform, 0o644);
    expect((await check(platform)).stdout).not.toMatch(warned);
    // One's own file is still told of.
    expect(await run(platform)).toMatch(warned);
  });
});
