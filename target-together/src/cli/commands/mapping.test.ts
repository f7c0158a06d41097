import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld } from '../../testing/command.ts';
import { testSchema } from '../../testing/session.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
});
afterEach(() => world.close());

const catalog = (schema: object) => {
  const streams = [{ stream: 'employees', tap_stream_id: 'employees', schema, key_properties: ['employeeId'] }];
  writeFileSync(world.at('catalog.json'), JSON.stringify({ streams }));
  return ['--catalog', world.at('catalog.json')];
};

describe('mapping', () => {
  it.each([
    ['a catalog that has all columns', testSchema, 0],
    ['one that lacks them', { properties: { id: { type: 'string' } } }, 2],
  ])('check: %s', async (_, schema, expected) => {
    const { code, stdout } = await world.type(['mapping', 'check', ...catalog(schema)]);
    expect(code).toBe(expected);
    expect(stdout).toContain('employees');
    const json = await world.type(['mapping', 'check', '--format', 'json', ...catalog(schema)]);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: expected === 0 });
  });

  it('suggest proposes fields for the columns of a catalog', async () => {
    const { code, stdout } = await world.type(['mapping', 'suggest', '--format', 'json', ...catalog(testSchema)]);
    expect(code).toBe(0);
    expect(stdout).toContain('employeeId');
    expect((await world.type(['mapping', 'suggest', ...catalog(testSchema)])).stdout).toContain('employeeId');
  });

  it.each(['check', 'suggest'])('%s needs a catalog', async (command) => {
    const { code, log } = await world.type(['mapping', command]);
    expect({ code, log }).toEqual({ code: 2, log: [expect.stringContaining('needs --catalog FILE')] });
  });
});
