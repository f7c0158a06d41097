/** A site that never runs the target by itself: every change is planned, reviewed and applied. It must lack nothing of what a run has. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { start } from '../support/pipe.ts';

let folder: string;
let together: TogetherServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plan-apply-'));
  together = await startTogether({ intervalMs: 0, answer: 'list' });
  const { organizationId, clientId, apiKey } = together.credentials;
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      api_url: together.url,
      organization_id: organizationId,
      client_id: clientId,
      api_key: apiKey,
      state_dir: join(folder, 'state'),
      min_interval_ms: 0,
      resend_after_hours: null,
      max_rejected_percent: 100,
    }),
  );
});
afterEach(async () => {
  await together.close();
  rmSync(folder, { recursive: true });
});

const person = (id: number, more: object = {}) => ({
  employeeId: `E${id}`,
  supervisorId: id === 1 ? null : 'E1',
  employeeStatusCode: 'A',
  emailAddress: `e${id}@example.com`,
  firstName: 'Ada',
  lastName: `Example ${id}`,
  ...more,
});
const sixty = () => Array.from({ length: 60 }, (_, at) => person(at + 1));

/** `partial`: an incremental read, which does not say that these are all. */
function messages(records: readonly object[], partial = false): string {
  const properties = Object.fromEntries(Object.keys(person(0)).map((key) => [key, { type: ['null', 'string'] }]));
  return [
    { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
    ...records.map((record) => ({ type: 'RECORD', stream: 'employees', record, ...(partial ? {} : { version: 1 }) })),
    ...(partial ? [] : [{ type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 }]),
    { type: 'STATE', value: { bookmark: records.length } },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
}

const summary = () => JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
const target = (args: string[], input?: string) =>
  start(
    'target-together',
    [...args, '--config', join(folder, 'config.json'), '--summary', join(folder, 'summary.json')],
    input === undefined ? {} : { input },
  );
const plan = (records: readonly object[], partial = false) =>
  target(['plan', '--out', join(folder, 'plan.json')], messages(records, partial));
const apply = () => target(['apply', join(folder, 'plan.json')]);
const rejects = () => readFileSync(join(folder, 'state', 'rejects.singer'), 'utf8');

it('names who is refused, and keeps their records and those that can not be mapped, to be given back', async () => {
  await plan(sixty());
  expect((await apply()).code).toBe(0);
  together.state.lock('E7');
  const changed = sixty();
  changed[6] = person(7, { lastName: 'Changed' });
  changed[7] = person(8, { lastName: 'Changed' });
  changed[8] = person(9, { firstName: null });
  await plan(changed);
  expect((await apply()).code).toBe(0);
  expect(summary()).toMatchObject({
    people_read: 60,
    outcomes: { updated: 1, rejected: 1, invalid: 1, skipped: 57 },
    source: { complete: true },
  });
  expect(
    summary()
      .problems.map(({ id }: { id: string }) => id)
      .sort(),
  ).toEqual(['E7', 'E9']);
  expect(
    rejects()
      .match(/"employeeId":"E\d+"/g)
      ?.sort(),
  ).toEqual(['"employeeId":"E7"', '"employeeId":"E9"']);
  expect(rejects()).toContain('"properties":{"employeeId"');

  const again = await target(['--input', join(folder, 'state', 'rejects.singer')]);
  // Nobody of the two could be sent.
  expect([again.code, summary().outcomes]).toMatchObject([4, { invalid: 1, skipped: 1 }]);
  // Both are read again as Together has them: nobody's reject is open any more.
  await plan(sixty());
  await apply();
  expect(existsSync(join(folder, 'state', 'rejects.singer'))).toBe(false);
});

it('remembers whose address is whose, and which links were left out', async () => {
  await plan([...sixty(), person(61, { supervisorId: 'E99' })]);
  await apply();
  const posts = () => together.journal.entries.length;
  const before = posts();
  // Neither E1 nor E61 is read.
  await plan([person(99), person(70, { emailAddress: 'E1@EXAMPLE.com' })], true);
  expect(summary().problems).toMatchObject([{ id: 'E70', faults: [{ code: 'duplicate_email' }] }]);
  expect((await apply()).code).toBe(0);
  expect(posts() - before).toBe(1);
  expect(together.users.get('E61')).toMatchObject({ supervisorId: 'E99' });
  expect(together.users.has('E70')).toBe(false);
  expect(summary()).toMatchObject({
    people_read: 2,
    outcomes: { created: 1, invalid: 1 },
    supervisors: { relinked: 1 },
  });
  await plan([person(99)], true);
  expect(JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).to_send).toBe(0);
});

it("compares with Together's own list: who is there already, old values, and two records for one person", async () => {
  await plan(sixty());
  await apply();
  rmSync(join(folder, 'state'), { recursive: true });
  const changed = sixty();
  changed[4] = person(5, { lastName: 'New' });
  changed[5] = person(6, { emailAddress: 'e7@example.com' });
  changed.splice(6, 1);
  const args = ['plan', '--out', join(folder, 'plan.json'), '--compare', 'remote'];
  for (const level of ['ids', 'full']) {
    const ran = await target([...args, '--redact', level], messages(changed));
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toMatch(/1 person has two records in Together/);
    const { actions, people } = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
    expect(actions).toMatchObject({ join: 0, change: 59 });
    const five = people.find(({ id }: { id: string }) => id === 'E5');
    const values = level === 'full' ? { from: 'Example 5', to: 'New' } : {};
    expect(five.changes).toEqual([{ field: 'lastName', ...values }]);
    // Of E6 the address alone differs, and it is another record's.
    for (const id of ['E6', 'E8']) expect(people.find((one: { id: string }) => one.id === id).changes).toBeUndefined();
    const codes = [{ code: 'two_records_in_together' }, { code: 'duplicate_email' }];
    expect(summary().problems).toMatchObject([{ id: 'E6', faults: codes }]);
  }
});

it('gives the guards their baseline', async () => {
  await plan(sixty());
  await apply();
  const half = await plan(sixty().slice(0, 30));
  expect(half.code).toBe(3);
  const tripped = summary().guards.filter(({ verdict }: { verdict: string }) => verdict === 'tripped');
  expect(tripped.map(({ name }: { name: string }) => name)).toEqual(['max_vanished', 'min_rows_percent']);
  const emptied = await plan(sixty().map((one) => ({ ...one, supervisorId: null })));
  expect([emptied.code, emptied.stderr]).toEqual([3, expect.stringContaining('min_filled_percent: supervisorId')]);
  const flood = await plan([...sixty(), ...Array.from({ length: 55 }, (_, at) => person(at + 100))]);
  expect([flood.code, flood.stderr]).toEqual([3, expect.stringContaining('max_created')]);
});

it('tells of vanished people that it ends, in the plan and when it is applied', async () => {
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), vanished: 'terminate', vanished_after_reads: 1 }),
  );
  await plan(sixty());
  await apply();
  const planned = await plan(sixty().slice(0, 58));
  expect(planned.stderr).toContain('This would send 2 people: 2 vanished as terminated.');
  expect(summary()).toMatchObject({ actions: { vanished: 2 }, vanished_ended: { planned: 2, accepted: 0 } });
  const applied = await apply();
  expect(applied.stderr).toContain('Done: 2 people accepted (2 vanished as terminated).');
  expect(summary().vanished_ended).toEqual({ planned: 2, accepted: 2 });
  expect(['E58', 'E59', 'E60'].map((id) => together.users.get(id)?.['employeeStatusCode'])).toEqual(['A', 'T', 'T']);
});

it('sends nobody but those of --only, planned or at once, and gives no STATE back', async () => {
  await plan(sixty());
  await apply();
  const state = () => readFileSync(join(folder, 'state', 'runs.json'), 'utf8');
  const { baseline, complete } = JSON.parse(state()).memory;
  const changed = sixty().map((record) => ({ ...record, firstName: 'New' }));
  const only = (ids: string) => ['--only', ids];
  const ran = await target(only('E3'), messages(changed));
  expect([ran.code, ran.stdout]).toEqual([0, '']);
  expect(ran.stderr).toContain('no STATE is given back');
  const planned = await target(['plan', '--out', join(folder, 'plan.json'), ...only('E4,E99')], messages(changed));
  expect(planned.stderr).toContain('--only: E99 is not in this read.');
  const applied = await apply();
  expect([applied.code, applied.stdout]).toEqual([0, '']);
  expect(summary()).toMatchObject({
    outcomes: { updated: 1, excluded: 59 },
    excluded_by: { 'not named by --only': 59 },
  });
  expect((await target(only('E98'), messages(changed))).code).toBe(2);
  const renamed = sixty().filter(({ employeeId }) => together.users.get(employeeId)?.firstName === 'New');
  expect(renamed.map(({ employeeId }) => employeeId)).toEqual(['E3', 'E4']);
  expect(JSON.parse(state()).memory).toMatchObject({ baseline, complete });
});

it('tells under a pull request what changed settings do, apart from what the data does', async () => {
  await plan(sixty());
  await apply();
  const now = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  const next = join(folder, 'next.json');
  writeFileSync(next, JSON.stringify({ ...now, filters: [{ name: 'odd', field: 'lastName', not_in: ['Example 7'] }] }));
  const changed = sixty().map((record, at) => (at === 2 ? { ...record, firstName: 'New' } : record));
  const posts = together.journal.entries.length;
  const ran = await target(['plan', '--against', next, '--markdown'], messages(changed));
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stdout).toContain('| your change | 0 |  |\n| the data | 1 | 1 change |\n| both | 0 |  |');
  expect(ran.stdout).toContain('the filter odd lets 1 go, who would stay active');
  expect(ran.stdout).not.toContain('Example');
  expect(together.journal.entries.length).toBe(posts);
});
