/** What is due once a day, with clocks that run a little early, a plan that waits for its review, and a clock that was ahead for a night. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House;
beforeEach(async () => {
  house = await openHouse({ ukg: { people: 1 }, intervalMs: 20 });
  house.configure({}, { mapping: { preset: 'ukg-pro', stream: 'employees' } });
});
afterEach(() => house.close());

const clock = pathToFileURL(fileURLToPath(new URL('../life/clock.mjs', import.meta.url))).href;
const row = {
  employeeId: '7',
  employeeStatusCode: 'A',
  emailAddress: 'pat@example.com',
  firstName: 'Pat',
  lastName: 'Example',
};
const input = [
  {
    type: 'SCHEMA',
    stream: 'employees',
    key_properties: ['employeeId'],
    schema: { properties: Object.fromEntries(Object.keys(row).map((name) => [name, {}])) },
  },
  { type: 'RECORD', stream: 'employees', record: row },
  { type: 'STATE', value: {} },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

/** `hours` from now. `posts`: requests that wrote. */
async function at(hours: number, args: string[] = []) {
  house.together.journal.clear();
  const ran = await start('target-together', [...args, '--config', house.config], {
    input,
    env: { NODE_OPTIONS: `--import ${clock}`, CLOCK_AHEAD_MS: String(hours * 3_600_000) },
  });
  const posts = house.together.journal.matching().filter(({ method }) => method === 'POST').length;
  return { code: ran.code, stdout: ran.stdout, posts };
}

describe('a person who does not change is sent once a day', () => {
  it('also where a run starts 27 minutes earlier than that of the day before, and not within the day', async () => {
    expect(await at(0)).toMatchObject({ code: 0, posts: 1 });
    expect(await at(12)).toMatchObject({ code: 0, posts: 0 });
    expect(await at(23.55)).toMatchObject({ code: 0, posts: 1 });
  });

  it('counted from the night of the plan, not from the morning of its review', async () => {
    const plan = join(house.folder, 'plan.json');
    expect(await at(0, ['plan', '--out', plan])).toMatchObject({ code: 0, posts: 0 });
    expect(await at(8, ['apply', plan])).toMatchObject({ code: 0, posts: 1 });
    expect(await at(24)).toMatchObject({ code: 0, posts: 1 });
  });

  it('after a night with a clock that was ten days ahead too; until then status knows no successful run', async () => {
    expect(await at(240)).toMatchObject({ code: 0, posts: 1 });
    const told = await at(1, ['status', '--max-age-hours', '26']);
    expect([told.code, told.stdout]).toEqual([1, expect.stringContaining('ahead of this clock')]);
    expect(await at(24)).toMatchObject({ code: 0, posts: 1 });
    expect(await at(25, ['status', '--max-age-hours', '26'])).toMatchObject({ code: 0 });
  });
});
