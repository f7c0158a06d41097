import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WhatIf } from '../../../plan/against/what-if.ts';
import { type CommandWorld, commandWorld, tapOutput } from '../../../testing/command.ts';
import { person } from '../../../testing/people.ts';

const columns = ['employeeId', 'employeeStatusCode', 'email', 'firstName', 'lastName', 'departmentName', 'title'];
const schema = { properties: Object.fromEntries(columns.map((name) => [name, { type: 'string' }])) };
const tapOf = (users: readonly object[]) => tapOutput(users, 'end', schema);

let world: CommandWorld;
beforeEach(async () => {
  const mapping = { stream: 'employees', fields: Object.fromEntries(columns.map((name) => [name, name])) };
  world = await commandWorld({ mapping });
});
afterEach(() => world.close());

const departments = ['Fin Ops', 'Sales', 'Contractors'];
const company = Array.from({ length: 30 }, (_, at) =>
  person(`p${at}`, { departmentName: departments[at % 3] as string, title: at % 2 ? 'Clerk' : 'Lead' }),
);
/** Seven of the night: two join, one leaves, four have a new title. */
const tonight = [
  ...company.map((user, at) =>
    at === 1 ? { ...user, employeeStatusCode: 'T' } : at % 9 === 3 ? { ...user, title: 'New' } : user,
  ),
  person('x1', { departmentName: 'Fin Ops' }),
  person('x2', { departmentName: 'Sales' }),
];

function settings(more: object): string {
  const path = world.at('next.json');
  const now = JSON.parse(readFileSync(world.config, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...now, ...more }));
  return path;
}
/** The mapping of the settings with other rules for some fields. */
function fields(over: object): object {
  const { mapping } = JSON.parse(readFileSync(world.config, 'utf8')) as { mapping: { fields: object } };
  return { ...mapping, fields: { ...mapping.fields, ...over } };
}
const against = (path: string, input: string, ...args: string[]) =>
  world.type(['plan', '--against', path, ...args], input);

/** Whom a plan of these settings alone sends, and how. */
async function planOf(path: string, input: string): Promise<string[]> {
  const config = readFileSync(world.config, 'utf8');
  writeFileSync(world.config, readFileSync(path, 'utf8'));
  await world.type(['plan', '--out', world.at('plan.json')], input);
  writeFileSync(world.config, config);
  const { people } = JSON.parse(readFileSync(world.at('plan.json'), 'utf8')) as {
    people: { id: string; action: string }[];
  };
  return people.map(({ id, action }) => `${action} ${id}`);
}

describe('plan --against', () => {
  it('tells what the change does from what the data does, with values that many share', async () => {
    await world.type([], tapOf(company));
    const next = settings({
      mapping: fields({
        departmentName: {
          from: 'departmentName',
          lookup: { 'Fin Ops': 'Finance', Sales: 'Sales', Contractors: 'Contractors' },
        },
      }),
      filters: [{ name: 'contractors', field: 'departmentName', not_in: ['Contractors'] }],
    });
    const { code, stdout, log } = await against(next, tapOf(tonight));
    expect(code, log.at(-1)).toBe(0);
    expect(stdout).toBe(
      'By your change: 7 people (departmentName 11, “Fin Ops” → “Finance”; the filter contractors lets 10 go, who would stay active); by the data: 2; by both: 4.\n',
    );
    const markdown = await against(next, tapOf(tonight), '--markdown');
    expect(markdown.stdout).toContain('| your change |');
    expect(markdown.stdout).not.toContain('p1');
    expect(world.sent()).toHaveLength(30);
  });

  it('shows no numbers of an input that broke off, and compares one organization alone', async () => {
    await world.type([], tapOf(company));
    const cut = tapOf(tonight).split('\n').slice(0, -2).join('\n');
    const broken = await against(settings({}), `${tapOf(company)}${cut}`, '--format', 'json');
    expect([broken.code, broken.stdout]).toEqual([1, '']);
    const failed = await against(settings({}), `${tapOf(company)}{"type"`);
    expect([failed.code, failed.stdout]).toEqual([1, '']);
    const other = await against(settings({ organization_id: 'other' }), tapOf(company));
    expect([other.code, other.stdout]).toEqual([2, '']);
    const alone = await world.type(['plan', '--markdown'], tapOf(company));
    expect(alone.code).toBe(2);
  });

  it('attributes everybody of the next plan once, whatever the settings change', async () => {
    await world.type([], tapOf(company));
    const input = tapOf(tonight);
    const change = fc.record(
      {
        filters: fc.constantFrom(
          [],
          [{ field: 'departmentName', not_in: ['Sales'] }],
          [{ field: 'title', in: ['Lead', 'New'] }],
        ),
        leaver_email: fc.constantFrom(null, 'gone-{employeeId}@example.com'),
        out_of_scope: fc.constantFrom('report', 'terminate'),
        vanished: fc.constantFrom('report', 'terminate'),
        resend_after_hours: fc.constantFrom(null, 24),
        mapping: fc.constantFrom(
          fields({}),
          fields({ title: null }),
          fields({ departmentName: 'title' }),
          fields({ lastName: 'title' }),
        ),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(change, fc.boolean(), async (more, all) => {
        const read = all ? input : tapOf(tonight.slice(0, 20));
        const next = settings(more);
        const { stdout, log } = await against(next, read, '--format', 'json');
        expect(stdout, log.at(-1)).not.toBe('');
        const found = JSON.parse(stdout) as WhatIf;
        expect(found.people.map(({ id, action }) => `${action} ${id}`)).toEqual(await planOf(next, read));
        expect(found.sent.change + found.sent.data + found.sent.both).toBe(found.people.length);
        // The same settings change nothing.
        if (Object.keys(more).length === 0) expect(found.sent).toMatchObject({ change: 0, both: 0 });
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});
