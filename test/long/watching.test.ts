/** How a run tells of itself: the summary in every ending, the webhook once, `status` for a monitor. Real processes, real sockets. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunSummary } from '../../target-together/src/model/run-summary.ts';
import { start } from '../support/pipe.ts';

type Mood = 'takes' | 'refuses a quarter' | 'is down' | 'refuses the key' | 'says nothing';

let folder: string;
let mood: Mood;
/** Requests that Together has had. */
let asked = 0;
let hookStatus: number;
let notices: string[];
let servers: Server[];

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers each whole request by its body. */
const answering = (answer: (method: string, body: string, response: ServerResponse) => void): Server =>
  createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => answer(request.method ?? '', Buffer.concat(body).toString(), response));
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watching-'));
  [mood, hookStatus, notices, servers] = ['takes', 200, [], []];
  const together = answering((method, body, response) => {
    asked++;
    if (mood === 'says nothing') return;
    if (method !== 'POST') return void response.writeHead(404).end();
    const sent = JSON.parse(body) as object;
    const users = (Array.isArray(sent) ? sent : [sent]) as { employeeId: string }[];
    const bad = mood === 'refuses a quarter' && users.some(({ employeeId }) => Number(employeeId.slice(1)) % 4 === 0);
    const status = { 'is down': 503, 'refuses the key': 401 }[mood as string] ?? (bad ? 400 : 200);
    response.writeHead(status).end('{}');
  });
  const hook = answering((_method, body, response) => {
    notices.push(body);
    response.writeHead(hookStatus).end();
  });
  configure(await listen(together), { url: await listen(hook), format: 'json' });
});
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

function configure(api_url: string, webhook: object): void {
  const settings = {
    ...{ api_url, organization_id: 'o', client_id: 'c', api_key: 'k', min_interval_ms: 0, max_retries: 0, webhook },
    ...{ state_dir: join(folder, 'state'), request_timeout_secs: 60 },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(settings), { mode: 0o600 });
}

const person = (id: number, more: object = {}) => ({
  employeeId: `E${id}`,
  employeeStatusCode: 'A',
  emailAddress: `canary${id}@example.com`,
  firstName: 'CanaryFirst',
  lastName: 'CanaryLast',
  jobTitle: 'Clerk',
  ...more,
});
const crowd = (more: object = {}) => Array.from({ length: 120 }, (_, at) => person(at + 1, more));

function messages(records: readonly object[]): string {
  const properties = Object.fromEntries(Object.keys(person(0)).map((key) => [key, { type: ['null', 'string'] }]));
  return [
    { type: 'SCHEMA', stream: 'employees', schema: { properties }, key_properties: ['employeeId'] },
    ...records.map((record) => ({ type: 'RECORD', stream: 'employees', record, version: 1 })),
    { type: 'ACTIVATE_VERSION', stream: 'employees', version: 1 },
    { type: 'STATE', value: {} },
  ]
    .map((message) => `${JSON.stringify(message)}\n`)
    .join('');
}

const target = (args: readonly string[], input: string) =>
  start('target-together', [...args, '--config', join(folder, 'config.json')], { input });
const run = (input: string, ...args: string[]) =>
  target([...args, '--summary', join(folder, 'summary.json'), '--report', join(folder, 'report.html')], input);
/** As written, in the promised form, its numbers adding up. */
function summary(): RunSummary {
  const made = RunSummary.parse(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')));
  expect(Object.values(made.outcomes).reduce((a, b) => a + b)).toBe(made.people_read);
  return made;
}
const events = () => notices.splice(0).map((body) => JSON.parse(body) as { event: string; text: string });

it('the summary holds what it promises in every ending', async () => {
  const ending = async (as: Mood, input: string, ...args: string[]) => {
    mood = as;
    const { code } = await run(input, ...args);
    expect(summary().exit_code).toBe(code);
    return code;
  };
  expect(await ending('refuses a quarter', messages(crowd()))).toBe(4);
  expect(await ending('takes', messages(crowd()))).toBe(0);
  const changed = messages(crowd({ jobTitle: 'Chair' }));
  expect(await ending('takes', changed)).toBe(3);
  expect(summary().guards.find(({ verdict }) => verdict === 'tripped')?.cause).toMatch(/share title/);
  const accept = ['--accept', summary().hashes.plan as string];
  expect(await ending('is down', changed, ...accept)).toBe(5);
  expect(await ending('refuses the key', changed, ...accept)).toBe(6);
  expect(await ending('takes', 'no JSON\n')).toBe(1);
  expect(await ending('takes', changed, 'plan', '--detailed-exitcode')).toBe(8);
  mood = 'says nothing';
  const before = asked;
  const stopped = run(changed, ...accept);
  await expect.poll(() => asked, { timeout: 120_000 }).toBeGreaterThan(before);
  expect((await run(changed)).code).toBe(7);
  stopped.child.kill('SIGINT');
  expect((await stopped).code).toBe(130);
  expect(summary()).toMatchObject({ exit_code: 130, outcomes: { undelivered: 120 } });
  expect(await ending('takes', changed, ...accept)).toBe(0);
});

it('the webhook tells of the first failure, the recovery and new refusals, each once, and of nobody', async () => {
  await run(messages(crowd()));
  expect(events()).toEqual([]);
  await run('no JSON\n');
  await run('no JSON\n');
  expect(events().map(({ event }) => event)).toEqual(['failure']);
  const some = messages([...crowd().slice(2), person(1, { emailAddress: null }), person(2, { emailAddress: 'x' })]);
  await run(some);
  const told = events();
  expect(told.map(({ event }) => event)).toEqual(['recovery', 'refusals']);
  // The id of a run ends with hex digits, which may look like one of ours.
  expect(JSON.stringify(told).replace(/\d{8}-\d{6}-[0-9a-f]{4}/g, '')).not.toMatch(/canary|E\d/i);
  await run(some);
  expect(events()).toEqual([]);
  hookStatus = 500;
  const cut = await run('');
  expect([cut.code, events().map(({ event }) => event)]).toEqual([0, ['failure']]);
  expect(cut.stderr).toMatch(/webhook was answered HTTP 500/);
  hookStatus = 200;
  await run('');
  expect(events().map(({ event, text }) => [event, /broke off/.test(text)])).toEqual([['failure', true]]);
  writeFileSync(join(folder, 'state/runs.json'), '{');
  expect((await run(some)).code).toBe(1);
  expect(events().map(({ text }) => text)).toEqual([expect.stringMatching(/could not begin.*runs\.json is damaged/)]);
});

it('status knows the last successful run from one whose input broke off, and says what is wrong with the state', async () => {
  const status = async (...args: string[]) => await target(['status', ...args], '');
  const none = await status('--max-age-hours', '26');
  expect([none.code, none.stdout]).toEqual([1, expect.stringMatching(/Last success {3}none/)]);
  await run(messages(crowd()));
  expect((await status('--max-age-hours', '26')).stdout).toMatch(/within 26 h, 120 people read/);
  expect((await status('--max-age-hours', '0.0000001')).code).toBe(1);
  await run('');
  const after = JSON.parse((await status('--format', 'json')).stdout);
  expect(after).toMatchObject({ ok: true, last_successful_run: { people_read: 120 }, last_run: { exit_code: 0 } });
  expect(after.failing_since).toBe(after.last_run.finished_at);
  writeFileSync(join(folder, 'state/runs.json'), '{');
  const broken = await status();
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringMatching(/runs\.json is damaged/)]);
  rmSync(join(folder, 'state'), { recursive: true });
  writeFileSync(join(folder, 'state'), '');
  const file = await status();
  expect([file.code, file.stderr]).toEqual([2, expect.stringMatching(/is not a folder/)]);
});

it('a place that can’t be written stops the run before it reads', async () => {
  for (const flag of ['summary', 'report', 'save-state']) {
    const { code, stderr } = await target([`--${flag}`, join(folder, 'none/file')], messages(crowd()));
    expect([code, stderr]).toEqual([2, expect.stringMatching(new RegExp(`--${flag} .* does not exist`))]);
  }
  expect((await target(['plan', '--out', folder], '')).stderr).toMatch(/it is a folder/);
});
