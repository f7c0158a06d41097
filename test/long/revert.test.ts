/** A run with a wrong mapping, taken back: Together holds what it held before, byte for byte, also where kill -9 came in between. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTogether, type TogetherServer } from '@ukg-together/sandbox/together-server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bin, cleanEnv, start } from '../support/pipe.ts';

/** TEST_KILLS=100 makes it the whole of what was promised. */
const kills = Number(process.env['TEST_KILLS'] ?? 4);

let folder: string;
let together: TogetherServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'revert-'));
  together = await startTogether({ intervalMs: 0, latencyMs: 3 });
});
afterEach(async () => {
  await together.close();
  rmSync(folder, { recursive: true });
});

const right = { title: 'jobTitle', departmentName: 'department' };
const wrong = { title: 'department', departmentName: 'jobTitle', preferredName: 'firstName' };

function configure(fields: object, more: object = {}): void {
  const { organizationId, clientId, apiKey } = together.credentials;
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      ...{ api_url: together.url, organization_id: organizationId, client_id: clientId, api_key: apiKey },
      ...{ state_dir: join(folder, 'state'), min_interval_ms: 0, batch_size: 20, keep_values_days: 30 },
      guards: { max_changed: null, min_filled_percent: null },
      mapping: { fields },
      ...more,
    }),
  );
}

const person = (id: number, more: object = {}) => ({
  employeeId: `E${id}`,
  employeeStatusCode: 'A',
  emailAddress: `canary.e${id}@example.com`,
  firstName: 'Canarian',
  lastName: `Example ${id}`,
  jobTitle: `Canary Engineer ${id % 7}`,
  department: `Canary Department ${id % 5}`,
  ...more,
});
const everybody = (count: number) => Array.from({ length: count }, (_, id) => person(id));

/** `partial`: an incremental read, which does not say that these are all. */
function messages(records: readonly object[], partial = false): string {
  const properties = Object.fromEntries(Object.keys(person(0)).map((key) => [key, { type: ['null', 'string'] }]));
  return [
    { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
    ...records.map((record) => ({ type: 'RECORD', stream: 'employees', record, ...(partial ? {} : { version: 1 }) })),
    ...(partial ? [] : [{ type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 }]),
    { type: 'STATE', value: { read: records.length } },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
}

const summaryFile = () => join(folder, 'summary.json');
const target = (args: string[], input?: string) =>
  start(
    'target-together',
    [
      ...args,
      '--config',
      join(folder, 'config.json'),
      ...(['privacy', 'person'].includes(args[0] ?? '') ? [] : ['--summary', summaryFile()]),
    ],
    input === undefined ? {} : { input },
  );
async function run(records: readonly object[], partial = false): Promise<string> {
  const ran = await target([], messages(records, partial));
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(readFileSync(summaryFile(), 'utf8')).run_id;
}
/** By id, each as the bytes of its JSON. */
function users(): Record<string, string> {
  const ids = Array.from({ length: 1000 }, (_, id) => `E${id}`).filter((id) => together.users.has(id));
  return Object.fromEntries(ids.map((id) => [id, JSON.stringify(together.users.get(id))]));
}
/** Files of the state with a value of a person; what many share (a department) is no such value. */
function holdsPeople(): string[] {
  const names = readdirSync(join(folder, 'state'));
  return names.filter((name) =>
    /canary\.e|Canarian|Example \d/.test(readFileSync(join(folder, 'state', name), 'latin1')),
  );
}

it('gives everybody back what they had, names the others, and keeps nothing that can be read', async () => {
  configure(right);
  await run(everybody(60));
  const before = users();
  configure(wrong);
  const bad = await run([...everybody(60), person(60), person(61)]);
  expect(users()['E5']).toContain('"title":"Canary Department');
  configure(right);
  await run([person(3, { lastName: 'Since' })], true);
  const since = users()['E3'];
  const reverted = await target(['revert', bad]);
  expect(reverted.code, reverted.stderr).toBe(0);
  expect(reverted.stderr).toContain(
    `Reverting ${bad} restores 59 of 62 people; 1 changed since, left alone; 2 were created: can only be ended (--end-created).`,
  );
  const { E3: _, E60: left, E61: __, ...after } = users();
  const { E3: ___, ...expected } = before;
  expect(after).toEqual(expected);
  expect([users()['E3'], left]).toEqual([since, expect.stringContaining('"A"')]);
  const ended = await target(['revert', bad, '--end-created']);
  expect(ended.stderr).toContain('restores 0 of 62 people; 60 changed since, left alone; 2 were created: ended.');
  expect(together.users.get('E60')?.['employeeStatusCode']).toBe('T');

  const told = await target(['person', 'canary.e5@example.com']);
  expect(told.stdout, told.stderr).toMatch(/title: Canary Engineer 5 {2}\(run \S+; as before run \S+, by a revert\)\n/);
  expect(told.stdout).toMatch(/lastName: Example 5 {2}\(run \S+; preset ukg-pro: lastName, from lastName\)\n/);

  expect(holdsPeople()).toEqual([]);
  const log = () => readFileSync(join(folder, 'state', 'values.log'), 'latin1').split('\n').length;
  const kept = log();
  expect((await target(['privacy', 'forget', 'E5'])).code).toBe(0);
  expect(log()).toBeLessThan(kept);
  const gone = await target(['person', 'E5']);
  expect([gone.code, gone.stdout]).toEqual([2, '']);
  const again = await target(['revert', bad, '--dry-run']);
  expect(again.stderr).toContain('of 61 people');
  expect(again.stderr).toContain('There is nothing to send.');
  expect(again.stderr).not.toContain('cut off');
});

it('is a plan like any other: reviewed as a file, stopped by a guard, released by its hash', async () => {
  configure(right);
  await run(everybody(60));
  const before = users();
  configure(wrong);
  const bad = await run(everybody(60));
  configure(right, { guards: { max_changed: { percent: 10, count: 5 } } });
  const stopped = await target(['revert', bad]);
  expect(stopped.code).toBe(3);
  const hash = /--accept ([0-9a-f]+)/.exec(stopped.stderr)?.[1] as string;
  const plan = join(folder, 'plan.json');
  expect((await target(['revert', bad, '--out', plan])).code).toBe(3);
  expect(readFileSync(plan, 'utf8')).not.toContain('canar');
  expect(users()).not.toEqual(before);
  const applied = await target(['apply', plan, '--accept', hash]);
  expect(applied.code, applied.stderr).toBe(0);
  expect(users()).toEqual(before);
  // The next night finds everybody as the right mapping wants them.
  await run(everybody(60));
  expect(JSON.parse(readFileSync(summaryFile(), 'utf8')).actions).toMatchObject({ same: 60, change: 0 });
});

it(`whatever of ${kills} times kill -9 cuts off`, { timeout: 120_000 + kills * 30_000 }, async () => {
  configure(right);
  await run(everybody(1000));
  const before = users();
  const config = join(folder, 'config.json');
  const input = join(folder, 'input.singer');
  writeFileSync(input, messages(everybody(1000)));
  const runs = () => [
    ...new Set(
      [...readFileSync(join(folder, 'state', 'values.log'), 'latin1').matchAll(/^\S+ (\S+)/gm)].map(
        ([, id]) => id as string,
      ),
    ),
  ];
  const killed = async (args: string[]): Promise<void> => {
    const posts = together.journal.entries.length;
    const child = spawn(bin('target-together'), [...args, '--config', config], { env: cleanEnv(), stdio: 'ignore' });
    let isOver = false;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve(void (isOver = true))));
    while (!isOver && together.journal.entries.length === posts) await sleep(2);
    await sleep(Math.random() * 200);
    child.kill('SIGKILL');
    await ended;
    await together.idle();
  };
  for (let round = 0; round < kills; round++) {
    const known = new Set(runs());
    configure(wrong);
    await killed(['--input', input]);
    configure(right);
    const bad = runs().filter((id) => !known.has(id));
    for (const id of bad) await killed(['revert', id]);
    const reverts = runs().filter((id) => !known.has(id) && !bad.includes(id));
    for (const id of bad) {
      const reverted = await target(['revert', id]);
      expect(reverted.code, reverted.stderr).toBe(0);
    }
    const after = users();
    const differing = Object.keys(before).filter((id) => after[id] !== before[id]);
    expect(differing, `round ${round}, ${reverts.length} reverts cut off`).toEqual([]);
    expect(holdsPeople()).toEqual([]);
  }
});
