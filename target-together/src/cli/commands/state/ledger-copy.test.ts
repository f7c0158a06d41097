import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
  await world.type([], tapOutput([person('a'), person('b')]));
});
afterEach(() => world.close());

const bytesOf = (name: string) => readFileSync(world.at(name), 'latin1');

const withState = (name: string) => {
  const settings = JSON.parse(readFileSync(world.config, 'utf8')) as object;
  writeFileSync(world.config, JSON.stringify({ ...settings, state_dir: world.at(name) }));
};

describe('ledger export and import', () => {
  it('carry everything into another place, where the next run goes on', async () => {
    expect(await world.type(['ledger', 'export', world.at('copy')])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+ bytes from .*state are in .*copy\./),
    });
    const kept = readdirSync(world.at('state'));
    expect(kept.sort()).toEqual(readdirSync(world.at('copy')).sort());
    for (const name of kept) expect([name, bytesOf(`copy/${name}`)]).toEqual([name, bytesOf(`state/${name}`)]);
    withState('other');
    expect((await world.type(['ledger', 'import', world.at('copy')])).code).toBe(0);
    for (const name of kept.filter((one) => !one.startsWith('audit')))
      expect([name, bytesOf(`other/${name}`)]).toEqual([name, bytesOf(`state/${name}`)]);
    world.requests.length = 0;
    await world.type([], tapOutput([person('a'), person('b')]));
    expect(world.sent()).toEqual([]);
  });

  it('carry whose address is whose: a new person with the address of a person who is not read waits', async () => {
    await world.type(['ledger', 'export', world.at('copy')]);
    withState('other');
    await world.type(['ledger', 'import', world.at('copy')]);
    world.requests.length = 0;
    const partial = tapOutput([{ ...person('new'), email: person('a').email }]).replace(/.*ACTIVATE_VERSION.*\n/, '');
    await world.type([], partial);
    expect(world.sent().map(({ employeeId, email }) => [employeeId, email])).toEqual([]);
  });

  it.each([
    ['export', 'into a folder that holds something', 'state', /is not empty/],
    ['import', 'where a ledger is', 'state', /is not empty/],
    ['import', 'from a folder without one', 'nothing', /There is no ledger|can't be/],
  ])('%s refuses to copy %s', async (command, _, folder, message) => {
    if (folder === 'nothing') withState('other');
    const { code, log } = await world.type(['ledger', command, world.at(folder)]);
    expect(code).toBe(2);
    expect(log.at(-1)).toMatch(message);
  });

  it('import refuses the ledger of another organization', async () => {
    await world.type(['ledger', 'export', world.at('copy')]);
    withState('other');
    const settings = JSON.parse(readFileSync(world.config, 'utf8')) as object;
    writeFileSync(world.config, JSON.stringify({ ...settings, organization_id: 'another' }));
    const { code } = await world.type(['ledger', 'import', world.at('copy')]);
    expect(code).not.toBe(0);
    expect(existsSync(world.at('other/ledger.log'))).toBe(false);
  });
});
