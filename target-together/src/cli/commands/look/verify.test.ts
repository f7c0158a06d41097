/** What a list says that is none, is a part, or has other people: nobody is absent because of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TogetherUser } from '../../../model/person.ts';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

const people = Array.from({ length: 12 }, (_, at) => person(`p${at}`));
const fields = ['employeeId', 'employeeStatusCode', 'email', 'firstName', 'lastName'];

let world: CommandWorld;
/** What GET answers; `held` is what was posted. */
let list: (held: readonly TogetherUser[]) => { status: number; body?: string };
beforeEach(async () => {
  let held: readonly TogetherUser[] = [];
  world = await commandWorld(
    {
      mapping: { stream: 'employees', fields: Object.fromEntries(fields.map((name) => [name, name])) },
      hris_fields: { costCenter: { const: 'C1' }, badge: { const: 'B1' } },
    },
    ({ method, users }) => {
      if (method === 'GET') return list(held);
      held = [...held, ...users];
      return { status: 200 };
    },
  );
  list = () => ({ status: 404 });
  expect((await world.type([], tapOutput(people))).code).toBe(0);
});
afterEach(() => world.close());

const answered = (of: (held: readonly TogetherUser[]) => unknown) => {
  list = (held) => ({ status: 200, body: JSON.stringify(of(held)) });
};

describe('verify', () => {
  it.each([
    ['an empty list', 200, '[]', '0 users'],
    ['an empty object of a list', 200, '{"users":[],"total":0}', '0 users'],
    ['other people', 200, '[{"employeeId":"X1"},{"employeeId":"X2"}]', 'none of the 12 people'],
    ['no ids', 200, '[{"email":"e1@example.com"},{"email":"e2@example.com"}]', 'none of the 12 people'],
    ['HTML', 200, '<html></html>', 'HTML'],
    ['forbidden', 403, '{}', 'may not list users'],
    ['not there', 404, '{}', 'HTTP 404'],
    ['not allowed', 405, '{}', 'HTTP 405'],
    ['not implemented', 501, '{}', 'HTTP 501'],
    ['nothing', 204, '', 'HTTP 204'],
  ])('%s is no list to compare with', async (_, status, body, reason) => {
    list = () => ({ status, body });
    for (const command of ['verify', 'drift']) {
      const told = await world.type([command]);
      expect({ ...told, stderr: told.log.join('\n') }).toMatchObject({ code: 5, stdout: '' });
      expect(told.log.at(-1)).toContain(reason);
    }
    // A run goes on without.
    const run = await world.type(['--dry-run', '--verify'], tapOutput(people));
    expect(run.code).toBe(0);
    expect(run.log.join('\n')).toContain(reason);
  });

  it('compares what a part of the list has, and says nothing of the others', async () => {
    answered((held) => ({ users: held.slice(0, 4), total: held.length }));
    const told = await world.type(['verify', '--format', 'json']);
    expect(told.code).toBe(0);
    expect(JSON.parse(told.stdout)).toMatchObject({
      people: 4,
      confirmed: 4,
      absent: 0,
      absent_ids: [],
      not_on_page: 8,
    });
    // So does a bare list that lacks most of them; one that lacks some is taken at its word.
    answered((held) => held.slice(0, 4));
    expect((await world.type(['verify'])).stdout).toContain('8 people not on this list');
    answered((held) => held.slice(0, 10));
    expect(await world.type(['verify'])).toMatchObject({
      code: 8,
      stdout: expect.stringContaining('  absent     2\n'),
    });
  });

  it('names a custom field that was accepted for everybody and comes back for nobody', async () => {
    const without = (held: readonly TogetherUser[], ...fields: string[]) =>
      held.map((user) => Object.fromEntries(Object.entries(user).filter(([field]) => !fields.includes(field))));
    const sentence = 'hrisFields.costCenter is not set up in Together: ask your contact';
    answered((held) => without(held, 'hrisFields.costCenter'));
    expect(await world.type(['verify'])).toMatchObject({ code: 8, stdout: expect.stringContaining(sentence) });
    answered((held) => without(held, 'hrisFields.costCenter', 'hrisFields.badge'));
    expect(await world.type(['verify'])).toMatchObject({ code: 0, stdout: expect.stringContaining(sentence) });
    const names = (user: object) => [
      { name: 'badge', value: 'B1' },
      { name: 'other', value: Object.keys(user).length },
    ];
    answered((held) =>
      without(held, 'hrisFields.costCenter', 'hrisFields.badge').map((user) => ({ ...user, hrisFields: names(user) })),
    );
    const told = await world.type(['verify']);
    expect(told.stdout).toContain(sentence);
    expect(told.stdout).toContain('hrisFields.badge: 12 confirmed');
  });
});
