import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';
import { testSchema } from '../../testing/session.ts';

let world: CommandWorld;
afterEach(() => world.close());

const open = async (settings: object = {}, status = 200) => {
  world = await commandWorld(settings, ({ method }) => ({ status: method === 'GET' ? status : 200 }));
};

describe('doctor', () => {
  it('proves settings, state folder, host and key with one look that changes nothing', async () => {
    await open();
    await world.type([], tapOutput([person('a')]));
    world.requests.length = 0;
    const { code, stdout } = await world.type(['doctor']);
    expect({ code, requests: world.requests }).toEqual({ code: 0, requests: [{ method: 'GET', users: [] }] });
    expect(stdout).toMatch(/^ok {3}settings .*\nok {3}state folder .*\nok {3}together .*\n/);
    expect(stdout).toContain('1 person in the ledger');
  });

  it.each([
    [401, 6, /the credentials are not valid/],
    [404, 0, /the key is not proven/],
    [503, 5, /HTTP 503/],
  ])('tells of a server that answers %i with exit code %i', async (status, expected, message) => {
    await open({}, status);
    const { code, stdout } = await world.type(['doctor', '--format', 'json']);
    expect(code).toBe(expected);
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: { check: string; message: string }[] };
    expect(ok).toBe(expected === 0);
    expect(findings.find(({ check }) => check === 'together')?.message).toMatch(message);
  });

  it('names a failure of TLS, and the variable that brings certificates', async () => {
    await open();
    const text = readFileSync(world.config, 'utf8');
    writeFileSync(world.config, text.replace('http://127.0.0.1', 'https://127.0.0.1'));
    const { code, stdout } = await world.type(['doctor']);
    expect(code).toBe(5);
    expect(stdout).toMatch(/FAIL together .*(SSL|EPROTO)[^\n]*\n.*NODE_EXTRA_CA_CERTS/);
    expect(stdout).toContain('skip clock');
  });

  it('goes on after the first failure, and its exit code is that of the first', async () => {
    await open({ state_dir: import.meta.filename }, 401);
    const { code, stdout } = await world.type(['doctor']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/FAIL state folder .* is not a folder[\s\S]*FAIL together/);
  });

  it('says what a run without state means', async () => {
    await open({ state_dir: null });
    expect((await world.type(['doctor'])).stdout).toContain('every run sends everybody');
  });

  it('holds the mapping against a catalog', async () => {
    await open();
    const catalog = (schema: object) => ({ streams: [{ stream: 'employees', tap_stream_id: 'employees', schema }] });
    writeFileSync(world.at('catalog.json'), JSON.stringify(catalog(testSchema)));
    const fits = await world.type(['doctor', '--catalog', world.at('catalog.json')]);
    expect(fits).toMatchObject({ code: 0, stdout: expect.stringContaining('fit stream "employees"') });
    writeFileSync(world.at('catalog.json'), JSON.stringify(catalog({ properties: { other: { type: 'string' } } })));
    const lacks = await world.type(['doctor', '--catalog', world.at('catalog.json')]);
    expect(lacks).toMatchObject({ code: 2, stdout: expect.stringMatching(/FAIL catalog .*does not fit/) });
  });
});

describe('doctor on half a configuration', () => {
  const verdicts = (stdout: string) => {
    const { findings } = JSON.parse(stdout) as { findings: { check: string; verdict: string; message: string }[] };
    return Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
  };

  it('looks at the machine and the state folder, and skips what needs the settings that are missing', async () => {
    await open({ api_key: undefined });
    const { code, stdout } = await world.type(['doctor', '--json']);
    expect(code).toBe(2);
    expect(stdout).toContain('api_key');
    expect(verdicts(stdout)).toMatchObject({
      settings: 'failed',
      'state folder': 'ok',
      'last runs': 'ok',
      together: 'skipped',
      clock: 'skipped',
      versions: 'ok',
      disk: expect.stringMatching(/ok|warning/),
      permissions: 'ok',
      proxy: 'ok',
      'time zone': 'ok',
    });
    expect(stdout).toContain(`${world.at('state')} is not there yet`);
    expect(world.requests).toEqual([]);
  });

  it('opens the state where only the key of Together is missing, and makes none', async () => {
    await open();
    await world.type([], tapOutput([person('a')]));
    const text = readFileSync(world.config, 'utf8');
    const without = (name: string) => {
      const { [name]: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
      writeFileSync(world.config, JSON.stringify(rest), { mode: 0o600 });
    };
    without('api_key');
    const { code, stdout } = await world.type(['doctor']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/ok {3}state folder .*1 person in the ledger/);
    expect(stdout).toMatch(/ok {3}last runs .*exit code 0/);
    without('organization_id');
    expect((await world.type(['doctor'])).stdout).toMatch(/skip state folder [\s\S]*skip last runs/);
  });

  it('names others’ rights to the settings and a setting that does not exist', async () => {
    await open({ regoin: 'eu' });
    chmodSync(world.config, 0o644);
    const { code, stdout } = await world.type(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/WARN settings files .*(chmod 600[\s\S]*regoin|regoin[\s\S]*chmod 600)/);
  });

  it('tells of the last runs, and warns of one that failed', async () => {
    await open();
    expect((await world.type(['doctor'])).stdout).toContain('No run has ended yet');
    await world.type([], tapOutput([person('a')]));
    expect((await world.type(['doctor'])).stdout).toMatch(/ok {3}last runs .*exit code 0; last successful one \d{4}-/);
    // Its only row has no id.
    await world.type([], tapOutput([{ ...person('a'), employeeId: '' }]));
    expect((await world.type(['doctor'])).stdout).toMatch(/WARN last runs [\s\S]*target-together status/);
  });

  it('writes a file for support that holds no id, no name, no address and no secret', async () => {
    const canary = 'canary7';
    await open({ api_key: `${canary} key`, organization_id: canary, client_id: `${canary}-client` });
    await world.type([], tapOutput([{ ...person(canary), firstName: canary, email: `${canary}@example.com` }]));
    const file = world.at('support.json');
    expect((await world.type(['doctor', '--bundle', file])).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(canary);
    expect(text).not.toContain(world.folder);
    expect(JSON.parse(text)).toMatchObject({
      settings: { api_key: '***', min_interval_ms: 0 },
      counts: { people_known: 1 },
      last_runs: [{ peopleRead: 1, exitCode: 0 }],
    });
  });

  it('writes one out of half of the settings too, with the secrets among them masked', async () => {
    await open({ api_key: 'canary7 key', organization_id: undefined, client_id: 'canary7', state_dir: null });
    const file = world.at('support.json');
    expect((await world.type(['doctor', '--bundle', file])).code).toBe(2);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('canary7');
    expect(JSON.parse(text)).toMatchObject({ exit_code: 2, settings: { api_key: '***', state_dir: null } });
  });
});
