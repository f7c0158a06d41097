import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld();
  await world.type([], tapOutput([person('a', { title: 'Old' })]));
  const next = [{ ...person('a', { title: 'Lead, acting' }), employeeNumber: 'N1' }, person('b')];
  await world.type(['plan', '--out', world.at('plan.json')], tapOutput(next));
});
afterEach(() => world.close());

const show = (...flags: string[]) => world.type(['show', world.at('plan.json'), ...flags]);

describe('show', () => {
  it('tells a plan again, and sends nothing', async () => {
    const asked = world.requests.length;
    const { code, stdout } = await show();
    expect({ code, requests: world.requests.length }).toEqual({ code: 0, requests: asked });
    expect(stdout).toContain('This would send 2 people: 1 join, 1 changed.');
    expect(existsSync(world.at('plan.json'))).toBe(true);
  });

  it('gives programs each person with employee number and changes, as much as the level shows', async () => {
    const people = async (...flags: string[]) =>
      (JSON.parse((await show('--format', 'json', ...flags)).stdout) as { people: Record<string, unknown>[] }).people;
    expect((await people()).find(({ id }) => id === 'a')).toEqual({
      id: 'a',
      number: 'N1',
      action: 'change',
      new: false,
      changes: [{ field: 'title' }],
    });
    expect((await people('--redact', 'full')).find(({ id }) => id === 'a')).toMatchObject({
      name: expect.any(String) as string,
      changes: [{ field: 'title', to: 'Lead, acting' }],
    });
  });

  it('makes a table for spreadsheets, one for a ticket, and the report', async () => {
    const csv = (await show('--format', 'csv', '--redact', 'full')).stdout.split('\n');
    expect(csv[0]).toBe('id,employee_number,name,action,field,from,to');
    expect(csv.find((row) => row.startsWith('a,'))).toMatch(/^a,N1,.*,change,title,.*,"Lead, acting"$/);
    expect((await show('--format', 'markdown')).stdout).toMatch(/\| a \| N1 \|.*\| change \| title \|/);
    await show('--report', world.at('plan.html'));
    expect(readFileSync(world.at('plan.html'), 'utf8')).toMatch(/<bdi[^>]*>N1<\/bdi>/);
  });

  it('tells the first plan after it was sent, though the ledger has a key of its own since', async () => {
    const fresh = await commandWorld();
    const plan = fresh.at('first.json');
    await fresh.type(['plan', '--out', plan], tapOutput([person('a'), person('b')]));
    expect((await fresh.type(['apply', plan])).code).toBe(0);
    const { code, stdout } = await fresh.type(['show', plan, '--format', 'csv']);
    expect({ code, rows: stdout.split('\n').filter((row) => row.includes(',join,')).length }).toEqual({
      code: 0,
      rows: 2,
    });
    expect(await fresh.type(['apply', plan])).toMatchObject({
      code: 2,
      log: [expect.stringContaining('the ledger (another run')],
    });
    await fresh.close();
  });

  it('refuses what is no plan', async () => {
    expect(await world.type(['show', world.config])).toMatchObject({ code: 2 });
  });
});
