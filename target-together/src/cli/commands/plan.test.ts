import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld({}, ({ method }) => ({ status: 200, body: method === 'GET' ? '[]' : '' }));
});
afterEach(() => world.close());

const people = ['a', 'b'].map((id) => person(id));
const listed = { method: 'GET', users: [] };
const planAt = (name: string) => JSON.parse(readFileSync(world.at(name), 'utf8')) as Record<string, unknown>;

describe('plan', () => {
  it('writes who would be sent, without values, and sends nobody: before there is a ledger it asks for the list', async () => {
    const { code, stdout } = await world.type(['plan', '--out', world.at('plan.json')], tapOutput(people));
    expect({ code, stdout, requests: world.requests }).toEqual({ code: 0, stdout: '', requests: [listed] });
    const plan = planAt('plan.json');
    expect(plan).toMatchObject({ format: 'target-together plan', to_send: 2, actions: { join: 2 }, complete: true });
    expect(plan['people']).toMatchObject([{ id: 'a', action: 'join', new: true }, { id: 'b' }]);
    expect(JSON.stringify(plan)).not.toContain('Ada');
  });

  it('shows names where --redact says so', async () => {
    await world.type(['plan', '--redact', 'names', '--out', world.at('plan.json')], tapOutput(people));
    expect(planAt('plan.json')['people']).toMatchObject([{ name: 'Ada Nr a' }, { name: 'Ada Nr b' }]);
  });

  it.each([
    ['there is something to send', people, 8],
    ['there is nothing to send', [], 0],
  ])('--detailed-exitcode when %s', async (_, users, expected) => {
    expect((await world.type(['plan', '--detailed-exitcode'], tapOutput(users))).code).toBe(expected);
  });

  it('--compare remote asks Together for its list', async () => {
    await world.type([], tapOutput(people));
    world.requests.length = 0;
    await world.type(['plan'], tapOutput(people));
    expect(world.requests).toEqual([]);
    const { code } = await world.type(['plan', '--compare', 'remote'], tapOutput(people));
    expect({ code, requests: world.requests }).toEqual({ code: 0, requests: [listed] });
  });

  it('refuses a place that can not be written before it reads', async () => {
    const { code, log } = await world.type(['plan', '--out', world.at('missing/plan.json')], tapOutput(people));
    expect(code).toBe(2);
    expect(log.at(-1)).toContain('missing/plan.json');
  });
});
