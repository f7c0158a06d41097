import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
  // A ledger key of its own, so that the plan is encrypted with the same one.
  await world.type([], tapOutput([person('first')]));
  await world.type(['plan', '--out', world.at('plan.json')], tapOutput([person('first'), person('a'), person('b')]));
});
afterEach(() => world.close());

const apply = () => world.type(['apply', world.at('plan.json')]);

describe('apply', () => {
  it('sends exactly the plan, gives its STATE back, and is refused a second time', async () => {
    const { code, stdout } = await apply();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '"end"\n' });
    expect(world.sent().map(({ employeeId }) => employeeId)).toEqual(['first', 'a', 'b']);
    const again = await apply();
    expect(again).toMatchObject({ code: 2, log: [expect.stringContaining('the ledger (another run')] });
    expect(world.sent()).toHaveLength(3);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'the settings',
      () => {
        const settings = JSON.parse(readFileSync(world.config, 'utf8')) as object;
        writeFileSync(world.config, JSON.stringify({ ...settings, sensitive_fields: ['gender'] }));
      },
      /the settings or the mapping in them moved/,
    ],
    ['the ledger', () => world.type([], tapOutput([person('other')])), /the ledger \(another run has sent something/],
    [
      'the file',
      () => {
        const text = readFileSync(world.at('plan.json'), 'utf8');
        writeFileSync(world.at('plan.json'), text.replace('"id":"a"', '"id":"x"'));
      },
      /was changed at person 1/,
    ],
  ])('sends nothing when %s has changed', async (_, change, message) => {
    await change();
    const before = world.sent().length;
    const { code, log } = await apply();
    expect(code).toBe(2);
    expect(log.at(-1)).toMatch(message);
    expect(world.sent()).toHaveLength(before);
  });

  it('names a plan that is not there', async () => {
    const { code, log } = await world.type(['apply', world.at('other.json')]);
    expect({ code, log }).toEqual({ code: 2, log: [expect.stringContaining('other.json')] });
  });
});
