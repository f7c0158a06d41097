import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';
import { testSchema } from '../../testing/session.ts';

const dated = ['lastHireDate', 'dateOfTermination'];
const columns = [...Object.keys(testSchema.properties), ...dated];
const schema = { properties: Object.fromEntries(columns.map((name) => [name, { type: ['string', 'null'] }])) };

let world: CommandWorld;
beforeEach(async () => {
  const fields = Object.fromEntries(columns.map((name) => [name, name]));
  world = await commandWorld({ mapping: { stream: 'employees', fields } });
});
afterEach(() => world.close());

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const read = (users: readonly object[]) => world.type([], tapOutput(users, 'end', schema));

describe('calendar', () => {
  it('says that nothing was read yet', async () => {
    const { code, stdout } = await world.type(['calendar']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/no complete read yet\nNo first or last day falls into these days\.\n$/);
  });

  it('lists who starts and who leaves in the days asked for', async () => {
    await read([
      person('a'),
      person('starts', { lastHireDate: inDays(5) }),
      person('leaves', { employeeStatusCode: 'T', dateOfTermination: inDays(9) }),
      person('later', { lastHireDate: inDays(40) }),
    ]);
    const { stdout } = await world.type(['calendar', '--format', 'json']);
    const { people, ...rest } = JSON.parse(stdout) as { people: { id: string; day: string }[] };
    expect(rest).toMatchObject({ days: 30, last_complete_read: expect.any(String) });
    expect(people.map(({ id, day }) => ({ id, day }))).toEqual([
      { id: 'starts', day: inDays(5) },
      { id: 'leaves', day: inDays(9) },
    ]);
    const soon = await world.type(['calendar', '--days', '7']);
    expect(soon.stdout).toContain('starts');
    expect(soon.stdout).not.toContain('leaves');
  });

  it.each(['0', '-1', '1.5', 'soon'])('does not take %s for a number of days', async (days) => {
    expect((await world.type(['calendar', `--days=${days}`])).code).toBe(2);
  });
});
