import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandWorld, commandWorld, tapOutput } from '../../testing/command.ts';
import { person } from '../../testing/people.ts';
import { testSchema } from '../../testing/session.ts';

let world: CommandWorld;
beforeEach(async () => {
  world = await commandWorld({
    filters: [{ name: 'staff only', field: 'title', not_in: ['Contractor'] }],
    max_rejected_percent: 100,
  });
});
afterEach(() => world.close());

const boss = person('boss', { title: 'Lead' });
const users = [
  boss,
  person('a', { supervisorId: 'boss', title: 'Engineer' }),
  person('lost', { supervisorId: 'nobody0' }),
  person('out', { title: 'Contractor' }),
  { ...person('bad'), email: 'no address' },
];
const explain = async (id: string, ...flags: string[]) => await world.type(['explain', id, ...flags], tapOutput(users));

describe('explain', () => {
  it.each<[string, readonly RegExp[]]>([
    [
      'a',
      [
        /^employeeId a$/m,
        /Record {4}stream employees, line 3; a complete read/,
        /title: sent as "Engineer"/,
        /never accepted or refused/,
        /Plan {6}join: will be sent/,
      ],
    ],
    ['lost', [/without supervisorId nobody0: unknown/]],
    ['out', [/Scope {5}excluded by filter staff only/, /Plan {6}excluded: is not sent/]],
    ['bad', [/email: fault: /, /Fault {5}/, /Plan {6}invalid: is not sent/]],
    ['nobody0', [/Not among the 5 people read, which were all people\./, /name this id as supervisor/]],
    ['unknown', [/Not among the 5 people read/]],
  ])('tells the story of %s', async (id, parts) => {
    const { code, stdout, stderr } = await explain(id);
    expect({ code, stderr, requests: world.requests }).toEqual({ code: 0, stderr: '', requests: [] });
    for (const part of parts) expect(stdout).toMatch(part);
  });

  it.each([
    ['a@example.com', 'e-mail address'],
    ['  A@Example.com ', 'e-mail address'],
    ['4711', 'employee number'],
    ['Ada Lovelace', 'name'],
    ['ada lovelace', 'name'],
    ['Lovelace', 'name'],
  ])('finds a person by %j, the %s', async (wanted, by) => {
    const ada = {
      ...person('a'),
      email: 'a@example.com',
      firstName: 'Ada',
      lastName: 'Lovelace',
      employeeNumber: 4711,
    };
    const { code, stdout } = await world.type(['explain', wanted], tapOutput([boss, ada]));
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^employeeId a \\(found by ${by}\\)\n`));
  });

  it('asks which of several people is meant, and knows a person who cannot be mapped by name', async () => {
    const ada = { ...person('a'), firstName: 'Ada', lastName: 'Lovelace' };
    const broken = { ...person('b'), firstName: 'Ada', lastName: 'Lovelace', email: '-' };
    const several = await world.type(['explain', 'Ada Lovelace'], tapOutput([ada, broken]));
    expect(several.stdout).toBe('2 people have this name. Ask for one of them by employeeId:\na\nb\n');
    const { stdout } = await world.type(['explain', 'Ada Lovelace'], tapOutput([boss, broken]));
    expect(stdout).toContain('employeeId b (found by name)');
  });

  it('tells of a day that lies ahead, and of one that was withdrawn', async () => {
    await world.close();
    const columns = [...Object.keys(testSchema.properties), 'dateOfTermination'];
    const schema = { properties: Object.fromEntries(columns.map((name) => [name, { type: ['string', 'null'] }])) };
    const fields = Object.fromEntries(columns.map((name) => [name, name]));
    world = await commandWorld({ mapping: { stream: 'employees', fields } });
    const last = new Date(Date.now() + 12 * 86_400_000).toISOString().slice(0, 10);
    const leaver = tapOutput([person('a', { employeeStatusCode: 'T', dateOfTermination: last })], 'end', schema);
    await world.type([], tapOutput([person('a')], 'end', schema));
    const ahead = await world.type(['explain', 'a'], leaver);
    expect(ahead.stdout).toContain(`Days      leaves, last day ${last} (in 12 days): until then nothing of it is sent`);
    await world.type([], leaver);
    const { stdout } = await world.type(['explain', 'a'], tapOutput([person('a')], 'end', schema));
    expect(stdout).toContain('Days      was to leave, and is not any more: withdrawn');
  });

  it('hides values where --redact says so', async () => {
    const { stdout } = await explain('a', '--redact', 'ids');
    expect(stdout).toContain('title: sent as filled');
    expect(stdout).not.toContain('Engineer');
  });

  it('tells what the ledger knows, and what would change', async () => {
    await world.type([], tapOutput([boss, person('a', { title: 'Old' })]));
    const { stdout } = await explain('a');
    expect(stdout).toMatch(/last accepted with status A in run/);
    expect(stdout).toMatch(/title: \(old value not known\) → Engineer|title: Old → Engineer/);
  });

  it('tells of a guard that would stop the run, which is no failure of telling', async () => {
    await world.type([], tapOutput(Array.from({ length: 30 }, (_, at) => person(`${at}`))));
    const { code, stdout } = await world.type(['explain', '0'], tapOutput([person('0')]));
    expect(code).toBe(0);
    expect(stdout).toMatch(/Guards {4}.*would stop this run/);
  });

  it('ends with what ended the reading', async () => {
    const { code, stdout, log } = await world.type(['explain', 'a'], 'not JSON\n');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(log.at(-1)).toMatch(/Line 1/);
  });
});
