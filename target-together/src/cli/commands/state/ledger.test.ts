import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

let world: CommandWorld;
const bad = { ...person('bad'), email: '-' };
beforeEach(async () => {
  world = await commandWorld({ max_rejected_percent: 50 });
  await world.type([], tapOutput([person('a'), person('b', { employeeStatusCode: 'T' }), bad]));
});
afterEach(() => world.close());

describe('ledger', () => {
  it('show tells it in numbers', async () => {
    const { code, stdout } = await world.type(['ledger', 'show']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/people accepted {4}2\n {2}not terminated {5}1\n {2}version {12}\S+\n/);
    expect(stdout).toMatch(/last run {11}\S+, ended \S+ with exit code 0/);
  });

  it('verify reads it all', async () => {
    expect(await world.type(['ledger', 'verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is whole: 2 people accepted, 0 refused\.\n$/),
    });
  });

  it('forget removes one person from ledger and rejects, and nobody else', async () => {
    expect((await world.type(['ledger', 'forget', 'a'])).stdout).toMatch(/^employeeId a is forgotten/);
    expect((await world.type(['ledger', 'show'])).stdout).toMatch(/people accepted {4}1\n/);
    expect((await world.type(['ledger', 'forget', 'a'])).stdout).toMatch(/was of employeeId a; nothing was changed/);
    expect(readFileSync(world.at('state/rejects.singer'), 'utf8')).toContain('"id":"bad"');
    await world.type(['ledger', 'forget', 'bad']);
    expect(existsSync(world.at('state/rejects.singer'))).toBe(false);
  });

  it('needs a state', async () => {
    await world.close();
    world = await commandWorld({ state_dir: null });
    for (const command of ['show', 'verify']) expect((await world.type(['ledger', command])).code).toBe(2);
  });
});
