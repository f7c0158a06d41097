import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
});
afterEach(() => world.close());

describe('audit verify', () => {
  it('says that there is nothing before the first run', async () => {
    const { code, stdout } = await world.type(['audit', 'verify']);
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, ok: true, runs: 0 });
  });

  it('finds a log in order, and the line that was changed', async () => {
    await world.type([], tapOutput([person('a')]));
    const intact = await world.type(['audit', 'verify']);
    expect(JSON.parse(intact.stdout)).toMatchObject({ ok: true, runs: 1 });
    expect(intact).toMatchObject({ code: 0, log: [expect.stringMatching(/is in order: \d+ entries of 1 run, /)] });
    const file = world.at('state/audit.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"created"', '"updated"'));
    const changed = await world.type(['audit', 'verify']);
    expect(changed.code).toBe(1);
    expect(changed.log.at(-1)).toMatch(/is broken at line \d+/);
  });

  it('needs a state', async () => {
    await world.close();
    world = await commandWorld({ state_dir: null });
    expect(await world.type(['audit', 'verify'])).toMatchObject({
      code: 2,
      log: [expect.stringMatching(/no audit log/)],
    });
  });
});
