/** What Together holds beside what it accepted, from the executables: found, told by id and field, and never a value. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type House, openHouse, start } from '../support/pipe.ts';

let house: House | undefined;
afterEach(() => house?.close());

it('verify confirms a run, drift tells what an admin changed, and a list that nobody knows is exit 5', async () => {
  house = await openHouse({ ukg: { people: 40 }, together: { forms: { dates: 'day' } } });
  const { config, together } = house;
  const ask = async (...args: string[]) => await start('target-together', [...args, '--config', config]);
  expect((await ask('verify')).code).toBe(2);
  await house.sync();

  const right = await ask('verify');
  expect(right).toMatchObject({ code: 0, stdout: expect.stringMatching(/ {2}different {2}0\n {2}absent {5}0\n/) });

  const active = [...together.users.entries()].filter(([, user]) => user['employeeStatusCode'] === 'A');
  const [edited, ended] = active.map(([id]) => id) as [string, string];
  together.state.edit(edited, { lastName: 'Canary-Name' });
  together.state.edit(ended, { employeeStatusCode: 'T' });
  together.state.edit('stranger', { email: 'stranger@example.com', employeeStatusCode: 'A' });
  const drifted = await ask('drift');
  expect(drifted.code).toBe(8);
  expect(drifted.stdout.split('\n')).toEqual(
    expect.arrayContaining([
      '2 people changed in Together since the last delivery',
      `  ${edited}  lastName`,
      `1 person ended in Together by hand: employeeId ${ended}`,
      '1 person in Together and in no complete read: employeeId stranger',
    ]),
  );
  expect(drifted.stdout + drifted.stderr).not.toContain('Canary');

  Object.assign(together.options, { list: 'unrecognised' });
  const unknown = await ask('verify', '--format', 'json');
  expect(unknown).toMatchObject({ code: 5, stdout: '' });
  expect(unknown.stderr).toMatch(/can't be compared: .* in an undocumented shape/);
  expect((await ask('audit', 'verify')).code).toBe(0);
  expect(together.journal.violations()).toEqual([]);
});

it('a run with --verify sends again what on_drift says, leaves what may stay, and tells before somebody is active again', async () => {
  house = await openHouse({ ukg: { people: 40 } });
  const { together, state } = house;
  const on_drift = { resend: ['lastName', 'employeeStatusCode'], leave: ['title'] };
  house.configure({}, { on_drift });
  await house.sync();
  const active = [...together.users.entries()].filter(
    ([, user]) => user['employeeStatusCode'] === 'A' && user['title'],
  );
  const [both, left, ended, reported] = active.map(([id]) => id) as [string, string, string, string];
  const before = { ...together.users.get(both), title: 'By hand' };
  together.state.edit(both, { lastName: 'By hand', title: 'By hand' });
  together.state.edit(left, { title: 'By hand' });
  together.state.edit(ended, { employeeStatusCode: 'T' });
  together.state.edit(reported, { firstName: 'By hand' });
  // A part of the people would not bring them.
  rmSync(state);
  const read = await start('tap-ukg-pro', ['--config', house.config]);
  const posts = () => together.journal.matching().filter(({ method }) => method === 'POST').length;
  const planned = posts();
  const plan = await start('target-together', ['plan', '--verify', '--config', house.config], { input: read.stdout });
  expect(plan.stderr).toContain(`will be active again, as the source says: employeeId ${ended}.`);
  expect(posts()).toBe(planned);
  const report = join(house.folder, 'report.html');
  const { target, summary } = await house.sync({ targetArgs: ['--verify', '--report', report] });
  const page = readFileSync(report, 'utf8');
  expect(page).toContain('What Together holds');
  expect(page).toContain('This person was ended in Together by hand');
  expect(page).not.toContain('By hand');
  expect(target.code).toBe(0);
  expect(together.users.get(both)).toEqual(before);
  expect(together.users.get(left)).toMatchObject({ title: 'By hand' });
  expect(together.users.get(ended)).toMatchObject({ employeeStatusCode: 'A' });
  expect(target.stderr).toContain(
    `1 person ended in Together by hand will be active again, as the source says: employeeId ${ended}.`,
  );
  expect(summary).toMatchObject({
    actions: { rehire: 1 },
    outcomes: { updated: 2 },
    verify: {
      different: 1,
      changed: [{ id: reported, fields: ['firstName'] }],
      left: [{ field: 'title', people: 2 }],
      ended: { people: 0 },
    },
  });
  expect(together.journal.violations()).toEqual([]);
});
