import { writeFileSync } from 'node:fs';
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
    expect(stdout).toMatch(/^ok {3}settings .*\nok {3}state folder .*\nok {3}together .*\n$/);
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
